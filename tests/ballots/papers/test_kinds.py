"""Every kind of paper has its row, and what is not a paper of the file has none."""

from typing import get_args

from ballots.models import Paper
from ballots.papers.composing import COMPOSERS
from ballots.papers.kinds import KINDS, OF_FILE, OF_MINUTES, SERIES, ComposedData


def test_every_kind_has_its_row_in_the_order_of_the_file():
    assert list(KINDS) == Paper.Kind.values == [*OF_MINUTES, *OF_FILE]
    assert all(key == row.kind for key, row in KINDS.items())


def test_whatever_may_be_composed_has_what_composes_it_and_nothing_else_has():
    assert set(COMPOSERS) == set(get_args(ComposedData))
    assert len(set(COMPOSERS.values())) == len(COMPOSERS)


def test_minutes_and_reports_are_numbered_each_in_their_series_and_lists_are_not():
    assert SERIES == {"minutes": "BB", "count": "BB", "report": "BC", "upward": "BC"}


def test_the_checklist_alone_does_not_list_itself():
    assert [kind for kind, row in KINDS.items() if not row.made_by] == ["checklist"]
