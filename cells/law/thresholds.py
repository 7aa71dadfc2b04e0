"""Threshold (ngưỡng): a share to be reached, as the packs write it and as people do. Pure."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from cells.wording import one_line

CODE = re.compile(r"(>=?)([0-9]{1,6})/([0-9]{1,6})")
WORDS = re.compile(
    r"(?P<strict>>|trên|quá|hơn)? *(?P<least>>=|≥|từ|ít nhất|tối thiểu)? *"
    r"(?:(?P<half>(?:một )?nửa|bán)|(?P<part>[0-9]{1,6}) */ *(?P<whole>[0-9]{1,6})"
    r"|(?P<percent>[0-9]{1,3}(?:[.,][0-9]{1,2})?) *%)(?P<up> trở lên)?"
)
HOW = "Viết như “trên 1/2”, “quá nửa”, “từ 2/3” hoặc “từ 50%”."


@dataclass(frozen=True)
class Threshold:
    """A share to be reached: more than `share`, or at least `share` unless `strict`."""

    share: Fraction
    strict: bool

    @classmethod
    def parse(cls, text: object) -> "Threshold":
        """Read `>a/b` or `>=a/b`, exact, between 0 and 1; ValueError on anything else."""
        match = CODE.fullmatch(text) if isinstance(text, str) else None
        if match is None or int(match[3]) == 0 or int(match[2]) > int(match[3]):
            raise ValueError(f"Ngưỡng “{text}” không đúng; viết như “>1/2” hoặc “>=2/3”.")
        return cls(Fraction(int(match[2]), int(match[3])), strict=match[1] == ">")

    @classmethod
    def read(cls, text: str) -> "Threshold":
        """Read what a person writes: "quá nửa", "trên 50%", "từ 2/3 trở lên", and what `parse` reads.

        ValueError with one sentence on anything else, also where it is open whether the share itself suffices.
        """
        match = WORDS.fullmatch(one_line(text).lower())
        share = _share(match) if match else None
        if match is None or share is None or not 0 <= share <= 1:
            raise ValueError(f"Chưa hiểu ngưỡng “{text}”; viết như “trên 1/2” hoặc “từ 2/3”.")
        strict, at_least = match["strict"], match["least"] or match["up"]
        if bool(strict) == bool(at_least):
            raise ValueError(f"Xin ghi rõ “trên” hay “từ” trước “{text}”.")
        return cls(share, bool(strict))

    @property
    def code(self) -> str:
        """As `parse` reads it."""
        return f"{'>' if self.strict else '>='}{self.share.numerator}/{self.share.denominator}"

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

    def least(self, base: int) -> int:
        """The smallest count of a base that is not empty by which it is reached."""
        exact = self.share * base
        return math.floor(exact) + 1 if self.strict else math.ceil(exact)


def _share(match: re.Match[str]) -> Fraction | None:
    """The part of the whole that was written; None where it divides by nothing."""
    if match["half"]:
        return Fraction(1, 2)
    if match["percent"]:
        return Fraction(match["percent"].replace(",", ".")) / 100
    return Fraction(int(match["part"]), int(match["whole"])) if int(match["whole"]) else None
