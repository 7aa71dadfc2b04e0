"""Whether two records of one name tell of one person: by day of birth, card, citizen number and telephone. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

# What one person has one of, for life; a number is given anew now and then, a day of birth never.
NUMBERS = ("card_number", "citizen_id")
STRONG = ("born_on", *NUMBERS)
# A telephone changes, and a man and wife may share one.
WEAK = "phone"
YEAR = "born_year"


class Likeness(StrEnum):
    """What can be told; OPEN where somebody has to say."""

    ONE = "one"
    TWO = "two"
    OPEN = "open"


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> Likeness:
    """Compare two records of one name, fields as a sheet tells them ("1975-07-05"); what one lacks says nothing.

    Two who differ in what one has for life, and agree in none of it, are two people; who also agrees may have been
    written down wrongly, unless day of birth and one number agree: then the other number was given anew. A year of
    birth tells people apart; telephones that differ, or an old identity card beside a new one, are a reason to ask.
    """
    same = {name for name in STRONG if one.get(name) and one[name] == other.get(name)}
    apart = {name for name in STRONG if _differ(name, one, other)}
    if len({year_of(one), year_of(other)} - {None}) > 1:
        apart.add(YEAR)
    if not same and apart - {"citizen_id"}:
        return Likeness.TWO
    if not same and apart:
        two = len(str(one["citizen_id"])) == len(str(other["citizen_id"]))
        return Likeness.TWO if two else Likeness.OPEN
    if not same:
        return Likeness.OPEN if _differ(WEAK, one, other) else Likeness.ONE
    if "born_on" in same and same & set(NUMBERS):
        return Likeness.ONE
    return Likeness.OPEN if apart else Likeness.ONE


def _differ(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one.get(name) and other.get(name) and one[name] != other[name])


def agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both know one thing more than the name, and know it alike: without it a name alone has to do."""
    born = year_of(one)
    signs = (*STRONG, WEAK)
    alike = any(one.get(name) and one[name] == other.get(name) for name in signs)
    return alike or (born is not None and born == year_of(other))


def agree_for_life(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both have the same of what one person has one of, for life."""
    return any(one.get(name) and one[name] == other.get(name) for name in STRONG)


def may_be_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two of one name were born in one year, as far as both are known, and nothing tells them apart."""
    born = year_of(one)
    return born is not None and born == year_of(other) and likeness(one, other) != Likeness.TWO


def year_of(values: Mapping[str, Any]) -> int | None:
    """The year of birth, from its own field or from the day."""
    if values.get(YEAR):
        return int(values[YEAR])
    day = values.get("born_on")
    return int(str(day)[:4]) if day else None
