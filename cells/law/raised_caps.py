"""To how many percent the cap may be raised for a group, by decision and with a reason, as data. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cells.law.guidance import Origin

TABLE = Path(__file__).with_name("raised_caps.toml")


@dataclass(frozen=True)
class RaisedCap:
    """The highest percentage, and where that is said."""

    percent: int
    origin: Origin


@cache
def _table() -> dict[str, RaisedCap]:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    label = "Mức trần HTXS được nâng"
    return {
        pack: RaisedCap(row["percent"], Origin(label, row["source"], row["certainty"]))
        for pack, row in rows.items()
    }


def raised_cap(version: str, percent: int) -> RaisedCap | None:
    """What a pack lets be raised above `percent`, the cap in force; None where it lets nothing be."""
    raised = _table().get(version.partition(".")[0])
    return raised if raised and raised.percent > percent else None
