"""A paper that is to be locked: gathered, rendered to PDF and Word, and compared once more before it is stored."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from ballots.models import Paper
from ballots.models.results import new_check_code
from cells.models import Meeting

from . import gather, render, word
from .data import Check, CountData, MinutesData

GATHER: dict[str, Callable[[Meeting], MinutesData | CountData]] = {
    Paper.Kind.MINUTES.value: gather.minutes,
    Paper.Kind.COUNT.value: gather.count,
}


@dataclass(frozen=True)
class Draft:
    """What a paper says, and the row that would keep it; not yet in the database."""

    data: MinutesData | CountData
    paper: Paper


def draft(meeting: Meeting, kind: str, site: str) -> Draft:
    """Gather and render a paper of this kind; its check code leads to a page of the site at `site`."""
    code = new_check_code()
    data = _gathered(meeting, kind, code, site)
    content = render.pdf(render.html(data))
    paper = Paper(
        meeting=meeting,
        kind=kind,
        check_code=code,
        pdf=content,
        docx=word.docx(data),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return Draft(data, paper)


def still_true(made: Draft, site: str) -> bool:
    """Whether the meeting still says what was rendered."""
    paper = made.paper
    return _gathered(paper.meeting, paper.kind, paper.check_code, site) == made.data


def _gathered(meeting: Meeting, kind: str, code: str, site: str) -> MinutesData | CountData:
    """The paper's content as passed: without the draft mark (a rehearsal keeps its own), with the check code."""
    data = GATHER[kind](meeting)
    mark = data.sitting.head.mark if meeting.is_rehearsal else ""
    url = f"{site}/hop/kiem-tra/{code}/" if site else ""
    head = replace(data.sitting.head, mark=mark, check=Check(code, url))
    return replace(data, sitting=replace(data.sitting, head=head))
