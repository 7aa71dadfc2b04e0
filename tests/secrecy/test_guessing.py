"""Whoever guesses six digits or names gets no further than a few tries, and shuts out nobody else by trying."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cells.models import Meeting
from members.joining import codes, finding
from members.models import Device, Member, RateLimit
from tests.kit import factories, verbs
from tests.kit.clients import browser, phone
from tests.kit.phones import find, never_drawn, pick

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 12, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    """Nothing is forgiven for being slow: time passes where the test says so."""
    time_machine.move_to(EVENING, tick=False)
    return time_machine


@pytest.fixture
def hall() -> Meeting:
    """A planned meeting of six, whose check-in is open."""
    return factories.make_hall(6)


@pytest.fixture
def an(hall) -> Member:
    """A member of the list without any duty."""
    return factories.members_of(hall)[3]


def small(monkeypatch, module, name: str, burst: int) -> None:
    """So few tries that a test can use them up."""
    monkeypatch.setattr(module, name, getattr(module, name)._replace(burst=burst))


def guess(client, times: int) -> list[int]:
    return [client.get(f"/hop/vao/{never_drawn(n)}/").status_code for n in range(times)]


def opened(client, code: str) -> int:
    return client.get(f"/hop/vao/{code}/").status_code


# Six digits


def test_past_the_limit_the_right_code_is_answered_no_more_than_a_wrong_one(hall, an):
    guesser = browser()
    assert guess(guesser, 40) == [404] * 30 + [429] * 10
    right, wrong = (guesser.get(f"/hop/vao/{code}/") for code in (hall.code, never_drawn(99)))
    assert (right.status_code, right["Retry-After"]) == (429, "10")
    again = f'<meta http-equiv="refresh" content="10; url=/hop/vao/{hall.code}/">'
    assert again in right.content.decode(), "an honest phone tries again by itself"
    pages = [answer.content.decode() for answer in (right, wrong)]
    assert pages[0].replace(hall.code, "") == pages[1].replace(never_drawn(99), "")
    for answer in (find(guesser, hall, an.name), pick(guesser, hall, an)):
        assert answer.status_code == 429
        assert an.name not in answer.content.decode()
    assert not Device.objects.exists()


def test_who_goes_on_guessing_gets_one_try_in_ten_seconds_and_is_not_put_off_for_longer(
    hall, clock
):
    guesser = browser()
    guess(guesser, 50)
    clock.shift(9)
    assert guess(guesser, 5) == [429] * 5
    clock.shift(1)
    assert guess(guesser, 5) == [404] + [429] * 4
    clock.shift(10)
    assert opened(guesser, hall.code) == 200
    assert opened(guesser, hall.code) == 200, "a right code costs nothing"


NEIGHBOURS = {
    "the same IPv6 subscriber": ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
    "an IPv4 address in IPv6 clothes": ("203.0.113.9", "::ffff:203.0.113.9"),
}


@pytest.mark.parametrize(("first", "second"), NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
def test_another_address_of_the_same_subscriber_is_the_same_guesser(hall, first, second):
    guess(browser(REMOTE_ADDR=first), 30)
    assert opened(browser(REMOTE_ADDR=second), hall.code) == 429


@pytest.mark.parametrize("address", ["203.0.113.{}", "2001:db8:1:{:x}::1"])
def test_a_network_of_guessers_is_slowed_and_another_network_is_not(hall, monkeypatch, address):
    small(monkeypatch, codes, "BY_NETWORK", 6)
    tried = [guess(browser(REMOTE_ADDR=address.format(n)), 2) for n in range(5)]
    assert tried == [[404, 404]] * 3 + [[429, 429]] * 2
    assert opened(browser(REMOTE_ADDR=address.format(77)), hall.code) == 429
    assert opened(browser(REMOTE_ADDR="198.51.100.4"), hall.code) == 200
    assert opened(browser(REMOTE_ADDR="2001:db8:2::1"), hall.code) == 200


def test_guessers_all_over_the_world_are_limited_together(hall, monkeypatch):
    small(monkeypatch, codes, "BY_SITE", 6)
    tried = [guess(browser(REMOTE_ADDR=f"{n}.0.113.9"), 1)[0] for n in range(1, 9)]
    assert tried == [404] * 6 + [429] * 2
    assert opened(browser(REMOTE_ADDR="99.0.0.1"), hall.code) == 429


def test_nobody_shuts_out_phones_that_need_no_guessing(hall, an, monkeypatch):
    waiting = browser()
    pick(waiting, hall, factories.members_of(hall)[4])
    small(monkeypatch, codes, "BY_SITE", 6)
    guess(browser(), 10)
    assert opened(browser(), hall.code) == 429
    known = phone(an)
    assert f"Chào đồng chí {an}" in known.get(f"/hop/vao/{hall.code}/").content.decode()
    assert pick(known, hall).url == "/hop/cho/"
    assert waiting.get(f"/hop/vao/{hall.code}/?doi-ten=1").status_code == 200
    scanned = codes.key_of(hall.code)
    page = browser().get(f"/{scanned}", follow=True)
    assert page.status_code == 200
    address = reverse("members:pick", args=[scanned])
    assert f'action="{address}"' in page.content.decode()
    tapped = {"member": an.pk, "q": an.name}
    assert browser().post(address, tapped).url == "/hop/cho/"


def test_who_typed_the_digits_once_is_not_stopped_halfway(hall, an, monkeypatch):
    client = browser()
    page = client.get(f"/hop/vao/{hall.code}/").content.decode()
    typed = codes.key_of(hall.code, codes.TYPED)
    assert reverse("members:pick", args=[typed]) in page
    small(monkeypatch, codes, "BY_SITE", 6)
    guess(browser(), 10)
    tapped = {"member": an.pk, "q": an.name}
    assert client.post(reverse("members:pick", args=[typed]), tapped).url == "/hop/cho/"


@pytest.mark.parametrize("letters", ["aaaaaa", "AAAAAA", "222222", "aaaaa", "aaaaaaa"])
def test_letters_behind_the_digits_are_guesses_like_any_other(hall, letters):
    assert opened(browser(), f"{hall.code}{letters}") == 404
    guesser = browser()
    guess(guesser, 30)
    assert opened(guesser, f"{hall.code}{letters}") == 429


def test_the_phone_of_another_cell_guesses_as_slowly_as_anybody(hall):
    stranger = phone(factories.make_member())
    assert guess(stranger, 31) == [404] * 30 + [429]
    assert opened(stranger, hall.code) == 429


def test_behind_a_proxy_the_last_forwarded_address_is_counted(hall, settings):
    settings.TRUST_PROXY = True
    guesser = {"headers": {"x-forwarded-for": "10.0.0.1, 203.0.113.9"}}
    guess(browser(**guesser), 30)
    forged = {"headers": {"x-forwarded-for": "10.0.0.2, 203.0.113.9"}}
    assert opened(browser(**forged), hall.code) == 429
    elsewhere = {"headers": {"x-forwarded-for": "203.0.113.9, 198.51.100.4"}}
    assert opened(browser(**elsewhere), hall.code) == 200


# Names


def test_no_page_lists_names_to_a_phone_that_nobody_admitted(hall):
    names = [member.name for member in factories.members_of(hall)]
    client = browser()
    pages = [client.get(f"/hop/vao/{hall.code}/{query}") for query in ("", "?q=van", "?doi-ten=1")]
    pages += [find(client, hall, typed) for typed in ("van", "a", "nguyen", "nguyen van", "%", "")]
    for page in pages:
        assert not [name for name in names if name in page.content.decode()]


def test_names_read_off_by_trying_run_into_the_limit_and_the_honest_next_door_do_not(hall, an):
    guesser = browser(REMOTE_ADDR="203.0.113.9")
    answers = [find(guesser, hall, f"Văn Tên{n}") for n in range(32)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 2
    hit = find(guesser, hall, an.name)
    assert (hit.status_code, f">{an.name}<" in hit.content.decode()) == (429, False)
    assert pick(guesser, hall, an).status_code == 429
    assert f">{an.name}<" in find(browser(), hall, an.name).content.decode()


def test_who_guessed_the_digits_uses_up_no_tries_of_those_who_scanned(hall, an, monkeypatch):
    small(monkeypatch, finding, "BY_MEETING", 5)
    for n in range(8):
        find(browser(REMOTE_ADDR=f"203.0.113.{n}"), hall, f"Văn Tên{n}")
    assert find(browser(), hall, an.name).status_code == 429
    address = reverse("members:pick", args=[codes.key_of(hall.code)])
    assert f">{an.name}<" in browser().post(address, {"q": an.name}).content.decode()


def test_a_number_without_its_name_tells_whose_it_is_to_nobody(hall, an):
    client = browser()
    for typed in ("", "Văn", "Nguyễn Văn Không", factories.members_of(hall)[4].name):
        answer = client.post(f"/hop/vao/{hall.code}/chon/", {"member": an.pk, "q": typed})
        assert answer.status_code == 409
        assert an.name not in answer.content.decode()
    assert not Device.objects.exists()


# What is kept


def test_neither_address_nor_account_stands_in_the_counters_and_dead_ones_go(hall, clock):
    guess(browser(REMOTE_ADDR="203.0.113.9"), 3)
    assert RateLimit.objects.count() == 3
    assert "203.0" not in str(list(RateLimit.objects.values_list()))
    clock.shift(60)
    guess(browser(REMOTE_ADDR="198.51.100.4"), 1)
    assert RateLimit.objects.count() == 3, "those of the first have been forgotten"


def test_who_comes_in_without_a_mistake_leaves_no_trace_in_the_counters(hall, an):
    client = browser()
    client.get(f"/hop/vao/{hall.code}/")
    assert f">{an.name}<" in find(client, hall, an.name).content.decode()
    assert pick(client, hall, an).status_code == 302
    assert not RateLimit.objects.exists()


def test_when_check_in_closes_the_counters_of_those_who_mistyped_go_too(hall, clock):
    guess(browser(), 2)
    clock.shift(60)
    verbs.close_checkin(factories.secretary_of(hall), hall)
    assert not RateLimit.objects.exists()


def test_a_clock_that_was_a_year_ahead_locks_nobody_out(hall, clock):
    clock.shift(365 * 24 * 3600)
    guess(browser(), 40)
    clock.move_to(EVENING, tick=False)
    assert opened(browser(), hall.code) == 200
    assert guess(browser(), 31) == [404] * 30 + [429]
