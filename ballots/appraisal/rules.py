"""Score, conditions, flags and levels of one subject side by side, and what in them asks for a reason. Pure.

Points are needed but not enough (QĐ 366-QĐ/TW, điều 11): every condition of a level must hold too. Nothing here
changes a level; where two things disagree, a person is asked for the reason.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from cells.law.flags import Flag
from cells.law.guidance import origins
from cells.law.review_forms import ReviewForm
from cells.law.rules import COLLECTIVE, Rules
from cells.wording import score as written

# How a level stands; open: not everything is answered.
HOLDS, FAILS, OPEN = "holds", "fails", "open"
EXECUTIVE, SELF = "executive", "self"


@dataclass(frozen=True)
class KnownFacts:
    """Everything known of one subject; levels are codes, "" where there is none."""

    self_score: Decimal | None = None
    self_level: str = ""
    executive_score: Decimal | None = None  # as chi ủy appraised
    executive_level: str = ""
    answers: Mapping[str, bool] = field(default_factory=dict)  # by condition, where answered
    confirmed: Collection[str] = ()  # keys of flags
    level: str = ""  # in force: what the cell proposes
    collective: str = ""  # the level in force of the collective
    is_head: bool = False
    reasons: Collection[str] = ()  # keys of doubts a reason is on record for


@dataclass(frozen=True)
class Condition:
    """One condition of a level; `holds` None: chưa trả lời."""

    key: str
    level: str
    text: str
    holds: bool | None


@dataclass(frozen=True)
class Doubt:
    """Two things that disagree. The key names both sides, so that a reason answers this doubt and no later one."""

    key: str
    words: str
    basis: str  # where the rule comes from; "" where no rule asks and the two merely differ
    is_explained: bool = False


@dataclass(frozen=True)
class Appraisal:
    """What follows from what is known."""

    score: Decimal | None
    scored_by: str  # EXECUTIVE or SELF, "" without a score
    band: str  # the level whose band holds the score
    conditions: tuple[Condition, ...]
    standing: Mapping[str, str]  # per level above the lowest: HOLDS, FAILS or OPEN
    highest: str  # whose points and conditions hold; "" while that is not known
    possible: str  # the highest that is not ruled out yet
    flags: tuple[Flag, ...]  # that are confirmed
    limit: str  # the lowest level any of them leaves, "" without one
    doubts: tuple[Doubt, ...]

    @property
    def unexplained(self) -> tuple[Doubt, ...]:
        """Doubts without a reason on record."""
        return tuple(doubt for doubt in self.doubts if not doubt.is_explained)

    @property
    def unanswered(self) -> int:
        """How many conditions nobody has answered yet."""
        return sum(condition.holds is None for condition in self.conditions)


def appraise(
    form: ReviewForm, flags: tuple[Flag, ...], facts: KnownFacts, rules: Rules
) -> Appraisal:
    """Hold what is given against the form, its flags and the rules."""
    by_executive = facts.executive_score is not None
    score = facts.executive_score if by_executive else facts.self_score
    conditions = conditions_of(form, facts.answers)
    standing = {
        level: _standing(form, level, score, [c.holds for c in conditions if c.level == level])
        for level in form.levels[:-1]
    }
    confirmed = tuple(flag for flag in flags if flag.key in facts.confirmed)
    limits = sorted((form.levels.index(flag.limit) for flag in confirmed), reverse=True)
    band = form.band(score) if score is not None else ""
    doubts = DoubtFinder(form, facts, rules)
    return Appraisal(
        score=score,
        scored_by="" if score is None else EXECUTIVE if by_executive else SELF,
        band=band,
        conditions=conditions,
        standing=standing,
        highest=_highest(form, standing),
        possible=next((lv for lv, how in standing.items() if how != FAILS), form.levels[-1]),
        flags=confirmed,
        limit=form.levels[limits[0]] if limits else "",
        doubts=tuple(doubts.all(score, band, conditions, confirmed)),
    )


def conditions_of(form: ReviewForm, answers: Mapping[str, bool]) -> tuple[Condition, ...]:
    """The conditions to be answered: the lowest level asks for nothing that could fail."""
    return tuple(
        Condition(key, level, text, answers.get(key))
        for level in form.levels[:-1]
        for key, text in form.conditions.get(level, {}).items()
    )


def _standing(
    form: ReviewForm, level: str, score: Decimal | None, answers: list[bool | None]
) -> str:
    """Whether the level's points and conditions hold; what is not known or not asked for is never assumed."""
    enough: list[bool | None] = []
    if level in form.bands:
        enough = [None if score is None else score >= form.bands[level]]
    known = [*enough, *answers]
    if False in known:
        return FAILS
    return OPEN if not known or None in known else HOLDS


def _highest(form: ReviewForm, standing: Mapping[str, str]) -> str:
    """The highest level that holds; the lowest of all once every other one fails."""
    holding = next((level for level, how in standing.items() if how == HOLDS), "")
    ruled_out = all(how == FAILS for how in standing.values())
    return form.levels[-1] if ruled_out else holding


@dataclass(frozen=True)
class DoubtFinder:
    """Where the values of one subject disagree: one method for each rule, each names the rule's source."""

    form: ReviewForm
    facts: KnownFacts
    rules: Rules

    def all(
        self,
        score: Decimal | None,
        band: str,
        conditions: tuple[Condition, ...],
        confirmed: tuple[Flag, ...],
    ) -> Iterator[Doubt]:
        """Every doubt, those about the level in force first."""
        yield from self._above_band(score, band)
        yield from self._above_conditions(conditions)
        yield from self._against_flags(confirmed)
        yield from self._above_collective()
        yield from self._levels_apart()
        yield from self._scores_apart()
        yield from self._points_and_level()

    def _doubt(self, key: str, words: str, basis: str) -> Doubt:
        return Doubt(key, words, basis, key in self.facts.reasons)

    def _above(self, level: str, other: str) -> bool:
        """Whether one level is higher than the other; False where either is missing."""
        levels = self.form.levels
        return bool(level and other) and levels.index(level) < levels.index(other)

    @property
    def _bands(self) -> str:
        return origins(self.form.version)["bands"].words

    def _above_band(self, score: Decimal | None, band: str) -> Iterator[Doubt]:
        level = self.facts.level
        if score is not None and self._above(level, band):
            words = f"Mức {level} cao hơn khung điểm: {written(score)} điểm thuộc khung {band}."
            yield self._doubt(f"band-{band}-{level}", words, self._bands)

    def _above_conditions(self, conditions: tuple[Condition, ...]) -> Iterator[Doubt]:
        """A higher level includes what the lower ones ask for."""
        level = self.facts.level
        for condition in conditions:
            if not level or condition.holds is not False or self._above(condition.level, level):
                continue
            words = (
                f"Mức {level}, nhưng một điều kiện của mức {condition.level} được ghi là "
                f"chưa đạt: “{condition.text}”."
            )
            basis = self.form.origins[f"conditions.{condition.level}"].words
            key = f"condition-{condition.key}-{_mark(condition.text)}-{level}"
            yield self._doubt(key, words, basis)

    def _against_flags(self, confirmed: tuple[Flag, ...]) -> Iterator[Doubt]:
        level = self.facts.level
        for flag in confirmed:
            if self._above(level, flag.limit):
                words = f"Mức {level}, nhưng trường hợp đã xác nhận {flag.effect}: “{flag.title}”."
                yield self._doubt(f"flag-{flag.key}-{level}", words, flag.basis)

    def _above_collective(self) -> Iterator[Doubt]:
        level, collective = self.facts.level, self.facts.collective
        compares = self.facts.is_head and self.rules.head_limit == COLLECTIVE
        if compares and self._above(level, collective):
            words = f"Người đứng đầu ở mức {level}, cao hơn mức {collective} của chi bộ."
            basis = self.rules.origin("head_limit").words
            yield self._doubt(f"head-{level}-{collective}", words, basis)

    @property
    def _of_levels(self) -> str:
        """The guidance that gives points asks of levels too, in one sentence; a gap of one's own is about points."""
        version = self.form.version
        return origins(version)["rules.score_gap"].words if self.rules.bands else ""

    def _levels_apart(self) -> Iterator[Doubt]:
        own, appraised = self.facts.self_level, self.facts.executive_level
        if own and appraised and own != appraised:
            words = f"Tự nhận mức {own}, chi ủy đề xuất mức {appraised}."
            yield self._doubt(f"levels-{own}-{appraised}", words, self._of_levels)

    def _scores_apart(self) -> Iterator[Doubt]:
        own, appraised = self.facts.self_score, self.facts.executive_score
        if own is None or appraised is None:
            return
        apart = abs(own - appraised)
        if apart and apart >= self.rules.score_gap:
            words = (
                f"Tự chấm {written(own)} điểm, chi ủy thẩm định {written(appraised)} điểm: "
                f"chênh {written(apart)} điểm."
            )
            basis = self.rules.origin("score_gap").words
            yield self._doubt(f"scores-{_plain(own)}-{_plain(appraised)}", words, basis)

    def _points_and_level(self) -> Iterator[Doubt]:
        own, level = self.facts.self_score, self.facts.self_level
        band = self.form.band(own) if own is not None else ""
        if own is not None and band and level and band != level:
            words = f"Tự chấm {written(own)} điểm, thuộc khung {band}, nhưng tự nhận mức {level}."
            yield self._doubt(f"points-{band}-{level}", words, self._bands)


def _mark(text: str) -> str:
    """Tells in a key how a condition read: its own key stays when it is reworded."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _plain(points: Decimal) -> str:
    """One way to write the same points in a key."""
    return written(points).replace(",", ".")
