"""A meeting that is played to be attacked: so many members, polls on their cell, marks drawn by chance."""

import json
import random
from typing import Any

from ballots.demo import scenario, seeding
from ballots.demo.rehearsal.play import Evening
from ballots.demo.scenario import Scenario
from members.devices import links

YEAR, PACK = 2026, "2025"
# With more that is kept of a ballot than by default: what is not found then is not found without it.
KEPT = {"envelope_months": 6}
LEVELS = ("HTXS", "HTT", "HT", "KHT")


def evening(size: int, polls: int, site: str, ward: str) -> Evening:
    """Seed a cell of `size` members under a committee called `ward`; the evening is ready to be played at `site`."""
    story = _story(size, polls, ward)
    seeded = seeding.make_cell(story)
    return Evening(story, seeded, site, links.sign_in_link(seeded.secretary, site), at_once=1)


def _story(size: int, polls: int, ward: str) -> Scenario:
    names = [f"Đồng chí Số {number}" for number in range(1, size + 1)]
    return scenario.load(
        json.dumps(
            {
                "committee": ward,
                "cell": f"Chi bộ {size} người",
                "place": "Hà Nội",
                "campaign": {"year": YEAR, "pack": PACK, "basis": [], "settings": KEPT},
                "meeting": {
                    "starts": f"{YEAR}-12-04T19:30",
                    "ends": f"{YEAR}-12-04T21:05",
                    "venue": "Nhà văn hoá",
                    "chair": names[0],
                    "clerk": names[1],
                    "tellers": names[2:4],
                },
                "guests": [],
                "members": [_member(name, place) for place, name in enumerate(names)],
                "cell_self_level": "HTT",
                "polls": [_poll(number, size) for number in range(1, polls + 1)],
            }
        ).encode()
    )


def _member(name: str, place: int) -> dict[str, Any]:
    return {
        "name": name,
        "post": {0: "Bí thư", 1: "Phó Bí thư"}.get(place, "Đảng viên"),
        "status": "full",
        "attendance": "present",
        "self_level": "HTT",
        "rated": True,
    }


def _poll(number: int, size: int) -> dict[str, Any]:
    marks = random.SystemRandom().choices(LEVELS, k=size)
    return {
        "title": f"Xếp loại chất lượng chi bộ, lượt {number}",
        "subjects": "cell",
        "levels": list(LEVELS),
        "ballots": [
            {"count": marks.count(level), "marks": {scenario.CELL: level}}
            for level in LEVELS
            if level in marks
        ],
    }
