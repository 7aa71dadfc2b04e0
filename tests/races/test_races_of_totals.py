"""Files of one committee changed at once: what is stored adds up, and nobody on two lists is counted twice."""

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import Submission
from ballots.results import recording, sums
from ballots.results.decisions import cases_of
from ballots.results.filed import listed_of
from cells.law.periods import Period
from cells.models import Meeting
from members.models import Attendance
from tests.kit import factories, sendings, verbs
from tests.kit.threads import press, together

YEAR = Period(2026)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def listed(committee, campaign, *members) -> Meeting:
    """A meeting of a cell of its own, with these members on its list."""
    cell = members[0].cell if members[0].cell.committee == committee else None
    meeting = Meeting.objects.create(
        cell=cell or factories.make_cell(committee),
        campaign=campaign,
        kind="extra",
        starts_at=timezone.now(),
    )
    for member in members:
        Attendance.objects.create(meeting=meeting, member=member, standing=member.status)
    return meeting


def send(meeting: Meeting) -> None:
    """As the verb does last: the sending, and what it adds up to."""
    with transaction.atomic():
        by = factories.make_user(committee=meeting.cell.committee)
        Submission.objects.create(meeting=meeting, by=by, listed=listed_of(meeting))
        recording.record(meeting)


def test_somebody_on_many_lists_that_are_sent_at_once_is_counted_once():
    committee = factories.make_committee()
    campaign = factories.make_campaign(committee)
    shared = factories.make_member(factories.make_cell(committee))
    for _ in range(3):
        own = [factories.make_member(factories.make_cell(committee)) for _ in range(4)]
        meetings = [listed(committee, campaign, member, shared) for member in own]
        assert together(*(partial(send, meeting) for meeting in meetings)) == [None] * 4
    assert sums.of_committee(committee, YEAR).people.total == 13
    assert list(recording.differences()) == []


def test_two_cells_of_a_ward_that_send_and_whose_files_are_returned_and_decided_at_once():
    first = sendings.make_ready(voted=True)
    committee = first.cell.committee
    second = listed(committee, first.campaign, factories.make_member(first.cell))
    officer = factories.make_user(committee=committee)
    verbs.send_up(factories.secretary_of(first), first)
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(first)}
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    sums_fact = FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03")
    done = press(
        partial(verbs.decide, officer, first, act, verdicts),
        partial(verbs.return_file, officer, first, 1, {sums_fact: "Cộng lại"}),
        partial(send, second),
    )
    assert done["done"] == 2
    assert list(recording.differences()) == []
    counted = sums.of_committee(committee, YEAR).people
    returned = Submission.objects.filter(returned_at__isnull=False).exists()
    assert counted.total == (1 if returned else 5)
    assert sum(counted.at("decided").values()) == (0 if returned else 3)
