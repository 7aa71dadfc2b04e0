"""Scenario files to change in tests: the two public cases, the least that is one, and meetings made up."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ballots.demo import scenario
from ballots.demo.scenario import Scenario
from cells.models import Level

FOLDER = Path(scenario.__file__).parent.parent / "scenarios"
SEED = json.loads((FOLDER / "chi-bo-4-2023.json").read_text(encoding="utf-8"))
HALL = json.loads((FOLDER / "khu-pho-7-2026.json").read_text(encoding="utf-8"))
LEVELS = Level.values

# The least that a scenario must say.
LEAST: dict[str, Any] = {
    "committee": "Đảng bộ phường",
    "cell": "Chi bộ 1",
    "place": "Hoa Sen",
    "campaign": {"year": 2026, "pack": "2025"},
    "meeting": {
        "starts": "2026-12-04T19:30",
        "ends": "2026-12-04T21:05",
        "chair": "An",
        "clerk": "Bình",
        "tellers": ["Chi"],
    },
    "members": [
        {"name": name, "status": "full", "attendance": "present"} for name in ("An", "Bình", "Chi")
    ],
}
POLL: dict[str, Any] = {
    "title": "Lượt",
    "subjects": "members",
    "levels": LEVELS,
    "ballots": [{"count": 3}],
}


def load(value: Any) -> Scenario:
    """The scenario written as this JSON value."""
    return scenario.load(json.dumps(value).encode())


def _parent(value: Any, path: str) -> tuple[Any, str]:
    *way, last = path.split(".")
    for step in way:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value, last


def changed(base: Any, path: str, value: Any) -> Any:
    """A copy of `base` with the value at `path` ("members.0.name") set."""
    result = copy.deepcopy(base)
    parent, last = _parent(result, path)
    parent[int(last) if isinstance(parent, list) else last] = value
    return result


def without(base: Any, path: str) -> Any:
    """A copy of `base` without the key at `path`."""
    result = copy.deepcopy(base)
    parent, last = _parent(result, path)
    del parent[last]
    return result


def places(value: Any, path: str = "") -> Iterator[str]:
    """Every path in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield f"{path}{key}"
        if isinstance(inner, dict | list):
            yield from places(inner, f"{path}{key}.")


def people(count: int) -> list[dict[str, Any]]:
    """So many full members who came: Đảng viên 1, 2, …"""
    return [
        {"name": f"Đảng viên {n}", "status": "full", "attendance": "present"}
        for n in range(1, count + 1)
    ]


def meeting_of(members: list[Any], tellers: list[str], polls: Any = ()) -> dict[str, Any]:
    """A meeting of these members; Đảng viên 1 is the chair, Đảng viên 2 the clerk."""
    duties = {"chair": "Đảng viên 1", "clerk": "Đảng viên 2", "tellers": tellers}
    meeting = {**LEAST["meeting"], **duties}
    return {**LEAST, "meeting": meeting, "members": members, "polls": list(polls)}
