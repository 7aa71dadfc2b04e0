"""What a committee's own meeting concludes of each case: what the chair stated, else what its ballots propose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ballots.models import CaseConclusion, CaseVote, Classification, Paper
from ballots.models.cases import case_key
from ballots.results.classification import CELL_ADDRESS, COLLECTIVE_ADDRESS
from cells import wording
from cells.models import Collective, Level, Meeting
from cells.models.meetings import MeetingQuerySet
from members.models import Attendance, Member

LABELS = dict(Level.choices)


@dataclass(frozen=True)
class Concluded:
    """One case of a committee's meeting; levels are codes, "" where there is none."""

    of: Meeting
    cell: str  # as the committee calls it
    name: str
    post: str
    member: Member | None
    collective: Collective | None  # neither: the cell itself
    proposed: str  # by the cell
    voted: str  # by the last of the meeting's ballots that proposed one
    level: str
    reason: str  # the chair's, where the chair concluded

    @property
    def key(self) -> str:
        """As forms of the committee name it."""
        return case_key(
            self.of.pk,
            self.member.pk if self.member else None,
            self.collective.pk if self.collective else None,
        )

    @property
    def address(self) -> str:
        """As pages of the cell's file name it."""
        if self.collective:
            return COLLECTIVE_ADDRESS.format(self.collective.pk)
        return str(self.member.pk) if self.member else CELL_ADDRESS

    @property
    def words(self) -> str:
        """By name and cell, as pages and minutes call it."""
        whom = f"Đ/c {self.name}" if self.member else self.name
        return whom if self.is_cell else f"{whom}, {self.cell}"

    @property
    def is_cell(self) -> bool:
        """Whether it is the cell itself."""
        return self.member is None and self.collective is None

    @property
    def label(self) -> str:
        """The level in words, "" where there is none."""
        return LABELS.get(self.level, "")


def concluded_at(sitting: Meeting) -> list[Concluded]:
    """Every case on a ballot of this meeting, void ones left out, in the order of the ballots; five queries."""
    rows: dict[str, list[CaseVote]] = {}
    votes = CaseVote.objects.at(sitting).select_related("of__cell__committee")
    for row in votes:
        rows.setdefault(row.key, []).append(row)
    meetings = {row.of_id: row.of for own in rows.values() for row in own}
    names = Attendance.objects.names_by_meeting(meetings.values())
    stated = {row.key: row for row in CaseConclusion.objects.current().filter(sitting=sitting)}
    proposed = _proposed(meetings)
    cases = []
    for key, own in rows.items():
        first, said = own[0], stated.get(key)
        cell = first.of.cell.named_below(sitting.over)
        member, body = first.subject.member, first.subject.collective
        voted = next((row.level for row in reversed(own) if row.level), "")
        cases.append(
            Concluded(
                of=first.of,
                cell=cell,
                name=names[first.of_id].label(member) if member else str(body or cell),
                post=member.post if member else "",
                member=member,
                collective=body,
                proposed=proposed.get(key, ""),
                voted=voted,
                level=said.level if said else voted,
                reason=said.reason if said else "",
            )
        )
    return cases


def _proposed(meetings: Iterable[int]) -> dict[str, str]:
    rows = Classification.objects.proposed().filter(meeting__in=list(meetings)).order_by()
    columns = rows.values_list("meeting", "member", "collective", "level")
    return {case_key(meeting, member, body): level for meeting, member, body, level in columns}


def sittings_on(meetings: Sequence[int]) -> MeetingQuerySet:
    """Committees' meetings that have passed their minutes and voted on cases of these files, the last one first."""
    counted = CaseVote.objects.filter(of__in=meetings, subject__poll__confirmed=True)
    passed = Paper.objects.filter(kind=Paper.Kind.MINUTES).values("meeting")
    held = Meeting.objects.real().filter(
        pk__in=counted.values("subject__poll__meeting"), committee__isnull=False
    )
    rows = held.filter(pk__in=passed).select_related("committee", "campaign")
    return rows.order_by("-starts_at", "-pk")


def occasion(sitting: Meeting) -> str:
    """The meeting as choices and reasons call it: "hội nghị Ban Thường vụ Đảng ủy phường An Phú ngày 18/12/2026"."""
    return f"hội nghị {sitting.body_name} ngày {wording.short_date(day_of(sitting))}"


def minutes_words(sitting: Meeting) -> str:
    """Its minutes as a paper rests on them: with their number where the office has given one."""
    number = f" số {sitting.minutes_symbol}," if sitting.minutes_symbol else ""
    return (
        f"Biên bản hội nghị {sitting.body_name}{number} ngày {wording.short_date(day_of(sitting))}"
    )


def day_of(sitting: Meeting) -> date:
    """The day on which it was held."""
    return timezone.localdate(sitting.starts_at)


def because(case: Concluded, sitting: Meeting) -> str:
    """Why a decision that follows it departs from what the cell proposes; "" where it does not."""
    if not case.proposed or case.level in ("", case.proposed):
        return ""
    return case.reason or f"Theo kết luận của {occasion(sitting)}"


def followed(sitting: Meeting, file: Meeting) -> dict[str, tuple[str, str]]:
    """What a decision that follows this meeting gives each case of a file: level and why, by `address`."""
    cases = [case for case in concluded_at(sitting) if case.of.pk == file.pk]
    return {case.address: (case.level, because(case, sitting)) for case in cases}
