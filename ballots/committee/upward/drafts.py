"""Drafts of a report's tables with a row for each of many bodies: drawn as jobs, fetched while they are kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from ballots.committee.downloads.job import committee_of
from ballots.committee.upward.composing import LISTED, Papers, file_name, is_long
from ballots.jobs import asking
from ballots.jobs.kinds import Step
from ballots.models import CommitteePaper, Job
from ballots.papers.rollups.gather import ReportWords
from cells import wording
from cells.law.periods import Period
from cells.models import Committee
from members.models import User

Kind = CommitteePaper.Kind
# The papers with a row for each body right below; the report itself counts by group.
LONG = (Kind.BODIES, Kind.PEOPLE, Kind.TABLES)
NAMES = {"pdf": "PDF", "docx": "Word"}
CHANGED = "Số đã đổi từ lúc soạn. Bấm “Soạn lại” để có số bây giờ."


@dataclass(frozen=True)
class Draft:
    """One paper of a long report, and the last job that drew it; `is_current`: nothing changed since."""

    kind: Kind
    ending: str
    job: Job | None
    is_current: bool

    @property
    def title(self) -> str:
        """As its line is headed."""
        return title_of(self.kind, self.ending)

    @property
    def is_drawn(self) -> bool:
        """Whether there is a file to be fetched."""
        return self.job is not None and self.job.state == Job.State.DONE

    @property
    def is_being_drawn(self) -> bool:
        """Whether a job waits or is at it."""
        return self.job is not None and self.job.is_unfinished

    @property
    def trouble(self) -> str:
        """What is wrong with the file, or why there is none; "" where nothing is, or it is being drawn."""
        if self.job is None or self.is_being_drawn:
            return ""
        if self.is_drawn:
            return "" if self.is_current else CHANGED
        error: str = self.job.error
        return error


def troubles_of(drafts: Iterable[Draft]) -> list[tuple[str, int]]:
    """Each trouble once, with the number of files that have it: one change makes all of them old."""
    return list(Counter(draft.trouble for draft in drafts if draft.trouble).items())


def title_of(kind: str, ending: str) -> str:
    """What a paper is called, and as which file; the tables bear it in their name."""
    label: str = Kind(kind).label
    return label if kind == Kind.TABLES else f"{label} ({NAMES[ending]})"


def is_drawn_later(committee: Committee, kind: str) -> bool:
    """Whether this paper is drawn by a job, and not while a page waits."""
    return kind in LONG and is_long(committee)


def drafts_of(user: User, committee: Committee, period: Period) -> Iterator[Draft]:
    """The long papers, each with what the jobs of the officer's committee have made of it."""
    about = {"args__committee": committee.pk, "args__period": str(period)}
    jobs = Job.objects.of(user).filter(kind=Job.Kind.TABLE, **about).order_by("pk")
    last = {(job.args["kind"], job.args["ending"]): job for job in jobs}
    mark = Papers.gather(committee, period, ReportWords()).mark_of_figures
    for kind, ending in LISTED:
        if kind in LONG:
            job = last.get((kind, ending))
            yield Draft(kind, ending, job, job is not None and job.args["mark"] == mark)


def ask(user: User, committee: Committee, period: Period, kind: str, ending: str) -> Job:
    """Have one drawn; Refused while it is being drawn for the officer's committee."""
    papers = Papers.gather(committee, period, ReportWords())
    args = {
        "committee": committee.pk,
        "period": str(period),
        "kind": kind,
        "ending": ending,
        "mark": papers.mark_of_figures,
    }
    title = wording.uncapitalized(title_of(kind, ending))
    about = f"Dự thảo {title} {period.words} của {committee}"
    return asking.ask(user, Job.Kind.TABLE, wording.shortened(about, 300), args)


def draw(job: Job, file: IO[bytes], step: Step) -> tuple[str, str]:
    """Draw it as the totals stand then, marked as a draft."""
    step(0, 1)
    committee, period = committee_of(job), Period.parse(job.args["period"])
    kind, ending = job.args["kind"], job.args["ending"]
    file.write(Papers.gather(committee, period, ReportWords()).drawn(kind, ending))
    step(1, 1)
    return "", f"Du thao {file_name(committee, period, kind)}.{ending}"
