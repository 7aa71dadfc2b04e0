"""Statements that a connection prepares once say the same on both databases."""

import pytest
from django.db import DatabaseError, connection

from cells.models import Committee
from partyreview.statements import Statement
from tests.kit import factories

NAMED = Statement(
    "test_named", "SELECT id, name FROM cells_committee WHERE id = %s {share}", "bigint"
)
RENAME = Statement(
    "test_rename", "UPDATE cells_committee SET name = %s WHERE name <> %s", "text, text"
)
BROKEN = Statement("test_broken", "SELECT nothing FROM cells_committee WHERE id = %s", "bigint")


@pytest.mark.django_db
def test_a_row_is_read_and_changed_rows_are_counted():
    committee = factories.make_cell().committee
    assert NAMED.row(committee.pk) == (committee.pk, committee.name)
    assert NAMED.row(-1) is None
    count = Committee.objects.count()
    assert [RENAME.changed("Đảng uỷ %s {}", "Đảng uỷ %s {}") for _ in range(2)] == [count, 0]
    assert NAMED.row(committee.pk) == (committee.pk, "Đảng uỷ %s {}")


@pytest.mark.django_db(transaction=True)
def test_each_connection_prepares_its_own_and_one_that_fails_is_tried_again():
    for _ in range(2):
        assert [NAMED.row(-1) for _ in range(2)] == [None, None]
        for _ in range(2):
            with pytest.raises(DatabaseError, match="nothing"):
                BROKEN.row(-1)
        connection.close()
