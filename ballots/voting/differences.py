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
    difference = Difference.objects.open_on(poll)
    if difference is not None and difference.member_id == teller.pk:
        raise Refused(OTHER_DEVICE)


def differs(teller: Member, poll: Poll, fault: str) -> None:
    """A teller's device says that the count is wrong: it is in question, or void where a second device says so, too.

    The same device again: changes nothing. `fault`: in words that follow a colon.
    """
    difference = Difference.objects.open_on(poll)
    if difference is None:
        Difference.objects.create(poll=poll, member=teller, fault=fault)
    elif difference.member_id == teller.pk:
        return
    else:
        void_now(
            poll,
            "Máy của hai thành viên tổ kiểm phiếu đếm lại đều không khớp với máy chủ. "
            f"Máy thứ nhất: {_plain(difference.fault)}; máy thứ hai: {_plain(fault)}.",
        )
    teller.record("poll.recount_differs", poll, fault=fault)


def agrees(teller: Member, poll: Poll) -> None:
    """Another teller's device agrees with the server: if one differed before, the fault lay with that one."""
    must_be_other(teller, poll)
    difference = Difference.objects.open_on(poll)
    if difference is not None:
        Difference.objects.filter(pk=difference.pk).update(agreed_by=teller)


@transaction.atomic(durable=True)
def decide(user: User, poll: Poll, void: bool, reason: str) -> None:
    """Write down what the meeting decided on a count in question: that it is void, or that devices count again."""
    must_be_open(user, poll.meeting)
    poll = locked_poll(poll)
    difference = Difference.objects.open_on(poll)
    if poll.state != Poll.State.SEALED or difference is None:
        raise Refused(NOTHING_OPEN)
    if not reason.strip():
        raise Refused("Xin ghi lý do hội nghị quyết định để đưa vào biên bản.")
    if void:
        void_now(
            poll,
            f"Máy của tổ kiểm phiếu đếm lại không khớp ({_plain(difference.fault)}); "
            f"hội nghị quyết định huỷ: {reason.strip()}",
        )
    else:
        Difference.objects.filter(pk=difference.pk).update(decision=reason.strip())
    user.record("poll.difference_decided", poll, void=void, reason=reason.strip())


def _plain(fault: str) -> str:
    return fault.rstrip(". ")
