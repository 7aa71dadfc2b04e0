"""A meeting's figures: what was counted and what follows from it, for the pages, the papers and ket-qua.json alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from ballots.models import Classification, Poll, Subject
from ballots.results import classification, levels, tally
from ballots.results.classification import (
    CELL,
    CELL_ADDRESS,
    COLLECTIVE,
    COLLECTIVE_ADDRESS,
    LEADER,
    CapCheck,
    Distribution,
    Proposal,
)
from ballots.results.levels import InForce
from ballots.secret.sheet import parse_sheet
from cells.law.rules import Rules
from cells.models import Collective, Meeting
from members.models import Assessment, Attendance, Member
from members.rules.names import ListedNames


@dataclass(frozen=True)
class RowFigures:
    """One row of a counted poll: all four levels, blank rows, exact shares of the base (None where it is 0).

    `kind`: of the row (`tally.Row`).
    """

    key: str
    label: str
    kind: str
    member: Member | None
    collective: Collective | None
    counts: Mapping[str, int]
    blank: int
    shares: Mapping[str, Fraction | None]
    proposal: Proposal

    def is_about(self, outcome: "Outcome") -> bool:
        """Whether a level of this subject follows from the row."""
        same = (self.member, self.collective) == (outcome.member, outcome.collective)
        return same and self.kind != LEADER


@dataclass(frozen=True)
class PollFigures:
    """A counted poll; `base` is the number the shares are taken of, `problems` the sums that do not hold."""

    poll: Poll
    digits: str
    levels: tuple[tuple[str, str], ...]  # code and label, as on the sheet
    base: int
    rows: tuple[RowFigures, ...]
    count: tally.PollCount
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A member or leadership collective the meeting rates, or the cell itself (neither), with the levels in force."""

    key: str
    name: str
    member: Member | None
    self_level: str
    in_force: InForce
    collective: Collective | None = None
    # How a leader was rated where the post is held, a basis of the level here.
    as_leader: Assessment | None = None

    @property
    def address(self) -> str:
        """Its key in the addresses of pages."""
        if self.collective:
            return COLLECTIVE_ADDRESS.format(self.collective.pk)
        return str(self.member.pk) if self.member else CELL_ADDRESS

    @property
    def voted(self) -> str | None:
        """Proposed by the last poll that proposed a level."""
        return self.in_force.by_vote.level if self.in_force.by_vote else None

    @property
    def level(self) -> str | None:
        """Proposed by the cell; None: chưa kết luận."""
        return self.in_force.proposed.level if self.in_force.proposed else None

    @property
    def reason(self) -> str:
        """The chair's, where the chair concluded."""
        proposed = self.in_force.proposed
        by_chair = proposed is not None and proposed.source == Classification.Source.CHAIR
        return proposed.reason if proposed and by_chair else ""

    @property
    def is_concluded_by_chair(self) -> bool:
        """Whether the level is the chair's recorded conclusion."""
        return bool(self.reason)


@dataclass(frozen=True)
class Figures:
    """Everything a meeting's votes say; `cell` is None while nothing was voted or concluded about the cell."""

    rules: Rules
    names: ListedNames  # of the meeting's list
    polls: tuple[PollFigures, ...]
    voids: tuple[Poll, ...]
    cell: Outcome | None
    collectives: tuple[Outcome, ...]  # leadership collectives rated for themselves
    small: tuple[Collective, ...]  # with so few members that they are reviewed with the executive
    members: tuple[Outcome, ...]  # the rated, in list order
    unrated: tuple[Attendance, ...]
    distribution: Distribution
    cap: CapCheck
    base_label: str  # completes "Tỷ lệ % tính trên …"

    @property
    def has_members(self) -> bool:
        """Whether anything was voted or concluded about members, so that their distribution means something."""
        voted = any(row.member for poll in self.polls for row in poll.rows)
        return (voted and bool(self.members)) or any(outcome.level for outcome in self.members)

    @property
    def rates_cell(self) -> bool:
        """Whether the cell itself is rated: by the guidance pack, or because the meeting has done so."""
        return CELL in self.rules.polls or self.cell is not None

    @property
    def bodies(self) -> tuple[Outcome, ...]:
        """The leadership collectives, then the cell where anything was voted or concluded about it."""
        return (*self.collectives, *([self.cell] if self.cell else []))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All subjects, the cell first, in the order they are reviewed in."""
        return (*([self.cell] if self.cell else []), *self.collectives, *self.members)

    @property
    def disagree(self) -> bool:
        """Whether a level by vote is not what its ballots propose: never, unless rows were changed by hand."""
        return any(_of_ballots(self.polls, o) != o.voted for o in self.outcomes)

    @property
    def cap_warning(self) -> str:
        """The warning with both readings, or ""."""
        return classification.cap_sentence(self.cap, self.rules.cap)

    def as_dict(self) -> dict[str, Any]:
        """The frozen figures, as ket-qua.json has them."""
        outcomes = self.outcomes
        return classification.figures(
            [poll.count for poll in self.polls],
            rated=[outcome.key for outcome in self.members],
            unrated=len(self.unrated),
            conclusions={o.key: o.level for o in outcomes if o.level and o.is_concluded_by_chair},
            rules=self.rules,
            sealed=[poll.poll.sealed_sha256 for poll in self.polls],
        )


def load(meeting: Meeting) -> Figures:
    """The figures of a meeting as they stand now, in a fixed number of queries.

    `meeting.campaign` and `meeting.cell` should be selected along with it.
    """
    rules = meeting.rules
    listed = list(Attendance.objects.of(meeting))
    names = ListedNames(a.member for a in listed)
    keys = {a.member_id: names.label(a.member) for a in listed}  # as scenario files have them
    in_force = levels.of_meeting(meeting)
    opened = Poll.objects.filter(meeting=meeting).order_by("number")
    polls = tuple(_poll(poll, keys, rules) for poll in _whole(opened.counted()))
    members = _members(meeting, listed, keys, in_force)
    cell = Outcome(
        CELL, meeting.body_name, None, meeting.report.self_level, in_force.get(None, InForce())
    )
    bodies = _collectives(meeting)
    # Whom a committee lists are its voters alone.
    unrated = tuple(a for a in listed if not a.rated and not meeting.is_sitting)
    spread = classification.distribute((o.level for o in members), len(unrated), rules)
    return Figures(
        rules=rules,
        names=names,
        polls=polls,
        voids=tuple(opened.filter(state=Poll.State.VOID)),
        cell=cell if cell.level or (_voted_on(polls, cell) and not meeting.is_sitting) else None,
        collectives=bodies[0],
        small=bodies[1],
        members=members,
        unrated=unrated,
        distribution=spread,
        cap=classification.check_cap(spread.counts, rules),
        base_label=_base_label(meeting, rules),
    )


def _base_label(meeting: Meeting, rules: Rules) -> str:
    """As the pack has it; who votes in a committee is called otherwise than in a cell."""
    label = rules.base_label
    return label.replace("đảng viên chính thức", "cấp ủy viên") if meeting.is_sitting else label


def of_poll(poll: Poll) -> PollFigures:
    """One poll that was counted twice alike, for the tellers who are to confirm it: nobody else sees it before."""
    listed = Attendance.objects.of(poll.meeting)
    names = listed.listed_names()
    keys = {row.member_id: names.label(row.member) for row in listed}
    return _poll(_whole(Poll.objects.filter(pk=poll.pk)).get(), keys, poll.meeting.rules)


def _whole(polls: QuerySet[Poll]) -> QuerySet[Poll]:
    """With all that their figures are made of."""
    parts = ("rows", "subjects__member", "subjects__collective")
    return (
        polls.select_related("alarm", "envelope").defer("envelope__data").prefetch_related(*parts)
    )


def _members(
    meeting: Meeting, listed: list[Attendance], keys: Mapping[int, str], in_force: levels.BySubject
) -> tuple[Outcome, ...]:
    """The rated of the list, in its order."""
    as_leaders = Assessment.objects.of(meeting.cell, meeting.campaign).as_leaders()
    return tuple(
        Outcome(
            key=keys[row.member_id],
            name=keys[row.member_id],
            member=row.member,
            self_level=row.self_level,
            in_force=in_force.get(row.member_id, InForce()),
            as_leader=as_leaders.get(row.member_id),
        )
        for row in listed
        if row.rated
    )


def _collectives(meeting: Meeting) -> tuple[tuple[Outcome, ...], tuple[Collective, ...]]:
    """The leadership collectives that are subjects of their own, and the small ones."""
    listed = list(meeting.collectives.select_related("stored_report"))
    in_force = levels.of_collectives(meeting)
    rated = tuple(
        Outcome(c.name, c.name, None, c.report.self_level, in_force.get(c.pk, InForce()), c)
        for c in listed
        if c.is_rated(meeting.rules)
    )
    return rated, tuple(c for c in listed if not c.is_rated(meeting.rules))


def base_of(poll: Poll, rules: Rules) -> int:
    """The number that the shares of a poll are taken of."""
    people = tally.Roll(poll.summoned, poll.present, excused=poll.summoned - poll.base)
    numbers = {"issued": poll.issued, "collected": poll.collected, "valid": poll.valid}
    return tally.base_of(rules.base, people, **numbers)


def _poll(poll: Poll, keys: Mapping[int, str], rules: Rules) -> PollFigures:
    base = base_of(poll, rules)
    tallies = {row.position: row for row in poll.rows.all()}
    rows = tuple(
        RowFigures(
            key=_key(subject, keys),
            label=subject.label,
            kind=COLLECTIVE if subject.collective_id else LEADER if subject.as_leader else "",
            member=subject.member,
            collective=subject.collective,
            counts=tallies[subject.position].counts,
            blank=tallies[subject.position].blank,
            shares={
                code: Fraction(number, base) if base else None
                for code, number in tallies[subject.position].counts.items()
            },
            proposal=classification.propose(tallies[subject.position].counts, base, rules),
        )
        for subject in poll.subjects.all()
    )
    count = _count(poll, base, rows)
    sheet = parse_sheet(bytes(poll.sheet or b""))
    return PollFigures(
        poll=poll,
        digits=sheet.digits,
        levels=sheet.levels,
        base=base,
        rows=rows,
        count=count,
        problems=tuple(tally.problems(replace(count, rows=_labelled(rows)))),
    )


def _count(poll: Poll, base: int, rows: tuple[RowFigures, ...]) -> tally.PollCount:
    return tally.PollCount(
        title=poll.title,
        summoned=poll.summoned,
        present=poll.present,
        base=base,
        issued=poll.issued,
        collected=poll.collected,
        valid=poll.valid,
        invalid=poll.invalid,
        rows=tuple(tally.Row(row.counts, row.blank, row.key, row.kind) for row in rows),
    )


def _labelled(rows: tuple[RowFigures, ...]) -> tuple[tally.Row, ...]:
    """The rows under the names people read, for sentences that name a line."""
    return tuple(tally.Row(row.counts, row.blank, row.label) for row in rows)


def _key(subject: Subject, keys: Mapping[int, str]) -> str:
    """As scenario files have it."""
    if subject.member_id:
        return keys.get(subject.member_id, subject.label)
    return subject.collective.name if subject.collective else CELL


def _voted_on(polls: Iterable[PollFigures], outcome: Outcome) -> bool:
    return any(row.is_about(outcome) for poll in polls for row in poll.rows)


def _of_ballots(polls: Iterable[PollFigures], outcome: Outcome) -> str | None:
    """The level that the last poll to propose one for this subject proposes."""
    about = [row for poll in polls for row in poll.rows if row.is_about(outcome)]
    proposed = [row.proposal.level for row in about if row.proposal.level]
    return proposed[-1] if proposed else None
