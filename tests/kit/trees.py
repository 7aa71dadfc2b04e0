"""A small tree of committees with files in it, drawn by chance, and its totals counted the slow and obvious way."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from ballots.models import Classification, Decision, Submission, Total, UnratedTotal
from ballots.results import recording
from ballots.results.filed import listed_of
from cells.models import Campaign, Cell, Committee, Level, Meeting
from members.models import Attendance, Member, Office, ReviewLine, User
from tests.kit import factories

STARTS = datetime(2026, 12, 5, 19, 30, tzinfo=timezone.get_default_timezone())
REASONS = ("Mới kết nạp", "Đình chỉ", "Đi học")


class Tree:
    """Committees, cells with members, of whom some are heard in two meetings; each step is told to the totals."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.top = factories.make_committee()
        self.committees: list[Committee] = [self.top]
        for _ in range(chance.randint(0, 3)):
            self.committees.append(factories.make_committee("", self._one(self.committees)))
        self.campaign: Campaign = factories.make_campaign(self.top)
        self.officer: User = factories.make_user(committee=self.top)
        self.meetings = [self._meeting() for _ in range(chance.randint(1, 4))]
        self._share()

    def _one(self, listed: list):
        return listed[self.chance.randrange(len(listed))]

    def _meeting(self) -> Meeting:
        cell = factories.make_cell(Committee.objects.get(pk=self._one(self.committees).pk))
        meeting = self._held(cell, Meeting.Kind.MAIN)
        for _ in range(self.chance.randint(1, 4)):
            self._list(meeting, self._member(cell))
        if self.chance.random() < 0.3:
            meeting.collectives.create(name="Chi ủy", size=3)
        return meeting

    def _held(self, cell: Cell, kind: str) -> Meeting:
        later = timedelta(days=self.chance.randint(0, 3))
        return Meeting.objects.create(
            cell=cell, campaign=self.campaign, kind=kind, starts_at=STARTS + later
        )

    def _member(self, cell: Cell) -> Member:
        office = Office.Kind.EXECUTIVE if self.chance.random() < 0.3 else ""
        return factories.make_member(cell, office=office)

    def _list(self, meeting: Meeting, member: Member) -> None:
        rated = self.chance.random() < 0.7
        reason = "" if rated else self._one(list(REASONS))
        Attendance.objects.create(
            meeting=meeting,
            member=member,
            standing=member.status,
            state=self._one(["present", "absent"]),
            rated=rated,
            unrated_reason=reason,
        )
        if not rated and self.chance.random() < 0.5:
            ReviewLine.objects.get_or_create(
                member=member,
                campaign=self.campaign,
                defaults={"cell": meeting.cell, "status": "not_subject", "reason": reason},
            )

    def _share(self) -> None:
        """Supplementary meetings of the same cell, and members on the list of another cell's meeting."""
        for meeting in list(self.meetings):
            if self.chance.random() < 0.4:
                extra = self._held(meeting.cell, Meeting.Kind.EXTRA)
                for member in factories.members_of(meeting)[:2]:
                    self._list(extra, member)
                self.meetings.append(extra)
        for member in factories.members_of(self.meetings[0])[:2]:
            other = self._one(self.meetings)
            if not Attendance.objects.filter(meeting=other, member=member).exists():
                self._list(other, member)

    def step(self) -> None:
        """One of the files is sent, returned, sent again, decided, decided again, or its cell moves."""
        meeting = Meeting.objects.get(pk=self._one(self.meetings).pk)
        last = Submission.objects.last_of(meeting)
        decided = Decision.objects.last_of(meeting)
        if last is None or last.is_returned:
            self._send(meeting)
        elif self.chance.random() < 0.2:
            target = Committee.objects.get(pk=self._one(self.committees).pk)
            Cell.objects.filter(pk=meeting.cell_id).update(committee=target)
            return
        elif decided is None and self.chance.random() < 0.3:
            now = {"returned_at": timezone.now(), "returned_by": self.officer}
            Submission.objects.filter(pk=last.pk).update(**now)
        else:
            self._decide(meeting)
        recording.record(meeting)

    def _send(self, meeting: Meeting) -> None:
        number = Submission.objects.next_number(meeting)
        Submission.objects.create(
            meeting=meeting,
            by=self.officer,
            number=number,
            note="" if number == 1 else "Đã sửa",
            listed=listed_of(meeting),
        )
        self._level(meeting, {"stage": "proposed", "source": "chair", "reason": "Thống nhất"})

    def _decide(self, meeting: Meeting) -> None:
        number = Decision.objects.next_number(meeting)
        decision = Decision.objects.create(
            meeting=meeting,
            number=number,
            symbol=f"{number}-QĐ/ĐU",
            dated=STARTS.date(),
            by=self.officer,
            note="" if number == 1 else "Xem lại",
        )
        self._level(meeting, {"stage": "decided", "source": "above", "decision": decision})

    def _level(self, meeting: Meeting, values: dict) -> None:
        rated = Attendance.objects.of(meeting).filter(rated=True)
        subjects = [
            {},
            *({"collective": each} for each in meeting.collectives.all()),
            *({"member": place.member} for place in rated),
        ]
        for subject in subjects:
            if self.chance.random() < 0.8:
                Classification.objects.replace(
                    meeting=meeting, level=self._one(Level.values), **subject, **values
                )


def counted(committee: Committee, places: dict[int, Committee]) -> dict[str, Counter]:
    """The numbers of a committee by group, by walking through everybody's rows; no two of its lines are clever.

    `places`: under which committee each decided meeting stood when it was decided first.
    """
    groups: dict[str, Counter] = {}
    for subject in _subjects():
        claims = [(m, group, place) for m, group, place in _claims(subject)]
        if not claims:
            continue
        meeting, group, place = _chosen(claims)
        path = places[meeting.pk].path if meeting.pk in places else meeting.cell.committee.path
        if path.startswith(committee.path):
            _count(groups.setdefault(group, Counter()), meeting, subject, place)
    return groups


def _subjects() -> list[tuple]:
    return [
        *(("cell", cell) for cell in Cell.objects.all()),
        *(("collective", cell) for cell in Cell.objects.all()),
        *(("member", member) for member in Member.objects.all()),
    ]


def _claims(subject: tuple):
    kind, row = subject
    for meeting in Meeting.objects.select_related("cell__committee").order_by("pk"):
        last = Submission.objects.filter(meeting=meeting).order_by("number").last()
        levels = Classification.objects.filter(meeting=meeting, stage="decided")
        if last is None or (last.returned_at is not None and not levels.exists()):
            continue
        if kind == "cell" and meeting.cell == row:
            yield meeting, "cell", None
        if kind == "collective" and meeting.cell == row and meeting.collectives.exists():
            yield meeting, "collective", None
        if kind == "member":
            place = Attendance.objects.filter(meeting=meeting, member=row).first()
            if place is not None:
                leads = Office.objects.filter(member=row).exists()
                yield meeting, "leader" if leads else "member", place


def _chosen(claims: list[tuple]) -> tuple:
    rated = [claim for claim in claims if claim[2] is None or claim[2].rated]
    claims = rated or claims
    leading = [claim for claim in claims if claim[1] == "leader"]
    claims = leading or claims
    return sorted(claims, key=lambda claim: (claim[0].starts_at, claim[0].pk))[-1]


def _count(numbers: Counter, meeting: Meeting, subject: tuple, place: Attendance | None) -> None:
    kind, row = subject
    numbers["total"] += 1
    if place is not None and not place.rated:
        # As the papers of the file have it: by the list of its own cell, whatever another cell's says.
        lines = ReviewLine.objects.filter(member=row, cell=meeting.cell, status="not_subject")
        outside = lines.exists()
        if place.state == "present" and not outside:
            numbers["reviewed"] += 1
        numbers["Không thuộc diện" if outside else "Chưa xếp loại", place.unrated_reason] += 1
        return
    numbers["reviewed"] += 1
    numbers["rated"] += 1
    rows = Classification.objects.filter(meeting=meeting, superseded_by=None)
    if kind == "cell":
        rows = rows.filter(member=None, collective=None)
    elif kind == "collective":
        rows = rows.filter(collective__name="Chi ủy")
    else:
        rows = rows.filter(member=row)
    proposed = rows.filter(stage="proposed").first()
    decided = rows.filter(stage="decided").first()
    if proposed:
        numbers["proposed", proposed.level] += 1
    if decided:
        numbers["decided", decided.level] += 1
    elif proposed:
        numbers["waiting", proposed.level] += 1


def count_file(cell: Cell, campaign: Campaign, decided: bool = False, **levels: int) -> Meeting:
    """A file of this cell as its totals have it: the cell at HTT, a leader at HTT and members at these levels."""
    meeting = Meeting.objects.create(cell=cell, campaign=campaign, starts_at=STARTS)
    members = levels or {"HTT": 3}
    for group, own in (("cell", {"HTT": 1}), ("leader", {"HTT": 1}), ("member", members)):
        number = sum(own.values())
        stages = ("proposed", "decided") if decided else ("proposed", "waiting")
        columns = {f"{stage}_{code.lower()}": n for stage in stages for code, n in own.items()}
        extra = 1 if group == "member" else 0
        total = Total.objects.create(
            meeting=meeting,
            group=group,
            year=campaign.year,
            kind=campaign.kind,
            decided_under=cell.committee if decided else None,
            total=number + extra,
            reviewed=number,
            rated=number,
            **columns,
        )
        if extra:
            UnratedTotal.objects.create(
                total=total, status="not_subject", reason="=Miễn sinh hoạt", number=1
            )
    return meeting
