"""Rules: a campaign's levels, thresholds, cap and quorum as one frozen value. Pure: no legal number stands here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

PACKS = Path(__file__).parent / "packs"

# What the words of a pack may be; each is explained where it is used.
BASES = ("summoned", "full", "present", "issued", "collected", "valid")
READINGS = ("good", "good_or_better")
ROUNDINGS = ("floor", "half_up")

ALL = "*"  # in a threshold table: every level that is not named
THRESHOLD = re.compile(r"(>=?)([0-9]{1,6})/([0-9]{1,6})")


@cache
def _read(name: str) -> str:
    return (PACKS / f"{name}.toml").read_text(encoding="utf-8")


def pack_names() -> list[str]:
    """Names of the guidance packs that exist, oldest first."""
    return sorted(path.stem for path in PACKS.glob("*.toml"))


def load_pack(name: str) -> dict[str, Any]:
    """The guidance pack of this name as read from its TOML file; ValueError if there is none."""
    if name not in pack_names():
        raise ValueError(f"Không có bộ hướng dẫn “{name}”.")
    return tomllib.loads(_read(name))


@dataclass(frozen=True)
class Threshold:
    """A share to be reached: more than `share`, or at least `share` unless `strict`."""

    share: Fraction
    strict: bool

    @classmethod
    def parse(cls, text: object) -> "Threshold":
        """Read `>a/b` or `>=a/b`, exact, between 0 and 1; ValueError on anything else."""
        match = THRESHOLD.fullmatch(text) if isinstance(text, str) else None
        if match is None or int(match[3]) == 0 or int(match[2]) > int(match[3]):
            raise ValueError(f"Ngưỡng “{text}” không đúng; viết như “>1/2” hoặc “>=2/3”.")
        return cls(Fraction(int(match[2]), int(match[3])), strict=match[1] == ">")

    def __str__(self) -> str:
        """The threshold in words, as printed in papers: "trên 1/2", "từ 2/3 trở lên"."""
        share = f"{self.share.numerator}/{self.share.denominator}"
        return f"trên {share}" if self.strict else f"từ {share} trở lên"

    def is_reached(self, count: int, base: int) -> bool:
        """Whether `count` of `base` reaches it; nothing is reached on an empty base."""
        if base <= 0:
            return False
        part = Fraction(count, base)
        return part > self.share if self.strict else part >= self.share


@dataclass(frozen=True)
class Cap:
    """Tỉ lệ trần HTXS: `percent` of the good (or of the good and better), rounded as told."""

    percent: int
    reading: str
    rounding: str

    def allowed(self, number: int) -> int:
        """How many may be excellent when `number` members stand in the cap's base."""
        exact = Fraction(self.percent * number, 100)
        return int(exact + Fraction(1, 2)) if self.rounding == "half_up" else int(exact)


@dataclass(frozen=True)
class Rules:
    """The pack's rules with a campaign's own settings over them; `of` is the only way to make one."""

    pack: str
    version: str
    levels: tuple[str, ...]  # codes, the highest first
    base: str
    thresholds: Mapping[str, Threshold]  # one per level
    cap: Cap
    quorum: Threshold
    quorum_warning: Threshold
    min_voters: int
    min_tellers: int
    min_tellers_paper: int
    min_paper_ballots: int
    clerk_may_count_below: int
    bands: Mapping[str, int]  # least score of 100 per level; empty where the pack has none
    basis: tuple[str, ...]
    base_label: str  # completes "Tỷ lệ % tính trên …"
    texts: Mapping[str, str]
    agenda: tuple[tuple[str, str], ...]  # (title, kind of AgendaItem)
    layouts: tuple[tuple[date, str], ...]  # (in force since, family), oldest first
    file_name: str  # pattern with {paper}, {cell} and {year}

    @classmethod
    def of(cls, pack: Mapping[str, Any], settings: Mapping[str, Any]) -> "Rules":
        """Merge settings over the pack key by key, also inside `threshold` and `cap`.

        Raises ValueError with one Vietnamese sentence on an unknown key, a wrong type or a bad threshold.
        """
        levels = tuple(pack["levels"])
        rules = _merged(pack["rules"], settings, levels)
        return cls(
            pack=pack["name"],
            version=pack["version"],
            levels=levels,
            base=_one_of(rules, "base", BASES),
            thresholds=_thresholds(rules["threshold"], levels),
            cap=_cap(rules["cap"]),
            quorum=Threshold.parse(rules["quorum"]),
            quorum_warning=Threshold.parse(rules["quorum_warning"]),
            min_voters=_number(rules, "min_voters"),
            min_tellers=_number(rules, "min_tellers"),
            min_tellers_paper=_number(rules, "min_tellers_paper"),
            min_paper_ballots=_number(rules, "min_paper_ballots"),
            clerk_may_count_below=_number(rules, "clerk_may_count_below"),
            bands=MappingProxyType(pack["bands"]),
            basis=tuple(pack["basis"]),
            base_label=pack["base_labels"][rules["base"]],
            texts=MappingProxyType(pack["texts"]),
            agenda=tuple((item["title"], item["kind"]) for item in pack["agenda"]),
            layouts=tuple(sorted((item["since"], item["family"]) for item in pack["layouts"])),
            file_name=pack["file_name"],
        )

    def may_open(self, present: int, summoned: int) -> bool:
        """Whether so many of the summoned voters suffice to hold the meeting at all."""
        return self.quorum.is_reached(present, summoned)

    def is_short(self, present: int, summoned: int) -> bool:
        """Whether so few came that the meeting is warned (it may still be held)."""
        return not self.quorum_warning.is_reached(present, summoned)

    def has_few_voters(self, voters: int) -> bool:
        """Whether so few vote that a secret ballot may give them away: a warning."""
        return voters < self.min_voters

    def clerk_may_count(self, full_present: int) -> bool:
        """Whether the clerk may be a teller, with so many full members present."""
        return full_present < self.clerk_may_count_below

    def tellers_needed(self, paper_ballots: int) -> int:
        """How many tellers a poll needs that has so many paper ballots."""
        return self.min_tellers_paper if paper_ballots else self.min_tellers

    def layout_on(self, day: date) -> str:
        """The layout family (thể thức) of a paper dated this day."""
        families = [family for since, family in self.layouts if since <= day]
        return families[-1] if families else self.layouts[0][1]


def _merged(
    rules: Mapping[str, Any], settings: Mapping[str, Any], levels: tuple[str, ...]
) -> dict[str, Any]:
    """The pack's [rules] with the settings over them; every key must be a known one."""
    _known("thiết lập", settings, rules)
    inner = {"threshold": (ALL, *levels), "cap": tuple(rules["cap"])}
    merged = {**rules, **settings}
    for key, known in inner.items():
        own = settings.get(key, {})
        if not isinstance(own, Mapping):
            raise ValueError(f"Thiết lập “{key}” phải là một bảng khoá và giá trị.")
        _known(key, own, known)
        merged[key] = {**rules[key], **own}
    return merged


def _known(where: str, given: Mapping[str, Any], known: Any) -> None:
    for key in given:
        if key not in known:
            raise ValueError(f"Không có khoá “{key}” trong {where}.")


def _one_of(table: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str:
    if table[key] not in words:
        raise ValueError(f"“{key}” chỉ nhận: {', '.join(words)}.")
    return str(table[key])


def _number(table: Mapping[str, Any], key: str) -> int:
    value = table[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"“{key}” phải là một số nguyên không âm.")
    return value


def _thresholds(table: Mapping[str, Any], levels: tuple[str, ...]) -> Mapping[str, Threshold]:
    parsed = {key: Threshold.parse(text) for key, text in table.items()}
    return MappingProxyType({level: parsed.get(level, parsed[ALL]) for level in levels})


def _cap(table: Mapping[str, Any]) -> Cap:
    percent = _number(table, "percent")
    if percent > 100:
        raise ValueError("“percent” phải từ 0 đến 100.")
    return Cap(percent, _one_of(table, "reading", READINGS), _one_of(table, "rounding", ROUNDINGS))
