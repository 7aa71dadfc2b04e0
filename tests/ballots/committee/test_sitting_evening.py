"""The evening of a committee's meeting: what is said, who takes no ballot on himself, and the rehearsal before it."""

import pytest
from django.urls import reverse

from ballots.committee.sitting import verbs as sitting
from ballots.models import CaseVote, Issue, OwnCase, Paper, Poll
from ballots.papers.minutes.case_gather import own_case_words
from ballots.results.concluded import concluded_at
from cells.models import Level, Meeting
from members.devices.cookies import COOKIE, must_wait
from members.models import Attendance, Comment
from members.models.review import meets_now
from tests.kit import factories, polls, verbs
from tests.kit.clients import browser, words_of
from tests.kit.sittings import (
    cases_before,
    end,
    make_open_sitting,
    make_planned_sitting,
    seat_people,
    send,
    vote,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
BASIS = "Quy chế làm việc số 05-QC/ĐU, điều 12"


# Comments.


def test_what_is_said_of_a_case_is_taken_down_changed_and_struck():
    meeting = make_open_sitting(5)
    client = browser(factories.secretary_of(meeting))
    address = reverse("ballots:sitting_comments", args=[meeting.pk])
    speaker, case = factories.members_of(meeting)[2], concluded_at(meeting)[0]
    typed = {"by": speaker.pk, "on": case.key, "kind": "strength", "text": "Sinh hoạt đều."}
    assert client.post(address, typed).url == f"{address}?on={case.key}"
    row = Comment.objects.get()
    assert (row.of, row.on, row.by) == (case.of, None, speaker)
    page = words_of(client.get(address))
    assert "Chi bộ 1" in page
    assert "Sinh hoạt đều." in page
    edit = reverse("ballots:sitting_comment_edit", args=[meeting.pk, row.pk])
    seen = client.get(edit).context["seen"]
    assert client.post(edit, typed | {"on": "", "text": "Tốt.", "seen": seen}).status_code == 302
    row.refresh_from_db()
    assert (row.of, row.text) == (None, "Tốt.")
    late = client.post(edit, typed | {"seen": seen})
    assert (late.status_code, "Đang lưu: “Tốt.”" in words_of(late)) == (422, True)
    remove = reverse("ballots:sitting_comment_remove", args=[meeting.pk])
    client.post(remove, {"comment": row.pk})
    assert not Comment.objects.exists()


def test_nobody_speaks_of_a_case_that_stands_on_no_ballot():
    meeting = make_open_sitting(5)
    client = browser(factories.secretary_of(meeting))
    address = reverse("ballots:sitting_comments", args=[meeting.pk])
    speaker = factories.members_of(meeting)[2]
    typed = {"by": speaker.pk, "on": f"{meeting.pk}-", "kind": "opinion", "text": "Nhất trí."}
    assert client.post(address, typed).status_code == 422
    assert not Comment.objects.exists()


# The own case.


@pytest.fixture
def own() -> Meeting:
    """A planned meeting of five, of whom the last two stand in a cell whose file is before them."""
    committee = factories.make_committee("Đảng bộ phường An Phú")
    factories.make_user(committee=committee)
    file = send(factories.make_cell(committee, "Chi bộ 1"))
    voters = seat_people(committee, 3)
    both = factories.members_of(file)[:2]
    for member in both:
        factories.make_seat(committee, member, "standing")
    return factories.make_sitting(committee, *voters, *both)


def plan_all(meeting: Meeting) -> list[Poll]:
    officer = factories.secretary_of(meeting)
    return sitting.plan_case_poll(
        officer, meeting, "Xếp loại", cases_before(meeting), Level.values
    )


def abstain(meeting: Meeting) -> None:
    sitting.set_own_case(factories.secretary_of(meeting), meeting, True, BASIS)


def test_who_votes_marks_the_own_case_as_all_others_unless_somebody_decides_otherwise(own):
    (poll,) = plan_all(own)
    assert poll.subjects.count() == 4
    with pytest.raises(verbs.Refused, match="đúng nội dung này đã có"):
        plan_all(own)
    factories.convene(own)
    verbs.open_issuing(factories.secretary_of(own), poll)
    poll.refresh_from_db()
    assert (poll.summoned, poll.present, poll.base) == (5, 5, 5)
    assert not Issue.objects.exclude(declined="").exists()


def test_where_they_abstain_each_own_case_is_a_ballot_without_its_member_and_no_row_is_left_out(
    own,
):
    abstain(own)
    planned = plan_all(own)
    assert [poll.subjects.count() for poll in planned] == [2, 1, 1]
    factories.convene(own)
    for poll, voters in zip(planned, (5, 4, 4), strict=True):
        verbs.open_issuing(factories.secretary_of(own), poll)
        poll.refresh_from_db()
        assert (poll.summoned, poll.present, poll.base) == (voters,) * 3
        left_out = Issue.objects.of(poll).exclude(declined="")
        subjects = {row.member for row in poll.subjects.all()} if voters == 4 else set()
        assert {issue.member for issue in left_out} == subjects
        with_ballot = [i.member for i in Issue.objects.of(poll).filter(declined="")]
        phones = receive(poll, with_ballot)
        verbs.open_box(factories.secretary_of(own), poll)
        poll.refresh_from_db()
        polls.fill(poll, phones, [[2] * poll.subjects.count()] * voters)
        polls.seal(poll)
        polls.count(poll)
        assert (poll.issued, poll.collected, poll.valid) == (voters,) * 3
    assert [case.level for case in concluded_at(own)] == ["HTT"] * 4
    assert own_case_words(own) == (
        f"Cấp ủy viên không bỏ phiếu về trường hợp của chính mình (căn cứ: {BASIS})."
    )


def receive(poll: Poll, members: list) -> list:
    """Each of these by phone; nobody who abstains is given a stamp, whatever the phone asks for."""
    phones = []
    for entry in Issue.objects.of(poll).select_related("member"):
        phone = polls.Phone(bytes(poll.sheet))
        request = phone.request()
        if entry.member not in members:
            with pytest.raises(verbs.Refused, match="không nhận phiếu"):
                verbs.stamp(entry.member, request[:32], request[32:])
            continue
        phone.accept_stamp(verbs.stamp(entry.member, request[:32], request[32:]))
        verbs.acknowledge(entry.member, request[:32])
        phones.append(phone)
    return phones


def test_abstaining_has_its_basis_and_is_settled_before_anything_stands_on_a_ballot(own):
    client = browser(factories.secretary_of(own))
    address = reverse("ballots:sitting_own_case", args=[own.pk])
    polls_page = reverse("ballots:sitting_polls", args=[own.pk])
    told = words_of(client.post(address, {"abstains": "1", "basis": ""}, follow=True))
    assert "Xin ghi căn cứ: theo quy định nào, hoặc ai quyết định." in told
    client.post(address, {"abstains": "1", "basis": BASIS})
    assert OwnCase.objects.get().abstains
    plan_all(own)
    assert BASIS in words_of(client.get(polls_page))
    with pytest.raises(verbs.Refused, match="xoá các lượt chưa mở"):
        sitting.set_own_case(factories.secretary_of(own), own, False, "")
    # The next meeting of the committee starts from what this one did.
    form = client.get(reverse("ballots:sittings", args=[own.committee_id])).context["form"]
    assert (form["abstains"].value(), form["basis"].value()) == ("1", BASIS)


# The rehearsal.


def test_a_rehearsal_is_a_copy_that_never_touches_the_meeting_and_is_no_basis_of_a_decision():
    meeting = make_planned_sitting(5)
    officer = factories.secretary_of(meeting)
    client = browser(officer)
    before = [row.pk for row in CaseVote.objects.all()]
    client.post(reverse("ballots:sitting_rehearse", args=[meeting.pk]))
    copy = Meeting.objects.get(kind="rehearsal")
    assert (copy.rehearses, copy.body_name) == (meeting, meeting.body_name)
    assert factories.members_of(copy) == factories.members_of(meeting)
    with pytest.raises(verbs.Refused, match="Cấp ủy đang có một buổi họp thử"):
        sitting.start_rehearsal(officer, meeting)
    assert client.get(reverse("ballots:meeting", args=[copy.pk])).status_code == 200
    verbs.fill_rehearsal(officer, copy)
    verbs.open_meeting(officer, copy)
    verbs.name_tellers(officer, copy, factories.members_of(copy)[2:4], 5, 5)
    vote(copy, *[[2]] * 5)
    case = concluded_at(copy)[0]
    assert case.level == "HTT"
    assert not CaseVote.objects.on(case.of).exists(), "it says nothing of the cell's file"
    above = browser(factories.make_user(committee=factories.make_committee()))
    assert above.get(reverse("ballots:meeting", args=[copy.pk])).status_code == 404
    ended = client.post(reverse("ballots:rehearsal_end", args=[copy.pk]))
    assert ended.url == reverse("ballots:meeting", args=[meeting.pk])
    assert [row.pk for row in CaseVote.objects.filter(subject__poll__meeting=meeting)] == before
    assert not Attendance.objects.filter(meeting=meeting).present().exists()


# Nothing whose hour would tell when a phone was in its owner's hand.


def test_the_phone_of_who_is_summoned_writes_nothing_while_the_committee_meets(rf):
    meeting = make_open_sitting(5)
    summoned, other = factories.members_of(meeting)[2], file_of(meeting).attendance_set.first()
    for member, waits in ((summoned, True), (other.member, False)):
        request = rf.get("/")
        request.COOKIES[COOKIE] = factories.make_device(member)
        assert must_wait(request, other.member.cell) == waits, "of whichever cell the page is"
        assert meets_now(member) == waits
    Meeting.objects.filter(pk=meeting.pk).update(state="closed", closed_at=meeting.opened_at)
    assert not meets_now(summoned)


def file_of(meeting: Meeting) -> Meeting:
    return concluded_at(meeting)[0].of


# Its papers.


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_its_officer_downloads_the_draft_of_the_minutes_and_then_the_locked_ones(ending):
    meeting = make_open_sitting(5)
    client = browser(factories.secretary_of(meeting))
    draft = client.get(reverse("ballots:paper_draft", args=[meeting.pk, "minutes", ending]))
    assert draft.status_code == 200
    name = f"Ban Thuong vu Dang uy phuong An Phu_2026.{ending}"
    assert "Du thao" in draft["Content-Disposition"]
    vote(meeting, *[[2]] * 5)
    end(meeting)
    for paper in Paper.objects.filter(meeting=meeting):
        locked = client.get(reverse("ballots:paper", args=[paper.pk, ending]))
        assert (locked.status_code, name in locked["Content-Disposition"]) == (200, True)
