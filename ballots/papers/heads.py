"""What several papers share: head, levels, distribution, the levels of one subject."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone

from ballots.papers import data
from ballots.results.figures import Figures, Outcome
from cells.law.rules import Rules
from cells.models import Level as LevelChoice
from cells.models import Meeting

DRAFT = "BẢN DỰ THẢO"
REHEARSAL = "BẢN HỌP THỬ"


def levels(codes: Iterable[str]) -> tuple[data.Level, ...]:
    """The levels of these codes with their names."""
    return tuple(data.Level(code, LevelChoice(code).label) for code in codes)


def head(meeting: Meeting, rules: Rules, day: date | None = None) -> data.Head:
    """The head of a paper of this meeting, marked as a draft; `rules`: those it goes by.

    `day`: of the paper, where it is not the day of the meeting.
    """
    cell = meeting.cell
    day = day or local(meeting.starts_at).date()
    return data.Head(
        committee=cell.committee.name,
        cell=cell.name,
        place=cell.place or cell.committee.place,
        day=day,
        year=meeting.campaign.year,
        period=meeting.campaign.period,
        subjects=rules.texts["subjects"],
        persons=rules.texts["persons"],
        pack=rules.version,
        layout=rules.layout_on(day),
        mark=REHEARSAL if meeting.is_rehearsal else DRAFT,
    )


def subject_levels(outcome: Outcome) -> data.SubjectLevels:
    """What the cell proposes for one subject."""
    return data.SubjectLevels(
        name=outcome.name,
        post=outcome.member.post if outcome.member else "",
        self_level=outcome.self_level,
        level=outcome.level or "",
        reason=outcome.reason,
    )


def distribution(figures: Figures) -> data.Distribution:
    """Members per proposed level."""
    members = figures.distribution
    return data.Distribution(
        rated=members.of,
        counts=dict(members.counts),
        shares={
            code: Fraction(number, members.of) if members.of else None
            for code, number in members.counts.items()
        },
        undecided=members.undecided,
    )


def local(moment: datetime) -> datetime:
    """The moment as the clock of the hall shows it."""
    return timezone.localtime(moment)
