"""The own name is typed on the way into a meeting: what finds it, and how it is written."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.models import Meeting
from members.devices import links
from members.joining import finding
from members.models import Member, RateLimit
from tests.kit import factories, verbs
from tests.kit.clients import browser, phone
from tests.kit.phones import find, names_shown, pick

pytestmark = pytest.mark.django_db


def twins() -> Meeting:
    """A meeting with two members of one name, and others."""
    cell = factories.make_cell()
    for name, born in [
        ("Đỗ Văn Dũng", 1960),
        ("Hoàng Ấn", 1961),
        ("Lê Bá An", 1975),
        ("Lê Bá An", 1950),
    ]:
        factories.make_member(cell, name, born_year=born)
    meeting = factories.make_meeting(2, cell=cell)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    return meeting


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("le ba an", ["Lê Bá An (1950)", "Lê Bá An (1975)"]),
        ("BÁ AN", ["Lê Bá An (1950)", "Lê Bá An (1975)"]),
        ("đỗ dũng", ["Đỗ Văn Dũng"]),
        ("hoang an", ["Hoàng Ấn"]),
        ("an", []),
        ("dung", []),
        ("do van", []),
        ("v dung", []),
        ("dung do", []),
        ("", []),
    ],
)
def test_a_name_is_found_without_accents_by_given_name_and_one_more_word(client, typed, expected):
    assert names_shown(find(client, twins(), typed)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("k\u2019brôi", ["K'Brôi"]),
        ("kbroi", ["K'Brôi"]),
        ("y bim", ["Y Bĭm Niê"]),
        ("y bim nie", ["Y Bĭm Niê"]),
        ("hhen nie", ["H\u2019Hen Niê"]),
        ("y", []),
        ("bim", []),
    ],
)
def test_a_name_of_the_central_highlands_is_found_as_it_is_typed(client, typed, expected):
    cell = factories.make_cell()
    for name in ("K'Brôi", "Y Bĭm Niê", "H\u2019Hen Niê"):
        factories.make_member(cell, name)
    meeting = factories.make_meeting(2, cell=cell)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    assert [*map(html.unescape, names_shown(find(client, meeting, typed)))] == expected


def test_who_is_not_found_hears_why(client, monkeypatch):
    meeting = twins()
    assert "Xin gõ họ và tên" in find(client, meeting, " ").content.decode()
    assert "Xin gõ cả họ hoặc tên đệm" in find(client, meeting, "an").content.decode()
    assert "Không thấy tên nào như vậy" in find(client, meeting, "Võ Văn Lý").content.decode()
    monkeypatch.setattr(finding, "MOST", 1)
    assert "Xin gõ đủ họ" in find(client, meeting, "ba an").content.decode()
    assert len(names_shown(find(client, meeting, "lê bá an"))) == 2


def test_twins_are_greeted_with_the_year_of_birth_everywhere_on_the_way_in(client):
    meeting = twins()
    twin = Member.objects.get(born_year=1975)
    pick(client, meeting, twin)
    assert "<h1>Đồng chí Lê Bá An (1975)</h1>" in client.get("/hop/cho/").content.decode()
    known = phone(twin)
    shown = known.get(f"/hop/vao/{meeting.code}/").content.decode()
    assert "Chào đồng chí Lê Bá An (1975)" in shown
    assert "Tôi không phải đồng chí Lê Bá An (1975)" in shown
    assert "Lê Bá An (1975)" in known.get("/hop/vao/").content.decode()
    link = links.personal_link(twin, "")
    assert "Chào đồng chí Lê Bá An (1975)" in browser().get(link).content.decode()


def test_suspended_members_are_not_found_and_cannot_be_picked(client):
    cell = factories.make_cell()
    suspended = factories.make_member(cell, "Lê Văn Xa", status=Member.Status.SUSPENDED)
    meeting = factories.make_meeting(3, cell=cell)
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    assert names_shown(find(client, meeting, "Lê Văn Xa")) == []
    assert pick(client, meeting, suspended).status_code == 409


def test_finding_a_name_costs_as_many_queries_among_30_as_among_3(client):
    def queries(size: int) -> int:
        meeting = factories.make_meeting(size)
        verbs.open_checkin(factories.secretary_of(meeting), meeting)
        meeting.refresh_from_db()
        member = factories.members_of(meeting)[2]
        RateLimit.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            assert names_shown(find(client, meeting, member.name))
        return len(caught)

    assert queries(3) == queries(30)
