"""Offices go from hand to hand in one step; accounts are made, invited, locked; and who did what is read."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from cells.models import Cell
from cells.stale import STALE
from members.devices import links
from members.models import AuditEntry, Member, Office, User
from members.offices import verbs
from members.offices.accounts import username_for
from members.offices.audit import IN_THE_HALL
from members.offices.audit_words import WORDS
from members.places.verbs import Refused
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell() -> Cell:
    return factories.make_cell(name="Chi bộ Khu phố 4")


@pytest.fixture
def client(cell, time_machine) -> Client:
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    return browser(
        factories.make_user(committee=cell.committee, last_name="Vũ Thị", first_name="Tâm")
    )


def give(client: Client, cell: Cell, **data: object):
    values = {"kind": "secretary", "member": "", "name": "", "replaces": "", "since": "15/11/2026"}
    values["seen"] = verbs.holders_of(cell)
    return client.post(f"/hop/chi-bo/{cell.pk}/to-chuc/ban-giao/", values | data, follow=True)


def held(cell: Cell) -> list[tuple[str, str, date]]:
    rows = Office.objects.held().filter(member__cell=cell).order_by("pk")
    return [(row.member.name, row.kind, row.since) for row in rows]


def test_the_first_secretary_is_new_and_has_an_account(client, cell):
    answer = give(client, cell, name="Nguyễn Thị Hoa")
    assert held(cell) == [("Nguyễn Thị Hoa", "secretary", date(2026, 11, 15))]
    account = User.objects.get(member__name="Nguyễn Thị Hoa")
    assert (account.username, account.has_usable_password()) == ("nguyenthihoa", False)
    assert list(account.own_cells()) == [cell]
    assert "chưa đăng nhập lần nào" in words_of(answer)


def test_handing_over_ends_the_former_and_the_new_ones_own_office(client, cell):
    former = factories.make_member(cell, "Lê Văn An", "secretary")
    deputy = factories.make_member(cell, "Trần Bình", "deputy")
    account = factories.make_user(former)
    give(client, cell, member=deputy.pk)
    assert held(cell) == [("Trần Bình", "secretary", date(2026, 11, 15))]
    assert {office.until for office in Office.objects.exclude(until=None)} == {date(2026, 11, 14)}
    assert not account.own_cells().exists()


def test_a_deputy_comes_beside_another_or_in_place_of_one(client, cell):
    first = factories.make_member(cell, "Lê Văn An", "deputy")
    second, third = (factories.make_member(cell, name) for name in ("Trần Bình", "Đỗ Cúc"))
    give(client, cell, kind="deputy", member=second.pk)
    assert [name for name, *_ in held(cell)] == ["Lê Văn An", "Trần Bình"]
    give(client, cell, kind="deputy", member=third.pk, replaces=first.office_set.get().pk)
    assert [name for name, *_ in held(cell)] == ["Trần Bình", "Đỗ Cúc"]


def test_of_two_pages_that_hand_an_office_over_the_second_is_told_who_holds_it_now(client, cell):
    factories.make_member(cell, "Lê Văn An", "secretary")
    second, third = (factories.make_member(cell, name) for name in ("Trần Bình", "Đỗ Cúc"))
    form = client.get(f"/hop/chi-bo/{cell.pk}/to-chuc/ban-giao/").context["form"]
    seen = form["seen"].value()
    assert give(client, cell, member=second.pk, seen=seen).status_code == 200
    late = give(client, cell, member=third.pk, seen=seen)
    assert late.status_code == 422
    assert STALE in words_of(late)
    assert "Đang giữ: bí thư Trần Bình." in words_of(late)
    assert [name for name, *_ in held(cell)] == ["Trần Bình"]
    again = late.context["form"]["seen"].value()  # now that this has been read
    assert give(client, cell, member=third.pk, seen=again).status_code == 200
    assert [name for name, *_ in held(cell)] == ["Đỗ Cúc"]


REFUSED = {
    "nobody": ({}, "Xin chọn đồng chí nhận chức vụ"),
    "namesake": ({"name": "Lê Văn An"}, "Chi bộ đã có đồng chí Lê Văn An"),
    "too early": ({"name": "Đỗ Cúc", "since": "01/01/2019"}, "nhận chức vụ từ ngày 01/01/2020"),
    "to come": ({"name": "Đỗ Cúc", "since": "01/12/2026"}, "Ngày này chưa đến"),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_what_cannot_be_is_told_and_changes_nothing(wrong, client, cell):
    factories.make_member(cell, "Lê Văn An", "secretary")
    data, sentence = REFUSED[wrong]
    answer = give(client, cell, **data)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert (len(held(cell)), Member.objects.count()) == (1, 1)


def test_no_office_goes_to_who_has_just_gone_to_another_cell(cell):
    officer = factories.make_user(committee=cell.committee)
    member = factories.make_member(factories.make_cell(cell.committee))
    since = date(2026, 11, 15)
    with pytest.raises(Refused, match="Không còn đồng chí này trong danh sách"):
        verbs.give(officer, cell, "secretary", member, "", None, since)
    assert not Office.objects.exists()


def test_an_office_ends_although_nobody_follows(client, cell):
    office = factories.make_member(cell, office="secretary").office_set.get()
    answer = client.post(f"/hop/chi-bo/{cell.pk}/to-chuc/thoi-giu/{office.pk}/", follow=True)
    assert "Chưa có bí thư" in words_of(answer)
    office.refresh_from_db()
    assert office.until == date(2026, 11, 20)


def invited(client: Client, account: User) -> str:
    answer = client.post(f"/hop/tai-khoan/{account.pk}/moi/")
    assert "đến hết ngày 04/12/2026" in words_of(answer)
    return re.search(r"http\S+/hop(/\S+sesame=\S+?)<", answer.content.decode())[1]


def test_an_invitation_opens_once_within_two_weeks(client, cell, time_machine):
    give(client, cell, name="Nguyễn Thị Hoa")
    account = User.objects.get(member__cell=cell)
    former, link = invited(client, account), invited(client, account)
    time_machine.move_to("2026-12-03T09:00:00+07:00", tick=False)
    assert browser().get("/hop" + former).status_code == 410  # a new one ends those before
    phone = browser()
    assert phone.post("/hop" + link).url == "/hop/vao-lai/"
    assert browser().get("/hop" + link).status_code == 410
    account.refresh_from_db()
    time_machine.move_to("2026-12-04T09:00:00+07:00", tick=False)
    late = invited_late(account)
    time_machine.move_to("2026-12-19T09:00:00+07:00", tick=False)
    assert browser().get(late).status_code == 410


def invited_late(account: User) -> str:
    return links.invitation(account, "").removeprefix("http://localhost")


def test_a_link_of_three_days_does_not_last_two_weeks(client, time_machine):
    user = factories.make_user()
    link = links.sign_in_link(user, "")
    time_machine.move_to("2026-11-25T09:00:00+07:00", tick=False)
    assert browser().get(link).status_code == 410


def test_an_officer_is_added_locked_and_unlocked(client, cell):
    base = f"/hop/dang-bo/{cell.committee_id}/tai-khoan/"
    data = {"name": "Hồ Văn Nam", "username": "nam.dangbo", "committee": cell.committee_id}
    client.post(f"{base}them/", data)
    account = User.objects.get(username="nam.dangbo")
    assert (account.get_full_name(), account.committee) == ("Hồ Văn Nam", cell.committee)
    twice = client.post(f"{base}them/", data | {"username": "NAM.dangbo"})
    assert "đã có người dùng" in words_of(twice)
    signed_in = browser(account)
    client.post(f"/hop/tai-khoan/{account.pk}/khoa/")
    assert signed_in.get("/hop/").url.startswith("/hop/dang-nhap/")
    assert "Đang khoá" in words_of(client.get(base))
    client.post(f"/hop/tai-khoan/{account.pk}/mo-khoa/")
    account.refresh_from_db()
    assert account.is_active


@pytest.mark.parametrize("way", ["lock", "dissolve", "merge"])
def test_unlocking_revives_no_session_and_no_link(way, client, cell):
    """A shared laptop that stood open when its account was locked, and a link that lay in a chat."""
    below = factories.make_committee("Đảng bộ Trường THCS", cell.committee)
    account = factories.make_user(committee=below)
    signed_in = browser(account)
    signed_in.get("/hop/")  # lists it, as signing in does
    link = links.sign_in_link(account, "").removeprefix("http://localhost")
    places = f"/hop/dang-bo/{below.pk}/to-chuc"
    since = {"on": "19/11/2026", "basis": "QĐ 1"}
    address, data = {
        "lock": (f"/hop/tai-khoan/{account.pk}/khoa/", {}),
        "dissolve": (f"{places}/giai-the/", since),
        "merge": (f"{places}/sap-nhap/", since | {"target": cell.committee_id}),
    }[way]
    assert client.post(address, data).status_code == 302
    client.post(f"/hop/tai-khoan/{account.pk}/mo-khoa/")
    account.refresh_from_db()
    assert account.is_active
    assert signed_in.get("/hop/").url.startswith("/hop/dang-nhap/")
    assert browser().get(link).status_code == 410


@pytest.mark.parametrize("password", [None, "mat-khau-dai-1"])
def test_an_invitation_ends_all_links_before_it_and_no_session(password, client, cell):
    """Also where there is a password, and where somebody works without one."""
    account = factories.make_user(committee=cell.committee, password=password)
    signed_in = browser(account)
    sent = [
        links.sign_in_link(account, ""),
        links.way_back(account, ""),
        links.invitation(account, ""),
    ]
    link = invited(client, account)
    assert {browser().get(former).status_code for former in sent} == {410}
    assert browser().get("/hop" + link).status_code == 200
    assert signed_in.get("/hop/tai-khoan-cua-toi/").status_code == 200


def test_nobody_locks_himself_or_a_stranger(client, cell):
    own = User.objects.get(last_name="Vũ Thị")
    stranger = factories.make_user(committee=factories.make_committee())
    assert client.post(f"/hop/tai-khoan/{own.pk}/khoa/").status_code == 403
    assert client.post(f"/hop/tai-khoan/{stranger.pk}/khoa/").status_code == 404
    assert User.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize("of", ["operator", "above"])
def test_a_link_never_opens_more_than_the_officer_leads(of, client, cell):
    """The secretary of a cell below may sit in a committee above, or keep the server."""
    member = factories.make_member(cell, office="secretary")
    more = (
        {"is_superuser": True} if of == "operator" else {"committee": factories.make_committee()}
    )
    account = factories.make_user(member, **more)
    assert client.post(f"/hop/tai-khoan/{account.pk}/moi/").status_code == 403
    assert client.post(f"/hop/tai-khoan/{account.pk}/khoa/").status_code == 403
    answer = client.post(f"/hop/dang-bo/{cell.committee_id}/moi/")
    assert answer.context["cards"] == []
    assert AuditEntry.objects.filter(verb="user.invited").count() == 0


@pytest.mark.parametrize("page", ["tai-khoan", "nhat-ky", "con-thieu", "moi"])
def test_pages_ask_as_much_for_three_as_for_thirty(
    page, client, cell, django_assert_max_num_queries
):
    address = f"/hop/dang-bo/{cell.committee_id}/{page}/"

    def asked(size: int) -> int:
        for _ in range(size):
            other = factories.make_cell(cell.committee)
            account = factories.make_user(factories.make_member(other, office="secretary"))
            account.record("cell.renamed", other)
        client.get(address)
        with django_assert_max_num_queries(100) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    assert asked(3) == asked(25)


def test_names_to_sign_in_with_are_plain_and_free():
    factories.make_user()
    User.objects.create_user("nguyenthihoa")
    assert username_for("Nguyễn Thị Hòa") == "nguyenthihoa2"
    assert username_for("Đỗ Ý") == "doy"
    assert username_for("…") == "canbo"


def test_who_did_what_is_found_by_name_and_by_subject(client, cell):
    give(client, cell, name="Nguyễn Thị Hoa")
    address = f"/hop/dang-bo/{cell.committee_id}/nhat-ky/"
    assert "Giao chức vụ Nguyễn Thị Hoa" in words_of(client.get(address))
    for query, is_there in (("hoa", True), ("vũ thị", True), ("khu pho 9", False)):
        assert ("Giao chức vụ" in words_of(client.get(address, {"q": query}))) == is_there, query


def test_the_audit_shows_nothing_of_the_hall_and_nothing_of_others(client, cell):
    member = factories.make_member(cell, office="secretary")
    secretary = factories.make_user(member)
    secretary.record("attendance.marked", member)
    secretary.record("minutes.passed", cell)
    factories.make_user(committee=factories.make_committee()).record("member.added", cell)
    said = words_of(client.get(f"/hop/dang-bo/{cell.committee_id}/nhat-ky/"))
    assert "Thông qua và khoá biên bản" in said
    assert "attendance" not in said
    assert "Thêm đảng viên" not in said


def test_every_verb_that_is_recorded_has_its_words():
    files = [
        path
        for app in ("cells", "members", "ballots")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
    ]
    recorded = {
        verb
        for path in files
        for verb in re.findall(r"record\(\s*\"([a-z_.]+)\"", path.read_text("utf-8"))
    }
    assert {verb for verb in recorded if not verb.startswith(IN_THE_HALL)} <= WORDS.keys()
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("page", ["nhat-ky/", "tai-khoan/", ""])
def test_a_sign_that_postgresql_does_not_take_finds_nothing_and_breaks_nothing(page, client, cell):
    factories.make_campaign(cell.committee)
    assert client.get(f"/hop/dang-bo/{cell.committee_id}/{page}?q=%00").status_code == 200
    assert client.get(f"/hop/chi-bo/{cell.pk}/dang-vien/?q=%00x").status_code == 200
