"""What a member fills in, field by field: read, shown again, and checked before it is submitted. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Self

from cells.law.review_forms import PARTS, Criterion, CriterionGroup, Place, ReviewForm
from cells.law.rules import PASS
from cells.wording import score as written
from cells.wording import visible
from members.rules import promises
from members.rules.promises import Promise

TEXT, GRADE, SCORE, LEVEL = "text-", "grade-", "score-", "self_level"
LONGEST = 20_000
EMPTY = "Xin ghi mục này; không có thì ghi “Không có”."
TOO_LONG = "Mục này quá dài. Xin viết gọn lại, dưới 20.000 chữ cái."
NO_GRADE = "Xin tự đánh giá mục này."
NO_LEVEL = "Xin chọn mức đồng chí tự nhận."


@dataclass(frozen=True)
class Field:
    """One place to fill in: what it asks, what stands in it, and what is wrong with that.

    `place`: of a text in its form. `grade`: the choice that stands below a text that is graded.
    """

    name: str
    title: str
    value: str
    problem: str
    optional: bool = False
    criterion: Criterion | None = None
    place: Place | None = None
    grade: "Field | None" = None

    @property
    def passes(self) -> bool:
        """Whether the answer is "Đảm bảo" or "Không đảm bảo"."""
        return self.criterion is not None and self.criterion.scoring == PASS

    @property
    def most(self) -> str:
        """The most points, as they are written."""
        return written(self.criterion.points) if self.criterion else ""


@dataclass(frozen=True)
class Block:
    """A group of criteria with its fields."""

    group: CriterionGroup
    fields: tuple[Field, ...]

    @property
    def most(self) -> str:
        """The most points of the group, as they are written."""
        return written(self.group.points)

    @property
    def can_pass_all(self) -> bool:
        """Whether one press may answer "Đảm bảo" to all of them."""
        return len(self.fields) > 1 and all(field.passes for field in self.fields)


@dataclass(frozen=True)
class Sheet:
    """A form with what was typed into it, by name of the field; nothing typed is ever dropped."""

    form: ReviewForm
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    items: tuple[str, ...] = ()  # last year's shortcomings

    MORE: ClassVar[tuple[str, ...]] = ()  # fields beside those of every form

    @classmethod
    def stored(
        cls,
        form: ReviewForm,
        texts: Mapping[str, str],
        scores: Mapping[str, str],
        level: str,
        grades: Mapping[str, str] = MappingProxyType({}),
    ) -> Self:
        """What the table has, as it is shown."""
        typed = {TEXT + key: text for key, text in texts.items()}
        typed |= {GRADE + key: grade for key, grade in grades.items()}
        typed |= {SCORE + key: written(Decimal(text)) for key, text in scores.items()}
        return cls(form, typed | {LEVEL: level}, {})

    def answering(self, items: tuple[str, ...], answers: Mapping[str, Mapping[str, str]]) -> Self:
        """The same, with last year's shortcomings and what the table has about them."""
        return replace(self, items=items, typed={**self.typed, **promises.typed_of(answers)})

    @classmethod
    def read(cls, form: ReviewForm, data: Mapping[str, str], items: tuple[str, ...] = ()) -> Self:
        """What was sent, with what is wrong so far; an empty place is no mistake yet."""
        names = [*cls.names(form), *promises.names(items)]
        sheet = cls(form, {name: _plain(data.get(name, "")) for name in names}, {}, items)
        return replace(sheet, problems=dict(sheet._mistakes()))

    @classmethod
    def names(cls, form: ReviewForm) -> list[str]:
        """Every field of the form: texts, grades, points, the level, and what a kind of sheet has beside them."""
        texts = [TEXT + section.key for section in form.sections]
        texts += [GRADE + section.key for section in form.graded]
        points = [SCORE + criterion.key for criterion in form.criteria]
        return [*texts, *points, LEVEL, *cls.MORE]

    def _mistakes(self) -> Iterator[tuple[str, str]]:
        whys = [promises.WHY + promise.key for promise in self.promises]
        for name in (*(TEXT + section.key for section in self.form.sections), *whys):
            if len(self.typed[name]) > LONGEST:
                yield name, TOO_LONG
        for criterion in self.form.criteria:
            name = SCORE + criterion.key
            if self.typed[name].strip() and criterion.key not in self.points:
                yield name, criterion.advice
        for section in self.form.graded:
            if self.typed[GRADE + section.key] not in ("", *self.form.grades):
                yield GRADE + section.key, NO_GRADE
        if self.level and self.level not in self.levels:
            yield LEVEL, NO_LEVEL

    def checked(self) -> Self:
        """The same, with every place that must be filled in before it is submitted."""
        missing = {
            TEXT + section.key: EMPTY
            for section in self.form.sections
            if not section.optional and not visible(self.typed.get(TEXT + section.key, ""))
        }
        missing |= {
            SCORE + criterion.key: criterion.advice
            for criterion in self.form.criteria
            if criterion.key not in self.points
        }
        missing |= {
            GRADE + section.key: NO_GRADE
            for section in self.form.graded
            if section.key not in self.grades()
        }
        if not self.level:
            missing[LEVEL] = NO_LEVEL
        problems = dict(promises.missing(self.promises)) | missing | dict(self.problems)
        order = [
            *promises.names(self.items),
            *(name + section.key for section in self.form.sections for name in (TEXT, GRADE)),
            *self._scores,
            LEVEL,
        ]
        return replace(self, problems={name: problems[name] for name in order if name in problems})

    @property
    def _scores(self) -> list[str]:
        return [SCORE + criterion.key for criterion in self.form.criteria]

    def all_passed(self, group: str) -> Self:
        """The same, with "Đảm bảo" at every criterion of this group that is passed or not."""
        passed = {
            field.name: field.most
            for block in self.blocks
            if block.group.key == group
            for field in block.fields
            if field.passes
        }
        problems = {
            name: sentence for name, sentence in self.problems.items() if name not in passed
        }
        return replace(self, typed={**self.typed, **passed}, problems=problems)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels one may claim, the highest first."""
        return self.form.levels

    @property
    def level(self) -> str:
        """The level claimed, "" before the choice."""
        return self.typed.get(LEVEL, "")

    @property
    def level_kept(self) -> str:
        """The level as it is stored: a code of the form, or "" before the choice."""
        return self.level if self.level in self.levels else ""

    @property
    def points(self) -> dict[str, Decimal]:
        """The points that may stand, by criterion."""
        points = {}
        for criterion in self.form.criteria:
            try:
                points[criterion.key] = criterion.parse(self.typed.get(SCORE + criterion.key, ""))
            except ValueError:
                continue
        return points

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Last year's shortcomings with their answers."""
        return promises.promises(self.items, self.typed, self.problems)

    @property
    def remedy(self) -> str:
        """The condition of the highest level that asks for remedies, where shortcomings are asked about; else ""."""
        conditions = self.form.conditions.get(self.form.levels[0], {}) if self.items else {}
        return next((words for words in conditions.values() if "khắc phục" in words), "")

    @property
    def remedy_origin(self) -> str:
        """Where that condition comes from."""
        return self.form.origins[f"conditions.{self.form.levels[0]}"].words if self.remedy else ""

    @property
    def is_not_remedied(self) -> bool:
        """Whether the highest level is claimed with a shortcoming that is not remedied, against its condition."""
        open_ = any(promise.state == promises.OPEN for promise in self.promises)
        return bool(self.remedy) and open_ and self.level == self.form.levels[0]

    @property
    def sections(self) -> list[Field]:
        """The texts, in order."""
        graded = [section.key for section in self.form.graded]
        return [
            replace(
                self._field(TEXT + section.key, section.title, section.optional),
                place=place,
                grade=self._field(GRADE + section.key, section.title, False)
                if section.key in graded
                else None,
            )
            for section, place in zip(self.form.sections, self.form.places, strict=True)
        ]

    @property
    def blocks(self) -> list[Block]:
        """The criteria, group by group."""
        return [
            Block(group, tuple(self._scored(criterion) for criterion in group.criteria))
            for group in self.form.groups
        ]

    def _scored(self, criterion: Criterion) -> Field:
        field = self._field(SCORE + criterion.key, criterion.title, False)
        return replace(field, criterion=criterion)

    def _field(self, name: str, title: str, optional: bool) -> Field:
        return Field(name, title, self.typed.get(name, ""), self.problems.get(name, ""), optional)

    @property
    def level_problem(self) -> str:
        """What is wrong with the level claimed."""
        return self.problems.get(LEVEL, "")

    @property
    def first_problem(self) -> str:
        """Name of the first field that is to be mended, "" if none is."""
        return next(iter(self.problems), "")

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Points given and the most there are, as they are written, of each part that the form adds up."""
        return [
            (
                written(self.form.total(self.points, part)),
                written(sum((g.points for g in self.form.groups if g.part == part), Decimal(0))),
            )
            for part in PARTS
        ]

    @property
    def most(self) -> str:
        """The most points of all, as they are written."""
        return written(self.form.points)

    @property
    def total(self) -> str:
        """The sum of all, as it is written."""
        return written(self.form.total(self.points))

    @property
    def score(self) -> Decimal | None:
        """The sum, once everything is scored."""
        done = len(self.points) == len(list(self.form.criteria))
        return self.form.total(self.points) if done else None

    @property
    def band(self) -> str:
        """The level whose band holds the score, once there is one."""
        return "" if self.score is None else self.form.band(self.score)

    @property
    def asks_for(self) -> int:
        """The least score of the level claimed, where the sum does not reach it; else 0."""
        least = self.form.bands.get(self.level, 0)
        return least if self.score is not None and self.score < least else 0

    def with_points(self, stored: Mapping[str, str]) -> Self:
        """The same texts with other points: those stored, for those typed were meant for other criteria."""
        typed = {name: text for name, text in self.typed.items() if not name.startswith(SCORE)}
        points = {name: text for name, text in stored.items() if name.startswith(SCORE)}
        return replace(self, typed=typed | points, problems={})

    def tidied(self) -> Self:
        """The same, without hidden characters, spaces and blank lines that nobody sees."""
        written_ = (TEXT, promises.WHY)
        texts = {
            name: visible(text) for name, text in self.typed.items() if name.startswith(written_)
        }
        return replace(self, typed={**self.typed, **texts})

    def texts(self) -> dict[str, str]:
        """The texts as they are stored, by section."""
        names = {section.key: self.typed[TEXT + section.key] for section in self.form.sections}
        return {key: text for key, text in names.items() if text}

    def grades(self) -> dict[str, str]:
        """The grades as they are stored, by section; one that the form does not know is none."""
        chosen = {
            section.key: self.typed.get(GRADE + section.key, "") for section in self.form.graded
        }
        return {key: grade for key, grade in chosen.items() if grade in self.form.grades}

    def answers(self) -> dict[str, dict[str, str]]:
        """The answers as they are stored, by the item's number."""
        return promises.answers_of(self.promises)

    def scores(self) -> dict[str, str]:
        """The points as they are stored, by criterion: exact decimals."""
        return {key: str(points.normalize() + 0) for key, points in self.points.items()}


def _plain(text: str) -> str:
    """One way to write the same letters and line ends; a database takes no NUL."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return unicodedata.normalize("NFC", lines)
