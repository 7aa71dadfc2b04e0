"""The stored totals of files: written anew in the transaction that changes one, and proved by adding up again.

`record` is what a verb calls that sends, returns, decides or reopens a file, as its last change and before its audit
line. Nothing is added up when a page is opened.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from ballots.models import Classification, Submission, Total, UnratedTotal
from ballots.models.totals import COUNTS, STAGES, column
from ballots.results import facts
from ballots.results.facts import GroupCount
from ballots.results.filed import circle_of, files_above
from ballots.results.row_counts import count_rows
from cells.models import Committee, Level, Meeting

GROUPS = list(Total.Group.values)
LOCKS = 14_006  # among the advisory locks of PostgreSQL, those of totals
BATCH = 100  # files that are added up at once
LABELS = {"total": "tổng số", "reviewed": "được kiểm điểm", "rated": "được xếp loại"} | {
    column(stage, level): f"{words} {level}"
    for stage, words in zip(STAGES, ("đề nghị", "quyết định", "chờ quyết định"), strict=True)
    for level in Level.values
}
PLACED = "tính ở nơi quyết định"

# Of a file by group: its numbers by what each counts, those of who is not rated by status and reason too.
Numbers = dict[str, dict[str, int]]


def record(*meetings: Meeting) -> None:
    """Bring the stored totals in step with these files, in the transaction of the verb that has changed them.

    Two files wait for each other only where somebody stands on the lists of both.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("totals are written in the transaction that changes the file")
    _write({meeting.pk for meeting in meetings})


def rebuild() -> int:
    """Add every file up again, some at a time; how many meetings were looked at."""
    return _rebuild(_every())


def fill() -> int:
    """Add up the files that lie above and have no totals: those that a former version has sent."""
    above = Submission.objects.filter(meeting=OuterRef("pk"), returned_at=None)
    without = Meeting.objects.real().filter(Exists(above), totals=None)
    return _rebuild(sorted(without.values_list("pk", flat=True)))


def _rebuild(meetings: list[int]) -> int:
    if len(meetings) > BATCH:
        count_rows()
    for batch in _batches(meetings):
        with transaction.atomic():
            _write(batch)
    return len(meetings)


@dataclass(frozen=True)
class Difference:
    """One number of one file that is stored otherwise than it adds up."""

    meeting: int
    group: str
    what: str
    stored: int
    true: int


def differences() -> Iterator[Difference]:
    """Add every file up again beside what is stored, and change nothing."""
    for batch in _batches(_every()):
        with transaction.atomic():
            _lock(circle_of(batch))
            true, stored = _true(batch), _stored(batch)
            transaction.set_rollback(
                True
            )  # what a former version did not keep is only filled in by who writes
        for pk in sorted(batch):
            was, now = stored.get(pk, {}), true.get(pk, {})
            for group in GROUPS:
                own, other = was.get(group, {}), now.get(group, {})
                for what in sorted(own.keys() | other.keys()):
                    if own.get(what, 0) != other.get(what, 0):
                        pair = own.get(what, 0), other.get(what, 0)
                        yield Difference(pk, group, LABELS.get(what, what), *pair)


def _every() -> list[int]:
    sent = Exists(Submission.objects.filter(meeting=OuterRef("pk")))
    known = Exists(Total.objects.filter(meeting=OuterRef("pk")))
    return sorted(Meeting.objects.filter(sent | known).values_list("pk", flat=True))


def _batches(meetings: list[int]) -> Iterator[set[int]]:
    for start in range(0, len(meetings), BATCH):
        yield set(meetings[start : start + BATCH])


def _lock(meetings: Collection[int]) -> None:
    """Let nobody else add these files up until this transaction ends; all take them in the same order.

    Not the rows of the meetings: of those the verb has one already, and another verb another. SQLite lets one write.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for pk in sorted(meetings):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, pk % 2**31])


def _write(meetings: Collection[int]) -> None:
    """Add up these files, and those in which somebody of theirs may now be counted, or is counted no more."""
    circle = circle_of(meetings)
    _lock(circle)
    counts = _counts(circle)
    old = Total.objects.filter(meeting__in=circle)
    places = dict(old.values_list("meeting", "decided_under"))
    UnratedTotal.objects.filter(total__in=old).delete()
    old.delete()
    rows = Meeting.objects.filter(pk__in=counts)
    decided = _decided(counts)
    totals: list[Total] = []
    unrated: list[UnratedTotal] = []
    for meeting in rows.select_related("campaign__committee", "cell__committee"):
        for total, others in _rows(meeting, counts[meeting.pk]):
            if meeting.pk in decided:
                total.decided_under_id = places.get(meeting.pk) or _place(meeting)
            totals.append(total)
            unrated += others
    Total.objects.bulk_create(totals)
    UnratedTotal.objects.bulk_create(unrated)


def _counts(circle: Collection[int]) -> dict[int, dict[str, GroupCount]]:
    """The counts of those of the circle that lie above; whom else they share is asked of the files around it."""
    files = files_above(circle_of(circle))
    owner = facts.owners(files, GROUPS)
    return {file.key: facts.added(file, owner, STAGES) for file in files if file.key in circle}


def _decided(meetings: Collection[int]) -> set[int]:
    rows = Classification.objects.decided().filter(meeting__in=meetings)
    return set(rows.order_by().values_list("meeting", flat=True).distinct())


def _place(meeting: Meeting) -> int:
    """Under which committee a file counts that is being decided: the cell's own.

    Of a cell that has left its review since, as a former version may have it, the committee of that review.
    """
    own, whole = meeting.cell.committee, meeting.campaign.committee
    place: Committee = own if own.path.startswith(whole.path) else whole
    return int(place.pk)


def _rows(
    meeting: Meeting, groups: Mapping[str, GroupCount]
) -> Iterator[tuple[Total, list[UnratedTotal]]]:
    for group, count in groups.items():
        levels = {column(stage, level): number for (stage, level), number in count.levels.items()}
        total = Total(
            meeting=meeting,
            group=group,
            year=meeting.campaign.year,
            kind=meeting.campaign.kind,
            total=count.total,
            reviewed=count.reviewed,
            rated=count.rated,
            **levels,
        )
        unrated = [
            UnratedTotal(total=total, status=status, reason=reason, number=number)
            for (status, reason), number in count.unrated.items()
        ]
        yield total, unrated


def _true(meetings: Collection[int]) -> dict[int, Numbers]:
    decided = _decided(meetings)
    return {
        pk: {group: _numbers(count, pk in decided) for group, count in groups.items()}
        for pk, groups in _counts(circle_of(meetings)).items()
        if pk in meetings
    }


def _numbers(count: GroupCount, is_decided: bool) -> dict[str, int]:
    numbers = dict(zip(COUNTS, (count.total, count.reviewed, count.rated), strict=True))
    numbers[PLACED] = int(is_decided)
    numbers |= {column(*which): number for which, number in count.levels.items()}
    return numbers | {_words(*why): number for why, number in count.unrated.items()}


def _stored(meetings: Collection[int]) -> dict[int, Numbers]:
    stored: dict[int, Numbers] = {}
    columns = ("meeting", "group", "decided_under", *LABELS)
    rows = Total.objects.filter(meeting__in=meetings).values_list(*columns)
    for pk, group, place, *numbers in rows:
        own = dict(zip(LABELS, numbers, strict=True)) | {PLACED: int(place is not None)}
        stored.setdefault(pk, {})[group] = own
    unrated = UnratedTotal.objects.filter(total__meeting__in=meetings)
    for pk, group, status, reason, number in unrated.values_list(
        "total__meeting", "total__group", "status", "reason", "number"
    ):
        stored[pk][group][_words(status, reason)] = number
    return stored


def _words(status: str, reason: str) -> str:
    return f"{UnratedTotal.Status(status).label.lower()}: {reason}"
