"""Numbers of papers: they run per series (BB, BC) within one term of the cell; many cells' papers carry none."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Max

from ballots.core.verbs import Refused
from ballots.models import Paper
from ballots.papers.kinds import SERIES
from cells import wording
from cells.models import Cell, Meeting


def are_used(cell: Cell) -> bool:
    """Whether the cell numbers its papers: it has said when its term began, or has numbered one."""
    return (
        cell.term_since is not None
        or Paper.objects.filter(cell=cell, number__isnull=False).exists()
    )


def next_numbers(cell: Cell, kinds: Iterable[str]) -> dict[str, int]:
    """The number each of these kinds would take next, in the order given; kinds without a series have none."""
    last = _last(cell)
    following = {}
    for kind in kinds:
        if kind in SERIES:
            last[SERIES[kind]] += 1
            following[kind] = last[SERIES[kind]]
    return following


def proposed(meeting: Meeting, kinds: Iterable[str]) -> dict[str, int]:
    """The numbers the file of this meeting would carry: a paper sent before keeps its own, others take the next."""
    listed = list(kinds)
    papers = Paper.objects.current().filter(meeting=meeting, kind__in=listed)
    own = {kind: number for kind, number in papers.values_list("kind", "number") if number}
    return own | next_numbers(meeting.cell, [kind for kind in listed if kind not in own])


def _last(cell: Cell) -> Counter[str]:
    """The last number of each series in the cell's present term; 0 of one without any."""
    numbered = Paper.objects.filter(cell=cell, term=cell.term_since, number__isnull=False)
    return Counter(dict(numbered.values_list("series").annotate(Max("number"))))


def from_first(kinds: Iterable[str], first: int | None) -> dict[str, int]:
    """Numbers that follow each other from the first on; none without a first one."""
    return {kind: first + place for place, kind in enumerate(kinds)} if first else {}


def taken(cell: Cell, numbers: Mapping[str, int], meeting: Meeting | None = None) -> str:
    """One sentence on the first of these numbers that another paper of the term has, "" if none has.

    `meeting`: whose papers these would be; the number of the paper that each of them replaces is its own.
    """
    numbered = Paper.objects.filter(cell=cell, term=cell.term_since, number__isnull=False)
    columns = numbered.values_list("series", "number", "meeting", "kind")
    used = {(series, number): holder for series, number, *holder in columns}
    for kind, number in numbers.items():
        own = [meeting.pk if meeting else None, kind]
        if used.get((SERIES[kind], number), own) != own:
            shown = f"{wording.two_digits(number)}-{SERIES[kind]}/CB"
            following = wording.two_digits(next_numbers(cell, [kind])[kind])
            return (
                f"Số {shown} đã dùng cho một văn bản khác của nhiệm kỳ. "
                f"Xin ghi số khác; số tiếp theo là {following}."
            )
    return ""


def questions(cell: Cell, numbers: Mapping[str, int], meeting: Meeting | None = None) -> list[str]:
    """What is asked once: a sentence for each number that does not follow the last one of the term.

    `meeting`: as of `taken`; the number that its own paper has is none to ask about. Nor is any before the first.
    """
    last = _last(cell)
    own = proposed(meeting, numbers) if meeting else {}
    new = {kind: number for kind, number in numbers.items() if own.get(kind) != number}
    places = Counter(SERIES[kind] for kind in numbers)
    return [
        f"Số {wording.two_digits(number)}-{SERIES[kind]}/CB không nối tiếp số đã dùng: "
        f"số tiếp theo là {wording.two_digits(last[SERIES[kind]] + 1)}."
        for kind, number in new.items()
        if last[SERIES[kind]] and not 0 < number - last[SERIES[kind]] <= places[SERIES[kind]]
    ]


def must_be_free(cell: Cell, wanted: Mapping[str, int], meeting: Meeting | None = None) -> None:
    """Refused where another paper of the cell's term has one of the numbers; arguments as `taken`."""
    refusal = taken(cell, wanted, meeting)
    if refusal:
        raise Refused(refusal)
