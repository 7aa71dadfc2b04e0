"""Many guesses at once: exactly as many are answered as there are tries, whoever counts first."""

from datetime import UTC, datetime

import pytest

from members.joining import codes
from members.models import Count, Rate, RateLimit
from tests.kit.clients import browser
from tests.kit.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_time_passes(time_machine):
    time_machine.move_to(datetime(2026, 12, 30, 12, tzinfo=UTC), tick=False)


def test_of_sixteen_guesses_at_once_as_many_are_answered_as_there_are_tries(monkeypatch):
    monkeypatch.setattr(codes, "BY_ADDRESS", codes.BY_ADDRESS._replace(burst=5))

    def guess(number: int):
        return lambda: browser().get(f"/hop/vao/{100_000 + number}/").status_code

    assert sorted(together(*map(guess, range(16)))) == [404] * 5 + [429] * 11


def test_counters_shared_in_part_are_counted_to_the_last_try_and_nobody_waits_for_ever():
    near, wide = Rate("near", 3, 60), Rate("wide", 7, 60)
    RateLimit.objects.create(key=Count(near, "1").key, spent_until=0)  # dead, and being forgotten

    def take(address: int):
        return lambda: RateLimit.objects.take(Count(near, str(address)), Count(wide, ""))

    answers = together(*(take(n % 4) for n in range(16)))
    assert answers.count(0) == 7, "nothing taken twice, and nothing of a refused try kept"


def test_right_answers_at_once_leave_nothing_behind():
    count = Count(Rate("near", 20, 60), "here")

    def right() -> None:
        assert RateLimit.objects.take(count) == 0
        RateLimit.objects.give_back(count)

    assert set(together(*[right] * 12)) == {None}
    assert [RateLimit.objects.take(count) for _ in range(21)] == [0] * 20 + [60]
