"""From the rows to the report to the committee above, with its groups by post."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ballots.models import Paper, Total
from ballots.papers import heads
from ballots.papers.data import Reasoned
from ballots.papers.lists.data import PostGroup, UpwardData
from ballots.papers.lists.gather import ListSource, unrated_rows
from ballots.report.sheet import is_reviewed
from ballots.results.classification import cap_statement
from cells import wording
from cells.models import Campaign, Meeting
from members.models import Attendance, Office

WITH_POST = str(Total.Group.LEADER.label)
WITHOUT_POST = str(Total.Group.MEMBER.label)


def gather_upward(meeting: Meeting, enclosed: Iterable[str]) -> UpwardData:
    """The report to the committee above; `enclosed`: what the papers are called that go along with it."""
    source = ListSource.read(meeting)
    voted = source.figures
    voters = [row for row in source.listed if row.has_vote]
    best = voted.rules.levels[0]
    return UpwardData(
        head=replace(source.head, series=Paper.Series.REPORT.value),
        levels=source.levels,
        to=meeting.cell.committee.executive_name,
        basis=tuple(meeting.campaign.basis or voted.rules.basis),
        day=heads.local(meeting.starts_at).date(),
        summoned=len(voters),
        present=sum(row.state == Attendance.State.PRESENT for row in voters),
        collective=is_reviewed(meeting, voted.rates_cell),
        cell_levels=heads.subject_levels(voted.cell) if voted.cell else None,
        collective_levels=tuple(heads.subject_levels(outcome) for outcome in voted.collectives),
        groups=_groups(source),
        distribution=heads.distribution(voted),
        best=tuple(outcome.name for outcome in voted.members if outcome.level == best),
        unrated=tuple(Reasoned(row.name, row.reason, row.status) for row in unrated_rows(source)),
        proposal=voted.rules.texts["proposal"],
        enclosed=tuple(map(wording.uncapitalized, enclosed)),
        signer=source.signer,
        cap=cap_statement(voted.cap, voted.rules.cap),
    )


def _groups(source: ListSource) -> tuple[PostGroup, ...]:
    """Those in office on the day of the meeting, and the others, by proposed level (Mẫu 16).

    A quarter's review concerns leaders alone, so that whoever is on its list is one.
    """
    day = heads.local(source.meeting.starts_at).date()
    offices = Office.objects.filter(member__attendance__meeting=source.meeting)
    posts = source.meeting.rules.leader_posts
    leaders = {office.member_id for office in offices.leading(posts, day)}
    people = [row.member_id for row in source.concerned]
    if source.meeting.campaign.kind != Campaign.Kind.YEAR:
        leaders.update(people)
    groups = (
        _group(source, WITH_POST, [pk for pk in people if pk in leaders]),
        _group(source, WITHOUT_POST, [pk for pk in people if pk not in leaders]),
    )
    return tuple(group for group in groups if group.total)


def _group(source: ListSource, label: str, people: list[int]) -> PostGroup:
    outcomes = {o.member.pk: o for o in source.figures.members if o.member}
    levels = Counter(outcomes[pk].level for pk in people if pk in outcomes)
    away = [pk for pk in people if pk not in outcomes]
    outside = sum(pk in source.not_subject for pk in away)
    return PostGroup(
        label=label,
        total=len(people),
        counts={code: levels[code] for code in source.figures.rules.levels},
        unrated=len(away) - outside,
        undecided=levels[None],
        outside=outside,
    )
