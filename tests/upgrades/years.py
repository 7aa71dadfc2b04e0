"""Two years of a committee of twelve cells: one of them through the first year to its end, and in mid-meeting now."""

from contextlib import ExitStack
from unittest import mock

from ballots.papers.press import render
from tests.kit.polls import poll_of
from tests.pictures import people
from tests.pictures.clock import turn_to
from tests.pictures.evening import Evening
from tests.upgrades.looking import NOW

FORMER, YEAR = 2025, 2026


class Cell(Evening):
    """The evenings of one cell; the cells beside it are made once, at the end."""

    def neighbours(self) -> None:
        """Not yet."""


def play() -> None:
    """The first year up to a petition against its decision; in the second the cell has voted on itself."""
    cell = Cell(6, FORMER)
    with ExitStack() as stack:
        for step in cell.steps():
            if step == "close":  # the minutes are drawn; the dump is to be small
                stack.enter_context(undrawn())
    cell.begin(YEAR)
    for step in (cell.gather, cell.prepare, cell.check_in, cell.report, cell.tellers):
        step()
    cell.play_out(poll_of(cell.meeting, 1))
    people.make_neighbours(cell.cell.committee, cell.officer)
    turn_to(NOW)


def undrawn() -> mock._patch:
    """The page itself stands for its PDF, as in the fixture of that name."""
    return mock.patch.multiple(
        render, pdf=lambda page: b"%PDF-" + page.encode(), docx=lambda data: b"PK"
    )
