"""A paper that is to be locked: gathered, rendered to PDF and Word, and compared once more before it is stored."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ballots.models import CommitteeDecision, DecisionPaper, Paper
from ballots.models.papers import new_check_code
from ballots.papers import kinds
from ballots.papers.data import Check, Head
from ballots.papers.minutes.data import CountData, MinutesData
from ballots.papers.press import render
from ballots.papers.rulings.joint_gather import joint_papers
from ballots.report.sheet import is_reviewed
from ballots.results import figures
from cells import wording
from cells.models import Meeting


@dataclass(frozen=True)
class Draft:
    """What a paper says, and the row that would keep it; not yet in the database."""

    data: kinds.LockedData
    paper: Paper


def draft(meeting: Meeting, kind: str, site: str, number: int | None = None) -> Draft:
    """Gather and render a paper of this kind; its check code leads to a page of the site at `site`.

    `number`: the paper's number in its series within the cell's term; None leaves room to write one.
    """
    paper = Paper(
        meeting=meeting,
        kind=kind,
        cell=meeting.cell,
        check_code=new_check_code(),
        series=kinds.SERIES[kind] if number else "",
        term=meeting.cell.term_since if number else None,
        number=number,
    )
    data = _gathered(paper, site)
    content = render.pdf(render.html(data))
    paper.pdf, paper.docx = content, render.docx(data)
    paper.sha256 = hashlib.sha256(content).hexdigest()
    return Draft(data, paper)


def still_true(made: Draft, site: str) -> bool:
    """Whether the meeting still says what was rendered."""
    return _gathered(made.paper, site) == made.data


def lock_decision(act: CommitteeDecision) -> None:
    """Render the papers of a recorded decision and keep their bytes; what is locked already stays as it is.

    They say what its rows say, which never change: so it is done once they are written, outside of any transaction.
    """
    locked = set(act.papers.values_list("kind", flat=True))
    decision, listed = joint_papers(act)
    made: dict[str, kinds.JointData] = {
        DecisionPaper.Kind.DECISION: decision,
        DecisionPaper.Kind.LIST: listed,
    }
    for kind, data in made.items():
        if kind not in locked:
            content = render.long_pdf(data)
            sha256 = hashlib.sha256(content).hexdigest()
            values = {"pdf": content, "docx": render.docx(data), "sha256": sha256}
            DecisionPaper.objects.get_or_create(act=act, kind=kind, defaults=values)


def file_of(meeting: Meeting) -> list[str]:
    """The kinds of paper of this meeting's file: no report on a cell that was not reviewed."""
    collective = is_reviewed(meeting, figures.load(meeting).rates_cell)
    return [kind for kind in kinds.OF_FILE if collective or kind != Paper.Kind.REPORT]


def _gathered(paper: Paper, site: str) -> kinds.LockedData:
    """The paper's content as passed: without the draft mark (a rehearsal keeps its own), with the check code."""
    data = kinds.KINDS[paper.kind].gather(paper.meeting)
    mark = data.head.mark if paper.meeting.is_rehearsal else ""
    code = paper.check_code
    url = f"{site}/hop/kiem-tra/{code}/" if site else ""
    number = wording.two_digits(paper.number) if paper.number else data.head.number
    return with_head(data, replace(data.head, mark=mark, check=Check(code, url), number=number))


Headed = TypeVar("Headed", bound=Any)


def with_head(data: Headed, head: Head) -> Headed:
    """The same paper under another head; minutes have theirs from their meeting."""
    if isinstance(data, MinutesData | CountData):
        return replace(data, sitting=replace(data.sitting, head=head))
    return replace(data, head=head)
