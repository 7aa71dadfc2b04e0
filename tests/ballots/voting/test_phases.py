"""Where a poll stands, as its page shows it."""

import pytest

from ballots.models import Poll
from ballots.voting.phases import phases_of

State = Poll.State


@pytest.mark.parametrize(
    ("state", "confirmed", "done", "now"),
    [
        (State.PLANNED, False, 0, ["Chuẩn bị"]),
        (State.ISSUING, False, 1, ["Phát phiếu"]),
        (State.CASTING, False, 2, ["Bỏ phiếu"]),
        (State.SEALED, False, 3, ["Kiểm phiếu"]),
        (State.COUNTED, False, 4, ["Xác nhận kết quả"]),
        (State.COUNTED, True, 5, []),
    ],
)
def test_what_is_done_comes_before_what_is_at_hand(state, confirmed, done, now):
    phases = phases_of(Poll(state=state, confirmed=confirmed))
    assert [phase.is_done for phase in phases] == [True] * done + [False] * (5 - done)
    assert [phase.label for phase in phases if phase.is_now] == now


def test_a_void_poll_stands_nowhere():
    assert phases_of(Poll(state=State.VOID)) == []
