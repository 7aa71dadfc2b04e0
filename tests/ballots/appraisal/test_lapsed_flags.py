"""What was confirmed and is then in force no more: it stays to be read, marked, and nothing follows from it."""

import pytest
from django.urls import reverse

from ballots.appraisal import subjects
from ballots.papers.minutes.gather import gather_minutes
from cells.models import Meeting, Setting
from cells.stale import STALE
from members.models import Finding, Member
from tests.kit import verbs
from tests.kit.appraising import address, overview, page, seen
from tests.kit.factories import make_meeting, make_open_meeting, members_of, secretary_of

pytestmark = pytest.mark.django_db

OWN = {"title": "Bỏ sinh hoạt ba kỳ", "subjects": ["member"], "force": "KHT"}
TITLES = {
    "disciplined": "Vi phạm gắn với hoạt động công vụ",
    "own-1": "Bỏ sinh hoạt ba kỳ (phải xếp KHT)",
}


@pytest.fixture
def planned(client) -> Meeting:
    meeting = make_meeting(5)
    client.force_login(secretary_of(meeting))
    ward = meeting.cell.committee
    Setting.objects.create(committee=ward, key="flag.own-1", value=OWN, basis="NQ 7")
    return meeting


def fifth(meeting: Meeting) -> Member:
    return members_of(meeting)[4]


def confirm(client, meeting: Meeting, key: str):
    member = fifth(meeting)
    sent = {"do": "confirm", "flag": key, "evidence": "QĐ số 5"}
    return client.post(
        address(meeting, member), sent | {"seen": seen(meeting, member, "flag", key)}
    )


def lapse(meeting: Meeting, key: str) -> None:
    """The ward puts the pack's case out of force, or takes its own away."""
    ward = meeting.cell.committee
    if key == "own-1":
        Setting.objects.filter(key="flag.own-1").delete()
    else:
        Setting.objects.create(committee=ward, key=f"flag.{key}", value=False, basis="NQ 9")


def appraisal_of(meeting: Meeting):
    meeting = Meeting.objects.get(pk=meeting.pk)  # each page reads the rules anew
    key = str(fifth(meeting).pk)
    meeting.refresh_from_db()
    return next(each for each in subjects.load(meeting) if each.key == key).appraisal


@pytest.mark.parametrize("key", TITLES)
def test_it_stays_with_its_words_marked_and_forces_nothing(client, planned, key):
    assert confirm(client, planned, key).status_code == 302
    assert appraisal_of(planned).limit == "KHT"
    lapse(planned, key)
    assert appraisal_of(planned).limit == ""
    shown = page(client, planned, fifth(planned))
    assert TITLES[key] in shown
    assert "</span> Không còn áp dụng nên không tính nữa." in shown
    assert "Đã xác nhận, căn cứ: QĐ số 5" in shown
    assert ("quy định: NQ 9" in shown) == (key == "disciplined")
    assert Finding.objects.get().holds, "nothing on record is changed"
    assert overview(client, planned)


@pytest.mark.parametrize("key", TITLES)
def test_no_page_nor_paper_fails_over_it_and_no_reason_is_asked_for(client, planned, key):
    confirm(client, planned, key)
    lapse(planned, key)
    planned.open()
    secretary = secretary_of(planned)
    for subject in (None, *members_of(planned)):
        verbs.conclude(secretary, planned, subject, "HTT", "Thống nhất")
    assert subjects.unexplained(planned) == []
    names = ("appraisal", "conclude", "minutes", "dossier", "meeting_rules", "sending")
    for name in names:
        assert client.get(reverse(f"ballots:{name}", args=[planned.pk])).status_code == 200
    assert gather_minutes(planned)


def test_it_counts_again_once_it_is_in_force_again(client, planned):
    confirm(client, planned, "disciplined")
    lapse(planned, "disciplined")
    Setting.objects.create(cell=planned.cell, key="flag.disciplined", value=True, basis="NQ 2")
    assert appraisal_of(planned).limit == "KHT"
    shown = page(client, planned, fifth(planned))
    assert "Không còn áp dụng" not in shown
    assert f"{planned.cell} quy định: NQ 2" in shown


def test_who_confirms_what_was_just_put_out_of_force_is_told_and_keeps_the_words(client, planned):
    lapse(planned, "disciplined")
    answer = confirm(client, planned, "disciplined")
    shown = client.get(answer.url).content.decode()
    assert STALE in shown
    assert "“QĐ số 5”" in shown
    assert not Finding.objects.exists()


@pytest.mark.parametrize("key", TITLES)
def test_an_open_meeting_goes_on_with_the_cases_of_its_opening(client, key):
    meeting = make_open_meeting(5)
    client.force_login(secretary_of(meeting))
    assert key == "disciplined" or confirm(client, meeting, key).status_code == 302
    confirm(client, meeting, "disciplined")
    lapse(meeting, key)
    assert appraisal_of(meeting).limit == "KHT"
    assert "Không còn áp dụng" not in page(client, meeting, fifth(meeting))
