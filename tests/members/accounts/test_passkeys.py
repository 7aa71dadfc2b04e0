"""Passkeys: a device of the officer signs, after the password and after the link, in place of a code."""

import json

import pytest
from django_otp.plugins.otp_static.models import StaticToken
from fido2.utils import websafe_encode

from members.accounts import guessing, passkeys, second_factor
from members.models import AuditEntry, Passkey, User
from tests.kit import factories
from tests.kit.authenticators import (
    KEY_STEP,
    KEYS,
    PAGE,
    PASSWORD,
    PRESENT,
    STEP,
    VERIFIED,
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


def test_the_first_key_turns_the_second_factor_on_and_gives_codes_for_paper(officer):
    other = browser(officer)
    other.get(ACCOUNT)
    client = browser(officer)
    assert "Cách 2: khoá truy cập (passkey)" in words_of(client.get(PAGE))
    assert client.post(KEYS, {"password": "sai"}).status_code == 422
    assert client.get(KEYS + "moi/").url == PAGE, "the password is shown first"
    client.post(KEYS, {"password": PASSWORD})
    codes = added(client, Authenticator(), "Máy ở cơ quan")
    assert "Mười mã khôi phục" in words_of(codes)
    assert StaticToken.objects.filter(device__user=officer).count() == 10
    assert second_factor.is_on(officer)
    assert other.get(ACCOUNT).url.startswith("/hop/dang-nhap/"), "it has shown nothing"
    page = words_of(client.get(PAGE))
    assert "Máy ở cơ quan Thêm ngày 05/12/2026, dùng ở localhost" in page
    assert "Đang bật" in words_of(client.get(ACCOUNT))
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert {*verbs} == {"second_factor.passkey_added", "second_factor.on"}


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("way", ["password", "link"])
def test_a_key_is_asked_after_the_password_and_after_the_link(officer, clock, way, counts):
    _, device = enrolled(officer, counts)
    for _ in range(2):
        client = browser()
        if way == "password":
            data = {"username": officer.username, "password": PASSWORD}
            assert client.post("/hop/dang-nhap/", data).url == STEP
        else:
            asked(officer, client)
        assert not is_in(client)
        assert client.get("/hop/").url.startswith("/hop/dang-nhap/")
        assert show(client, device).url == "/hop/"
        assert client.get("/hop/", follow=True).status_code == 200


def test_what_is_asked_names_this_site_the_keys_and_demands_the_officer_himself(officer):
    client, device = enrolled(officer)
    old = question_in(asked(officer).get(STEP))
    assert (old["rpId"], old["userVerification"]) == ("localhost", "required")
    assert [key["id"] for key in old["allowCredentials"]] == [websafe_encode(device.key_id)]
    new = question_in(client.get(KEYS + "moi/"))
    assert new["excludeCredentials"] == old["allowCredentials"]
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert new["rp"]["id"] == "localhost"


# What a device, or who stands between, may say instead.
LIES = {
    "of another origin": {"origin": "https://localhost.evil.example"},
    "of this name at another port": {"origin": "http://localhost:8001"},
    "for another site": {"site": "evil.example"},
    "for another purpose": {"what": "payment.get"},
    "without its officer's finger": {"flags": PRESENT},
    "without anybody": {"flags": VERIFIED},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_is_refused(officer, lie):
    own, device = enrolled(officer)
    client = asked(officer)
    answer = show(client, device, **LIES[lie])
    assert (answer.status_code, is_in(client)) == (422, False)
    assert "Máy chủ không nhận khoá này" in words_of(answer)
    answer = added(own, Authenticator(), **LIES[lie])
    assert answer.status_code == 422
    assert "Máy chủ không nhận khoá vừa tạo" in words_of(answer)
    assert Passkey.objects.count() == 1
    assert show(client, device).url == "/hop/", "and the next one is looked at again"


def test_a_key_of_a_kind_that_was_not_asked_for_is_refused(officer):
    client, _ = enrolled(officer)
    assert added(client, Authenticator(), algorithm=-65535).status_code == 422


# What is no answer at all.
NONSENSE = ["", "{", "7", '{"id": 1, "rawId": 2}', "[" * 9000, "x" * 20_001]


@pytest.mark.parametrize("what", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused_in_one_sentence(officer, what):
    own, _ = enrolled(officer)
    client = asked(officer)
    client.get(STEP)
    answer = client.post(KEY_STEP, {"answer": what})
    assert (answer.status_code, is_in(client)) == (422, False)
    assert 'role="alert"' in answer.content.decode()
    own.get(KEYS + "moi/")
    assert own.post(KEYS + "moi/", {"name": "Máy", "answer": what}).status_code == 422


@pytest.mark.parametrize("cut", [0, 1, 36, 43, 48])
def test_an_answer_that_is_cut_short_is_refused(officer, cut):
    own, device = enrolled(officer)
    client = asked(officer)
    told = json.loads(device.sign(client.get(STEP)))
    told["response"]["authenticatorData"] = told["response"]["authenticatorData"][:cut]
    assert client.post(KEY_STEP, {"answer": json.dumps(told)}).status_code == 422
    told = json.loads(Authenticator().made(own.get(KEYS + "moi/")))
    told["response"]["attestationObject"] = told["response"]["attestationObject"][:cut]
    data = {"name": "Máy", "answer": json.dumps(told)}
    assert own.post(KEYS + "moi/", data).status_code == 422


def test_an_answer_is_taken_once_and_for_the_question_of_this_browser(officer, clock):
    _, device = enrolled(officer, counts=False)
    client, other = asked(officer), asked(officer)
    answer = device.sign(client.get(STEP))
    other.get(STEP)
    assert other.post(KEY_STEP, {"answer": answer}).status_code == 422
    assert client.post(KEY_STEP, {"answer": answer}).url == "/hop/"
    client.post("/hop/dang-xuat/")
    asked(officer, client)
    replayed = client.post(KEY_STEP, {"answer": answer})
    assert (replayed.status_code, is_in(client)) == (422, False)
    assert "Xin bấm lại" in words_of(replayed)


def test_a_question_is_good_for_ten_minutes(officer, clock):
    own, device = enrolled(officer)
    page = own.get(KEYS + "moi/")
    clock.shift(400)
    own.post(KEYS + "xac-nhan/", {"answer": "{}"})
    late = asked(officer)
    answer = device.sign(late.get(STEP))
    clock.shift(601)
    assert late.post(KEY_STEP, {"answer": answer}).url == "/hop/dang-nhap/"
    data = {"name": "Máy", "answer": Authenticator().made(page)}
    assert own.post(KEYS + "moi/", data).url == PAGE, "nor is what was shown before"
    assert Passkey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counts", [True, False])
def test_of_two_that_send_one_answer_at_once_one_comes_in(officer, counts):
    _, device = enrolled(officer, counts)
    client = asked(officer)
    answer = device.sign(client.get(STEP))
    twins = [browser() for _ in range(2)]
    for twin in twins:
        twin.cookies = client.cookies.copy()
    got = together(
        *(lambda c=twin: c.post(KEY_STEP, {"answer": answer}).status_code for twin in twins)
    )
    assert got.count(302) == 1, "the other has no question, or no session, any more"


def test_a_key_that_was_copied_is_refused_and_noted(officer):
    _, device = enrolled(officer)
    show(asked(officer), device)
    thief = device.cloned()
    show(asked(officer), device)
    client = asked(officer)
    answer = show(client, thief)
    assert (answer.status_code, is_in(client)) == (422, False)
    assert "đã bị sao chép" in words_of(answer)
    line = AuditEntry.objects.get(verb="second_factor.passkey_copied")
    assert line.note == {"name": "Máy ở cơ quan"}
    silent = device.cloned()
    silent.counts, silent.signed = False, 0
    assert show(client, silent).status_code == 422, "who has counted goes on counting"


def test_a_key_of_another_account_opens_nothing(officer):
    enrolled(officer)
    other = factories.make_user(committee=factories.make_committee())
    _, foreign = enrolled(other)
    client = asked(officer)
    assert show(client, foreign).status_code == 422
    assert not is_in(client)


def test_a_key_is_added_once_whoever_adds_it(officer):
    own, device = enrolled(officer)
    again = added(own, device)
    assert again.status_code == 422
    assert "đã được thêm rồi" in words_of(again)
    other = factories.make_user(committee=factories.make_committee())
    client = browser(other)
    client.post(KEYS, {"password": PASSWORD})
    assert added(client, device).status_code == 422
    assert not second_factor.is_on(other)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_add_one_key_at_once_one_does(officer):
    own, _ = enrolled(officer)
    other = factories.make_user(committee=factories.make_committee())
    second = browser(other)
    second.post(KEYS, {"password": PASSWORD})
    device = Authenticator()
    sent = [
        (client, {"name": "Máy", "answer": device.made(client.get(KEYS + "moi/"))})
        for client in (own, second)
    ]
    together(*(lambda c=client, d=data: c.post(KEYS + "moi/", d) for client, data in sent))
    assert Passkey.objects.filter(key_id=device.key_id).count() == 1


def test_who_is_locked_comes_in_by_no_key(officer):
    own, device = enrolled(officer)
    client = asked(officer)
    answer = device.sign(client.get(STEP))
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.post(KEY_STEP, {"answer": answer}).url == "/hop/dang-nhap/"
    assert not is_in(client)
    assert own.get(KEYS + "moi/").url.startswith("/hop/dang-nhap/")


def test_nobody_answers_who_has_not_shown_a_password(officer):
    _, device = enrolled(officer)
    client = browser()
    assert client.post(KEY_STEP, {"answer": device.sign(client.get(STEP))}).url == (
        "/hop/dang-nhap/"
    )
    assert not is_in(client)


def test_wrong_answers_are_counted_with_wrong_codes_and_lock_no_own_browser(officer, clock):
    _, device = enrolled(officer)
    own = asked(officer, browser())
    show(own, device)
    own.post("/hop/dang-xuat/")
    thief = asked(officer)
    assert guessing.COOKIE not in thief.cookies
    tried = [thief.post(STEP, {"code": "BBBB-BBBB"}).status_code for _ in range(2)]
    tried += [show(thief, Authenticator()).status_code for _ in range(4)]
    assert tried == [422] * 5 + [429]
    assert "thử sai nhiều lần" in words_of(show(thief, device))
    assert not is_in(thief)
    show(asked(officer, own), device)
    assert is_in(own)


def test_a_code_on_paper_works_where_the_device_is_not_here(officer):
    enrolled(officer)
    paper = second_factor.renew_codes(officer)
    client = asked(officer)
    assert "Một mã khôi phục" in words_of(client.get(STEP))
    wrong = words_of(client.post(STEP, {"code": "BBBB-BBBB"}))
    assert "Mỗi mã khôi phục dùng một lần" in wrong
    client.post(STEP, {"code": paper[0]})
    assert is_in(client)


def test_the_step_asks_as_much_of_the_database_with_ten_keys(
    officer, django_assert_max_num_queries
):
    for _ in range(passkeys.MOST):
        Authenticator().kept_for(officer)
    client = asked(officer)
    with django_assert_max_num_queries(12):
        client.get(STEP)
