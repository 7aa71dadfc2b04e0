"""What several papers share: head, levels, distribution, the levels of one subject."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from django.utils import timezone

from ballots.papers import data
from ballots.results.figures import Figures, Outcome
from cells import wording
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
    day = day or local(meeting.starts_at).date()
    above, issuer, place, sign = _issuer(meeting)
    return data.Head(
        committee=above,
        cell=issuer,
        place=place,
        sign=sign,
        day=day,
        year=meeting.campaign.year,
        period=meeting.campaign.period,
        subjects=rules.texts["subjects"],
        persons=rules.texts["persons"],
        pack=rules.version,
        layout=rules.layout_on(day),
        mark=REHEARSAL if meeting.is_rehearsal else DRAFT,
    )


def _issuer(meeting: Meeting) -> tuple[str, str, str, str]:
    """Who stands above a paper, who issues it, at which place and under which sign: of a cell, or of a committee."""
    committee = meeting.committee
    if committee is None:
        cell = meeting.cell
        return cell.committee.name, cell.name, cell.place or cell.committee.place, data.Head.sign
    executive = committee.executive_name
    above = committee.above or committee
    return above.name, executive, committee.place, wording.sign_of(executive)


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
