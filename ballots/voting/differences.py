"""A recount that differs: the count is in question until another teller's device, or the meeting, settles it.

One device alone voids nothing (secret-ballot.md 3.2, step 7, and 3.4); called with the poll locked.
"""

from django.db import transaction

from ballots.core.verbs import Refused, locked_poll, must_be_open
from ballots.models import Difference, Poll
from ballots.voting.polling import void_now
from members.models import Member, User

OTHER_TOTALS = "kết quả đếm lại khác với máy chủ"
OTHER_DEVICE = (
    "Máy của đồng chí đã báo đếm lại không khớp. Xin để máy của một thành viên khác của tổ kiểm phiếu đếm lại; "
    "không có thì hội nghị quyết định, bí thư ghi vào trang của lượt."
)
NOTHING_OPEN = "Lượt này không có kết quả đếm lại nào đang chờ hội nghị quyết định."


def must_be_other(teller: Member, poll: Poll) -> None:
    """Refused to the teller whose own device has put the count in question."""
    before = Difference.objects.open_on(poll)
    if before is not None and before.member_id == teller.pk:
        raise Refused(OTHER_DEVICE)


def differs(teller: Member, poll: Poll, found: str) -> None:
    """A teller's device says that the count is wrong: it is in question, or void where a second device says so, too.

    The same device again: changes nothing. `found`: what, to follow a colon.
    """
    before = Difference.objects.open_on(poll)
    if before is None:
        Difference.objects.create(poll=poll, member=teller, found=found)
    elif before.member_id == teller.pk:
        return
    else:
        void_now(
            poll,
            "Máy của hai thành viên tổ kiểm phiếu đếm lại đều không khớp với máy chủ. "
            f"Máy thứ nhất: {_plain(before.found)}; máy thứ hai: {_plain(found)}.",
        )
    teller.record("poll.recount_differs", poll, found=found)


def agrees(teller: Member, poll: Poll) -> None:
    """Another teller's device agrees with the server: if one differed before, the fault lay with that one."""
    must_be_other(teller, poll)
    before = Difference.objects.open_on(poll)
    if before is not None:
        Difference.objects.filter(pk=before.pk).update(agreed_by=teller)


@transaction.atomic(durable=True)
def decide(user: User, poll: Poll, void: bool, reason: str) -> None:
    """Write down what the meeting decided on a count in question: that it is void, or that devices count again."""
    must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    before = Difference.objects.open_on(poll)
    if poll.state != Poll.State.SEALED or before is None:
        raise Refused(NOTHING_OPEN)
    if not reason.strip():
        raise Refused("Xin ghi lý do hội nghị quyết định để đưa vào biên bản.")
    if void:
        void_now(
            poll,
            f"Máy của tổ kiểm phiếu đếm lại không khớp ({_plain(before.found)}); "
            f"hội nghị quyết định huỷ: {reason.strip()}",
        )
    else:
        Difference.objects.filter(pk=before.pk).update(decision=reason.strip())
    user.record("poll.difference_decided", poll, void=void, reason=reason.strip())


def _plain(found: str) -> str:
    return found.rstrip(". ")
