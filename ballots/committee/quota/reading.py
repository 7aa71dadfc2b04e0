"""What the room shows of a draft: the groups under the cap, proposed and drafted, and a page of its cases."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When

from ballots.committee.quota.changes import Changes
from ballots.committee.quota.rules import Room
from ballots.models import QuotaDraft, QuotaFile, QuotaLine, QuotaMove
from ballots.models.quota import QuotaLineQuerySet
from ballots.results import quota
from ballots.results.quota import Counts, GroupQuota
from cells import wording
from cells.law.post_groups import COLLECTIVES, MEMBERS, NO_POST
from cells.law.rules import READINGS
from cells.models import Level
from cells.wording import search_key

PAGE = 30
NO_GROUP = "khong"
MOVED = "da-doi"
OPEN = "chua"  # without a level
OTHER_GROUPS = "Danh sách nhóm đã đổi sau khi lập dự thảo; dự thảo còn tính theo danh sách cũ."
CAP_OF_NONE = (
    "Mức trần đang là 0%: không ai được hoàn thành xuất sắc. "
    "Nếu không phải vậy, xin đặt lại ở “Quy định đang áp dụng”."
)
_RANK = Case(
    *(When(last_level=level, then=Value(at)) for at, level in enumerate(Level.values)),
    default=Value(len(Level.values)),
)
# By what cases are read one after the other: what rules.md names and the program has on record. Never the post.
SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "": ("Họ và tên", ()),
    "phieu": ("Tỷ lệ phiếu HTXS", (F("for_top").desc(),)),
    "diem": ("Điểm", (F("score").desc(nulls_last=True),)),
    "quy": ("Số quý được đề nghị HTXS", (F("top_quarters").desc(),)),
    "han-che": (
        "Khắc phục hạn chế năm trước",
        ((F("to_remedy") - F("remedied")).asc(), F("remedied").desc()),
    ),
    "nam-truoc": ("Mức năm trước", (_RANK.asc(),)),
    "truong-hop": ("Trường hợp giới hạn mức", (F("flags").desc(),)),
}


@dataclass(frozen=True)
class Asked:
    """What a page of cases is asked for: as in its address."""

    group: str = ""
    level: str = ""
    query: str = ""
    sort: str = ""
    page: str = "1"


@dataclass(frozen=True)
class GroupRow:
    """One group: as the cells propose it, and as the draft has it."""

    proposed: GroupQuota
    drafted: GroupQuota

    @property
    def key(self) -> str:
        """The group in an address."""
        return str(self.drafted.place)

    @property
    def standing(self) -> tuple[str, str]:
        """A key of colour, and the words beside it."""
        two, now = wording.two_digits, self.drafted
        if now.is_empty:
            return "none", "Chưa có ai"
        if now.over:
            return "mend", f"Vượt {two(now.over)}"
        return "fine", f"Còn {two(now.left)}" if now.left else "Vừa đủ"

    @property
    def cells(self) -> list[tuple[int, str, bool, int, int, int, int]]:
        """Percent, reading, whether in force, then used and allowed in the draft and as proposed."""
        return [
            (
                now.percent,
                reading,
                now.in_force and reading == self.drafted.reading,
                now.readings[reading].used,
                now.readings[reading].allowed,
                was.readings[reading].used,
                was.readings[reading].allowed,
            )
            for now, was in zip(self.drafted.allowances, self.proposed.allowances, strict=True)
            for reading in READINGS
        ]


@dataclass(frozen=True)
class RoomView:
    """A draft with its rules, what happened to its files, and its groups."""

    draft: QuotaDraft
    room: Room
    changes: Changes
    rows: tuple[GroupRow, ...]
    unplaced: tuple[
        tuple[str, str, int], ...
    ]  # of members or of collectives, their post, how many

    @classmethod
    def load(cls, draft: QuotaDraft) -> "RoomView":
        """Six queries, however many cases there are."""
        room, changes = Room.load(draft.committee, draft.period), Changes.load(draft)
        lines = QuotaLine.objects.filter(draft=draft).exclude(file__in=changes.out)
        proposed, drafted = _counts(lines)
        rows = zip(_quotas(draft, room, proposed), _quotas(draft, room, drafted), strict=True)
        unplaced = _unplaced(lines) if quota.unplaced(drafted) else ()
        return cls(draft, room, changes, tuple(GroupRow(*pair) for pair in rows), unplaced)

    @property
    def columns(self) -> list[tuple[int, str]]:
        """The percentages and readings that the table has columns of."""
        percents = [self.room.rules.cap.percent]
        percents += [self.room.raised.percent] if self.room.raised else []
        return [(percent, words) for percent in percents for words in READINGS.values()]

    @property
    def unplaced_lines(self) -> list[tuple[bool, str, int]]:
        """Whether of members, which posts in words, and how many are in no group."""
        return [
            (of == MEMBERS, posts or NO_POST.capitalize(), number)
            for of, posts, number in self.unplaced
        ]

    @property
    def has_other_groups(self) -> bool:
        """Whether the list of groups was changed since the draft took it."""
        return bool(self.room.groups.stored != self.draft.groups)

    @property
    def needs_refresh(self) -> bool:
        """Whether there is anything to bring up to date."""
        return bool(self.changes.by_file or self.changes.new or self.has_other_groups)

    @property
    def sentences(self) -> list[str]:
        """What whoever works here is to know first."""
        said = self.changes.sentences
        if self.changes.new:
            number = wording.two_digits(self.changes.new)
            said.append(f"{number} hồ sơ gửi lên sau chưa có trong dự thảo.")
        if self.has_other_groups:
            said.append(OTHER_GROUPS)
        if self.room.rules.cap.percent == 0:
            said.append(CAP_OF_NONE)
        return said


def _counts(lines: QuotaLineQuerySet) -> tuple[Counts, Counts]:
    """As proposed, and as drafted: one query."""
    proposed: Counter[tuple[int | None, bool, str]] = Counter()
    drafted: Counter[tuple[int | None, bool, str]] = Counter()
    for group, head, before, level, number in lines.numbers():
        proposed[group, head, before] += number
        drafted[group, head, level] += number
    return proposed, drafted


def _quotas(draft: QuotaDraft, room: Room, counts: Counts) -> tuple[GroupQuota, ...]:
    groups = draft.post_groups
    return quota.quotas(
        counts,
        groups.groups,
        groups.head,
        room.rules.cap,
        room.raised.percent if room.raised else None,
        draft.raised,
        Level.values,
    )


def _unplaced(lines: QuerySet[QuotaLine]) -> tuple[tuple[str, str, int], ...]:
    of: Counter[tuple[str, str]] = Counter()
    for member, posts in lines.filter(group=None).order_by("posts").values_list("member", "posts"):
        of[MEMBERS if member else COLLECTIVES, posts] += 1
    return tuple((whose, posts, number) for (whose, posts), number in of.items())


def page_of(draft: QuotaDraft, asked: Asked) -> Page[QuotaLine]:
    """One page of the cases asked for, with the cell and whatever it rests on.

    Which lines stand on it is asked first: joined before they are sorted, those of three thousand cells take long.
    """
    lines = QuotaLine.objects.filter(_wanted(draft, asked), draft=draft)
    order = SORTS.get(asked.sort, SORTS[""])[1]
    keys = lines.order_by(*order, "name_sort", "pk").values_list("pk", flat=True)
    page: Page[Any] = Paginator(keys, PAGE).get_page(asked.page)
    about = QuotaLine.objects.select_related(
        "draft", "file__meeting__cell__committee", "member__cell"
    )
    rows = about.in_bulk(list(page.object_list))
    page.object_list = [rows[key] for key in page.object_list]
    return page


def _wanted(draft: QuotaDraft, asked: Asked) -> Q:
    wanted = Q()
    if asked.group == NO_GROUP:
        wanted &= Q(group=None)
    elif asked.group.isdecimal():
        wanted &= Q(group=int(asked.group[:4]))
    if asked.level == MOVED:
        wanted &= ~Q(proposed=F("level"))
    elif asked.level:
        known = asked.level if asked.level in Level.values else ""
        wanted &= Q(level=known) if known or asked.level == OPEN else Q(pk__in=[])
    if key := search_key(asked.query):
        files = QuotaFile.objects.filter(draft=draft, meeting__cell__name_search__contains=key)
        wanted &= Q(name_search__contains=key) | Q(file__in=files)
    return wanted


def moves_of(lines: list[QuotaLine]) -> dict[int, list[QuotaMove]]:
    """Who moved these cases, the last first: one query."""
    rows = QuotaMove.objects.filter(line__in=[line.pk for line in lines])
    moves: dict[int, list[QuotaMove]] = {}
    for move in rows.select_related("by__member", "by__committee").order_by("-number"):
        moves.setdefault(move.line_id, []).append(move)
    return moves
