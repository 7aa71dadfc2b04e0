"""Whether two records of one name tell of one person: by day of birth, card, citizen number and telephone. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

# What one person has one of, for life. A telephone changes, and a man and wife may share one.
STRONG = ("born_on", "card_number", "citizen_id")
WEAK = "phone"


class Likeness(StrEnum):
    """What can be told; OPEN where somebody has to say."""

    ONE = "one"
    TWO = "two"
    OPEN = "open"


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> Likeness:
    """Compare two records of one name, fields as a sheet tells them ("1975-07-05"); what one lacks says nothing.

    Two who differ in what one has for life, and agree in none of it, are two people; who also agrees may have been
    written down wrongly. A year of birth tells people apart, and telephones that differ are a reason to ask.
    """
    same = {name for name in STRONG if one.get(name) and one[name] == other.get(name)}
    differs = {
        name
        for name in (*STRONG, WEAK)
        if one.get(name) and other.get(name) and one[name] != other[name]
    }
    if same:
        return Likeness.OPEN if differs - {WEAK} else Likeness.ONE
    years = {year_of(one), year_of(other)} - {None}
    if len(years) > 1 or differs - {WEAK}:
        return Likeness.TWO
    return Likeness.OPEN if differs else Likeness.ONE


def may_be_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two of one name were born in one year, as far as both are known, and nothing tells them apart."""
    born = year_of(one)
    return born is not None and born == year_of(other) and likeness(one, other) != Likeness.TWO


def year_of(values: Mapping[str, Any]) -> int | None:
    """The year of birth, from its own field or from the day."""
    if values.get("born_year"):
        return int(values["born_year"])
    day = values.get("born_on")
    return int(str(day)[:4]) if day else None
