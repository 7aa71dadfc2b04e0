"""What is still missing under a committee before its cells can meet in December: each with the way to it."""

from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from cells.law.periods import Period
from cells.models import Campaign, Cell, Committee
from members.models import Member, Office, User

# Fewer members than make a cell (Điều lệ Đảng, điều 21): the list is not there yet.
LEAST = 3
NAMED = 30  # of those that lack one thing


class Missing(NamedTuple):
    """One of those that lack it, and where it is mended."""

    name: str
    url: str


class Gap(NamedTuple):
    """One thing that is asked: what is done about it, and by whom it is lacked; none where it is done."""

    title: str
    words: str
    rows: list[Missing]
    size: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.size - len(self.rows)


def gaps(committee: Committee, today: date) -> list[Gap]:
    """In the order in which they are mended."""
    cells = Cell.objects.standing().under(committee).select_related("committee")
    cells = cells.order_by("name_sort", "name")
    secretary = Office.objects.held().filter(
        kind=Office.Kind.SECRETARY, member__cell=OuterRef("pk")
    )
    sized = cells.annotate(size=Count("member", filter=Q(member__left_on=None)))
    first = [_campaign(committee, today), _cells(committee, cells)]
    if first[-1].rows:
        return first  # of no cell nothing is done, and nothing is missing
    return [
        *first,
        _gap(
            "Chi bộ chưa có bí thư",
            "Bấm tên chi bộ, rồi “Bàn giao, giao chức vụ”.",
            cells.filter(~Exists(secretary)),
            "members:cell_place",
        ),
        _accounts(committee),
        _gap(
            "Chi bộ chưa có danh sách đảng viên",
            "Nhập từ Excel cho cả đảng bộ, hoặc để bí thư tự nhập.",
            sized.filter(size__lt=LEAST),
            "members:member_list",
        ),
        _gap(
            "Đảng bộ trực thuộc chưa có cán bộ",
            "Thêm cán bộ, hoặc để cấp ủy cấp trên theo dõi thay.",
            _without_officer(committee),
            "members:account_add",
        ),
    ]


def _gap(title: str, words: str, rows: QuerySet, page: str) -> Gap:
    named = [Missing(str(row), reverse(page, args=[row.pk])) for row in rows[:NAMED]]
    return Gap(title, words, named, rows.count() if len(named) == NAMED else len(named))


def _campaign(committee: Committee, today: date) -> Gap:
    """The review of the year; in January and February that of the year before is still under way."""
    year = today.year if today.month > 2 else today.year - 1
    page = reverse("cells:campaigns", args=[committee.pk])
    has_one = Campaign.objects.reaching(committee).of(Period(year)).exists()
    rows = [] if has_one else [Missing(f"Mở đợt kiểm điểm năm {year}", page)]
    return Gap(
        f"Đợt kiểm điểm năm {year}", "Mở đợt thì các chi bộ thấy việc của mình.", rows, len(rows)
    )


def _cells(committee: Committee, cells: QuerySet[Cell]) -> Gap:
    page = reverse("members:places", args=[committee.pk])
    rows = [] if cells.exists() else [Missing("Thêm hoặc nhập các chi bộ", page)]
    return Gap("Chi bộ", "Nhập cả cây từ một tệp Excel, hoặc thêm từng chi bộ.", rows, len(rows))


def _accounts(committee: Committee) -> Gap:
    """Secretaries who have no account, or have never signed in."""
    secretaries = Office.objects.held().filter(
        kind=Office.Kind.SECRETARY, member__cell__in=Cell.objects.under(committee)
    )
    waiting = Member.objects.filter(pk__in=secretaries.values("member"))
    waiting = waiting.filter(Q(user=None) | Q(user__last_login=None)).select_related("cell")
    rows = waiting.order_by("cell__name_sort", "cell__name")
    listed = waiting.names_by_cell()
    named = [
        Missing(
            f"{one.cell}: {listed.label(one, one.cell_id)}",
            reverse("members:cell_place", args=[one.cell_id]),
        )
        for one in rows[:NAMED]
    ]
    count = rows.count() if len(named) == NAMED else len(named)
    return Gap(
        "Bí thư chưa đăng nhập lần nào", "In phiếu mời, hoặc chép tin nhắn Zalo.", named, count
    )


def _without_officer(committee: Committee) -> QuerySet[Committee]:
    officer = User.objects.filter(committee=OuterRef("pk"), is_active=True)
    below = committee.subtree().exclude(pk=committee.pk).filter(ended_on=None)
    return below.filter(~Exists(officer)).order_by("path")
