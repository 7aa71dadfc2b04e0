"""The forms of a self-review (bản kiểm điểm): sections, criteria, points and conditions, read from a pack. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cells.law.conditions import conditions_of, setting_key
from cells.law.criteria import PARTS as PART_NAMES
from cells.law.criteria import item_keys
from cells.law.guidance import CRITERIA, Origin, origins
from cells.law.rules import GRADED, PASS, Rules
from cells.stale import fingerprint
from cells.wording import ROMAN
from cells.wording import score as written

LEADER, MEMBER, OUTSIDE, COLLECTIVE = "leader", "member", "outside", "collective"
PERSONAL = (LEADER, MEMBER, OUTSIDE)
PARTS = tuple(PART_NAMES)  # the form adds them up separately
# What the criteria of every pack add up to, and its bands count in: a total that somebody writes goes up to it.
SCALE = Decimal(100)
FROM_THE_PACK = "Như trong bộ hướng dẫn"
POINTS = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")


# Where a pack does not say what its form asks.
FACTS = ("name", "born", "post", "workplace", "cell")


@dataclass(frozen=True)
class Section:
    """One text of the form; `optional`: where there is something to say (nếu có).

    `group`: the title of the section that it is a point of, "" where it is one itself. `graded`: it takes a grade.
    """

    key: str
    title: str
    optional: bool = False
    group: str = ""
    graded: bool = False


@dataclass(frozen=True)
class Parts:
    """What the two parts of a form are called (A, B), and what stands in the second: the points (I), the level (II).

    `scores` is "" where no points are given: then the level has no number.
    """

    review: str
    rating: str
    level: str
    scores: str = ""


@dataclass(frozen=True)
class Place:
    """Where a section stands: its group, if it is the first in it, and its own number, "I" or, in a group, "1"."""

    group: str
    numeral: str
    number: str

    @property
    def in_form(self) -> str:
        """By which it is called: "III", in a group "I.2"."""
        return self.numeral if self.numeral == self.number else f"{self.numeral}.{self.number}"


def places(groups: Iterable[str]) -> list[Place]:
    """The places of texts in order, by the group of each ("": a section of its own)."""
    made: list[Place] = []
    sections = points = 0
    before = ""
    for group in groups:
        begins = not group or group != before
        sections, points = sections + begins, 1 if begins else points + 1
        numeral = ROMAN[sections - 1]
        number = str(points) if group else numeral
        made.append(Place(group if begins else "", numeral, number))
        before = group
    return made


@dataclass(frozen=True)
class Criterion:
    """One line that is given points: all or none of them (`PASS`), or any on the step (`GRADED`)."""

    key: str
    title: str
    points: Decimal
    scoring: str
    step: Decimal

    def parse(self, text: str) -> Decimal:
        """Read points as people write them ("61,5"); ValueError with one sentence that says what may be written."""
        match = POINTS.fullmatch(text.strip())
        value = Decimal(text.strip().replace(",", ".")) if match else None
        if value is None or not self.allows(value):
            raise ValueError(self.advice)
        return value

    def allows(self, value: Decimal) -> bool:
        """Whether these points may be given."""
        if self.scoring == PASS:
            return value in (0, self.points)
        on_step = Fraction(value) % Fraction(self.step) == 0
        return 0 <= value <= self.points and (on_step or value == self.points)

    @property
    def most(self) -> str:
        """Its points as they are written: "7,5"."""
        return written(self.points)

    @property
    def advice(self) -> str:
        """What may be written here, in one sentence."""
        if self.scoring == PASS:
            return "Xin chọn “Đảm bảo” hoặc “Không đảm bảo”."
        return (
            f"Xin ghi số điểm từ 0 đến {written(self.points)}, mỗi bước {written(self.step)} điểm."
        )


@dataclass(frozen=True)
class CriterionGroup:
    """Criteria under one heading; `part` is what the form adds them up in: "common" or "result"."""

    key: str
    title: str
    part: str
    note: str
    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> Decimal:
        """The most that the group can bring."""
        return sum((criterion.points for criterion in self.criteria), Decimal(0))

    @property
    def most(self) -> str:
        """The same as it is written: "7,5"."""
        return written(self.points)


@dataclass(frozen=True)
class ReviewForm:
    """The form of one kind of subject, as it is in force; `from_pack` is the only way to make one."""

    kind: str
    label: str
    number: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    parts: Parts | None  # None: of a pack that does not name them
    facts: tuple[str, ...]  # what the form asks about the person, by key, in its order
    has_others: bool  # whether others write below: the unit head, the cell, the committee above
    grades: tuple[str, ...]  # for texts that are graded, the best first
    groups: tuple[CriterionGroup, ...]  # none where the pack has no points
    # By level, then by key; a level without any is not named.
    conditions: Mapping[str, Mapping[str, str]]
    levels: tuple[str, ...]  # the highest first
    bands: Mapping[str, int]  # least score per level, the highest first
    version: str
    # By "number", "title", "sections", "criteria" and "conditions.HTT".
    origins: Mapping[str, Origin]

    @classmethod
    def from_pack(cls, pack: Mapping[str, Any], kind: str, rules: Rules) -> "ReviewForm":
        """The pack's form for this kind, scored as `rules` say; ValueError for a kind it does not name."""
        review = pack["review"]
        if kind not in review["forms"]:
            raise ValueError("Bộ hướng dẫn không có mẫu kiểm điểm cho loại đối tượng này.")
        form = review["forms"][kind]
        groups = rules.criteria.get(kind) or review["criteria"][kind]
        sources = _origins(pack["version"], kind, form["sections"]) | _set_over(kind, rules)
        return cls(
            kind=kind,
            label=form["label"],
            number=form["number"],
            title=form["title"],
            subtitle=form["subtitle"],
            sections=tuple(Section(**line) for line in review["sections"][form["sections"]]),
            parts=_parts(review, form["sections"]),
            facts=tuple(form.get("facts", FACTS)),
            has_others=form.get("others", True),
            grades=tuple(review.get("grades", ())),
            groups=tuple(_group(line, rules) for line in groups),
            conditions=MappingProxyType(conditions_of(pack, kind, rules.conditions)),
            levels=rules.levels,
            bands=MappingProxyType(
                {lv: rules.bands[lv] for lv in rules.levels if lv in rules.bands}
            ),
            version=pack["version"],
            origins=MappingProxyType(sources),
        )

    def stored_criteria(self) -> dict[str, Any]:
        """The criteria as they are stored beside the points given under them, with where the set came from."""
        groups = [
            {
                "key": group.key,
                "title": group.title,
                "part": group.part,
                "note": group.note,
                "criteria": [
                    {"key": c.key, "title": c.title, "points": str(c.points), "scoring": c.scoring}
                    for c in group.criteria
                ],
                "step": str(next(c.step for c in group.criteria)),
            }
            for group in self.groups
        ]
        return {"groups": groups, "origin": asdict(self.origins["criteria"])} if groups else {}

    def with_stored_criteria(self, snapshot: Mapping[str, Any]) -> "ReviewForm":
        """The form with the criteria that were stored, whatever is in force now."""
        if not snapshot:
            return self
        sources = {**self.origins, "criteria": Origin(**snapshot["origin"])}
        groups = tuple(_stored_group(line) for line in snapshot["groups"])
        return replace(self, groups=groups, origins=MappingProxyType(sources))

    def carried(self, scores: Mapping[str, str], snapshot: Mapping[str, Any]) -> dict[str, str]:
        """Of points given under the criteria `kept`, those whose criterion still asks the same for as many points."""
        former = self.with_stored_criteria(snapshot)
        former_criteria = {c.key: (c.title, c.points) for c in former.criteria}
        now = {c.key: (c.title, c.points) for c in self.criteria}
        return {
            key: text
            for key, text in scores.items()
            if key in now and former_criteria.get(key) == now[key]
        }

    def changed_since(self, scores: Mapping[str, str], snapshot: Mapping[str, Any]) -> bool:
        """Whether points were given that stand no more."""
        return len(self.carried(scores, snapshot)) < len(scores)

    @property
    def mark(self) -> str:
        """What stands for the criteria on a page drawn from them; "" where there is none."""
        criteria = [(c.key, c.title, str(c.points), c.scoring, str(c.step)) for c in self.criteria]
        return fingerprint(criteria) if criteria else ""

    @property
    def graded(self) -> tuple[Section, ...]:
        """The texts that are given a grade."""
        return tuple(section for section in self.sections if section.graded and self.grades)

    @property
    def places(self) -> list[Place]:
        """Where each section stands."""
        return places(section.group for section in self.sections)

    @property
    def criteria(self) -> Iterator[Criterion]:
        """All criteria, in order."""
        return (criterion for group in self.groups for criterion in group.criteria)

    @property
    def conditions_origin(self) -> str:
        """Where they come from, in a line: which levels a body has set, and who did."""
        origins = ((level, self.origins.get(f"conditions.{level}")) for level in self.levels)
        set_by = {level: origin.words for level, origin in origins if origin and origin.set_by}
        lines = [
            f"{', '.join(level for level in set_by if set_by[level] == words)}: {words}"
            for words in dict.fromkeys(set_by.values())
        ]
        return "; ".join(lines) or FROM_THE_PACK

    @property
    def condition_texts(self) -> dict[str, str]:
        """The conditions of all levels, by key."""
        levels = self.conditions.values()
        return {key: words for level in levels for key, words in level.items()}

    @property
    def points(self) -> Decimal:
        """The most that the form can bring: 100, or 0 where there are no points."""
        return sum((group.points for group in self.groups), Decimal(0))

    @property
    def most(self) -> str:
        """The same as it is written: "100"."""
        return written(self.points)

    def total(self, scores: Mapping[str, Decimal], part: str = "") -> Decimal:
        """The sum of the points given, of all criteria or of one part; what is not scored yet counts nothing."""
        groups = [group for group in self.groups if part in ("", group.part)]
        keys = [criterion.key for group in groups for criterion in group.criteria]
        return sum((scores[key] for key in keys if key in scores), Decimal(0))

    def band(self, total: Decimal) -> str:
        """The level whose band of points holds this total; "" where there are no bands."""
        return next((level for level, least in self.bands.items() if total >= least), "")


def kinds(pack: Mapping[str, Any]) -> dict[str, str]:
    """The kinds of subject of a pack, and what each is called."""
    return {kind: form["label"] for kind, form in pack["review"]["forms"].items()}


def forms_of(pack: Mapping[str, Any], rules: Rules) -> list[ReviewForm]:
    """The forms of the pack, one per kind of subject, each as it is in force."""
    return [ReviewForm.from_pack(pack, kind, rules) for kind in kinds(pack)]


def scored_forms(pack: Mapping[str, Any], rules: Rules) -> list[ReviewForm]:
    """Those in which points are given."""
    return [form for form in forms_of(pack, rules) if form.groups]


def kind_for(pack: Mapping[str, Any], leads: bool) -> str:
    """The form that suits who holds an office, or who holds none; where the pack has but one for people, that one."""
    known = [kind for kind in kinds(pack) if kind in PERSONAL]
    suits = LEADER if leads else MEMBER
    return suits if suits in known else known[0]


def _parts(review: Mapping[str, Any], sections: str) -> Parts | None:
    named = review.get("parts", {}).get(sections)
    return Parts(**named) if named else None


def _group(line: Mapping[str, Any], rules: Rules) -> CriterionGroup:
    """One group of the pack: its items with the same points each, or the group itself as the only criterion."""
    points, titles = Decimal(line["points"]), line.get("items", [])
    scoring = GRADED if line["scoring"] == GRADED else rules.scoring
    rows = list(zip(item_keys(line), titles, strict=True))
    return CriterionGroup(
        key=line["key"],
        title=line["title"],
        part=line["part"],
        note=line.get("note", ""),
        criteria=tuple(
            Criterion(key, title, points, scoring, rules.score_step)
            for key, title in rows or [(line["key"], line["title"])]
        ),
    )


def _stored_group(line: Mapping[str, Any]) -> CriterionGroup:
    step = Decimal(line["step"])
    return CriterionGroup(
        key=line["key"],
        title=line["title"],
        part=line["part"],
        note=line["note"],
        criteria=tuple(
            Criterion(c["key"], c["title"], Decimal(c["points"]), c["scoring"], step)
            for c in line["criteria"]
        ),
    )


def _set_over(kind: str, rules: Rules) -> dict[str, Origin]:
    """Where those values of the form come from that a body has set."""
    names = {CRITERIA + kind: "criteria"}
    names |= {setting_key(kind, level): f"conditions.{level}" for level in rules.levels}
    return {name: rules.origins[key] for key, name in names.items() if key in rules.origins}


def _origins(version: str, kind: str, sections: str) -> dict[str, Origin]:
    """Where each value of the form comes from."""
    prefixes = {
        f"review.forms.{kind}.": "",
        f"review.sections.{sections}": "sections",
        f"review.criteria.{kind}": "criteria",
        f"review.conditions.{kind}": "conditions",
    }
    return {
        name + key.removeprefix(prefix): origin
        for key, origin in origins(version).items()
        for prefix, name in prefixes.items()
        if key.startswith(prefix)
    }
