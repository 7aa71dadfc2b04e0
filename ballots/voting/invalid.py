"""Vì sao phiếu không hợp lệ: written down by the secretary from what the tellers say, for the minutes."""

from collections.abc import Mapping

from django.db import transaction

from ballots.core.verbs import Refused, must_be_open
from ballots.models import InvalidReason, Poll
from cells.wording import two_digits
from members.models import User


@transaction.atomic(durable=True)
def note_invalid(user: User, poll: Poll, reasons: Mapping[str, int]) -> None:
    """Keep the reasons with the ballots of each; none strikes them out. Refused unless they add up."""
    must_be_open(user, poll.meeting)
    poll.refresh_from_db()
    if not poll.confirmed:
        raise Refused("Chỉ ghi lý do phiếu không hợp lệ sau khi tổ kiểm phiếu xác nhận kết quả.")
    total = sum(reasons.values())
    if reasons and total != poll.invalid:
        raise Refused(
            f"Lượt này có {two_digits(poll.invalid)} phiếu không hợp lệ, "
            f"các lý do cộng lại là {two_digits(total)}. Xin xem lại số phiếu."
        )
    InvalidReason.objects.filter(poll=poll).delete()
    for reason, count in reasons.items():
        row = InvalidReason(poll=poll, reason=reason, count=count)
        row.clean_fields()
        row.validate_constraints()
        row.save()
    user.record("poll.invalid_noted", poll, reasons=dict(reasons))
