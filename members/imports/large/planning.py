"""What a long sheet would do to the members of a committee: part by part, one part in memory at a time."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from cells.models import Committee
from members.imports.asking import COLUMN_KINDS, example_of
from members.imports.bodies import cells_of, numbers_elsewhere, people, places
from members.imports.large.parts import Part, marks_of, parted
from members.imports.matching import plan
from members.imports.placing import Newcomer, Placer, new_name
from members.imports.plans import CHANGED, NEW, OPEN, Answers, MatchedRow, questions
from members.imports.spreadsheets import CELL, HEADINGS, Row, Sheet, cell_key
from members.models import Member

TOGETHER = 2000  # members read at once
SHOWN = 200  # cells nobody knows that are offered to be made
Step = Callable[[int, int], None]


class Rows(Protocol):
    """The rows of a sheet, wherever they lie."""

    @property
    def marks(self) -> Sequence[str]:
        """Of each row, by its place: by what it may be the same person as another."""

    def at(self, places: Sequence[int]) -> list[Row]:
        """The rows at these places, in this order."""


class PlannedPart(NamedTuple):
    """Some rows of the sheet, by their places, with what becomes of each."""

    places: Sequence[int]
    rows: Sequence[Row]
    lines: Sequence[MatchedRow]


def parts_of(committee: Committee, rows: Rows) -> Iterator[Part]:
    """Which rows are planned together, and with which members."""
    members = Member.objects.filter(cell__in=cells_of(committee)).order_by("pk")
    known = members.values_list("pk", "name", "card_number", "citizen_id").iterator(TOGETHER)
    return parted(rows.marks, ((pk, marks_of(*told)) for pk, *told in known))


@dataclass
class Planner:
    """Plans the rows of one sheet, and remembers what is told of all of them together."""

    committee: Committee
    head: Sheet  # its columns; without rows
    answers: Answers
    placer: Placer = field(init=False)
    effect: int = 0
    told: "Told" = field(default_factory=lambda: Told())

    def __post_init__(self) -> None:
        self.placer = Placer(places(self.committee))

    def planned(self, rows: Rows, parts: Sequence[Part], step: Step) -> Iterator[PlannedPart]:
        """All parts, one after the other."""
        done, of = 0, sum(len(part.rows) for part in parts)
        for part in parts:
            step(done, of)
            yield self.part(rows, part)
            done += len(part.rows)
        step(of, of)

    def part(self, rows: Rows, part: Part) -> PlannedPart:
        """One part, by the members as they are now."""
        taken = rows.at(part.rows)
        sheet = replace(self.head, rows=tuple(taken))
        known = people(self.committee, part.people)
        elsewhere = numbers_elsewhere(self.committee, sheet)
        lines = plan(sheet, known, elsewhere, self.placer.placed(sheet), self.answers).lines
        self.effect = (self.effect + sum(map(_effect, lines))) % (1 << 256)
        self.told.take(lines, sheet, self.placer)
        return PlannedPart(part.rows, taken, lines)

    @property
    def digest(self) -> str:
        """What stands for all that applying would do, in whichever parts it was planned."""
        return f"{self.effect:064x}"


def _effect(line: MatchedRow) -> int:
    if line.kind not in (NEW, CHANGED):
        return 0
    person = line.person
    before = [person.pk, person.values] if line.kind == CHANGED and person else []
    told = [line.kind, line.row.key, line.values, line.cell, before]
    text = json.dumps(told, sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


class Told:
    """What a page says of all rows together."""

    def __init__(self) -> None:
        self.cells: set[int] = set()
        self.met: set[int] = set()
        self.plain = 0
        self.columns: dict[tuple[str, str], list[Any]] = {}
        self.unknown: dict[str, list[Any]] = {}

    def take(self, lines: Sequence[MatchedRow], sheet: Sheet, placer: Placer) -> None:
        """Add up these rows."""
        for line in lines:
            self.cells |= {line.cell} if line.cell else set()
            self.met |= {line.person.pk} if line.person else set()
            self.met |= {other.member.pk for other in line.asked if other.member}
            self.plain += line.kind == OPEN and line.is_plain
            row = line.row
            if row.cell_name and not placer.places.matching(row.cell_name):
                known = self.unknown.setdefault(cell_key(row.cell_name), [row.cell_name, 0, ""])
                known[1] += 1
                known[2] = known[2] or sheet.typed(row, CELL)
        for (name, kind), asked in questions(lines).items():
            if kind in COLUMN_KINDS:
                column = self.columns.setdefault((name, kind), [0, ""])
                column[0] += len(asked)
                column[1] = example_of(asked[-1], name, kind)

    def to_json(self, placer: Placer) -> dict[str, Any]:
        """As it is kept with the sheet."""
        by_field: dict[str, list[list[Any]]] = defaultdict(list)
        for (name, kind), (number, example) in self.columns.items():
            by_field[name].append([kind, COLUMN_KINDS[kind], example, number])
        return {
            "plain": self.plain,
            "columns": {name: ways for name, ways in by_field.items() if _most(ways) > 1},
            "unknown": [
                [new_name(name), number, typed, placer.places.near(name)]
                for name, number, typed in list(self.unknown.values())[:SHOWN]
            ],
            "unknown_cells": len(self.unknown),
            "missing": self._missing(),
        }

    def _missing(self) -> dict[str, list[int]]:
        """Members, by their cells, who stand in no row, of the cells that the sheet tells of."""
        members = Member.objects.filter(cell__in=self.cells, left_on=None).order_by("pk")
        missing: dict[str, list[int]] = defaultdict(list)
        for pk, cell in members.values_list("pk", "cell").iterator(TOGETHER):
            if pk not in self.met:
                missing[str(cell)].append(pk)
        return missing


def _most(ways: Sequence[Sequence[Any]]) -> int:
    return max(int(way[3]) for way in ways)


def newcomers(told: Mapping[str, Any]) -> list[Newcomer]:
    """The cells nobody knows, as a page offers them."""
    return [
        Newcomer(name, number, near, typed=typed)
        for name, number, typed, near in told.get("unknown", ())
    ]


def columns_asked(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of which one answer settles many cells."""
    return [
        {
            "field": name,
            "heading": HEADINGS[name],
            "cells": _most(ways),
            "answers": [(kind, label, example) for kind, label, example, _ in ways],
        }
        for name, ways in told.get("columns", {}).items()
    ]
