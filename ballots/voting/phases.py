"""The phases of a poll as its page shows them: what is done, what is at hand, what comes. Pure."""

from dataclasses import dataclass

from ballots.models import Poll

LABELS = {
    Poll.State.PLANNED: "Chuẩn bị",
    Poll.State.ISSUING: "Phát phiếu",
    Poll.State.CASTING: "Bỏ phiếu",
    Poll.State.SEALED: "Kiểm phiếu",
    Poll.State.COUNTED: "Xác nhận kết quả",
}


@dataclass(frozen=True)
class Phase:
    """One phase of a poll."""

    label: str
    is_done: bool
    is_now: bool


def phases_of(poll: Poll) -> list[Phase]:
    """The phases in order, all done once the tellers have confirmed; none where the poll is void."""
    if poll.state == Poll.State.VOID:
        return []
    here = list(LABELS).index(Poll.State(poll.state))
    return [
        Phase(label, n < here or poll.confirmed, n == here and not poll.confirmed)
        for n, label in enumerate(LABELS.values())
    ]
