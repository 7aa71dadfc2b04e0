"""Attacks on a committee's rooms: what is typed into an address, another officer's files, days set by everybody."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ballots.committee.board.lines import Board
from ballots.committee.board.stages import Stage
from ballots.jobs import asking
from ballots.models import Job
from cells.law.periods import Period
from cells.models import Cell, Setting
from members.models import User
from tests.kit import drafts, factories
from tests.kit.clients import browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn")]

# Pages, and all that their addresses may be asked for.
ASKED = {
    "committee": ("nam", "trang_thai", "cham", "q", "page", "truc_thuoc"),
    "reminder": ("page",),
    "queue": ("page",),
    "next_file": ("sau",),
    "quota_draft": ("nhom", "muc", "xep", "q", "page"),
    "quota_compare": ("voi", "page"),
    "rollup": ("page", "q", "truc_thuoc"),
}
HOSTILE = ("\0", "9" * 5000, "9" * 18, "²", "-1", "%", "'", "khong", "a" * 3000, "\ud83d\ude00")


@pytest.fixture
def client() -> tuple[Client, dict[str, str]]:
    draft = drafts.make_draft()
    committee = draft.committee_id
    places = {
        "committee": [committee],
        "reminder": [committee, "2026"],
        "rollup": [committee, "2026"],
        "quota_draft": [draft.pk],
        "quota_compare": [draft.pk],
    }
    return browser(draft.by), {
        name: reverse(f"ballots:{name}", args=places.get(name, [])) for name in ASKED
    }


@pytest.mark.parametrize("name", ASKED)
def test_nothing_that_is_asked_for_breaks_the_page(client, name):
    officer, addresses = client
    for word in ASKED[name]:
        for text in HOSTILE:
            answer = officer.get(addresses[name], {word: text.encode("utf-8", "surrogatepass")})
            assert answer.status_code in (200, 302, 404), (word, text[:20])


def test_a_file_made_for_a_committee_goes_not_with_its_officer_to_another():
    committee, other = factories.make_committee(), factories.make_committee()
    officer = factories.make_user(committee=committee)
    args = {"committee": committee.pk, "period": "2026"}
    job = asking.ask(officer, Job.Kind.SUMMARY, "Bảng tổng hợp", args)
    address = reverse("ballots:job_file", args=[job.pk])
    assert browser(officer).get(address).status_code == 200
    User.objects.filter(pk=officer.pk).update(committee=other)
    for user in (officer, factories.make_user(committee=other)):
        assert browser(user).get(address).status_code == 404


def test_a_board_whose_cells_and_committees_have_each_set_days_of_their_own_is_read():
    """Every other one late: as many conditions in one another as there are cells would be too deep for a database."""
    top = factories.make_committee()
    factories.make_campaign(top)
    days = [date(2026, 1, 2), date(2027, 3, 1)]
    rows = []
    for place in range(600):
        ward = factories.make_committee("", top) if place % 2 else top
        cell = factories.make_cell(ward)
        whose = {"committee": ward} if place % 4 == 1 else {"cell": cell}
        day = days[place % 3 % 2].isoformat()
        rows.append(Setting(**whose, key="deadline.list", value=day, basis="Nghị quyết"))
    Setting.objects.bulk_create(rows)
    board = Board(top, Period(2026), days[0] + timedelta(9))
    late = board.late_number()
    rows_late = [row for row in board.rows(list(Cell.objects.all())) if row.is_late]
    assert late == len(rows_late) > 100
    assert board.counts[Stage.NOT_BEGUN] == 600
