"""Rules: a campaign's levels, thresholds, cap and quorum as one frozen value. Pure: no legal number stands here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cells.law.conditions import own_levels
from cells.law.criteria import Group, own_sets
from cells.law.deadlines import FinishDay, deadlines_of, finish_of, working_days_before
from cells.law.flags import Flag, flags_of
from cells.law.guidance import CRITERIA, OF_REVIEWS, POSTS, Layer, Origin, known_rules, origins
from cells.law.periods import Period
from cells.law.polls import order_words, polls_of
from cells.law.post_groups import PostGroups, post_groups
from cells.law.posts import LeaderPosts, leader_posts
from cells.law.thresholds import Threshold
from cells.law.values import must_know, number_of, percent_of, step_of, word_of
from cells.wording import fraction, score, two_digits

# What the words of a pack may be; each is explained where it is used.
BASES = ("summoned", "full", "present", "issued", "collected", "valid")
READINGS = {
    "good": "số hoàn thành tốt nhiệm vụ",
    "good_or_better": "số từ hoàn thành tốt nhiệm vụ trở lên",
}
ROUNDINGS = {"floor": "làm tròn xuống", "half_up": "từ 0,5 làm tròn lên"}
PASS, GRADED = "pass", "graded"
SCORINGS = {PASS: "đảm bảo hoặc không đảm bảo", GRADED: "chấm điểm theo bước"}
COLLECTIVE, NONE = "collective", "none"
HEAD_LIMITS = {COLLECTIVE: "không cao hơn mức của tập thể", NONE: "không so với tập thể"}
CELL, REQUIRED = "cell", "required"
COLLECTIVES = {
    CELL: "chi bộ quyết định",
    REQUIRED: "chi bộ có chi ủy thì kiểm điểm chi ủy như một tập thể",
    NONE: "không kiểm điểm tập thể lãnh đạo riêng",
}
NO_DAY = "chưa đặt"
OF_THE_WHOLE = ("meeting", "sending")  # steps that the day for the whole review is the last one of
COLLECTIVE_LEAST = 3  # HD 43-HD/BTCTW, mục 7.4, of packs that do not state it
# Packs published before these rules were stated go without.
UNSTATED: dict[str, Any] = {
    "finish": NONE,
    "draft_days": 0,
    "subjects": "",
    "polls": (),
    "collectives": CELL,
    "collective_least": COLLECTIVE_LEAST,
    "envelope_months": 0,
}

ALL = "*"  # in a threshold table: every level that is not named


@dataclass(frozen=True)
class Cap:
    """Tỷ lệ trần HTXS: `percent` of the good (or of the good and better), rounded as told."""

    percent: int
    reading: str
    rounding: str

    def allowed(self, number: int) -> int:
        """How many may be excellent when `number` members stand in the cap's base."""
        exact = Fraction(self.percent * number, 100)
        return int(exact + Fraction(1, 2)) if self.rounding == "half_up" else int(exact)


@dataclass(frozen=True)
class Stated:
    """One rule as pages state it: by which key it is set, what it is called, its value, and where that comes from."""

    key: str
    label: str
    words: str
    origin: str
    decided: str  # who has decided it: a key of DECIDED


@dataclass(frozen=True)
class Rules:
    """The pack's rules with a campaign's own settings over them; `of` is the only way to make one."""

    pack: str
    version: str
    levels: tuple[str, ...]  # codes, the highest first
    base: str
    threshold: Threshold  # of every level that has none of its own
    thresholds: Mapping[str, Threshold]  # one per level
    cap: Cap
    quorum: Threshold
    quorum_warning: Threshold
    min_voters: int
    min_tellers: int
    min_tellers_paper: int
    min_paper_ballots: int
    clerk_may_count_below: int
    envelope_months: int  # that marks are kept, locked, after the count; 0: totals alone are kept
    score_step: Decimal  # of a self-review's points; it divides one point
    scoring: str  # of the common criteria
    score_gap: Decimal  # from here on a self score and an appraised one ask for a reason
    head_limit: str  # what the head's level is held against
    likeness: int  # percent of a self-review taken over from last year's, from which on its writer is told
    criteria: Mapping[str, tuple[Group, ...]]  # set over the pack's, by kind of subject
    conditions: Mapping[str, Group]  # the same of one level, by "conditions.leader.HTXS"
    flags: tuple[Flag, ...]  # of the pack and those added; those out of force too
    leader_posts: LeaderPosts  # outside the cell's executive
    post_groups: PostGroups  # that the cap counts by
    bands: Mapping[str, int]  # least score of 100 per level; empty where the pack has none
    basis: tuple[str, ...]
    base_label: str  # completes "Tỷ lệ % tính trên …"
    # By "list", "reviews", "meeting" and "sending"; only those that are set.
    deadlines: Mapping[str, date]
    finish: FinishDay | None  # until when the whole review is to be over, where somebody says so
    # Working days that the draft report is sent before the meeting; 0: nobody says so.
    draft_days: int
    texts: Mapping[str, str]
    agenda: tuple[tuple[str, str], ...]  # (title, kind of AgendaItem)
    # On whom a meeting votes, in this order: "leadership", "members", "cell".
    polls: tuple[str, ...]
    collectives: str  # whether cells review leadership collectives: a key of COLLECTIVES
    collective_least: int  # members from which on a leadership collective is a subject of its own
    layouts: tuple[tuple[date, str, str], ...]  # (in force since, family, source), oldest first
    file_name: str  # pattern with {paper}, {cell}, and {year} or {period}
    origins: Mapping[str, Origin]  # of each rule in force, by dotted key
    keys: tuple[str, ...]  # of the rules that may be set, in the order of the pack

    @classmethod
    def from_pack(
        cls, pack: Mapping[str, Any], settings: Mapping[str, Any], layers: Iterable[Layer] = ()
    ) -> "Rules":
        """Merge the layers, the nearest last, then the settings over the pack, key by key, inside its tables too.

        Raises ValueError with one Vietnamese sentence on an unknown key, a wrong type or a bad threshold.
        """
        levels = tuple(pack["levels"])
        layers = [layer.serving(pack) for layer in layers]
        rules, sources = _layered(pack, layers, levels)
        reviews, set_over = _of_reviews(pack, layers)
        rules = UNSTATED | _merged(rules, _for_this(pack, settings), levels)
        return cls(
            pack=pack["name"],
            version=pack["version"],
            levels=levels,
            base=word_of(rules, "base", BASES),
            threshold=Threshold.parse(rules["threshold"][ALL]),
            thresholds=_thresholds(rules["threshold"], levels),
            cap=_cap(rules["cap"]),
            quorum=Threshold.parse(rules["quorum"]),
            quorum_warning=Threshold.parse(rules["quorum_warning"]),
            min_voters=number_of(rules, "min_voters"),
            min_tellers=number_of(rules, "min_tellers"),
            min_tellers_paper=number_of(rules, "min_tellers_paper"),
            min_paper_ballots=number_of(rules, "min_paper_ballots"),
            clerk_may_count_below=number_of(rules, "clerk_may_count_below"),
            score_step=step_of(rules["score_step"]),
            scoring=word_of(rules, "scoring", SCORINGS),
            score_gap=Decimal(number_of(rules, "score_gap")),
            head_limit=word_of(rules, "head_limit", HEAD_LIMITS),
            likeness=percent_of(rules, "likeness"),
            deadlines=deadlines_of(rules["deadline"]),
            finish=finish_of(pack, rules["finish"]),
            draft_days=number_of(rules, "draft_days"),
            origins=MappingProxyType(sources | set_over),
            keys=tuple(_keys(pack["rules"], levels)),
            **reviews,
            **_of_pack(pack, rules),
        )

    def stated(self) -> tuple[Stated, ...]:
        """Every rule in force with its source."""
        return tuple(
            Stated(key, self.label(key), self.words(key), origin.words, origin.decided)
            for key in self.keys
            for origin in [self.origin(key)]
        )

    def flags_for(self, kind: str) -> tuple[Flag, ...]:
        """The flags in force that may be confirmed of this kind of subject."""
        return tuple(flag for flag in self.flags if flag.is_in_force and kind in flag.subjects)

    def label(self, key: str) -> str:
        """What a rule is called, by the key that a setting names; a level's own threshold names the level."""
        outer, _, inner = key.partition(".")
        label = self.origin(key).label
        return f"{label}: {inner}" if outer == "threshold" and inner != ALL else label

    def origin(self, key: str) -> Origin:
        """Where the value of a rule comes from; a level without a threshold of its own shares the general one."""
        return self.origins.get(key) or self.origins[f"{key.partition('.')[0]}.{ALL}"]

    def words(self, key: str) -> str:
        """The value of a rule, by the key that a setting names, as people read it."""
        outer, _, inner = key.partition(".")
        if outer == "base":
            return self.base_label
        if outer == "deadline":
            day = self.deadlines.get(inner)
            return f"{day:%d/%m/%Y}" if day else "chưa đặt"
        if outer == "threshold":
            return str(self.thresholds.get(inner, self.threshold))
        if outer == "finish":
            return self.finish.words if self.finish else NO_DAY
        if outer == "polls":
            return order_words(self.polls)
        if outer == "subjects":
            return self.texts["subjects"]
        value = getattr(self.cap if outer == "cap" else self, inner or outer)
        if isinstance(value, Decimal):
            return f"{score(value)} điểm"
        words = {**READINGS, **ROUNDINGS, **SCORINGS, **HEAD_LIMITS}
        return (COLLECTIVES if key == "collectives" else words).get(value, str(value))

    def value(self, key: str) -> object:
        """The value of a rule as its form shows it to be changed."""
        outer, _, inner = key.partition(".")
        if outer in ("base", "deadline"):
            return self.base if outer == "base" else self.deadlines.get(inner)
        if outer == "finish":
            return self.finish.key if self.finish else NONE
        if outer == "polls":
            return ",".join(self.polls)
        if outer == "score_step":
            return score(self.score_step)
        if outer in ("threshold", "quorum", "quorum_warning", "subjects"):
            return self.words(key)
        return getattr(self.cap if outer == "cap" else self, inner or outer)

    def days_in(self, span: Period) -> dict[str, date]:
        """Until when each step of this period's review is to be done: no later than the whole review."""
        days = {step: day for step, day in self.deadlines.items() if day >= span.begins_on}
        ends = self.days_at_the_end(span)
        return days | {step: min(days.get(step, last), last) for step, last in ends.items()}

    def days_at_the_end(self, span: Period) -> dict[str, date]:
        """The last day of the whole review, for the steps that end it."""
        last = self.finish.of(span.year) if self.finish else None
        return dict.fromkeys(OF_THE_WHOLE, last) if last else {}

    def last_day_for_the_draft(self, meeting: date) -> date | None:
        """Until when the draft report is sent before a meeting on this day; None where nobody says so."""
        return working_days_before(meeting, self.draft_days) if self.draft_days else None

    def may_open(self, present: int, summoned: int) -> bool:
        """Whether so many of the summoned voters suffice to hold the meeting at all."""
        return self.quorum.is_reached(present, summoned)

    def least_present(self, summoned: int) -> str:
        """How many of the summoned voters must be there, in words that end a sentence."""
        if not summoned:
            return "chưa có ai có quyền biểu quyết"
        return f"cần ít nhất {fraction(self.quorum.least(summoned), summoned)}"

    def is_short(self, present: int, summoned: int) -> bool:
        """Whether so few came that the meeting is warned (it may still be held)."""
        return not self.quorum_warning.is_reached(present, summoned)

    def has_few_voters(self, voters: int) -> bool:
        """Whether so few vote that a secret ballot may give them away: a warning."""
        return voters < self.min_voters

    def clerk_may_count(self, full_present: int) -> bool:
        """Whether the clerk may be a teller, with so many full members present."""
        return full_present < self.clerk_may_count_below

    def tellers_needed(self, paper_ballots: int) -> int:
        """How many tellers a poll needs that has so many paper ballots."""
        if not paper_ballots:
            return self.min_tellers
        return max(self.min_tellers, self.min_tellers_paper)

    def few_tellers(self, tellers: int, paper_ballots: int = 0) -> str:
        """Why so few tellers cannot count, as the beginning of a sentence; "" where they are enough."""
        needed = self.tellers_needed(paper_ballots)
        if tellers >= needed:
            return ""
        team = "Có phiếu giấy thì tổ kiểm phiếu" if paper_ballots else "Tổ kiểm phiếu"
        return f"{team} cần ít nhất {two_digits(needed)} đồng chí"

    def layout_on(self, day: date) -> str:
        """The guidance on the form (thể thức) of a paper dated this day: "hd-05: Hướng dẫn 05-HD/VPTW, …"."""
        in_force = [layout for layout in self.layouts if layout[0] <= day]
        _, family, source = in_force[-1] if in_force else self.layouts[0]
        return f"{family}: {source}"


def _of_pack(pack: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody sets over the pack, and what is set over its texts, its polls and its collectives."""
    return {
        "bands": MappingProxyType(pack["bands"]),
        "basis": tuple(pack["basis"]),
        "base_label": pack["base_labels"][rules["base"]],
        "polls": polls_of(pack, rules["polls"]),
        "collectives": word_of(rules, "collectives", COLLECTIVES),
        "collective_least": number_of(rules, "collective_least"),
        "envelope_months": number_of(rules, "envelope_months"),
        "texts": _texts(pack, rules["subjects"]),
        "agenda": tuple((item["title"], item["kind"]) for item in pack["agenda"]),
        "layouts": tuple(
            sorted((item["since"], item["family"], item["source"]) for item in pack["layouts"])
        ),
        "file_name": pack["file_name"],
    }


def _of_reviews(
    pack: Mapping[str, Any], layers: Iterable[Layer]
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """What is set over the pack's [review], and where each set of it comes from."""
    criteria, conditions = own_sets(pack, layers), own_levels(pack, layers)
    sources = {CRITERIA + kind: origin for kind, (_, origin) in criteria.items()}
    return {
        "criteria": MappingProxyType({kind: groups for kind, (groups, _) in criteria.items()}),
        "conditions": MappingProxyType({key: group for key, (group, _) in conditions.items()}),
        "flags": flags_of(pack, layers),
        "leader_posts": leader_posts(layers),
        "post_groups": post_groups(layers),
    }, sources | {key: origin for key, (_, origin) in conditions.items()}


def _layered(
    pack: Mapping[str, Any], layers: Iterable[Layer], levels: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """The pack's [rules] with the layers over them, and where each value now comes from."""
    rules, sources = pack["rules"], _origins(pack["version"])
    for whole in (layer.without((*OF_REVIEWS, POSTS)) for layer in layers):
        layer = whole.known_to(pack)
        rules = _merged(rules, layer.nested(), levels)
        sources |= {key: _set_by(layer, key, sources) for key in layer.values}
    return rules, sources


def _for_this(pack: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings without those that another version of the packs knows and this one does not."""
    elsewhere = known_rules() - set(pack["rules"])
    return {key: value for key, value in settings.items() if key not in elsewhere}


def _texts(pack: Mapping[str, Any], subjects: object) -> Mapping[str, str]:
    """What papers say; what is reviewed may be set."""
    if not isinstance(subjects, str):
        raise ValueError("“subjects” phải là chữ.")
    stated = {"subjects": subjects} if subjects.strip() else {}
    return MappingProxyType({**pack["texts"], **stated})


def _keys(rules: Mapping[str, Any], levels: tuple[str, ...]) -> Iterator[str]:
    """Dotted keys; a level's own threshold stands after the general one."""
    for key, value in rules.items():
        if key == "threshold":
            yield from (f"threshold.{level}" for level in (ALL, *levels))
        elif isinstance(value, Mapping):
            yield from (f"{key}.{inner}" for inner in value)
        else:
            yield key


def _origins(version: str) -> dict[str, Origin]:
    """Origins of the pack's [rules], by the key that a setting names."""
    by_value = {
        key.removeprefix("rules."): origin
        for key, origin in origins(version).items()
        if key.startswith("rules.")
    }
    return by_value | {f"threshold.{ALL}": by_value["threshold"]}


def _set_by(layer: Layer, key: str, known: Mapping[str, Origin]) -> Origin:
    former = known.get(key) or known[key.partition(".")[0]]
    return Origin(former.label, layer.basis.get(key, ""), "certain", layer.by)


def _merged(
    rules: Mapping[str, Any], settings: Mapping[str, Any], levels: tuple[str, ...]
) -> dict[str, Any]:
    """The pack's [rules] with the settings over them; every key must be a known one."""
    must_know("thiết lập", settings, rules)
    inner = {key: tuple(rules[key]) for key in ("cap", "deadline")}
    inner["threshold"] = (ALL, *levels)
    merged = {**rules, **settings}
    for key, known in inner.items():
        own = settings.get(key, {})
        if not isinstance(own, Mapping):
            raise ValueError(f"Thiết lập “{key}” phải là một bảng khoá và giá trị.")
        must_know(key, own, known)
        merged[key] = {**rules[key], **own}
    return merged


def _thresholds(table: Mapping[str, Any], levels: tuple[str, ...]) -> Mapping[str, Threshold]:
    parsed = {key: Threshold.parse(text) for key, text in table.items()}
    return MappingProxyType({level: parsed.get(level, parsed[ALL]) for level in levels})


def _cap(table: Mapping[str, Any]) -> Cap:
    percent = percent_of(table, "percent")
    return Cap(percent, word_of(table, "reading", READINGS), word_of(table, "rounding", ROUNDINGS))
