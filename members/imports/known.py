"""The members whom a row of a sheet may tell of: who is meant, who may be, or what is wrong with its numbers. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cells.wording import search_key
from members.imports.plans import KEYS, KnownMember, Other
from members.rules import names
from members.rules.identity import (
    Likeness,
    agree,
    agree_for_life,
    likeness,
    may_be_one,
    year_of,
)

WHO_LEFT = "{} này là của đồng chí {}, đã chuyển đi. Xin mở lại ở trang của đồng chí ấy."
SOMEBODY_ELSE = (
    "{} này đang là của đồng chí {}. Xin xem lại số, hoặc sửa tên ở trang của đồng chí ấy."
)
TWO_PEOPLE = "Dòng này khớp với hai đồng chí: {}. Xin xem lại số thẻ và số CCCD."
ELSEWHERE = (
    "{} này là của một đảng viên thuộc chi bộ khác trong đảng bộ. "
    "Xin dùng “Nhận đồng chí chuyển đến” ở trang danh sách."
)
THERE = (
    "{} này là của đồng chí {}, đang ở {}. Xin sửa tên chi bộ trong bảng; nếu đồng chí chuyển chi bộ thì nơi đi ghi "
    "chuyển đi, nơi đến nhận."
)
LEFT_THERE = "{} này là của đồng chí {}, đã chuyển đi từ {}. Chi bộ mới xin dùng “Nhận đồng chí chuyển đến”."
NAMESAKES = "Chi bộ có {} đồng chí cùng họ tên. Xin ghi ngày sinh, số thẻ hoặc số CCCD."
MOST = 5  # who can be set side by side


@dataclass(frozen=True)
class Match:
    """Whom a row tells of by all that is known, before anybody was asked.

    `asked` are those it may tell of; `is_open` where somebody has to say, `is_plain` where nothing speaks against the
    only one. `number` is the field of a number that the row shares with `person`; `where` and `sentence` an error.
    """

    person: KnownMember | None = None
    asked: tuple[Other, ...] = ()
    is_open: bool = False
    is_plain: bool = False
    number: str = ""
    where: str = ""
    sentence: str = ""


class Known:
    """The members of the cells, looked up by what tells them apart."""

    def __init__(
        self, people: Iterable[KnownMember], elsewhere: Collection[tuple[str, str]]
    ) -> None:
        """`elsewhere`: numbers, each with its field, of members of cells not asked about."""
        self.people = list(people)
        self.elsewhere = frozenset(elsewhere)
        self.by_key: dict[tuple[str, str], list[KnownMember]] = defaultdict(list)
        self.by_name: dict[str, list[KnownMember]] = defaultdict(list)
        self.by_letters: dict[str, list[KnownMember]] = defaultdict(list)
        for person in self.people:
            for key in KEYS:
                if person.values.get(key):
                    self.by_key[key, str(person.values[key])].append(person)
            self.by_name[names.sort_key(person.name)].append(person)
            self.by_letters[search_key(person.name)].append(person)

    def match(self, values: Mapping[str, Any], cell: int) -> Match:
        """The member of this cell who is meant, those who may be, or what is wrong."""
        matches = {
            person.pk: (person, key)
            for key in KEYS
            for person in self.by_key[key, str(values.get(key) or "")]
        }
        if len(matches) > 1:
            who = ", ".join(called(person) for person, _ in matches.values())
            where = next(iter(matches.values()))[1]
            return Match(where=where, sentence=TWO_PEOPLE.format(who))
        for key, label in KEYS.items():
            number = (key, str(values.get(key) or ""))
            if number in self.elsewhere and not self.by_key[number]:
                return Match(where=key, sentence=ELSEWHERE.format(label))
        if matches:
            return _by_number(values, *next(iter(matches.values())), cell)
        return self._by_name(values, cell)

    def _by_name(self, values: Mapping[str, Any], cell: int) -> Match:
        """Who has this name and may be meant, by the year of birth and all else that is known of both."""
        everywhere = self.by_name[names.sort_key(values["name"])]
        here = [person for person in everywhere if person.cell == cell and not person.left]
        alike = [person for person in here if likeness(person.values, values) != Likeness.TWO]
        for nearest in (agree_for_life, _same_year, _unknown_year):
            near = [person for person in alike if nearest(person.values, values)]
            if near:
                return _of_these(near, values, cell)
        others = [
            person
            for person in everywhere
            if (person.left or person.cell != cell) and may_be_one(person.values, values)
        ]
        others = others or self._unaccented(values, cell)
        asked = tuple(Other.of_member(person, cell) for person in others[:MOST])
        if asked:
            return Match(asked=asked, is_open=True)
        # Whoever differs for life is another person, unless somebody says that the list had it wrong.
        twins = [person for person in here if _same_year(person.values, values)]
        return Match(asked=tuple(Other.of_member(person, cell) for person in twins[:MOST]))

    def _unaccented(self, values: Mapping[str, Any], cell: int) -> list[KnownMember]:
        """Who would have this name, were it typed with its accents, and may be meant."""
        return [
            person
            for person in self.by_letters[search_key(values["name"])]
            if person.cell == cell
            and may_be_one(person.values, values)
            and (values["name"].isascii() or agree_for_life(person.values, values))
        ]


def _of_these(near: list[KnownMember], values: Mapping[str, Any], cell: int) -> Match:
    """The one, if a name is not all that both have in common; else it is asked."""
    if len(near) > MOST:
        return Match(where="name", sentence=NAMESAKES.format(len(near)))
    asked = tuple(Other.of_member(person, cell) for person in near)
    if len(near) > 1:
        return Match(asked=asked, is_open=True)
    is_plain = likeness(near[0].values, values) == Likeness.ONE
    if is_plain and agree(near[0].values, values):
        return Match(near[0])
    return Match(near[0], asked, is_open=True, is_plain=is_plain)


def _by_number(values: Mapping[str, Any], person: KnownMember, key: str, cell: int) -> Match:
    """Who has this number; asked for where the row tells of somebody of another name or birth."""
    label = KEYS[key]
    if person.cell != cell:
        sentence = LEFT_THERE if person.left else THERE
        return Match(where=key, sentence=sentence.format(label, called(person), person.cell_name))
    if person.left:
        return Match(where=key, sentence=WHO_LEFT.format(label, called(person)))
    other_name = names.sort_key(values["name"]) != names.sort_key(person.name)
    if other_name and search_key(values["name"]) == search_key(person.name):
        other_name = person.values.get("born_on", "") != values.get("born_on")  # accents alone
    if other_name and not _same_year(person.values, values):
        return Match(where=key, sentence=SOMEBODY_ELSE.format(label, called(person)))
    if not other_name and likeness(person.values, values) == Likeness.ONE:
        return Match(person, number=key)
    return Match(person, (Other.of_member(person, cell),), is_open=True, number=key)


def _same_year(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return year_of(one) is not None and year_of(one) == year_of(other)


def _unknown_year(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return year_of(one) is None or year_of(other) is None


def called(person: KnownMember) -> str:
    """The name with the day of birth, or the year."""
    born = Other.of_member(person, person.cell).born
    return f"{person.name} ({born})" if born else person.name
