"""Until when each step is to be done under a committee, and where a body below has set days of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from ballots.committee.board.stages import STEPS_LEFT, due_of
from cells.law.guidance import DEADLINE, FOR_QUARTERS, load_pack
from cells.law.periods import YEAR, Period
from cells.law.rules import Rules
from cells.models import Campaign, Cell, Committee, Setting

Dates = Mapping[str, date]


@dataclass(frozen=True)
class Days:
    """The days of the whole subtree; `below`: those of committees by path, `own`: those of cells by path and key."""

    common: Dates
    last: Dates = field(default_factory=dict)  # later than these nobody may be
    below: Mapping[str, Dates] = field(default_factory=dict)
    own: Mapping[tuple[str, int], Dates] = field(default_factory=dict)
    committees: Mapping[str, int] = field(default_factory=dict)  # by path, where any has set one

    @classmethod
    def under(cls, committee: Committee, period: Period) -> "Days":
        """As `Campaign.rules_for` has them for each cell, in a fixed number of queries."""
        above = Campaign.objects.reaching(committee).of(period).select_related("committee").first()
        inside = Q(committee__path__startswith=committee.path) & ~Q(committee=committee)
        campaigns = Campaign.objects.of(period).filter(inside)
        below: dict[str, dict[str, date]] = {}
        for path, days in campaigns.values_list("committee__path", "deadlines"):
            below[path] = {step: date.fromisoformat(day) for step, day in days.items()}
        if above is None and not below:
            return cls({})
        rules = above.rules_of(committee) if above else _rules(committee, period)
        own: dict[tuple[str, int], dict[str, date]] = {}
        for path, (cell_path, cell), step, day in _set_below(committee, period, inside):
            where = own.setdefault((cell_path, cell), {}) if cell else below.setdefault(path, {})
            where.setdefault(step, day)
        ends = rules.days_at_the_end(period)
        below = {path: days for path, days in below.items() if days}
        paths = committee.subtree().values_list("path", "pk") if below else ()
        return cls(rules.days_in(period), ends, below, own, dict(paths))

    def of(self, cell: Cell) -> Dates:
        """Those that bind this cell: the nearest body's, none later than the end of the whole review."""
        return self._at(cell.committee.path, self.own.get((cell.committee.path, cell.pk), {}))

    def late(self, today: date) -> Iterator[tuple[str, Q]]:
        """Each stage, and the cells whose day has passed while they are in it.

        Lists beside each other, not a condition in another one for each body that has set a day: SQLite bears 1,000.
        """
        for stage in STEPS_LEFT:
            late = _whole(_is_over(stage, self.common, today))
            if self.below:
                paths = self.committees.items()
                over = [pk for path, pk in paths if _is_over(stage, self._at(path), today)]
                late = Q(committee__in=over)
            by_cell = {
                cell: _is_over(stage, self._at(path, own), today)
                for (path, cell), own in self.own.items()
            }
            in_time = [cell for cell, is_over in by_cell.items() if not is_over]
            yield stage, late & ~Q(pk__in=in_time) | Q(pk__in=by_cell.keys() - {*in_time})

    def _at(self, path: str, own: Dates | None = None) -> Dates:
        days = dict(self.common)
        for end in range(Committee.steplen, len(path) + 1, Committee.steplen):
            days |= self.below.get(path[:end], {})
        days |= own or {}
        return days | {step: min(days.get(step, last), last) for step, last in self.last.items()}


def _set_below(
    committee: Committee, period: Period, inside: Q
) -> Iterator[tuple[str, tuple[str, int], str, date]]:
    """What bodies below have set in general: path of a committee, or path and key of a cell; step, day."""
    prefix = DEADLINE if period.kind == YEAR else FOR_QUARTERS + DEADLINE
    mine = inside | Q(cell__committee__path__startswith=committee.path)
    settings = Setting.objects.filter(mine, key__startswith=prefix)
    columns = ("committee__path", "cell__committee__path", "cell", "key", "value")
    for path, cell_path, cell, key, value in settings.values_list(*columns):
        if value >= period.begins_on.isoformat():
            step, day = key.removeprefix(prefix), date.fromisoformat(value)
            yield path or "", (cell_path or "", cell or 0), step, day


def _rules(committee: Committee, period: Period) -> Rules:
    pack = load_pack(Campaign.objects.pack_for(committee, period.serving))
    return Rules.from_pack(pack, {}, Setting.objects.layers(committee))


def _is_over(stage: str, days: Dates, today: date) -> bool:
    due = due_of(stage, days)
    return due is not None and due < today


def _whole(yes: bool) -> Q:
    """Every cell, or none."""
    nobody = Q(pk__in=[])
    return ~nobody if yes else nobody
