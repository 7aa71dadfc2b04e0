"""A paper that is to be locked: gathered, rendered to PDF and Word, and compared once more before it is stored."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ballots.models import Paper
from ballots.models.papers import new_check_code
from ballots.papers.data import Check, Head
from ballots.papers.lists import gather as gather_file
from ballots.papers.minutes import gather
from ballots.papers.minutes.data import CountData, MinutesData
from ballots.papers.press import render
from ballots.papers.report import gather as gather_report
from ballots.report.sheet import is_reviewed
from ballots.results import figures
from cells import wording
from cells.models import Meeting

LockedData = MinutesData | CountData | render.FileData

GATHER: dict[str, Callable[[Meeting], LockedData]] = {
    Paper.Kind.MINUTES.value: gather.minutes,
    Paper.Kind.COUNT.value: gather.count,
}
# In which series a paper is numbered, in cells that number theirs.
SERIES = {
    Paper.Kind.MINUTES.value: Paper.Series.MINUTES.value,
    Paper.Kind.COUNT.value: Paper.Series.MINUTES.value,
    Paper.Kind.REPORT.value: Paper.Series.REPORT.value,
    Paper.Kind.UPWARD.value: Paper.Series.REPORT.value,
}
# Locked when the cell's file is sent up, in the order of the file.
FILE: dict[str, Callable[[Meeting], LockedData]] = {
    Paper.Kind.REPORT.value: gather_report.report,
    Paper.Kind.PROPOSALS.value: gather_file.proposals,
    Paper.Kind.SUMMARY.value: gather_file.summary,
    Paper.Kind.UNRATED.value: gather_file.unrated,
    Paper.Kind.UPWARD.value: gather_file.upward,
    Paper.Kind.CHECKLIST.value: gather_file.checklist,
}


@dataclass(frozen=True)
class Draft:
    """What a paper says, and the row that would keep it; not yet in the database."""

    data: LockedData
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
        series=SERIES[kind] if number else "",
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


def file_of(meeting: Meeting) -> list[str]:
    """The kinds of paper of this meeting's file: no report on a cell that was not reviewed."""
    collective = is_reviewed(meeting, figures.load(meeting).rates_cell)
    return [kind for kind in FILE if collective or kind != Paper.Kind.REPORT]


def gatherer(kind: str) -> Callable[[Meeting], LockedData] | None:
    """What gathers the content of a paper of this kind; None for kinds that nothing makes."""
    return GATHER.get(kind) or FILE.get(kind)


def _gathered(paper: Paper, site: str) -> LockedData:
    """The paper's content as passed: without the draft mark (a rehearsal keeps its own), with the check code."""
    gather_it = gatherer(paper.kind)
    if gather_it is None:
        raise ValueError(paper.kind)
    data = gather_it(paper.meeting)
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
