"""The collective report (báo cáo kiểm điểm tập thể, Mẫu 01) of a meeting: filled in, added up, compared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self

from ballots.report.marking import Passage, passages
from cells import wording
from cells.law.criteria import PARTS as PART_NAMES
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.law.rules import Rules
from cells.models import CollectiveReport, Level, Meeting
from cells.stale import fingerprint
from members.rules import fields
from members.rules.review_sheet import LEVEL, LONGEST, SCORE, TEXT, TOO_LONG, Field, Sheet

SUMMARY, TOTAL = "text", "self_score"


def form_of(rules: Rules) -> ReviewForm:
    """Mẫu 01 as these rules have it."""
    return ReviewForm.from_pack(load_pack(rules.version), COLLECTIVE, rules)


def is_reviewed(meeting: Meeting, rates_cell: bool) -> bool:
    """Whether the cell itself is reviewed, seldom so in a quarter; `rates_cell`: as the meeting's figures say."""
    return rates_cell or meeting.report.is_written


@dataclass(frozen=True)
class Clash:
    """A field that was changed here and, meanwhile, elsewhere: what is stored, and what is written here."""

    name: str
    title: str
    stored: str
    written: str


@dataclass(frozen=True)
class Change:
    """A section that was changed since the meeting opened, by its numeral and title."""

    numeral: str
    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Report(Sheet):
    """The form with what the minutes tell of it (`SUMMARY`), and a score where no criterion is scored (`TOTAL`)."""

    MORE: ClassVar[tuple[str, ...]] = (SUMMARY, TOTAL)

    @classmethod
    def load(cls, row: CollectiveReport, form: ReviewForm) -> Self:
        """The report as it is stored."""
        stored = cls.stored(form, row.texts, row.scores, row.self_level)
        alone = None if stored.points else row.self_score
        more = {SUMMARY: row.summary, TOTAL: "" if alone is None else wording.score(alone)}
        blank = dict.fromkeys(cls.names(form), "")
        return replace(stored, typed={**blank, **stored.typed, **more})

    def _mistakes(self) -> Iterator[tuple[str, str]]:
        yield from super()._mistakes()
        if len(self.summary) > LONGEST:
            yield SUMMARY, TOO_LONG
        if not self.is_scored:
            try:
                fields.score(self.alone)
            except ValueError as error:
                yield TOTAL, str(error)

    @property
    def is_scored(self) -> bool:
        """Whether any criterion is: then the score is their sum, and none is given beside it."""
        return any(self.typed.get(name, "").strip() for name in self._scores)

    @property
    def is_written(self) -> bool:
        """Whether any section is."""
        return bool(self.texts())

    @property
    def score(self) -> Decimal | None:
        """The sum once every criterion is scored, the one that was given where none is; else None."""
        if self.is_scored:
            return super().score
        try:
            return fields.score(self.alone)
        except ValueError:
            return None

    @property
    def total(self) -> str:
        """The score as it is written, "" while there is none."""
        return "" if self.score is None else wording.score(self.score)

    @property
    def unscored(self) -> int:
        """How many criteria still want points, where some have theirs."""
        return sum(not self.typed.get(name, "").strip() for name in self._scores) * self.is_scored

    @property
    def unfinished(self) -> str:
        """Why there is no score yet, as a sentence; "" where there is one, or none is asked."""
        left = self.unscored
        return f"Còn {left} tiêu chí chưa chấm nên chưa có tổng điểm." if left else ""

    @property
    def sums(self) -> list[tuple[str, str, str, str]]:
        """Key, name, points given and the most there are, of each part that the form adds up."""
        return [
            (key, name, points, most)
            for (key, name), (points, most) in zip(PART_NAMES.items(), self.parts, strict=True)
        ]

    @property
    def band_name(self) -> str:
        """The level whose band holds the score, by its name."""
        return Level(self.band).label if self.band else ""

    @property
    def summary(self) -> str:
        """What the minutes tell of the report."""
        return self.typed.get(SUMMARY, "")

    @property
    def summary_problem(self) -> str:
        """What is wrong with that."""
        return self.problems.get(SUMMARY, "")

    @property
    def alone(self) -> str:
        """The score that was typed without scoring criteria."""
        return self.typed.get(TOTAL, "")

    @property
    def alone_problem(self) -> str:
        """What is wrong with that."""
        return self.problems.get(TOTAL, "")

    @property
    def level_name(self) -> str:
        """The level that the cell gives itself, by its name."""
        return Level(self.level_kept).label if self.level_kept else ""

    def tidied(self) -> Self:
        """As of every sheet, the summary too."""
        sheet = super().tidied()
        return replace(sheet, typed={**sheet.typed, SUMMARY: wording.visible(self.summary)})

    @property
    def values(self) -> dict[str, str]:
        """Every field in the one way in which it is stored: two reports are compared by it."""
        texts = {name: wording.visible(self.typed.get(name, "")) for name in self.names(self.form)}
        texts |= {SCORE + key: points for key, points in self.scores().items()}
        alone = None if self.is_scored else self.score
        return texts | {TOTAL: "" if alone is None else str(alone.normalize() + 0)}

    @property
    def seen(self) -> str:
        """What a page that shows this report sends back, so that nothing saved meanwhile is overwritten unseen."""
        return " ".join(f"{name}={fingerprint(value)}" for name, value in self.values.items())

    def over(self, stored: "Report", seen: str) -> tuple[Self, list[Clash]]:
        """This report on top of the stored one, which is newer than the page that this one comes from.

        `seen`: of that page; "" takes every field of this one. A field nobody touched here stays as it is
        stored; those that were changed here and there are returned, and keep what is written here.
        """
        drawn = dict(part.partition("=")[::2] for part in seen.split())
        mine, theirs = self.values, stored.values
        moved = [
            name
            for name in (mine if seen else ())
            if theirs[name] != mine[name] and drawn.get(name) != fingerprint(theirs[name])
        ]
        left = {
            name: stored.typed[name]
            for name in moved
            if drawn.get(name) == fingerprint(mine[name])
        }
        clashes = [
            Clash(name, title, stored.shown(name), self.shown(name))
            for name, title in self._titles.items()
            if name in moved and name not in left
        ]
        return replace(self, typed={**self.typed, **left}), clashes

    def shown(self, name: str) -> str:
        """A field as it is read: a text as it is, points and levels in words."""
        value = self.typed.get(name, "")
        if name == LEVEL:
            return self.level_name
        passed = {field.name: field.most for field in self._fields if field.passes}
        if name not in passed or not value:
            return value
        return "Đảm bảo" if value == passed[name] else "Không đảm bảo"

    @property
    def _fields(self) -> list[Field]:
        return [field for block in self.blocks for field in block.fields]

    @property
    def _titles(self) -> dict[str, str]:
        return {
            **{TEXT + section.key: section.title for section in self.form.sections},
            SUMMARY: "Tóm tắt ghi vào biên bản",
            **{field.name: field.title for field in self._fields},
            TOTAL: "Tổng điểm",
            LEVEL: "Tự nhận mức",
        }


def changes_of(row: CollectiveReport, form: ReviewForm) -> list[Change]:
    """The sections that the meeting has changed; none before it opens, nor where there was no draft to change."""
    if not row.texts_before:
        return []
    pairs = [
        (
            place.in_form,
            section,
            row.texts_before.get(section.key, ""),
            row.texts.get(section.key, ""),
        )
        for place, section in zip(form.places, form.sections, strict=True)
    ]
    changes = [Change(n, section.title, passages(was, now)) for n, section, was, now in pairs]
    return [change for change in changes if change.passages]
