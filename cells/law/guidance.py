"""The guidance packs (bộ hướng dẫn): the law as data, each value with its source and how certain it is. Pure."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cells.law.periods import QUARTER

PACKS = Path(__file__).parent / "packs"

# Keys of settings: those that begin so are meant for quarters; those for the year alone begin otherwise.
FOR_QUARTERS = "quarter."
CRITERIA = "criteria."
CONDITIONS = "conditions."
FLAGS = "flag."
POSTS = "posts."  # which count as leadership: for the year and its quarters alike
OF_REVIEWS = (CRITERIA, CONDITIONS, FLAGS)  # set over a pack's [review], not over its [rules]
DEADLINE = "deadline."
OF_DAYS = (DEADLINE, "finish", "draft_days")
OF_THE_YEAR = (*OF_REVIEWS, *OF_DAYS, "polls", "subjects", "collective")

CERTAINTIES = {
    "certain": "chắc chắn, đọc trong văn bản",
    "local": "đọc trong hướng dẫn của một cấp ủy",
    "old": "đọc trong văn bản đã hết hiệu lực",
    "likely": "nhiều nguồn thống nhất",
    "unknown": "chưa thấy quy định, cấp ủy quyết định",
    "own": "phần mềm đặt sẵn",
}

# Who has decided a value that is in force, as pages group the rules.
COMMITTEE, CENTRE, OPEN, PROGRAM = "committee", "centre", "open", "program"
DECIDED = {
    COMMITTEE: "Cấp ủy, chi bộ đặt",
    CENTRE: "Trung ương quy định",
    OPEN: "Chưa ai quyết định",
    PROGRAM: "Phần mềm đặt sẵn",
}


def source_of(words: str) -> str:
    """The source alone, of words that say how certain it is too: papers cite, pages let the reader judge."""
    for certainty in CERTAINTIES.values():
        words = words.removesuffix(f" ({certainty})")
    return words


@dataclass(frozen=True)
class Origin:
    """Where a value in force comes from: the pack's source, or who set another value and on what basis."""

    label: str
    source: str
    certainty: str
    set_by: str = ""

    @property
    def decided(self) -> str:
        """Who has decided it, a key of DECIDED; what one committee elsewhere has set decides nothing here."""
        if self.set_by:
            return COMMITTEE
        return {"unknown": OPEN, "local": OPEN, "own": PROGRAM}.get(self.certainty, CENTRE)

    @property
    def words(self) -> str:
        """Ready to be shown under the value."""
        if self.set_by:
            return f"{self.set_by} quy định: {self.source}"
        return f"{self.source} ({CERTAINTIES[self.certainty]})"


def decided_by(origins: Iterable[Origin]) -> str:
    """Who has decided several values that are shown as one: a body, where one has set any; else the least sure."""
    deciders = {origin.decided for origin in origins}
    return next((who for who in (COMMITTEE, OPEN, PROGRAM) if who in deciders), CENTRE)


@dataclass(frozen=True)
class Layer:
    """What one body has set for itself and all below it: values by dotted key ("cap.percent"), and their basis."""

    by: str
    values: Mapping[str, Any]
    basis: Mapping[str, str] = field(default_factory=dict)

    def serving(self, pack: Mapping[str, Any]) -> "Layer":
        """What of it a pack is to be read with.

        What is set for quarters alone ("quarter.cap.percent") never touches the year; all else binds both, but for
        deadlines, sets of criteria, conditions and flags, which a quarter does not share with the year.
        """
        if QUARTER not in pack["serves"]:
            return self._only(lambda key: not key.startswith(FOR_QUARTERS))
        shared = self._only(lambda key: not key.startswith((FOR_QUARTERS, *OF_THE_YEAR)))
        own = self._only(lambda key: key.startswith(FOR_QUARTERS))
        at = len(FOR_QUARTERS)
        return Layer(
            self.by,
            {**shared.values, **{key[at:]: value for key, value in own.values.items()}},
            {**shared.basis, **{key[at:]: basis for key, basis in own.basis.items()}},
        )

    def without(self, prefixes: tuple[str, ...]) -> "Layer":
        """The same without the keys that begin so."""
        return self._only(lambda key: not key.startswith(prefixes))

    def without_days_before(self, first: date) -> "Layer":
        """Without the deadlines that were set for a period before the one that begins on this day."""
        old = {k for k, v in self.values.items() if DEADLINE in k and str(v) < first.isoformat()}
        return self._only(lambda key: key not in old)

    def _only(self, meant: Callable[[str], bool]) -> "Layer":
        values = {key: value for key, value in self.values.items() if meant(key)}
        return Layer(self.by, values, {key: self.basis.get(key, "") for key in values})

    def known_to(self, pack: Mapping[str, Any]) -> "Layer":
        """Without the rules that another version of the packs states and this one does not."""
        elsewhere = known_rules() - set(pack["rules"])
        return self._only(lambda key: key.partition(".")[0] not in elsewhere)

    def nested(self) -> dict[str, Any]:
        """The values as a pack has them: {"cap": {"percent": 25}}."""
        values: dict[str, Any] = {}
        for key, value in self.values.items():
            outer, _, inner = key.partition(".")
            if inner:
                values.setdefault(outer, {})[inner] = value
            else:
                values[outer] = value
        return values


def pack_names(serving: str = "") -> list[str]:
    """Names of the guidance packs, oldest first: "2023", "2025"; only those serving "year" or "quarter" if asked."""
    names = sorted({path.name.split(".")[0] for path in PACKS.glob("*.toml")})
    return [name for name in names if not serving or serving in load_pack(name)["serves"]]


def versions(name: str) -> list[str]:
    """Published versions of a pack, oldest first: "2025.1"."""
    names = (path.name.removesuffix(".toml") for path in PACKS.glob(f"{name}.*.toml"))
    return sorted(names, key=lambda version: int(version.split(".")[1]))


def version_of(name: str) -> str:
    """The version that a pack's name stands for, "2025.2" for "2025"; a version is its own. ValueError if none."""
    outer = name.partition(".")[0]
    published = versions(outer) if outer.isalnum() else []
    if name == outer and published:
        return published[-1]
    if name not in published:
        raise ValueError(f"Không có bộ hướng dẫn “{name}”.")
    return name


@cache
def known_rules() -> frozenset[str]:
    """Keys of the rules that any published version of any pack states: "finish"."""
    published = (version for name in pack_names() for version in versions(name))
    return frozenset(key for version in published for key in load_pack(version)["rules"])


def load_pack(name: str) -> Mapping[str, Any]:
    """The values of a pack, by its name (the newest version) or by one version; ValueError if there is none.

    Tables and lists are read-only all the way down, so that everybody reads the same ones.
    """
    return _pack(version_of(name))


def origins(name: str) -> Mapping[str, Origin]:
    """Label, source and certainty of every value of a pack, by dotted key; ValueError as `load_pack`."""
    return _origins(version_of(name))


def advice(name: str) -> list[Origin]:
    """What a pack asks people to bear in mind, one sentence as each label."""
    return sentences(load_pack(name).get("advice", ()))


def sentences(lines: Iterable[Mapping[str, str]]) -> list[Origin]:
    """Sentences of a pack that are read and no more: each is the label of where it comes from."""
    return [Origin(line["text"], line["source"], line["certainty"]) for line in lines]


@cache
def _pack(version: str) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = _plain(_read(version))
    return plain


@cache
def _origins(version: str) -> Mapping[str, Origin]:
    return MappingProxyType(dict(_sourced(_read(version), "")))


def _read(version: str) -> dict[str, Any]:
    return tomllib.loads((PACKS / f"{version}.toml").read_text(encoding="utf-8"))


def _plain(node: Any) -> Any:
    """Each {value, source, certainty} becomes its value; what holds others becomes read-only."""
    if isinstance(node, dict):
        if "source" in node and "value" in node:
            return _plain(node["value"])
        return MappingProxyType({key: _plain(inner) for key, inner in node.items()})
    return tuple(_plain(inner) for inner in node) if isinstance(node, list) else node


def _sourced(node: Mapping[str, Any], above: str) -> Iterator[tuple[str, Origin]]:
    for key, inner in node.items():
        if isinstance(inner, dict):
            if "source" in inner:
                yield (
                    above + key,
                    Origin(inner.get("label", ""), inner["source"], inner["certainty"]),
                )
            else:
                yield from _sourced(inner, f"{above}{key}.")
