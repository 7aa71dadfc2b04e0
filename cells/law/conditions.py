"""Conditions of a level (điều kiện của mức) that a committee or a cell sets for itself; each level is a Group. Pure.

A level's conditions have the shape of a group of criteria, so that one keeps its key as a criterion does.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cells.law.criteria import Group, item_keys, keyed
from cells.law.guidance import CONDITIONS, Layer, Origin


def setting_key(kind: str, level: str) -> str:
    """Under which key a body sets the conditions of one level for one kind of subject."""
    return f"{CONDITIONS}{kind}.{level}"


def conditions_of(
    pack: Mapping[str, Any], kind: str, own: Mapping[str, Group]
) -> dict[str, Mapping[str, str]]:
    """The conditions in force by level, each by its key; `own`: what bodies have set, by the key of the setting.

    A level without any is not named.
    """
    conditions: dict[str, Mapping[str, str]] = {}
    for level in pack["levels"]:
        group = group_of(pack, kind, level, own)
        if group["items"]:
            conditions[level] = dict(zip(item_keys(group), group["items"], strict=True))
    return conditions


def group_of(
    pack: Mapping[str, Any], kind: str, level: str, own: Mapping[str, Group]
) -> dict[str, Any]:
    """The conditions of one level with their keys: those of the pack are numbered, for each kind of subject apart."""
    of_pack = {"items": pack["review"]["conditions"][kind].get(level, [])}
    return {**own.get(setting_key(kind, level), of_pack), "key": f"{kind}-{level}"}


def made(items: Sequence[str], former: dict[str, Any]) -> dict[str, Any]:
    """The level with these conditions instead: one that stays, or is only reworded in its place, keeps its key."""
    return keyed([{"key": former["key"], "items": list(items)}], [former])[0]


def own_levels(
    pack: Mapping[str, Any], layers: Iterable[Layer]
) -> dict[str, tuple[Group, Origin]]:
    """What bodies have set, by the key of the setting, with where it comes from: the nearest wins.

    What the pack has no kind or level for, and a set without conditions, is not in force.
    """
    known = {
        setting_key(kind, level) for kind in pack["review"]["forms"] for level in pack["levels"]
    }
    return {
        key: (group, Origin("Điều kiện của mức", layer.basis.get(key, ""), "certain", layer.by))
        for layer in layers
        for key, group in layer.values.items()
        if key in known and group.get("items")
    }
