"""Officers sign in: by password, or by a link that works once; for guesses see tests/secrecy/."""

import html
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from members.devices import links
from members.models import AuditEntry, User
from tests.kit import factories
from tests.kit.clients import browser, is_in, words_of
from tests.kit.threads import together

pytestmark = pytest.mark.django_db
PASSWORD = "đồng-lòng-2026"


@pytest.fixture
def officer() -> User:
    """An officer of a committee who has a password."""
    return factories.make_user(committee=factories.make_committee(), password=PASSWORD)


def sign_in(client: Client, username: str, password: str):
    return client.post("/hop/dang-nhap/", {"username": username, "password": password})


def link_of(user: User) -> str:
    return links.sign_in_link(user, "https://hop.example/").removeprefix("https://hop.example")


def test_an_officer_signs_in_and_out(client, officer):
    assert sign_in(client, officer.username, PASSWORD).url == "/hop/"
    assert client.get("/hop/", follow=True).status_code == 200
    assert client.get("/hop/dang-xuat/").status_code == 405, "a link must not sign anybody out"
    assert client.post("/hop/dang-xuat/").url == "/hop/dang-nhap/"
    assert client.get("/hop/").url.startswith("/hop/dang-nhap/")


def test_officers_are_greeted_with_the_family_name_first(client):
    user = factories.make_user(factories.make_member(name="Hà Xuân Quang"))
    assert user.get_full_name() == "Hà Xuân Quang"
    user.last_name, user.first_name = "Đỗ Thị", "Bích"
    assert user.get_full_name() == "Đỗ Thị Bích"


@pytest.mark.parametrize(
    ("executive", "called"),
    [("Đảng ủy phường Hoa Sen", "cán bộ Đảng ủy phường Hoa Sen"), ("", "cán bộ Đảng ủy Hoa Sen")],
)
def test_an_account_without_a_name_is_greeted_by_its_committee(client, executive, called):
    committee = factories.make_committee("Đảng bộ Hoa Sen")
    committee.executive = executive
    committee.save()
    user = factories.make_user(committee=committee)
    page = client.get(link_of(user)).content.decode()
    assert f"Chào đồng chí {called}" in page
    client.force_login(user)
    page = client.get("/hop/", follow=True).content.decode()
    assert f"{called[0].upper()}{called[1:]}</span>" in page
    assert user.username not in page


def test_the_session_cookie_stays_under_the_sites_path(client, officer):
    answer = sign_in(client, officer.username, PASSWORD)
    assert {cookie["path"] for cookie in answer.cookies.values()} == {"/hop/"}


def test_signing_in_makes_a_new_session(client, officer):
    client.get("/hop/dang-nhap/")
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client, officer.username, PASSWORD)
    assert client.session.session_key != before


def test_nobody_signs_up_and_there_is_no_default_password(client):
    answer = sign_in(client, "officer-1", "123456")
    assert "Xin tắt bộ gõ tiếng Việt" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_looking_at_a_link_does_not_use_it_up_and_pressing_does(client):
    user = factories.make_user()
    address = link_of(user)
    for _ in range(3):
        assert "Liên kết này chỉ dùng được một lần" in client.get(address).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(address).url == "/hop/vao-lai/", "no password yet: a fresh link"
    assert AuditEntry.objects.get().verb == "user.signed_in_by_link"
    for answer in (browser().get(address), browser().post(address)):
        assert answer.status_code == 410
        assert "Liên kết này không còn dùng được" in answer.content.decode()
        # Each kind of link lasts its own number of days.
        assert "đến hết ngày ghi cùng liên kết" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["bare", "password"])
def test_of_two_that_press_one_link_at_once_one_comes_in(kind):
    user = factories.make_user()
    address, clients = link_of(user), [browser() for _ in range(2)]
    typed = [f"Mua Ha 202{n}" for n in (6, 7)]
    data = [
        {"new_password1": each, "new_password2": each} if kind == "password" else {}
        for each in typed
    ]
    presses = zip(clients, data, strict=True)
    answers = together(*(lambda c=client, d=sent: c.post(address, d) for client, sent in presses))
    assert sorted(answer.status_code for answer in answers) == [302, 410]
    winner = [answer.status_code for answer in answers].index(302)
    assert [is_in(client) for client in clients] == [n == winner for n in range(2)]
    user.refresh_from_db()
    assert kind == "bare" or user.check_password(typed[winner])


def test_dead_links_lock_nobody_out(officer):
    for _ in range(20):
        assert browser().post("/hop/dang-nhap/lien-ket/?sesame=AAAA").status_code == 410
    assert browser().post(link_of(officer)).status_code == 302
    assert sign_in(browser(), officer.username, PASSWORD).url == "/hop/"


@pytest.mark.parametrize("query", ["", "?sesame=", "?sesame=x", "?sesame=%00", "?other=1"])
def test_a_link_without_a_token_is_dead(client, query):
    assert client.get(f"/hop/dang-nhap/lien-ket/{query}").status_code == 410


def test_a_link_of_a_closed_account_is_dead(client):
    user = factories.make_user()
    address = link_of(user)
    User.objects.update(is_active=False)
    assert client.post(address).status_code == 410


def test_who_puts_the_password_off_takes_a_fresh_link_along_and_is_reminded():
    committee = factories.make_committee()
    secretary = factories.make_member(factories.make_cell(committee), office="secretary")
    for user in (factories.make_user(secretary), factories.make_user(committee=committee)):
        client = browser()
        page = client.post(link_of(user), follow=True)
        assert page.request["PATH_INFO"] == "/hop/vao-lai/"
        assert "một lần, trong 30 ngày" in words_of(page)
        assert "chưa có mật khẩu" in words_of(client.get("/hop/", follow=True))
        later = client.get("/hop/dat-mat-khau/").content.decode()
        assert re.search(r'href="/hop/vao-lai/">Để sau<', later)
        user.set_password("Mua Ha 2026")
        user.save()
        assert "chưa có mật khẩu" not in words_of(browser(user).get("/hop/", follow=True))


def kept_link(client: Client) -> str:
    """What the page for it says."""
    page = client.get("/hop/vao-lai/").content.decode()
    return html.unescape(re.search(r"http://localhost(/hop/\S+)</textarea>", page)[1])


def test_the_link_that_was_taken_along_works_once_and_for_a_month(client):
    user = factories.make_user()
    with time_machine.travel("2026-12-01T08:00:00+07:00") as clock:
        client.post(link_of(user))
        kept = kept_link(client)
        client.post(reverse("members:sign_out"), {"sure": "1"})
        clock.shift(29 * 24 * 3600)
        back = browser()
        assert "Chào đồng chí" in words_of(back.get(kept))
        assert back.post(kept).url == "/hop/vao-lai/", "and the next one is there"
        assert browser().post(kept).status_code == 410
        following = kept_link(back)
        clock.shift(31 * 24 * 3600)
        assert browser().post(following).status_code == 410


def test_the_link_that_was_taken_along_dies_with_the_first_password(client):
    user = factories.make_user()
    client.post(link_of(user))
    kept = kept_link(client)
    client.post("/hop/dat-mat-khau/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert browser().post(kept).status_code == 410
    assert client.get("/hop/vao-lai/").url == "/hop/"


def test_a_link_leads_to_the_first_password_in_one_step_and_is_not_used_up_by_a_weak_one(client):
    user = factories.make_user()
    address = link_of(user)
    weak = client.post(address, {"new_password1": "12345678", "new_password2": "12345678"})
    assert weak.status_code == 422
    assert "_auth_user_id" not in client.session
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(address, chosen).url == "/hop/"
    assert client.get("/hop/", follow=True).status_code == 200
    assert sign_in(browser(), user.username, PASSWORD).url == "/hop/"
    assert browser().post(address, chosen).status_code == 410


WEAK = {
    "ngắn": "Mật khẩu ngắn quá: cần ít nhất 8 ký tự.",
    "password": "Mật khẩu này quá phổ biến.",
    "73915284609517": "Mật khẩu này hoàn toàn là số.",
    "hoang.yen.76": "Mật khẩu quá giống với Tên đăng nhập.",
}


@pytest.mark.parametrize(("weak", "words"), WEAK.items(), ids=WEAK)
def test_a_weak_password_is_refused_in_vietnamese(weak, words):
    user = factories.make_user(committee=factories.make_committee())
    User.objects.filter(pk=user.pk).update(username="hoang.yen.76")
    address = "/hop/dat-mat-khau/"
    answer = browser(user).post(address, {"new_password1": weak, "new_password2": weak})
    assert words in answer.content.decode()
    assert "password is" not in answer.content.decode()


def test_a_link_changes_no_password_that_there_is(client, officer):
    chosen = {"new_password1": "khác-hẳn-2026", "new_password2": "khác-hẳn-2026"}
    assert client.post(link_of(officer), chosen).url == "/hop/"
    assert sign_in(browser(), officer.username, PASSWORD).url == "/hop/"


def test_who_has_no_password_is_asked_before_being_signed_out(client):
    user = factories.make_user()
    client.force_login(user)
    # Who has just come in is not shown the door.
    assert "Vẫn đăng xuất" not in client.get(reverse("members:set_password")).content.decode()
    asked = client.post(reverse("members:sign_out"), follow=True).content.decode()
    assert "Xin đặt mật khẩu, hoặc bấm “Vẫn đăng xuất”" in asked
    assert asked.count("Vẫn đăng xuất") == 2
    assert "_auth_user_id" in client.session
    client.post(reverse("members:sign_out"), {"sure": "1"})
    assert "_auth_user_id" not in client.session


def test_the_first_password_is_chosen_and_the_next_needs_the_present_one(client):
    user = factories.make_user()
    client.post(link_of(user))
    page = "/hop/dat-mat-khau/"
    assert "old_password" not in client.get(page).content.decode()
    weak = client.post(page, {"new_password1": "12345678", "new_password2": "12345678"})
    assert weak.status_code == 200
    assert client.post(page, {"new_password1": PASSWORD, "new_password2": PASSWORD}).url == "/hop/"
    assert client.get("/hop/", follow=True).status_code == 200, "still signed in"
    assert "old_password" in client.get(page).content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client, officer, target):
    data = {"username": officer.username, "password": PASSWORD, "next": target}
    assert client.post("/hop/dang-nhap/", data).url == "/hop/"


def test_an_expired_htmx_request_reloads_the_whole_page(client):
    answer = client.get("/hop/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"].startswith("/hop/dang-nhap/")


def test_the_operator_makes_links_in_the_admin(client, officer, superuser):
    client.force_login(superuser)
    data = {"action": "make_sign_in_links", "_selected_action": [officer.pk]}
    page = client.post(
        reverse("admin:members_user_changelist"), data, follow=True
    ).content.decode()
    match = re.search(r"http://localhost(/hop/dang-nhap/lien-ket/\?sesame=[\w-]+)", page)
    assert match
    assert browser().post(match[1]).status_code == 302


LISTS = ["members_member", "members_user", "members_device", "members_auditentry"]
LISTS += ["cells_committee", "cells_cell", "cells_campaign"]


@pytest.mark.parametrize("model", LISTS)
def test_the_admins_lists_open(client, superuser, model):
    factories.make_device(factories.make_member())
    client.force_login(superuser)
    assert client.get(reverse(f"admin:{model}_changelist")).status_code == 200


@pytest.mark.parametrize("verb", ["add", "change", "delete"])
def test_phones_and_the_audit_are_only_read_even_by_a_superuser(client, superuser, verb):
    factories.make_device(factories.make_member())
    superuser.record("test.line")
    client.force_login(superuser)
    for model, row in (("device", 1), ("auditentry", 1)):
        args = [] if verb == "add" else [row]
        address = reverse(f"admin:members_{model}_{verb}", args=args)
        assert client.post(address, {"post": "yes"}).status_code in (403, 302)
    assert AuditEntry.objects.count() == 1
