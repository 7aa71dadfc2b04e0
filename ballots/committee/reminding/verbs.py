"""Nhắc chi bộ chậm in the program itself: a line of news for who runs them, once in a day."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.board.lines import Board
from ballots.core.verbs import Refused
from cells.law.periods import Period
from cells.models import Committee
from members.models import News, User
from members.permissions import leads

NOBODY_LATE = "Không có chi bộ nào quá hạn."
ALL_TOLD = (
    "Chưa nhắc thêm ai: bí thư các chi bộ chậm đã được nhắc trong hôm nay, hoặc chưa có tài khoản. "
    "Xin gọi điện, hoặc nhắc qua Zalo."
)


class Reminded(NamedTuple):
    """How many late cells were told now, and how many have nobody with an account."""

    told: int
    unreached: int


@transaction.atomic(durable=True)
def remind(user: User, committee: Committee, period: Period) -> Reminded:
    """Nhắc mọi chi bộ chậm; who was reminded today is not told again. Refused where that leaves nobody."""
    if not leads(user, committee):
        raise PermissionDenied
    # Of two officers who press at once, the second finds them told.
    Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    today = timezone.localdate()
    late = set(Board(committee, period, today).late().values_list("pk", flat=True))
    if not late:
        raise Refused(NOBODY_LATE)
    running = User.running(late)
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    already = News.objects.filter(kind=News.Kind.REMINDED, at__gte=midnight)
    told = running.keys() - set(already.values_list("account", flat=True)) - {user.pk}
    if not told:
        raise Refused(ALL_TOLD)
    about = f"{committee.executive_name}, kiểm điểm {period.words}"
    News.objects.tell(sorted(told), News.Kind.REMINDED, about, committee.pk)
    cells = {running[account] for account in told}
    user.record("cells.reminded", committee, period=str(period), cells=len(cells))
    return Reminded(len(cells), len(late - set(running.values())))
