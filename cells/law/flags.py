"""Cases that force a level or cap it, of a pack or of a body: never inferred, a person confirms each one. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cells.law.guidance import FLAGS, Layer, Origin, sentences


@dataclass(frozen=True)
class Flag:
    """Trường hợp phải xếp một mức, hoặc giới hạn mức: `limit` is the highest level left, the only one if `forces`."""

    key: str
    title: str
    subjects: tuple[str, ...]  # kinds of subject it may be confirmed of
    limit: str
    forces: bool
    origin: Origin
    unless: str = ""  # in which case it is not confirmed
    switched: Origin | None = None  # who last put it out of force, or back, and on what basis
    is_in_force: bool = True

    @property
    def effect(self) -> str:
        """What it does, in words: "phải xếp KHT" or "không quá HTT"."""
        return f"phải xếp {self.limit}" if self.forces else f"không quá {self.limit}"

    @property
    def basis(self) -> str:
        """Where it comes from, and who has put it back in force."""
        return "; ".join(origin.words for origin in (self.origin, self.switched) if origin)

    @property
    def words(self) -> str:
        """What is confirmed, as it stays on record."""
        return f"{self.title} ({self.effect})"


def flags_of(pack: Mapping[str, Any], layers: Iterable[Layer] = ()) -> tuple[Flag, ...]:
    """The pack's flags, then those that bodies have added; those out of force too. The nearest body wins.

    A layer has for a flag's key either the flag as a pack has one, or whether a known one is in force.
    """
    flags = {each["key"]: _flag(each, _source(each)) for each in pack["review"]["flags"]}
    for layer in layers:
        for key, value, origin in _set_in(layer):
            if isinstance(value, Mapping):
                if _limit(value) in pack["levels"]:
                    flags[key] = _flag({**value, "key": key}, origin)
            elif key in flags:
                flags[key] = replace(flags[key], switched=origin, is_in_force=bool(value))
    return tuple(flags.values())


def notes_of(pack: Mapping[str, Any]) -> list[Origin]:
    """What is to be borne in mind before a case is confirmed, one sentence as each label."""
    return sentences(pack["review"].get("flag_notes", ()))


def _set_in(layer: Layer) -> Iterator[tuple[str, Any, Origin]]:
    """Key of the flag, value, and who says so."""
    for key, value in layer.values.items():
        if key.startswith(FLAGS):
            origin = Origin("Trường hợp", layer.basis.get(key, ""), "certain", layer.by)
            yield key.removeprefix(FLAGS), value, origin


def _source(each: Mapping[str, Any]) -> Origin:
    return Origin("Trường hợp", each["source"], each["certainty"])


def _limit(each: Mapping[str, Any]) -> str:
    return str(each.get("force") or each.get("at_most", ""))


def _flag(each: Mapping[str, Any], origin: Origin) -> Flag:
    return Flag(
        key=each["key"],
        title=each["title"],
        subjects=tuple(each["subjects"]),
        limit=_limit(each),
        forces="force" in each,
        origin=origin,
        unless=each.get("unless", ""),
    )
