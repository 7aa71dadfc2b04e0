"""What in a file asks for an eye: every check that is not green, every case confirmed, everything that disagrees."""

from collections.abc import Iterable, Iterator

from ballots.appraisal.subjects import SubjectAppraisal
from ballots.dossier import checks
from ballots.dossier.evidence import Evidence, Group
from cells import wording


def of_appraisals(evidence: Evidence) -> list[str]:
    """Cases and doubts of each subject, a sentence each: a head above the collective, a case that forces a level."""
    return [line for subject in evidence.appraisals for line in _of_subject(subject)]


def _of_subject(subject: SubjectAppraisal) -> Iterator[str]:
    name = wording.capitalized(subject.title)
    for flag in subject.appraisal.flags:
        yield f"{name}: {flag.words}"
    for doubt in subject.appraisal.doubts:
        explained = " (đã ghi lý do)" if doubt.is_explained else ""
        yield f"{name}: {doubt.words}{explained}"


def exceptions_of(evidence: Evidence, groups: Iterable[Group]) -> list[str]:
    """Why a file is not approved without being opened; empty where every check is green and nothing stands out."""
    groups = list(groups)
    open_ = [
        *checks.lines_of(groups, checks.State.MEND),
        *checks.lines_of(groups, checks.State.LOOK),
    ]
    return [*(f"{line.title}: {line.sentence}" for line in open_), *of_appraisals(evidence)]
