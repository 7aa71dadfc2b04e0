"""Who signs for the cell: one rule, and every paper of a meeting goes by it."""

from datetime import date

import pytest

from ballots.papers.composing import compose
from ballots.papers.data import Signer
from ballots.papers.kinds import KINDS, OF_FILE
from ballots.papers.personal.gather import gather_form
from ballots.papers.signing import signer
from cells.models import Meeting
from members.models import Attendance, Member, Office, SelfReviewVersion
from tests.kit import factories, sendings

pytestmark = pytest.mark.django_db

BEFORE, DAY, AFTER = date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 20)
SECRETARY, DEPUTY = "BÍ THƯ", "PHÓ BÍ THƯ"
LONG = (date(2020, 1, 1), None)


@pytest.fixture
def meeting() -> Meeting:
    """Of four, who all came; nobody in office."""
    made = factories.make_meeting(4)
    factories.arrive(made)
    Office.objects.all().delete()
    return made


def hold(member: Member, kind: str, since: date, until: date | None = None) -> None:
    Office.objects.create(member=member, kind=kind, since=since, until=until)


def stay_away(member: Member) -> None:
    state = {"state": Attendance.State.EXCUSED, "reason": "Đi công tác"}
    Attendance.objects.filter(member=member).update(**state)


@pytest.mark.parametrize(
    ("offices", "away", "post", "signs"),
    [
        ({0: ("secretary", *LONG), 2: ("deputy", *LONG)}, [], SECRETARY, 0),
        ({0: ("secretary", *LONG), 2: ("deputy", *LONG)}, [2], SECRETARY, 0),
        ({0: ("secretary", *LONG), 2: ("deputy", *LONG)}, [0], DEPUTY, 2),
        ({0: ("secretary", *LONG), 2: ("deputy", *LONG)}, [0, 2], SECRETARY, 0),
        ({0: ("secretary", *LONG)}, [0], SECRETARY, 0),
        ({2: ("deputy", *LONG)}, [], DEPUTY, 2),
        ({2: ("deputy", *LONG)}, [2], DEPUTY, 2),
        ({1: ("deputy", *LONG), 2: ("deputy", *LONG)}, [1], DEPUTY, 2),
        ({0: ("executive", *LONG)}, [], SECRETARY, None),
        ({0: ("secretary", LONG[0], BEFORE), 2: ("deputy", *LONG)}, [], DEPUTY, 2),
        ({0: ("secretary", AFTER, None), 2: ("deputy", *LONG)}, [], DEPUTY, 2),
        ({0: ("secretary", LONG[0], BEFORE), 2: ("secretary", DAY, None)}, [], SECRETARY, 2),
        ({}, [], SECRETARY, None),
    ],
)
def test_who_is_in_office_signs_and_of_them_who_came(meeting, offices, away, post, signs):
    people = factories.members_of(meeting)
    for place, (kind, since, until) in offices.items():
        hold(people[place], kind, since, until)
    for place in away:
        stay_away(people[place])
    name = "" if signs is None else people[signs].name
    assert signer(meeting, DAY) == Signer(post, name)


def test_before_anybody_has_come_the_secretary_is_the_one(meeting):
    people = factories.members_of(meeting)
    hold(people[0], "secretary", *LONG)
    hold(people[2], "deputy", *LONG)
    Attendance.objects.update(state=Attendance.State.EXPECTED)
    assert signer(meeting, DAY) == Signer(SECRETARY, people[0].name)


def test_a_secretary_who_took_office_after_the_meeting_signs_what_is_made_then(meeting):
    hold(factories.members_of(meeting)[2], "deputy", *LONG)
    hold(factories.make_member(meeting.cell, "Hồ Thị Mới"), "secretary", AFTER)
    assert signer(meeting, DAY).post == DEPUTY
    assert signer(meeting, AFTER) == Signer(SECRETARY, "Hồ Thị Mới")


def test_every_paper_of_a_meeting_has_the_same_one_sign_for_the_cell(meeting):
    people = factories.members_of(meeting)
    hold(people[0], "secretary", *LONG)
    hold(people[2], "deputy", *LONG)
    stay_away(people[0])
    version = SelfReviewVersion(
        review=sendings.hand_in(meeting, people[1]), number=1, kind="member", pack="2025.1"
    )
    version.at = version.review.submitted_at
    made = [
        *(KINDS[kind].gather(meeting) for kind in OF_FILE),
        gather_form(meeting, version),
    ]
    assert {paper.signer for paper in made} == {Signer(DEPUTY, people[2].name)}
    for paper in made[:-1]:
        (signature,) = compose(paper).signatures
        assert (signature.authority, signature.post) == ("T/M CHI BỘ", DEPUTY)
