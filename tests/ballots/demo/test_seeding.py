"""The seed cell before its meeting begins."""

from pathlib import Path

import pytest

from ballots.demo import scenario, seeding
from ballots.models import Poll
from cells.models import Meeting
from members.models import Attendance

SCENARIOS = Path(seeding.__file__).parent / "scenarios"
CASES = ["chi-bo-4-2023.json", "khu-pho-7-2026.json"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", CASES)
def test_a_seeded_cell_waits_for_its_meeting(name):
    case = scenario.load((SCENARIOS / name).read_bytes())
    meeting, seeded = seeding.seed(case)
    secretary = seeded.secretary
    assert meeting.state == Meeting.State.PLANNED
    assert list(secretary.meetings()) == [meeting]
    assert not secretary.has_usable_password()
    assert seeded.officer.get_full_name() == "Nguyễn Văn Mẫu"
    listed = Attendance.objects.of(meeting)
    assert [a.member.name for a in listed] == [person.name for person in case.members]
    assert {a.state for a in listed} == {Attendance.State.EXPECTED}
    assert listed.filter(rated=True).count() == len(case.rated)
    polls = Poll.objects.filter(meeting=meeting).order_by("number")
    assert [(p.title, p.subjects.count()) for p in polls] == [
        (poll.title, len(case.subjects(poll))) for poll in case.polls
    ]
