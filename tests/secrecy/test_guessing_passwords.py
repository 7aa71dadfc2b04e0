"""Whoever guesses passwords gets few tries, learns nothing by the clock, and locks no officer out."""

from datetime import UTC, datetime
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from members.accounts import guessing
from members.devices import links
from members.models import RateLimit, User
from tests.kit import factories
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db
PASSWORD = "đồng-lòng-2026"
WRONG = "sai"


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Nothing is forgiven for being slow: time passes where the test says so."""
    time_machine.move_to(datetime(2026, 12, 30, 12, tzinfo=UTC), tick=False)
    return time_machine


@pytest.fixture
def officer() -> User:
    """An officer who has a password."""
    return factories.make_user(committee=factories.make_committee(), password=PASSWORD)


def sign_in(client: Client, username: str, password: str = WRONG):
    return client.post("/hop/dang-nhap/", {"username": username, "password": password})


def known(user: User) -> Client:
    """A browser in which this officer has signed in before, and out again."""
    client = browser()
    assert sign_in(client, user.username, PASSWORD).status_code == 302
    client.post("/hop/dang-xuat/")
    return client


def guess(username: str, times: int = 10) -> list[int]:
    """Wrong passwords, each from another place."""
    places = (browser(REMOTE_ADDR=f"203.{n}.113.9") for n in range(times))
    return [sign_in(place, username).status_code for place in places]


def test_strangers_together_lock_strangers_and_not_the_officers_own_browser(officer):
    own = known(officer)
    assert guess(officer.username, 12) == [200] * 10 + [429] * 2
    stranger = sign_in(browser(), officer.username, PASSWORD)
    assert (stranger.status_code, stranger["Retry-After"]) == (429, "300")
    sentence = "xin đồng chí đợi 5 phút rồi gõ lại, hoặc xin cấp ủy cấp trên gửi liên kết"
    assert sentence in stranger.content.decode()
    assert sign_in(own, officer.username, PASSWORD).url == "/hop/"


def test_going_on_renews_no_lock(officer, clock):
    guess(officer.username)
    for _ in range(3):
        clock.shift(99)
        assert guess(officer.username, 3) == [429] * 3
    clock.shift(3)
    assert guess(officer.username, 2) == [200, 429]
    clock.shift(300)
    assert sign_in(browser(), officer.username, PASSWORD).url == "/hop/"


def test_a_known_browser_has_as_few_tries_of_its_own(officer, clock):
    own = known(officer)
    assert [sign_in(own, officer.username).status_code for _ in range(11)] == [200] * 10 + [429]
    assert sign_in(own, officer.username, PASSWORD).status_code == 429
    assert sign_in(browser(), officer.username, PASSWORD).status_code == 302, "others go on"
    clock.shift(90)
    assert sign_in(own, officer.username, PASSWORD).status_code == 302


def test_right_passwords_cost_nothing(officer):
    for _ in range(15):
        assert sign_in(browser(), officer.username, PASSWORD).status_code == 302
    assert guess(officer.username, 11) == [200] * 10 + [429]


def test_the_one_time_link_works_in_every_lock_and_makes_the_browser_known(officer):
    guess(officer.username, 12)
    client = browser()
    link = links.sign_in_link(officer, "")
    assert client.post(link).url == "/hop/"
    assert client.session["_auth_user_id"] == str(officer.pk)
    client.post("/hop/dang-xuat/")
    assert sign_in(client, officer.username, PASSWORD).url == "/hop/"


FORGED = {
    "made up": lambda cookie: "WyJhIixbImIiXV0:1x:y",
    "bent": lambda cookie: cookie[:-1] + ("A" if cookie[-1] != "A" else "B"),
    "empty": lambda cookie: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_cookie_makes_no_browser_known(officer, forge):
    own = known(officer)
    guess(officer.username)
    own.cookies[guessing.COOKIE] = forge(own.cookies[guessing.COOKIE].value)
    assert sign_in(own, officer.username, PASSWORD).status_code == 429


def test_a_browser_known_to_one_account_is_a_stranger_to_another(officer):
    other = factories.make_user(committee=factories.make_committee(), password=PASSWORD)
    own = known(officer)
    guess(other.username)
    assert sign_in(own, other.username, PASSWORD).status_code == 429
    assert sign_in(own, officer.username, PASSWORD).status_code == 302


def test_the_cookie_stays_under_the_sites_path_and_names_nobody(officer):
    answer = sign_in(browser(), officer.username, PASSWORD)
    cookie = answer.cookies[guessing.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/hop/", True, "Strict")
    assert {each["path"] for each in answer.cookies.values()} == {"/hop/"}
    assert officer.username not in cookie.value


def test_over_https_the_cookie_travels_by_https_alone(officer, settings):
    settings.HTTPS = True
    data = {"username": officer.username, "password": PASSWORD}
    answer = browser().post("/hop/dang-nhap/", data, secure=True)
    assert answer.cookies[guessing.COOKIE]["secure"]


def test_one_address_that_floods_many_accounts_is_slowed_and_known_browsers_there_are_not(
    officer, monkeypatch
):
    own = known(officer)
    few = guessing.BY_ADDRESS._replace(burst=5)
    monkeypatch.setattr(guessing, "BY_ADDRESS", few)
    tried = [sign_in(browser(), f"officer-{n}") for n in range(7)]
    assert [answer.status_code for answer in tried] == [200] * 5 + [429] * 2
    assert "Từ mạng này vừa có nhiều lần đăng nhập sai" in tried[-1].content.decode()
    assert sign_in(own, officer.username, PASSWORD).status_code == 302


def test_the_admins_own_page_counts_as_well(superuser):
    superuser.set_password(PASSWORD)
    superuser.save()
    page, right = "/hop/quan-tri/login/", {"username": superuser.username, "password": PASSWORD}
    for _ in range(10):
        browser().post(page, right | {"password": "sai"})
    client = browser()
    client.post(page, right)
    assert "_auth_user_id" not in client.session
    assert sign_in(client, superuser.username, PASSWORD).status_code == 429


# The time of an answer: not measured, but what it is made of.


def work(client: Client, username: str, password: str) -> tuple[int, int]:
    """How often a password is hashed for this answer, and its status."""
    with mock.patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    ) as hashed:
        answer = sign_in(client, username, password)
    return hashed.call_count, answer.status_code


def test_every_answer_takes_one_hash_whosever_the_name_and_whatever_is_locked(officer):
    without = factories.make_user()
    without.set_unusable_password()
    without.save()
    closed = factories.make_user(password=PASSWORD, is_active=False)
    own = known(officer)
    names = [officer.username, "nobody-of-this-name", without.username, closed.username]
    assert [work(browser(), name, "sai") for name in names] == [(1, 200)] * 4
    assert work(browser(), closed.username, PASSWORD) == (1, 200)
    for name in names:
        guess(name)
    assert [work(browser(), name, "sai") for name in names] == [(1, 429)] * 4
    assert work(browser(), officer.username, PASSWORD) == (1, 429)
    assert work(own, officer.username, "sai") == (1, 200)
    assert work(own, officer.username, PASSWORD) == (1, 302)


def test_a_name_in_other_letters_gets_no_tries_of_its_own(officer):
    guess(officer.username.upper())
    assert sign_in(browser(), officer.username, PASSWORD).status_code == 429


def test_nothing_of_who_signed_in_from_where_is_kept_for_longer_than_the_lock(officer, clock):
    guess(officer.username, 2)
    kept = str(list(RateLimit.objects.values_list()))
    assert officer.username not in kept
    assert "203." not in kept
    clock.shift(3600)
    sign_in(browser(), "somebody-else")
    assert RateLimit.objects.count() == 2
