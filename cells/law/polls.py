"""On whom a meeting votes, and in which order. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

# As the words of an order say it.
POLLS = {"leadership": "tập thể lãnh đạo", "members": "đảng viên", "cell": "chi bộ"}


def order_words(polls: Iterable[str]) -> str:
    """An order of polls in words: "đảng viên, rồi chi bộ"."""
    return ", rồi ".join(POLLS[kind] for kind in polls)


def polls_of(pack: Mapping[str, Any], ordered: object) -> tuple[str, ...]:
    """The polls of the pack as ordered, those that the order does not name first; ValueError on what is no order."""
    if isinstance(ordered, str):
        ordered = ordered.split(",")
    if not isinstance(ordered, list | tuple) or any(kind not in POLLS for kind in ordered):
        raise ValueError(f"Thứ tự bỏ phiếu chỉ gồm: {', '.join(POLLS)}.")
    of_pack = dict.fromkeys(pack["rules"].get("polls", pack.get("polls", ())))
    unnamed = (kind for kind in of_pack if kind not in ordered)
    return (*unnamed, *(kind for kind in dict.fromkeys(ordered) if kind in of_pack))
