"""The passkeys of an account: added, listed, removed, demanded, reset; and where none can be used."""

import pytest
from django.core.management import call_command
from django.test import Client

from members.accounts import passkeys, second_factor
from members.devices import links
from members.models import Passkey
from tests.kit import factories
from tests.kit.authenticators import (
    KEY_STEP,
    KEYS,
    PAGE,
    PASSWORD,
    STEP,
    Authenticator,
    added,
    asked,
    enrolled,
    question_in,
    show,
)
from tests.kit.clients import browser, is_in, words_of
from tests.kit.threads import together

pytestmark = pytest.mark.django_db
ACCOUNT = "/hop/tai-khoan-cua-toi/"
ZALO = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 Zalo android/24"


def test_changes_ask_for_a_code_or_a_key_and_then_for_some_minutes_nothing(officer, clock):
    own, device = enrolled(officer)
    clock.shift(601)
    (key,) = Passkey.objects.all()
    changes = (KEYS, f"{KEYS}{key.pk}/bo/", PAGE + "ma-giay/", PAGE + "tat/", PAGE + "bat/")
    for address in changes:
        assert own.post(address, {}).status_code == 422, address
    wrong = own.post(
        KEYS + "xac-nhan/", {"answer": device.sign(own.get(PAGE), origin="https://x")}
    )
    assert wrong.status_code == 422
    assert own.post(KEYS + "xac-nhan/", {"answer": device.sign(own.get(PAGE))}).url == PAGE
    assert "không phải gõ mã" in words_of(own.get(PAGE))
    assert "Mười mã khôi phục" in words_of(own.post(PAGE + "ma-giay/"))
    clock.shift(601)
    assert own.post(PAGE + "ma-giay/").status_code == 422


def test_one_of_several_keys_is_removed_and_opens_nothing_any_more(officer):
    own, device = enrolled(officer)
    second = Authenticator()
    assert added(own, second, "Điện thoại").url == PAGE
    waiting = asked(officer)
    answer = device.sign(waiting.get(STEP))
    key = Passkey.objects.get(name="Máy ở cơ quan")
    assert "Đã bỏ khoá" in words_of(own.post(f"{KEYS}{key.pk}/bo/", follow=True))
    assert waiting.post(KEY_STEP, {"answer": answer}).status_code == 422
    assert show(waiting, second).url == "/hop/"
    assert second_factor.codes_left(officer) == 10


def test_nobody_removes_a_key_of_another_account(officer):
    enrolled(officer)
    other = factories.make_user(committee=factories.make_committee())
    client, _ = enrolled(other)
    key = officer.passkeys.get()
    assert client.post(f"{KEYS}{key.pk}/bo/").status_code == 404
    assert officer.passkeys.exists()


def test_the_last_key_goes_only_where_no_second_factor_is_demanded(officer, settings):
    own, _ = enrolled(officer)
    address = f"{KEYS}{officer.passkeys.get().pk}/bo/"
    settings.SECOND_FACTOR = "officers"
    assert "đây là khoá cuối cùng" in words_of(own.post(address, follow=True))
    assert second_factor.is_on(officer)
    settings.SECOND_FACTOR = "optional"
    assert "Đã tắt lớp xác minh thứ hai" in words_of(own.post(address, follow=True))
    assert not second_factor.is_on(officer)
    assert second_factor.codes_left(officer) == 0
    by_link = browser()
    assert by_link.post(links.sign_in_link(officer, "")).url == "/hop/"


@pytest.mark.django_db(transaction=True)
def test_of_two_that_remove_the_last_two_keys_at_once_one_is_refused(officer, settings):
    settings.SECOND_FACTOR = "officers"
    own, _ = enrolled(officer)
    added(own, Authenticator())
    together(*(lambda k=key: passkeys.remove(officer, k) for key in officer.passkeys.all()))
    assert officer.passkeys.count() == 1


def test_an_account_keeps_ten_keys(officer):
    own, _ = enrolled(officer)
    for _ in range(passkeys.MOST - 1):
        Authenticator().kept_for(officer)
    assert "nhiều nhất 10 khoá" in words_of(added(own, Authenticator()))
    assert officer.passkeys.count() == 10


def test_a_demanded_second_factor_is_fulfilled_by_a_key(officer, settings):
    settings.SECOND_FACTOR = "officers"
    client, device = browser(officer), Authenticator()
    assert client.get("/hop/").url == PAGE
    client.post(KEYS, {"password": PASSWORD})
    added(client, device)
    assert client.get("/hop/", follow=True).redirect_chain[-1][0] != PAGE
    again = asked(officer)
    show(again, device)
    assert again.get(ACCOUNT).status_code == 200


def test_turning_off_and_resetting_drop_the_keys(officer):
    own, _ = enrolled(officer)
    own.post(PAGE + "tat/")
    assert not Passkey.objects.exists()
    own, _ = enrolled(officer)
    call_command("reset_second_factor", officer.username)
    assert not Passkey.objects.exists()
    assert own.get(ACCOUNT).url.startswith("/hop/dang-nhap/")


def test_an_officer_above_sees_and_resets_who_has_a_key_alone(clock):
    cell = factories.make_cell()
    member = factories.make_member(cell, office="secretary")
    secretary = factories.make_user(member)
    above = browser(factories.make_user(committee=cell.committee))
    accounts = f"/hop/dang-bo/{cell.committee_id}/tai-khoan/"
    assert "Đặt lại lớp xác minh thứ hai" not in words_of(above.get(accounts))
    enrolled(secretary)
    assert "Đặt lại lớp xác minh thứ hai" in words_of(above.get(accounts))
    above.post(f"/hop/tai-khoan/{secretary.pk}/dat-lai-lop-thu-hai/")
    assert not second_factor.is_on(secretary)
    assert not Passkey.objects.exists()


OVER_HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture
def proxied(settings) -> None:
    """Behind a proxy that says so, at any of these names."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "chibo.example.vn"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# Where somebody opens the site: what the request says of itself, and what the page says of passkeys.
PLACES = {
    "by a number": ({"SERVER_NAME": "127.0.0.1"}, {}, "địa chỉ số (IP)"),
    "by a long number": ({"SERVER_NAME": "[::1]"}, {}, "địa chỉ số (IP)"),
    "by a number over https": (OVER_HTTPS | {"SERVER_NAME": "127.0.0.1"}, {}, "địa chỉ số (IP)"),
    "in Zalo": ({"SERVER_NAME": "localhost"}, {"user-agent": ZALO}, "“Mở bằng trình duyệt”"),
    "by the name of this machine": ({"SERVER_NAME": "localhost"}, {}, ""),
    "by a name over https": (OVER_HTTPS | {"HTTP_HOST": "chibo.example.vn"}, {}, ""),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_page_offers_a_key_where_one_can_be_used_and_else_says_why_not(
    officer, proxied, place
):
    said, headers, reason = PLACES[place]
    client = Client(headers=headers, **said)
    client.force_login(officer)
    page = words_of(client.get(PAGE))
    assert ("Dùng khoá truy cập" in page) == (not reason)
    assert reason in page
    client.post(KEYS, {"password": PASSWORD})
    answer = client.get(KEYS + "moi/")
    assert answer.status_code == (302 if reason else 200)


def test_a_key_counts_at_its_own_name_alone_and_the_page_says_so(officer, proxied):
    enrolled(officer)
    for name, said in {
        "127.0.0.1": "địa chỉ số (IP)",
        "chibo.example.vn": "tên localhost",
    }.items():
        client = Client(HTTP_HOST=name, **OVER_HTTPS)
        page = asked(officer, client).get(STEP)
        assert question_in(page) is None
        assert said in words_of(page)
        paper = second_factor.renew_codes(officer)
        client.post(STEP, {"code": paper[0]})
        assert is_in(client), "nobody is locked out"


def test_a_key_of_a_name_over_https_works_there(officer, proxied):
    there = OVER_HTTPS | {"HTTP_HOST": "chibo.example.vn:8443"}
    client, device = Client(**there), Authenticator()
    client.force_login(officer)
    client.post(KEYS, {"password": PASSWORD})
    site = {"site": "chibo.example.vn", "origin": "https://chibo.example.vn:8443"}
    assert "Mười mã khôi phục" in words_of(added(client, device, **site))
    again = asked(officer, Client(**there))
    assert show(again, device, **site | {"origin": "https://chibo.example.vn"}).status_code == 422
    assert show(again, device, **site).url == "/hop/"


def test_a_key_without_a_name_is_refused_and_the_server_keeps_no_secret(officer):
    own, device = enrolled(officer)
    assert added(own, Authenticator(), name=" ").status_code == 422
    kept = bytes(Passkey.objects.get().credential)
    secret = device.key.private_numbers().private_value.to_bytes(32, "big")
    assert secret not in kept
