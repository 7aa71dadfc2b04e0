"""Which files wait for an officer's committee, in which order, and which comes after one."""

from django.db.models import Case, Q, QuerySet, Value, When

from ballots.models import Standing, Submission
from cells.models import Committee

ORDER = ("beyond", "at", "pk")


def waiting_files(committee: Committee) -> QuerySet[Submission]:
    """Files of cells under the committee that wait to be approved: of its own cells first, then who waits longest."""
    below = Submission.objects.standing(Standing.SENT).filter(
        meeting__cell__committee__path__startswith=committee.path
    )
    own = When(meeting__cell__committee=committee, then=Value(0))
    return below.annotate(beyond=Case(own, default=Value(1))).order_by(*ORDER)


def part_of(
    rows: QuerySet[Submission], committee: Committee, start: int, stop: int
) -> list[Submission]:
    """The same as `rows[start:stop]` of `waiting_files`, which costs as much however many wait.

    The own cells' files and all others are two lists, each in the order of an index: for one order over both the
    database would look at every file for a part of fifty.
    """
    lined_up = rows.order_by(*ORDER[1:])
    own = Q(meeting__cell__committee=committee)
    first = list(lined_up.filter(own)[start:stop])
    all_before = start > 0 and not first
    number = lined_up.filter(own).count() if all_before else start + len(first)
    return first + list(lined_up.exclude(own)[max(start - number, 0) : max(stop - number, 0)])


def following(committee: Committee, after: int) -> Submission | None:
    """The one that comes after the file of this meeting, from the first again; None where none waits."""
    rows = waiting_files(committee)
    others = rows.exclude(meeting=after)
    last = Submission.objects.filter(meeting=after).select_related("meeting__cell").last()
    if last is None:
        return others.first()
    beyond = int(last.meeting.cell.committee_id != committee.pk)
    later = Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk)
    onward = others.filter(Q(beyond__gt=beyond) | Q(beyond=beyond) & later)
    return onward.first() or others.first()
