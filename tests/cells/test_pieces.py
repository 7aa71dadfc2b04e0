"""Rows a few at a time, in the order asked for."""

import pytest

from cells.models import Cell
from cells.models.pieces import in_pieces
from tests.kit import factories

pytestmark = pytest.mark.django_db


def test_rows_come_in_the_order_of_their_keys_and_as_many_to_a_query_as_asked(
    django_assert_num_queries,
):
    keys = [factories.make_cell().pk for _ in range(5)][::-1]
    with django_assert_num_queries(3):
        rows = list(in_pieces(keys, Cell.objects.all(), 2))
    assert [row.pk for row in rows] == keys


def test_a_row_deleted_meanwhile_is_left_out():
    keys = [factories.make_cell().pk for _ in range(3)]
    rows = in_pieces(keys, Cell.objects.all(), 1)
    first = next(rows)
    Cell.objects.filter(pk=keys[1]).delete()
    assert [first.pk, *(row.pk for row in rows)] == [keys[0], keys[2]]
