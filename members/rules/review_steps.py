"""A self-review on the phone, step by step: what is filled in together, and what that is called. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from members.rules.promises import Promise
from members.rules.review_sheet import Block, Field, Sheet

PROMISES = "Hạn chế, khuyết điểm năm trước: đã khắc phục chưa?"
# Where a pack does not name the parts of its form.
REVIEW, RATING = "Nội dung kiểm điểm", "Tự đánh giá, chấm điểm"
LEVEL = "Đề xuất xếp loại mức chất lượng"


@dataclass(frozen=True)
class Step:
    """What is filled in together: last year's shortcomings, texts, groups of criteria, or, without any, the level.

    `part`: the heading of the part of the form that begins here, else "".
    """

    title: str
    part: str = ""
    promises: tuple[Promise, ...] = ()
    texts: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    number: int = 0

    @property
    def mark(self) -> str:
        """Its place on the page, as the page's address names it."""
        return f"phan-{self.number}"


def steps_of(sheet: Sheet) -> list[Step]:
    """The form's steps in its order; with the last, the level, it is handed in."""
    return [replace(step, number=n) for n, step in enumerate(_steps(sheet), start=1)]


def _steps(sheet: Sheet) -> Iterator[Step]:
    parts = sheet.form.parts
    letter = "A. " if parts or sheet.blocks else ""
    if sheet.promises:
        yield Step(PROMISES, promises=sheet.promises)
    yield from _under(letter + (parts.review if parts else REVIEW), _topics(sheet))
    yield from _under(f"B. {parts.rating if parts else RATING}", _scored(sheet))
    if parts and not sheet.blocks:  # part B is the level alone
        yield Step(parts.level, part=f"B. {parts.rating}")
    else:
        yield Step(f"II. {parts.level}" if parts else LEVEL)


def _under(part: str, steps: list[Step]) -> list[Step]:
    """The same steps, the first of them under the heading of the part they make up."""
    return [replace(step, part=part) for step in steps[:1]] + steps[1:]


def _topics(sheet: Sheet) -> list[Step]:
    """The texts, the points of one section together."""
    together = groupby(sheet.sections, key=lambda field: field.place and field.place.numeral)
    return [_topic(numeral or "", tuple(fields), sheet) for numeral, fields in together]


def _topic(numeral: str, texts: tuple[Field, ...], sheet: Sheet) -> Step:
    place = texts[0].place
    title = (place and place.group) or texts[0].title
    return Step(f"{numeral}. {title}" if sheet.form.parts else title, texts=texts)


def _scored(sheet: Sheet) -> list[Step]:
    """The groups of criteria, one by one; those of a single criterion that follow each other together."""
    together = groupby(
        sheet.blocks, key=lambda block: block.group.key if len(block.fields) > 1 else ""
    )
    runs = [tuple(blocks) for _, blocks in together]
    names = ["; ".join(block.group.title for block in blocks) for blocks in runs]
    if len(runs) == 1:
        names = [sheet.form.parts.scores if sheet.form.parts else RATING]
    return [Step(title, blocks=blocks) for title, blocks in zip(names, runs, strict=True)]
