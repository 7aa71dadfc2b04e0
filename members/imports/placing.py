"""Which cell of a committee is meant by what a sheet says: "CB số 4", "CHI BỘ 4 – Đảng bộ xã Ia Grai". Pure."""

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cells.wording import one_line
from members.imports.plans import CHANGED, ERROR, NEW, OPEN, SAME, Plan
from members.imports.spreadsheets import CELL, Problem, Row, Sheet, cell_key
from members.imports.spreadsheets.values import person, plain

NOT_SAID = "Dòng này chưa ghi chi bộ."
UNKNOWN = "Đảng bộ không có chi bộ mang tên này."
NEAREST = "Tên gần giống: {}."
SEVERAL = "Có {} chi bộ mang tên này: {}. Xin ghi cả tên đảng bộ, như “{}”."
OTHER_CELL = "Dòng này ghi chi bộ khác. Nếu đúng là đảng viên của {}, xin xoá ô này."
SUGGESTED, LOOKED_FOR = 3, 200
LONGEST = 200  # letters of a name of a cell
PREFIX = "Chi bộ"
NO_CELL = "Chưa rõ chi bộ"


@dataclass(frozen=True)
class Place:
    """A cell with the committee above it, by their names."""

    pk: int
    name: str
    committee: str

    @property
    def whole(self) -> str:
        """The name that no cell of another committee has."""
        return f"{self.name} – {self.committee}"


class Places:
    """The cells of a tree, looked up by their names."""

    def __init__(self, cells: Iterable[Place]) -> None:
        self.by_key: dict[str, list[Place]] = defaultdict(list)
        self.by_pk: dict[int, Place] = {}
        self.looked = 0
        for cell in cells:
            self.by_pk[cell.pk] = cell
            committee = plain(cell.committee)
            self.by_key[cell_key(cell.name)].append(cell)
            for above in {committee, committee.removeprefix("dang bo ")} - {""}:
                self.by_key[f"{cell_key(cell.name)} {above}"].append(cell)

    def matching(self, name: str) -> list[Place]:
        """The cells that may be meant; of those that differ in their accents only, the one written so."""
        alike = self.by_key.get(cell_key(name), [])
        exact = [cell for cell in alike if _spelt(cell.name) == _spelt(name)]
        return exact if len(exact) == 1 else list(alike)

    def problem(self, name: str) -> str:
        """Why no one cell is meant, and what to do."""
        places = self.matching(name)
        if len(places) > 1:
            wholes = ", ".join(cell.whole for cell in places)
            return SEVERAL.format(len(places), wholes, places[0].whole)
        near = self.near(name)
        return f"{UNKNOWN} {NEAREST.format(', '.join(near))}" if near else UNKNOWN

    def near(self, name: str) -> list[str]:
        """The names that are most like this one; of a hundred names, for looking lasts."""
        self.looked += 1
        if self.looked > LOOKED_FOR:
            return []
        keys = difflib.get_close_matches(cell_key(name), list(self.by_key), SUGGESTED)
        return list(dict.fromkeys(cell.name for key in keys for cell in self.by_key[key]))


def _spelt(name: str) -> str:
    """The name with its accents, without what may stand before it."""
    words = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    return re.sub(r"^(chi bộ|chi bo|cb)\b[\s.:]*(số\b\s*)?", "", words)


class Placer:
    """Finds the cells of the rows of a sheet that is read part by part; each name is looked up once."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.known: dict[str, int | str] = {"": NOT_SAID}

    def placed(self, sheet: Sheet) -> dict[str, int | Problem]:
        """The cell of each row by the row's key, or what is wrong with its name, at its cell of the sheet."""
        placed: dict[str, int | Problem] = {}
        for row in sheet.rows:
            cell = self._cell(row.cell_name)
            placed[row.key] = sheet.problem(row, CELL, cell) if isinstance(cell, str) else cell
        return placed

    def _cell(self, name: str) -> int | str:
        if name not in self.known:
            matches = self.places.matching(name)
            self.known[name] = matches[0].pk if len(matches) == 1 else self.places.problem(name)
        return self.known[name]


def place_in(sheet: Sheet, own: int, name: str, places: Places) -> dict[str, int | Problem]:
    """As `place`, in a sheet for one cell alone: only a row that names another cell of the tree is wrong."""
    placed: dict[str, int | Problem] = {}
    for row in sheet.rows:
        cells = {cell.pk for cell in places.matching(row.cell_name)} if row.cell_name else set()
        wrong = cells and own not in cells
        sentence = OTHER_CELL.format(name)
        placed[row.key] = sheet.problem(row, CELL, sentence) if wrong else own
    return placed


@dataclass(frozen=True)
class Newcomer:
    """A cell that the sheet names and the committee does not have: its name, how many rows, names like it.

    `typed`: as it was typed in another font.
    """

    name: str
    rows: int
    near: Sequence[str]
    typed: str = ""


def unknown(sheet: Sheet, places: Places) -> list[Newcomer]:
    """The cells that the sheet names and nobody knows, in the order of the sheet."""
    written: dict[str, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        if row.cell_name and not places.matching(row.cell_name):
            written[cell_key(row.cell_name)].append(row)
    return [
        Newcomer(
            new_name(rows[0].cell_name),
            len(rows),
            places.near(rows[0].cell_name),
            typed=sheet.typed(rows[0], CELL),
        )
        for rows in written.values()
    ]


@dataclass(frozen=True)
class CellCount:
    """What a sheet would do to one cell, or to no known one (pk 0)."""

    pk: int
    name: str
    rows: int
    same: int
    new: int
    changed: int
    wrong: int
    asked: int
    missing: int


def per_cell(plan: Plan, places: Places) -> list[CellCount]:
    """The counts of every cell that the sheet tells of, in the order of the board; unknown ones first."""
    kinds = Counter((line.cell or 0, line.kind) for line in plan.lines)
    missing = Counter(person.cell for person in plan.missing)
    told = {pk for pk, _ in kinds}
    names = {0: NO_CELL} | {pk: cell.name for pk, cell in places.by_pk.items()}
    counts = []
    for pk in (pk for pk in names if pk in told):
        same, new, changed, wrong, asked = (
            kinds[pk, kind] for kind in (SAME, NEW, CHANGED, ERROR, OPEN)
        )
        rows = same + new + changed + wrong + asked
        count = CellCount(pk, names[pk], rows, same, new, changed, wrong, asked, missing[pk])
        counts.append(count)
    return counts


def new_name(written: str) -> str:
    """The name of a new cell as lists write it: "CB THÔN 5" → "Chi bộ Thôn 5"."""
    name = one_line(written)
    words = name.split()
    skip: Mapping[str, int] = {"cb": 1, "chibo": 1}
    cut = 2 if plain(name).startswith("chi bo ") else skip.get(plain(words[0]), 0)
    rest = " ".join(words[cut:]).lstrip(".:–- ")
    return f"{PREFIX} {person(rest)}"[:LONGEST] if rest else name
