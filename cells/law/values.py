"""Values of the rules as packs and settings write them: read, or refused with one Vietnamese sentence. Pure."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

STEP = re.compile(r"1|0[.,](?:[0-9]{1,2})")


def must_know(where: str, values: Mapping[str, Any], known: Any) -> None:
    """Refuse a key that is not known."""
    for key in values:
        if key not in known:
            raise ValueError(f"Không có khoá “{key}” trong {where}.")


def word_of(table: Mapping[str, Any], key: str, words: Collection[str]) -> str:
    """The word under this key; ValueError unless it is one of these."""
    if table[key] not in words:
        raise ValueError(f"“{key}” chỉ nhận: {', '.join(words)}.")
    return str(table[key])


def number_of(table: Mapping[str, Any], key: str) -> int:
    """The whole number under this key."""
    value = table[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"“{key}” phải là một số nguyên không âm.")
    return value


def percent_of(table: Mapping[str, Any], key: str) -> int:
    """The same, at most a hundred."""
    if number_of(table, key) > 100:
        raise ValueError(f"“{key}” phải từ 0 đến 100.")
    return number_of(table, key)


def step_of(text: object) -> Decimal:
    """A step of points that divides one point."""
    size = Decimal(text.replace(",", ".")) if isinstance(text, str) and STEP.fullmatch(text) else 0
    if not size or Fraction(1) % Fraction(size):
        raise ValueError("Bước điểm phải chia hết một điểm; viết như “1”, “0,5” hoặc “0,1”.")
    return Decimal(size)
