"""A scenario file as frozen values: one whole meeting. The annotations are the format of the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from ballots.demo.scenario.shape import Between, Text
from ballots.results import tally
from ballots.results.classification import CELL, LEADERSHIP
from cells.law.guidance import load_pack
from cells.law.rules import COLLECTIVE_LEAST, Rules
from members.rules.names import Bearer, ListedNames

REST = "*"  # in marks: every subject that is not named

Code = Literal["HTXS", "HTT", "HT", "KHT"]
# A plain name means the newest version.
Pack = Literal["2023", "2023.1", "2023.2", "2025", "2025.1", "2025.2", "2025.3"]
Name = Annotated[str, Text(110)]  # a member's key: the name, with the year where it occurs twice
Year = Annotated[int, Between(1000, 9999)]
Line = Annotated[str, Text(1_000)]
Prose = Annotated[str, Text(10_000, lines=True)]

# Posts as they are written, to the kinds of Office; a youth union's or a committee's secretary is none.
OFFICES = (
    ("secretary", re.compile(r"bí thư(?! (chi )?đoàn| đảng)")),
    ("deputy", re.compile(r"phó bí thư(?! (chi )?đoàn| đảng)")),
    ("executive", re.compile(r"chi [uủ][yỷ] viên|ủy viên chi|uỷ viên chi")),
)


@dataclass(frozen=True)
class Campaign:
    """Đợt kiểm điểm: the year, the guidance pack and what the committee sets otherwise."""

    year: Year
    pack: Pack
    basis: tuple[Annotated[str, Text(1000, needed=True)], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    # What is reviewed, for titles and basis; else the pack's.
    object: Annotated[str, Text(200)] = ""

    @property
    def over_pack(self) -> dict[str, Any]:
        """All that is set over the pack, by the key of its rule."""
        return {**self.settings, **({"subjects": self.object} if self.object else {})}


@dataclass(frozen=True)
class Meeting:
    """Hội nghị: the times printed in the minutes (local), the duties, the tellers with the lead first."""

    starts: datetime
    ends: datetime
    chair: Name
    clerk: Name
    tellers: tuple[Name, ...]
    venue: Annotated[str, Text(200)] = ""
    presented_by: Name | None = None
    count_starts: datetime | None = None
    count_ends: datetime | None = None
    copies: Annotated[int | None, Between(1, 99)] = None
    filed: tuple[Annotated[str, Text(200, needed=True)], ...] = ()
    conclusion: Prose = ""


@dataclass(frozen=True)
class Report:
    """The draft report of the cell by what its text is about; a section of the form holds one or two of these."""

    strengths: Prose = ""
    shortcomings: Prose = ""
    causes: Prose = ""
    solutions: Prose = ""
    next_year: Prose = ""
    # Sections of the form by their key, where a form has more of them; what stands here stands in no other.
    others: Mapping[Name, Prose] = field(default_factory=dict)

    SECTIONS: ClassVar = {
        "strengths": ("strengths",),
        "weaknesses": ("shortcomings", "causes"),
        "direction": ("solutions", "next_year"),
    }

    def sections(self) -> dict[str, str]:
        """The text of each section, by its key in the form."""
        texts = {
            key: [getattr(self, name) for name in names if name not in self.others]
            for key, names in self.SECTIONS.items()
        }
        own = {key: "\n".join(filter(None, parts)) for key, parts in texts.items()}
        return {**own, **self.others}

    def summary(self, year: int) -> str:
        """What the minutes of the review of this year tell of it, one paragraph each."""
        told = {
            "Ưu điểm": self.strengths,
            "Hạn chế": self.shortcomings,
            "Nguyên nhân": self.causes,
            "Giải pháp": self.solutions,
            f"Phương hướng năm {year + 1}": self.next_year,
        }
        return "\n".join(f"{name}: {text}" for name, text in told.items() if text)


@dataclass(frozen=True)
class Guest:
    """Đại biểu, without a vote."""

    name: Annotated[str, Text(200, needed=True)]
    post: Annotated[str, Text(300)] = ""


@dataclass(frozen=True)
class Post:
    """Chức vụ outside the cell's executive; `leader`: whether the committee counts it as leadership."""

    kind: Literal["party", "agency", "union"]
    post: Annotated[str, Text(200, needed=True)]
    leader: bool = False


@dataclass(frozen=True)
class RatedElsewhere:
    """The level of a leader, given where the post is held, and by whom."""

    by: Annotated[str, Text(200, needed=True)]
    level: Code


@dataclass(frozen=True)
class Person:
    """One member: the standing and the attendance of that day, and the review data."""

    name: Annotated[str, Text(100, needed=True)]
    status: Literal["full", "probationary", "exempt", "suspended"]
    attendance: Literal["present", "excused", "absent"]
    born: Year | None = None
    post: Annotated[str, Text(200)] = ""
    reason: Annotated[str, Text(200)] = ""
    self_level: Code | None = None
    rated: bool = True
    unrated_reason: Annotated[str, Text(200)] = ""
    offices: tuple[Post, ...] = ()
    rated_elsewhere: RatedElsewhere | None = None
    self_review: Line = ""
    reply: Line = ""
    left_at: datetime | None = None

    @property
    def is_present(self) -> bool:
        """Whether the member came."""
        return self.attendance == "present"

    @property
    def is_voter(self) -> bool:
        """Whether the member has a vote, present or not."""
        return tally.is_voter(self.status, self.attendance)

    @property
    def office(self) -> str:
        """The office the post names, as Office.Kind writes it: secretary, deputy, executive or ""."""
        post = self.post.lower()
        return next((kind for kind, pattern in OFFICES if pattern.match(post)), "")


@dataclass(frozen=True)
class Comment:
    """Ý kiến: by whom, on whom (a member's key, a leadership collective's name, or "cell")."""

    by: Name
    on: Name
    text: Prose = ""
    kind: Literal["strength", "shortcoming", "cause", "solution", "next_year", "opinion"] = (
        "opinion"
    )
    reserved: bool = False


@dataclass(frozen=True)
class Ballots:
    """`count` equal ballots by one door; `marks`: subject key or "*" → level, None leaves the row blank."""

    count: Annotated[int, Between(0, 10**9)]
    via: Literal["phone", "slip", "paper"] = "phone"
    marks: Mapping[Name, Code | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Poll:
    """Lượt bỏ phiếu: on the cell, all leadership collectives, all rated members, or on those listed."""

    title: Annotated[str, Text(300, needed=True)]
    subjects: Literal["cell", "leadership", "members"] | tuple[Name, ...]
    levels: tuple[Code, ...]
    ballots: tuple[Ballots, ...] = ()
    invalid_reasons: Mapping[
        Annotated[str, Text(200, needed=True)], Annotated[int, Between(1, 9999)]
    ] = field(default_factory=dict)

    @property
    def collected(self) -> int:
        """Ballots cast, by all doors."""
        return sum(group.count for group in self.ballots)

    @property
    def papers(self) -> int:
        """Ballots cast on paper."""
        return sum(group.count for group in self.ballots if group.via == "paper")


@dataclass(frozen=True)
class Conclusion:
    """The chair's recorded conclusion on one subject."""

    level: Code
    reason: Prose = ""


@dataclass(frozen=True)
class Collective:
    """Tập thể lãnh đạo, quản lý, whose key is its name; a small one is reviewed with the executive."""

    name: Annotated[str, Text(110, needed=True)]
    size: Annotated[int, Between(1, 999)] = COLLECTIVE_LEAST
    self_level: Code | None = None
    self_score: Annotated[Decimal | None, Between(0, 100, decimals=2)] = None


@dataclass(frozen=True)
class Scenario:
    """One whole meeting. A member's key is the name, with " (born)" only where the name occurs twice."""

    committee: Annotated[str, Text(200, needed=True)]
    cell: Annotated[str, Text(200, needed=True)]
    place: Annotated[str, Text(100)]
    campaign: Campaign
    meeting: Meeting
    members: tuple[Person, ...]
    report: Report | None = None
    guests: tuple[Guest, ...] = ()
    comments: tuple[Comment, ...] = ()
    cell_self_level: Code | None = None
    cell_self_score: Annotated[Decimal | None, Between(0, 100, decimals=2)] = None
    collectives: tuple[Collective, ...] = ()
    polls: tuple[Poll, ...] = ()
    conclusions: Mapping[Name, Conclusion] = field(default_factory=dict)

    @cached_property
    def rules(self) -> Rules:
        """The pack's rules under the scenario's settings; ValueError where a setting is wrong."""
        return Rules.from_pack(load_pack(self.campaign.pack), self.campaign.over_pack)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The members' keys, in list order."""
        bearers = [Bearer(place, p.name, p.born) for place, p in enumerate(self.members)]
        return tuple(map(ListedNames(bearers).label, bearers))

    @cached_property
    def people(self) -> dict[str, Person]:
        """Key → member, in list order."""
        return dict(zip(self.keys, self.members, strict=True))

    @property
    def voters(self) -> tuple[str, ...]:
        """Keys of the voters present."""
        return tuple(key for key, p in self.people.items() if p.is_voter and p.is_present)

    @property
    def staying(self) -> tuple[str, ...]:
        """Keys of the voters who stay to the end."""
        return tuple(key for key in self.voters if self.people[key].left_at is None)

    @property
    def rated(self) -> tuple[str, ...]:
        """Keys of the rated members, in list order."""
        return tuple(key for key, person in self.people.items() if person.rated)

    @property
    def leadership(self) -> tuple[str, ...]:
        """Keys of the leadership collectives that are subjects of their own."""
        return tuple(c.name for c in self.collectives if c.size >= self.rules.collective_least)

    @property
    def full_present(self) -> int:
        """How many full members came."""
        return sum(person.status == "full" and person.is_present for person in self.members)

    @property
    def roll(self) -> tally.Roll:
        """The voters as counted for the base."""
        return tally.roll((person.status, person.attendance) for person in self.members)

    def subjects(self, poll: Poll) -> tuple[str, ...]:
        """The keys of the poll's rows, in the order of the ballot; the cell's own row is "cell"."""
        if poll.subjects == "members":
            return self.rated
        if poll.subjects == LEADERSHIP:
            return self.leadership
        return (CELL,) if isinstance(poll.subjects, str) else poll.subjects

    def marks(self, poll: Poll, group: Ballots) -> tuple[str | None, ...]:
        """The level each of these ballots gives to each row of the poll; None leaves it blank."""
        rest = group.marks.get(REST)
        return tuple(group.marks.get(key, rest) for key in self.subjects(poll))
