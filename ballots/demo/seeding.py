"""A scenario's cell in the database, with its people, offices, campaign and accounts; and its meeting, planned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ballots.demo.scenario import CELL, Person, Scenario
from ballots.meeting import planning, roster
from ballots.meeting.collectives import add_collective
from ballots.models import Poll
from ballots.report.sheet import Report, form_of
from ballots.report.verbs import edit_report, save_report
from ballots.voting.planning import drop_poll, plan_poll
from cells.law.guidance import version_of
from cells.law.posts import LEADER
from cells.models import Campaign, Cell, Collective, Committee, Meeting, Setting
from members.models import Assessment, Attendance, Member, Office, User
from members.rules.review_sheet import TEXT


@dataclass(frozen=True)
class Seeded:
    """A cell made from a scenario; `members` by scenario key; two accounts without a password."""

    cell: Cell
    campaign: Campaign
    members: dict[str, Member]
    secretary: User
    officer: User


@transaction.atomic
def make_cell(scenario: Scenario) -> Seeded:
    """Make the scenario's cell and all that a meeting of it needs; whoever runs it gets an account.

    That is the bí thư; in a cell without one, the chair of the scenario, as its deputy.
    """
    committee: Committee = Committee.objects.add_root(
        {"name": scenario.committee, "place": scenario.place}
    )
    campaign = Campaign.objects.create(
        committee=committee,
        year=scenario.campaign.year,
        pack=version_of(scenario.campaign.pack),
        basis=list(scenario.campaign.basis),
        settings=scenario.campaign.over_pack,
    )
    officer = account(
        f"cap-tren-{committee.pk}", committee=committee, last_name="Nguyễn Văn", first_name="Mẫu"
    )
    return make_cell_under(scenario, committee, campaign, officer)


@transaction.atomic
def make_cell_under(
    scenario: Scenario, committee: Committee, campaign: Campaign, officer: User
) -> Seeded:
    """The same under a committee that is there, for the review that reaches it."""
    cell = Cell.objects.create(committee=committee, name=scenario.cell, place=scenario.place)
    members = {
        key: _member(cell, position, person, scenario)
        for position, (key, person) in enumerate(scenario.people.items(), start=1)
    }
    _set_leader_posts(scenario, committee)
    _rate_elsewhere(scenario, cell, campaign, members)
    secretary = account(f"bi-thu-{cell.pk}", member=_head(scenario, members))
    return Seeded(cell, campaign, members, secretary, officer)


def _member(cell: Cell, position: int, person: Person, scenario: Scenario) -> Member:
    member = Member.objects.create(
        cell=cell,
        name=person.name,
        status=person.status,
        post=person.post,
        born_year=person.born,
        position=position,
    )
    day = scenario.meeting.starts.date()
    if person.office:
        Office.objects.create(member=member, kind=person.office, since=day)
    for office in person.offices:
        if person.office and office.kind == "party" and office.post == person.post:
            continue
        Office.objects.create(member=member, kind=office.kind, title=office.post, since=day)
    return member


def _set_leader_posts(scenario: Scenario, committee: Committee) -> None:
    """What the committee counts as leadership, where the scenario names such posts."""
    posts = [o.post for person in scenario.members for o in person.offices if o.leader]
    if posts:
        value = list(dict.fromkeys(posts))
        Setting.objects.create(
            committee=committee, key=LEADER, value=value, basis="Theo tệp kịch bản"
        )


def _rate_elsewhere(
    scenario: Scenario, cell: Cell, campaign: Campaign, members: Mapping[str, Member]
) -> None:
    for key, person in scenario.people.items():
        if elsewhere := person.rated_elsewhere:
            about = {"cell": cell, "campaign": campaign, "member": members[key]}
            said = {"by_body": elsewhere.by, "level": elsewhere.level}
            Assessment.objects.create(**about, body=Assessment.Body.POST, **said)


def _head(scenario: Scenario, members: dict[str, Member]) -> Member:
    for kind in (Office.Kind.SECRETARY, Office.Kind.DEPUTY):
        for key, person in scenario.people.items():
            if person.office == kind:
                return members[key]
    chair = members[scenario.meeting.chair]
    day = scenario.meeting.starts.date()
    Office.objects.create(member=chair, kind=Office.Kind.DEPUTY, since=day)
    return chair


def account(username: str, **values: object) -> User:
    """An account without a password, entered by a link."""
    user = User(username=username, **values)
    user.set_unusable_password()
    user.save()
    return user


def seed(scenario: Scenario) -> tuple[Meeting, Seeded]:
    """The scenario's cell before its meeting: planned, nobody there yet; and what was made for it."""
    seeded = make_cell(scenario)
    user, plan = seeded.secretary, scenario.meeting
    meeting = planning.plan_meeting(
        user,
        seeded.cell,
        seeded.campaign,
        starts_at=_aware(plan.starts),
        venue=plan.venue,
        chair=seeded.members[plan.chair],
        clerk=seeded.members[plan.clerk],
        presenter=seeded.members[plan.presented_by] if plan.presented_by else None,
    )
    for attendance in Attendance.objects.of(meeting):
        person = scenario.members[attendance.position - 1]
        roster.set_review(
            user, attendance, person.rated, person.unrated_reason, person.self_level or ""
        )
    _write_report(scenario, user, meeting)
    for each in scenario.collectives:
        body = add_collective(user, meeting, each.name, each.size)
        claims = each.self_level or "", each.self_score
        save_report(user, meeting, "", *claims, collective=body)
    _replace_polls(scenario, seeded, meeting)
    return meeting, seeded


def _write_report(scenario: Scenario, user: User, meeting: Meeting) -> None:
    """The draft, section by section, what the minutes tell of it, and what the cell claims."""
    summary = scenario.report.summary(scenario.campaign.year) if scenario.report else ""
    if scenario.report:
        report = Report.load(meeting.report, form_of(meeting.rules))
        known = {section.key for section in report.form.sections}
        texts = {TEXT + k: text for k, text in scenario.report.sections().items() if k in known}
        edit_report(user, meeting, replace(report, typed={**report.typed, **texts}), "")
    save_report(user, meeting, summary, scenario.cell_self_level or "", scenario.cell_self_score)


def _replace_polls(scenario: Scenario, seeded: Seeded, meeting: Meeting) -> None:
    """The scenario's own polls in place of the two that every meeting is planned with."""
    for planned in Poll.objects.filter(meeting=meeting):
        drop_poll(seeded.secretary, planned)
    known: dict[str, Member | Collective] = {**seeded.members}
    known |= {body.name: body for body in meeting.collectives.all()}
    for poll in scenario.polls:
        keys = scenario.subjects(poll)
        subjects = None if keys == (CELL,) else [known[key] for key in keys]
        plan_poll(seeded.secretary, meeting, poll.title, subjects, list(poll.levels))


def _aware(moment: datetime) -> datetime:
    """The scenario's wall clock, which is that of the cell."""
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
