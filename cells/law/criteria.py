"""Sets of criteria (bộ tiêu chí) that a committee or a cell sets for itself, in the shape the packs have. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cells.law.guidance import CRITERIA, Layer, Origin
from cells.wording import score

PARTS = {"common": "Nhóm tiêu chí chung", "result": "Kết quả thực hiện nhiệm vụ"}

# As a pack has it: key, part, points, scoring, title, note, items and their keys.
Group = Mapping[str, Any]


def item_keys(group: Group) -> list[str]:
    """The keys of its items: their own, or the group's with a number."""
    items = group.get("items", [])
    return list(group.get("keys") or (f"{group['key']}-{n}" for n in range(1, len(items) + 1)))


def sums(groups: Iterable[Group]) -> dict[str, Decimal]:
    """The points of each part: of a group with items each of them has the points."""
    totals = dict.fromkeys(PARTS, Decimal(0))
    for group in groups:
        totals[group["part"]] += Decimal(group["points"]) * max(1, len(group.get("items", [])))
    return totals


def refusals(groups: Sequence[Group], pattern: Sequence[Group]) -> Iterator[str]:
    """One sentence for each part that does not add up to what it has in the pack's own set."""
    wanted = sums(pattern)
    for part, total in sums(groups).items():
        if total != wanted[part]:
            yield (
                f"“{PARTS[part]}” cộng lại được {score(total)} điểm, phải đúng {score(wanted[part])} điểm. "
                "Xin sửa điểm hoặc số tiêu chí."
            )


def own_sets(
    pack: Mapping[str, Any], layers: Iterable[Layer]
) -> dict[str, tuple[tuple[Group, ...], Origin]]:
    """The sets in force that a body has set, by kind of subject, with where each comes from: the nearest wins.

    One that does not add up as the pack's own set does, such as one made for another pack, is not in force.
    """
    sets: dict[str, tuple[tuple[Group, ...], Origin]] = {}
    for layer in layers:
        for kind, pattern in pack["review"]["criteria"].items():
            groups = layer.values.get(CRITERIA + kind)
            if groups and not list(refusals(groups, pattern)):
                basis = layer.basis.get(CRITERIA + kind, "")
                sets[kind] = tuple(groups), Origin("Bộ tiêu chí", basis, "certain", layer.by)
    return sets


def keyed(groups: Sequence[dict[str, Any]], former: Iterable[Group]) -> list[dict[str, Any]]:
    """The groups with keys: each group, and each item, keeps the one it had in the set that was edited.

    An item is known by its words; where as many stand in the group as before, a changed one by its place.
    """
    known = {group["key"]: group for group in former}
    taken = {group["key"] for group in groups if group["key"] in known}
    made = []
    for group in groups:
        key = group["key"] if group["key"] in known else _fresh("g", taken | set(known))
        taken.add(key)
        made.append({**group, "key": key, **_item_keys(key, group, known.get(key, {}))})
    return made


def _item_keys(key: str, group: Group, former: Group) -> dict[str, list[str]]:
    items, before = group.get("items", []), former.get("items", [])
    if not items:
        return {}
    old = item_keys(former) if before else []
    by_words = dict(zip(before, old, strict=True))
    by_place = old if len(before) == len(items) else []
    keys: list[str] = []
    for place, words in enumerate(items):
        spare = by_place[place] if by_place and before[place] not in items else ""
        known = by_words.get(words) or spare
        keys.append(known or _fresh(f"{key}-", {*old, *keys}))
    return {"keys": keys}


def _fresh(stem: str, taken: set[str]) -> str:
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}{n}") not in taken)
