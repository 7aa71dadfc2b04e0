"""The second factor: a code of the officer's phone, or one on paper, after the password and after the link."""

import re
from binascii import unhexlify
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from members.accounts import guessing, second_factor
from members.devices import links
from members.models import AuditEntry, User
from tests.kit import factories
from tests.kit.clients import browser, is_in, words_of
from tests.kit.threads import together

pytestmark = pytest.mark.django_db
PASSWORD = "đồng-lòng-2026"
STEP = "/hop/dang-nhap/ma/"
PAGE = "/hop/tai-khoan-cua-toi/lop-thu-hai/"
PAPER = re.compile(r"<li>([A-Z0-9]{4}-[A-Z0-9]{4})</li>")


@pytest.fixture(autouse=True)
def _same_phones_in_every_run(monkeypatch):
    """Each phone has another key, and none is drawn: a drawn one would now and then give the digits that are wrong."""
    numbers = count(1)
    monkeypatch.setattr(
        "django_otp.plugins.otp_totp.models.random_hex",
        lambda length: next(numbers).to_bytes(length).hex(),
    )


def code_of(user: User, steps: int = 0) -> str:
    """The six digits that the phone of this account shows so many half minutes from now."""
    devices = TOTPDevice.objects.filter(user=user).order_by(
        "-confirmed"
    )  # the one in use before one begun
    return f"{totp(unhexlify(devices[0].key), drift=steps):06}"


def enrolled(user: User, client: Client | None = None) -> tuple[Client, list[str]]:
    """The browser in which it was turned on, and the codes for paper."""
    client = client or browser(user)
    client.post(PAGE + "bat/", {"password": PASSWORD})
    answer = client.post(PAGE + "may-moi/", {"code": code_of(user)})
    return client, PAPER.findall(answer.content.decode())


def with_password(user: User, client: Client | None = None) -> Client:
    client = client or browser()
    data = {"username": user.username, "password": PASSWORD}
    assert client.post("/hop/dang-nhap/", data).url == STEP
    return client


def test_it_is_turned_on_with_a_picture_a_key_and_the_first_code(officer, clock):
    client = browser(officer)
    assert "Chưa bật" in words_of(client.get("/hop/tai-khoan-cua-toi/"))
    assert client.post(PAGE + "bat/", {"password": PASSWORD}).url == PAGE + "may-moi/"
    page = client.get(PAGE + "may-moi/")
    key = second_factor.written_key(TOTPDevice.objects.get())
    assert key in words_of(page)
    assert 'src="data:image/svg' in page.content.decode()
    assert client.post(PAGE + "may-moi/", {"code": "000000"}).status_code == 422
    assert not second_factor.is_on(officer)
    answer = client.post(PAGE + "may-moi/", {"code": code_of(officer)})
    assert len(set(PAPER.findall(answer.content.decode()))) == 10
    assert client.get(PAGE + "may-moi/").url == PAGE, "the codes are shown once"
    assert "Đang bật, còn 10 mã" in words_of(client.get("/hop/tai-khoan-cua-toi/"))
    assert AuditEntry.objects.get().verb == "second_factor.on"


def test_nobody_turns_it_on_at_a_laptop_that_was_left_open(officer):
    client = browser(officer)
    assert client.post(PAGE + "bat/", {}).status_code == 422
    wrong = client.post(PAGE + "bat/", {"password": "sai"})
    assert wrong.status_code == 422
    assert "Mật khẩu không đúng" in words_of(wrong)
    assert not TOTPDevice.objects.exists()
    for _ in range(10):
        wrong = client.post(PAGE + "bat/", {"password": "sai"})
    assert wrong.status_code == 429


def ways(user: User) -> dict[str, Client]:
    """Browsers that have shown the password, or the link."""
    by_link = browser()
    assert by_link.post(links.sign_in_link(user, "")).url == STEP
    return {"password": with_password(user), "link": by_link}


@pytest.mark.parametrize("way", ["password", "link"])
def test_the_code_is_asked_after_the_password_and_after_the_link(officer, clock, way):
    enrolled(officer)
    clock.shift(60)
    client = ways(officer)[way]
    assert not is_in(client)
    assert client.get("/hop/").url.startswith("/hop/dang-nhap/")
    assert "Không có điện thoại ở đây" in words_of(client.get(STEP))
    assert client.post(STEP, {"code": "12345"}).status_code == 422
    assert not is_in(client)
    assert (
        client.post(STEP, {"code": f" {code_of(officer)[:3]} {code_of(officer)[3:]} "}).url
        == "/hop/"
    )
    assert client.get("/hop/", follow=True).status_code == 200


def test_a_link_is_used_up_by_the_code_not_before(officer, clock):
    enrolled(officer)
    clock.shift(60)
    address = links.sign_in_link(officer, "")
    browser().post(address)
    client = browser()
    client.post(address)
    client.post(STEP, {"code": code_of(officer)})
    assert is_in(client)
    assert browser().post(address).status_code == 410


def test_a_link_gives_no_password_to_an_account_that_has_a_second_factor(clock):
    user = factories.make_user()
    enrolled(user)
    address = links.sign_in_link(user, "")
    assert "new_password1" not in browser().get(address).content.decode()
    browser().post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    user.refresh_from_db()
    assert not user.has_usable_password()


# How many half minutes the phone's clock is off, and whether its code is taken.
CLOCKS = {-2: False, -1: True, 0: True, 1: True, 2: False}


@pytest.mark.parametrize("steps", CLOCKS)
def test_a_clock_may_be_one_step_off(officer, clock, steps):
    enrolled(officer)
    clock.shift(300)
    client = with_password(officer)
    client.post(STEP, {"code": code_of(officer, steps)})
    assert is_in(client) == CLOCKS[steps]


def test_a_code_is_used_once(officer, clock):
    enrolled(officer)
    clock.shift(60)
    first, second = with_password(officer), with_password(officer)
    code = code_of(officer)
    first.post(STEP, {"code": code})
    answer = second.post(STEP, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "đã dùng rồi" in words_of(answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["digits", "paper"])
def test_of_two_that_show_one_code_at_once_one_comes_in(officer, clock, kind):
    _, paper = enrolled(officer)
    clock.shift(60)
    code = code_of(officer) if kind == "digits" else paper[0]
    clients = [with_password(officer) for _ in range(2)]
    together(*(lambda c=client: c.post(STEP, {"code": code}) for client in clients))
    assert sorted(is_in(client) for client in clients) == [False, True]


def test_a_code_on_paper_is_used_once_however_it_is_typed_and_says_how_many_are_left(officer):
    _, paper = enrolled(officer)
    client = with_password(officer)
    answer = client.post(STEP, {"code": f" {paper[3].lower().replace('-', ' ')} "}, follow=True)
    assert is_in(client)
    assert "còn 9 mã" in words_of(answer)
    again = with_password(officer)
    assert again.post(STEP, {"code": paper[3]}).status_code == 422
    assert AuditEntry.objects.filter(verb="second_factor.paper_code_used").count() == 1


def test_no_code_for_paper_lies_in_the_database(officer):
    _, paper = enrolled(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM otp_static_statictoken")
        rows = str(cursor.fetchall()).upper()
    assert [code for code in paper if code.replace("-", "") in rows or code in rows] == []


def test_guessing_is_limited_and_locks_no_officer_out_of_his_own_browser(officer, clock):
    own, _ = enrolled(officer)
    clock.shift(60)
    own = with_password(officer, browser())
    own.post(STEP, {"code": code_of(officer)})
    own.post("/hop/dang-xuat/")
    thief = with_password(officer)
    assert guessing.COOKIE not in thief.cookies, "knows the password, and is no known browser"
    tried = [thief.post(STEP, {"code": "000000"}).status_code for _ in range(6)]
    assert tried == [422] * 5 + [429]
    clock.shift(60)
    assert thief.post(STEP, {"code": code_of(officer)}).status_code == 429
    assert with_password(officer).post(STEP, {"code": code_of(officer)}).status_code == 429
    with_password(officer, own).post(STEP, {"code": code_of(officer)})
    assert is_in(own)


def test_who_waits_too_long_or_gets_another_password_begins_anew(officer, clock):
    enrolled(officer)
    late, other = with_password(officer), with_password(officer)
    officer.set_password("đồng-lòng-2027")
    officer.save()
    assert other.get(STEP).url == "/hop/dang-nhap/"
    clock.shift(601)
    answer = late.post(STEP, {"code": code_of(officer)}, follow=True)
    assert "đã quá 10 phút" in words_of(answer)
    assert not is_in(late)
    assert browser().get(STEP).url == "/hop/dang-nhap/"


def test_a_planted_session_does_not_wait_beside_its_officer(officer, clock):
    enrolled(officer)
    client = browser()
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key
    with_password(officer, client)
    assert client.session.session_key != before


def test_the_other_sessions_end_when_it_is_turned_on(officer):
    other = browser(officer)
    other.get("/hop/", follow=True)
    enrolled(officer)
    assert other.get("/hop/").url.startswith("/hop/dang-nhap/")


def test_a_changed_phone_fresh_paper_and_turning_off_ask_for_a_code(officer, clock):
    client, paper = enrolled(officer)
    for verb in ("bat/", "ma-giay/", "tat/"):
        assert client.post(PAGE + verb, {"code": "BBBB-BBBB"}).status_code == 422
    fresh = PAPER.findall(client.post(PAGE + "ma-giay/", {"code": paper[0]}).content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(paper)
    former = TOTPDevice.objects.get()
    assert client.post(PAGE + "bat/", {"code": fresh[0]}).url == PAGE + "may-moi/"
    assert second_factor.is_on(officer), "until the new phone has shown a code, the former counts"
    device = second_factor.begun(officer)
    client.post(PAGE + "may-moi/", {"code": f"{totp(unhexlify(device.key)):06}"})
    assert TOTPDevice.objects.get() == device != former
    clock.shift(60)
    client.post(PAGE + "tat/", {"code": code_of(officer)})
    assert not second_factor.is_on(officer)
    assert (
        browser().post("/hop/dang-nhap/", {"username": officer.username, "password": PASSWORD}).url
        == "/hop/"
    )


def test_the_admins_own_sign_in_page_asks_too(superuser):
    superuser.set_password(PASSWORD)
    superuser.save()
    enrolled(superuser)
    client = browser()
    data = {"username": superuser.username, "password": PASSWORD}
    assert client.post("/hop/quan-tri/login/", data).url == STEP
    assert not is_in(client)


# Demanded by the setting: of an officer of a committee, and of a secretary.
DEMANDED = {"optional": (False, False), "officers": (True, False), "all": (True, True)}


@pytest.mark.parametrize("setting", DEMANDED)
def test_who_must_have_one_is_led_there_and_to_no_other_page(officer, settings, setting):
    settings.SECOND_FACTOR = setting
    secretary = factories.make_user(
        factories.make_member(factories.make_cell(), office="secretary")
    )
    for user, is_led in zip((officer, secretary), DEMANDED[setting], strict=True):
        client = browser(user)
        for address in ("/hop/", "/hop/tai-khoan-cua-toi/", "/hop/huong-dan/bi-thu.pdf"):
            assert (client.get(address).get("Location") == PAGE) == is_led
        led = client.get("/hop/", headers={"hx-request": "true"})
        assert (led.get("HX-Redirect") == PAGE) == is_led
        assert client.get(PAGE).status_code == 200
        enrolled(user, client)
        assert client.get("/hop/", follow=True).status_code == 200
        off = client.post(PAGE + "tat/", {"code": "BBBB-BBBB"}, follow=True)
        assert ("yêu cầu lớp xác minh thứ hai" in words_of(off)) == is_led


def test_the_operator_resets_it_and_the_sessions_end(officer, capsys):
    client, _ = enrolled(officer)
    call_command("reset_second_factor", officer.username)
    assert client.get("/hop/").url.startswith("/hop/dang-nhap/")
    data = {"username": officer.username, "password": PASSWORD}
    assert client.post("/hop/dang-nhap/", data).url == "/hop/"
    for username, said in ((officer.username, "chưa bật"), ("ai-day", "Không có tài khoản")):
        with pytest.raises(SystemExit):
            call_command("reset_second_factor", username)
        assert said in capsys.readouterr().err


def test_an_officer_above_resets_it_of_his_own_people_alone(clock):
    cell = factories.make_cell()
    secretary = factories.make_user(
        factories.make_member(cell, office="secretary"), password=PASSWORD
    )
    above = browser(factories.make_user(committee=cell.committee))
    accounts, reset = (
        f"/hop/dang-bo/{cell.committee_id}/tai-khoan/",
        "Đặt lại lớp xác minh thứ hai",
    )
    address = f"/hop/tai-khoan/{secretary.pk}/dat-lai-lop-thu-hai/"
    assert reset not in words_of(above.get(accounts))
    own, _ = enrolled(secretary)
    assert reset in words_of(above.get(accounts))
    beside = browser(factories.make_user(committee=factories.make_committee()))
    assert (beside.post(address).status_code, own.post(address).status_code) == (404, 404)
    answer = above.post(address, follow=True)
    assert "Đã đặt lại" in words_of(answer)
    assert not second_factor.is_on(secretary)
    assert own.get("/hop/").url.startswith("/hop/dang-nhap/")
    assert browser().post(links.sign_in_link(secretary, "")).url == "/hop/"


def test_a_link_lets_one_browser_in_of_all_that_wait_by_it(officer, clock):
    enrolled(officer)
    clock.shift(60)
    address = links.sign_in_link(officer, "")
    own, other = browser(), browser()
    for client in (own, other):
        assert client.post(address).url == STEP
    own.post(STEP, {"code": code_of(officer)})
    clock.shift(60)
    assert other.post(STEP, {"code": code_of(officer)}).url == "/hop/dang-nhap/"
    assert (is_in(own), is_in(other)) == (True, False)


def test_who_waits_by_a_link_is_not_let_in_once_all_links_were_ended(officer, clock):
    enrolled(officer)
    clock.shift(60)
    client = ways(officer)["link"]
    officer.refresh_from_db()
    links.end_all(officer)
    client.post(STEP, {"code": code_of(officer)})
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_wait_by_one_link_and_show_two_codes_at_once_one_comes_in(officer, clock):
    _, paper = enrolled(officer)
    address = links.sign_in_link(officer, "")
    clients = [browser() for _ in range(2)]
    for client in clients:
        assert client.post(address).url == STEP
    clock.shift(60)
    codes = zip(clients, paper, strict=False)
    together(*(lambda c=client, p=code: c.post(STEP, {"code": p}) for client, code in codes))
    assert sorted(is_in(client) for client in clients) == [False, True]


@pytest.mark.parametrize("seconds", [601, 24 * 3600])
def test_a_new_phone_that_was_begun_and_left_takes_no_phone_of_a_stranger(officer, clock, seconds):
    client, _ = enrolled(officer)
    clock.shift(60)
    assert client.post(PAGE + "bat/", {"code": code_of(officer)}).url == PAGE + "may-moi/"
    new = second_factor.begun(officer)
    clock.shift(seconds)
    if seconds > 3600:
        client = with_password(officer)
        client.post(STEP, {"code": code_of(officer)})
        assert is_in(client)
    assert client.get(PAGE + "may-moi/").url == PAGE
    client.post(PAGE + "may-moi/", {"code": f"{totp(unhexlify(new.key)):06}"})
    assert TOTPDevice.objects.get(confirmed=True) != new
