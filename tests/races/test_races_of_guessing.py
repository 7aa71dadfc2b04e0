"""Many guesses at once: exactly as many are answered as there are tries, whoever counts first."""

from datetime import UTC, datetime

import pytest

from members.accounts import guessing
from members.joining import codes
from members.models import Count, Rate, RateLimit
from tests.kit import factories
from tests.kit.clients import browser
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_time_passes(time_machine):
    time_machine.move_to(datetime(2026, 12, 30, 12, tzinfo=UTC), tick=False)


def test_of_eight_guesses_at_once_as_many_are_answered_as_there_are_tries(monkeypatch):
    monkeypatch.setattr(codes, "BY_ADDRESS", codes.BY_ADDRESS._replace(burst=3))

    def guess(number: int):
        return lambda: browser().get(f"/hop/vao/{100_000 + number}/").status_code

    assert sorted(together(*map(guess, range(8)))) == [404] * 3 + [429] * 5


def test_counters_shared_in_part_are_counted_to_the_last_try_and_nobody_waits_for_ever():
    near, wide = Rate("near", 3, 60), Rate("wide", 5, 60)
    RateLimit.objects.create(key=Count(near, "1").key, spent_until=0)  # dead, and being forgotten

    def take(address: int):
        return lambda: RateLimit.objects.take(Count(near, str(address)), Count(wide, ""))

    answers = together(*(take(n % 3) for n in range(8)))
    assert answers.count(0) == 5, "nothing taken twice, and nothing of a refused try kept"


def test_right_answers_at_once_leave_nothing_behind():
    count = Count(Rate("near", 20, 60), "here")

    def right() -> None:
        assert RateLimit.objects.take(count) == 0
        RateLimit.objects.give_back(count)

    assert set(together(*[right] * 8)) == {None}
    assert [RateLimit.objects.take(count) for _ in range(21)] == [0] * 20 + [60]


def test_of_eight_passwords_at_once_as_many_are_looked_at_as_there_are_tries(monkeypatch):
    monkeypatch.setattr(guessing, "BY_STRANGERS", guessing.BY_STRANGERS._replace(burst=3))
    user = factories.make_user(password="đồng-lòng-2026")

    def guess(number: int):
        data = {"username": user.username, "password": f"sai-{number}"}
        return lambda: browser().post("/hop/dang-nhap/", data).status_code

    assert sorted(together(*map(guess, range(8)))) == [200] * 3 + [429] * 5
