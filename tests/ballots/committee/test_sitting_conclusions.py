"""What a committee's meeting concludes of each case, and the decision that follows it: from the chair to the phone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from ballots.committee.sitting import verbs as sitting
from ballots.models import (
    CaseConclusion,
    Classification,
    CommitteeDecision,
    Decision,
    Paper,
    Petition,
)
from ballots.papers.minutes.gather import gather_minutes
from ballots.papers.press import render
from ballots.papers.rulings.gather import papers_of
from ballots.papers.rulings.joint_gather import joint_papers
from ballots.results.concluded import concluded_at, minutes_words
from cells.models import Meeting
from members.models import Attendance
from tests.kit import factories, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.paper_readers import words
from tests.kit.sittings import (
    cases_before,
    end,
    make_open_sitting,
    make_planned_sitting,
    send,
    vote,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def held() -> Meeting:
    """An open meeting on one cell and its first two members: the ballots say HTT, HTXS and nothing."""
    meeting = make_planned_sitting(5)
    people = [case for case in cases_before(meeting) if case.member][:2]
    officer = factories.secretary_of(meeting)
    sitting.plan_case_poll(officer, meeting, "Xếp loại đảng viên", people, ["HTXS", "HTT", "HT"])
    factories.convene(meeting)
    vote(meeting, *[[2, 1]] * 2, *[[2, 2]] * 1, *[[2, 3]] * 2)
    return meeting


@pytest.fixture
def clock_at(time_machine):
    """A few days after the committee's meeting."""
    time_machine.move_to("2026-12-21T09:00:00+07:00", tick=False)


def officer_of(meeting: Meeting):
    return factories.secretary_of(meeting)


def file_of(meeting: Meeting) -> Meeting:
    return concluded_at(meeting)[0].of


def test_a_case_is_concluded_as_its_ballots_have_it_unless_the_chair_says_otherwise(held):
    assert [(case.voted, case.level) for case in concluded_at(held)] == [
        ("HTT", "HTT"),
        ("HTT", "HTT"),
        ("", ""),
    ]
    third = concluded_at(held)[2]
    for level, reason in (("HT", "Còn ý kiến."), ("HTT", "Đã làm rõ tại hội nghị.")):
        sitting.conclude_case(officer_of(held), held, third.key, level, reason)
    now = concluded_at(held)[2]
    assert (now.voted, now.level, now.reason) == ("", "HTT", "Đã làm rõ tại hội nghị.")
    assert CaseConclusion.objects.filter(sitting=held).count() == 2, "both versions stay"


def test_the_chair_concludes_otherwise_only_with_a_reason_and_only_on_what_was_voted(held):
    client, case = browser(officer_of(held)), concluded_at(held)[0]
    address = reverse("ballots:sitting_conclude", args=[held.pk])
    without = client.post(address, {"case": case.key, "level": "HT", "reason": ""})
    assert without.status_code == 422
    with pytest.raises(verbs.Refused, match="Trang này đã cũ"):
        sitting.conclude_case(officer_of(held), held, "999-", "HT", "Lý do")
    assert not CaseConclusion.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseConclusion.objects.create(sitting=held, of=case.of, level="HT", reason="")


def test_nothing_is_concluded_while_a_ballot_is_under_way():
    meeting = make_open_sitting(5)
    case = concluded_at(meeting)[0]
    verbs.open_issuing(officer_of(meeting), meeting.poll_set.get())
    with pytest.raises(verbs.Refused, match="xác nhận kết quả trước"):
        sitting.conclude_case(officer_of(meeting), meeting, case.key, "HT", "Lý do")


def test_the_minutes_tell_what_was_said_what_was_voted_and_what_is_concluded(held):
    officer, case = officer_of(held), concluded_at(held)[1]
    speaker = Attendance.objects.of(held)[2].member
    verbs.comment(officer, held, speaker, case.member, "Gương mẫu.", of=case.of)
    verbs.comment(officer, held, speaker, None, "Đồng ý với báo cáo.", of=None)
    verbs.comment(officer, held, speaker, None, "Chưa đủ hồ sơ.", reserved=True, of=case.of)
    sitting.conclude_case(officer, held, case.key, "HT", "Chưa bàn giao sổ sách.")
    verbs.set_conclusion_text(officer, held, "Nhất trí với kết quả thẩm định.")
    held.refresh_from_db()
    said = words(render.fragment(gather_minutes(held)))
    for part in (
        "Đồng ý với báo cáo.",
        f"Về đồng chí {case.name}, Chi bộ 1:",
        "Gương mẫu.",
        "Nhất trí với kết quả thẩm định.",
        "Mức xếp loại hội nghị kết luận",
        "Chưa bàn giao sổ sách.",
        f"Đồng chí {speaker.name} (về Chi bộ 1): Chưa đủ hồ sơ.",
    ):
        assert part in said, part


# The decision that follows.


def decide_alone(held: Meeting, client, **changed) -> object:
    """The page of one file as it stands, pressed with these changes."""
    file = file_of(held)
    address = reverse("ballots:decision", args=[file.pk])
    form = client.get(address).context["form"]
    sent = {"number": form.number} | {name: form[name].value() or "" for name in form.fields}
    sent |= {"symbol": "125-QĐ/ĐU", "dated": "20/12/2026"} | changed
    return client.post(address, sent)


def test_the_decision_on_a_file_starts_from_what_the_committees_meeting_concluded(held, clock_at):
    officer = officer_of(held)
    cell, first, second = concluded_at(held)
    sitting.conclude_case(officer, held, second.key, "HT", "Chưa bàn giao sổ sách.")
    client = browser(officer)
    before = client.get(reverse("ballots:decision", args=[cell.of.pk])).context["form"]
    assert "sitting" not in before.fields, "nothing rests on minutes that are not passed"
    end(held)
    form = client.get(reverse("ballots:decision", args=[cell.of.pk])).context["form"]
    assert form["sitting"].value() == str(held.pk)
    assert form["body"].value() == "Ban Thường vụ"
    assert form[f"level-{first.address}"].value() == "HTT", "the cell proposes HTXS"
    assert form[f"level-{second.address}"].value() == "HT"
    assert form[f"reason-{second.address}"].value() == "Chưa bàn giao sổ sách."
    assert decide_alone(held, client).status_code == 302
    decision = Decision.objects.get()
    assert decision.sitting == held
    levels = {row.member_id: row.level for row in decision.levels.all()}
    assert (levels[None], levels[first.member.pk], levels[second.member.pk]) == (
        "HTT",
        "HTT",
        "HT",
    )
    told = "Biên bản hội nghị Ban Thường vụ Đảng ủy phường An Phú số 12-BB/ĐU, ngày 18/12/2026"
    assert told in papers_of(decision).recognition.basis


def test_to_depart_from_the_conclusion_asks_for_a_reason_even_back_to_what_the_cell_proposes(
    held, clock_at
):
    officer = officer_of(held)
    end(held)
    first = concluded_at(held)[1]
    back = {f"level-{first.address}": "HTXS", f"reason-{first.address}": ""}
    refused = decide_alone(held, browser(officer), **back)
    assert refused.status_code == 422
    assert "khác kết luận của hội nghị cấp ủy" in words_of(refused)
    assert not Decision.objects.exists()


def test_one_decision_on_many_files_takes_the_conclusions_and_names_their_minutes(held, clock_at):
    officer = officer_of(held)
    send(factories.make_cell(held.committee, "Chi bộ 2"))
    end(held)
    file, first = file_of(held), concluded_at(held)[1]
    address = reverse("ballots:committee_decision", args=[held.committee_id, "2026"])
    form = browser(officer).get(address).context["form"]
    assert (form["draft"].value(), form["body"].value()) == (f"hn{held.pk}", "Ban Thường vụ")
    act = joint(browser(officer), held, draft=f"hn{held.pk}")
    assert [each.meeting for each in act.decisions.all()] == [file]
    assert act.sitting == held
    assert {each.sitting for each in act.decisions.all()} == {held}
    row = Classification.objects.decided().get(member=first.member)
    assert (row.level, "Theo kết luận của hội nghị" in row.reason) == ("HTT", True)
    assert minutes_words(act.sitting) in joint_papers(act)[0].basis


def joint(client, held: Meeting, **sent) -> CommitteeDecision:
    """Choose, look over and press, on the pages."""
    address = reverse("ballots:committee_decision", args=[held.committee_id, "2026"])
    typed = {"symbol": "125-QĐ/ĐU", "dated": "20/12/2026", "rows": 3} | sent
    files = client.get(address).context["form"].chosen
    seen = client.post(address, typed | {"step": "preview", "file": list(files)})
    tokens = [str(file.token) for file in seen.context["preview"].files]
    pressed = client.post(address, typed | {"step": "decide", "seen": tokens})
    assert pressed.status_code == 302, words_of(pressed)
    return CommitteeDecision.objects.get()


def test_what_is_decided_is_offered_again_only_when_asked_for_and_with_its_number(held, clock_at):
    officer = officer_of(held)
    end(held)
    client = browser(officer)
    decide_alone(held, client)
    later = factories.make_sitting(held.committee, *factories.members_of(held))
    address = reverse("ballots:sitting_polls", args=[later.pk])
    first = concluded_at(held)[1]
    assert first.key not in client.get(address).content.decode()
    assert "đã quyết định không hiện ở đây" in words_of(client.get(address))
    refused = client.post(address, {"title": "Lại", "cases": [first.key], "levels": ["HTT"]})
    assert refused.status_code == 422
    offered = client.get(f"{address}?da-quyet-dinh=1")
    assert "đã quyết định HTT theo Quyết định số 125-QĐ/ĐU" in words_of(offered)


# From the decision to the member.


@pytest.mark.parametrize("kind", ["year", "q1"])
def test_what_follows_a_meeting_is_published_petitioned_answered_and_corrected(clock_at, kind):
    meeting = make_open_sitting(5, kind)
    vote(meeting, *[[2]] * 5)
    end(meeting)
    client = browser(officer_of(meeting))
    assert decide_alone(meeting, client).status_code == 302
    member = Attendance.objects.of(file_of(meeting)).filter(rated=True).last().member
    secretary = browser(factories.secretary_of(file_of(meeting)))
    own = phone(member)
    page = words_of(own.get(reverse("ballots:my_years")))
    assert ("Hoàn thành tốt nhiệm vụ" in page) == (kind == "year")
    told = words_of(secretary.get(reverse("ballots:sending", args=[file_of(meeting).pk])))
    assert "125-QĐ/ĐU" in told
    if kind == "q1":
        return  # quarters are told to the cell; no member page has them
    decision = Decision.objects.get()
    sent = own.post(reverse("ballots:petition", args=[decision.pk]), {"text": "Xin xem lại."})
    assert sent.status_code == 302
    petition = Petition.objects.get()
    answer = reverse("ballots:petition_answer", args=[petition.pk])
    assert client.post(answer, {"answer": "Giữ nguyên."}).status_code == 302
    assert "Giữ nguyên." in words_of(own.get(reverse("ballots:my_years")))
    again = {f"level-{member.pk}": "HT", f"reason-{member.pk}": "Có đơn.", "note": "Xem lại."}
    assert decide_alone(meeting, client, symbol="131-QĐ/ĐU", **again).status_code == 302
    assert "Hoàn thành nhiệm vụ" in words_of(own.get(reverse("ballots:my_years")))
    assert Decision.objects.count() == 2
    assert Paper.objects.filter(meeting=meeting).count() == 2


def wall(meeting: Meeting, kind: str) -> str:
    """What the room sees at the agenda item of this kind."""
    step = meeting.items.get(kind=kind).position
    Meeting.objects.filter(pk=meeting.pk).update(step=step)
    page = browser(officer_of(meeting)).get(
        reverse("ballots:projector", args=[meeting.pk]), headers={"HX-Request": "true"}
    )
    return words_of(page)


def test_the_wall_shows_the_ballots_and_at_the_item_of_results_what_is_concluded(held):
    case = concluded_at(held)[2]
    assert "Phiếu đề nghị" in wall(held, "poll")
    before = wall(held, "result")
    assert "Hội nghị kết luận" in before
    assert "Chưa kết luận" in before
    sitting.conclude_case(officer_of(held), held, case.key, "HT", "Chưa bàn giao sổ sách.")
    after = wall(held, "result")
    assert f"{case.words} HTT – Hoàn thành nhiệm vụ" in after
    assert "Chủ trì kết luận: Chưa bàn giao sổ sách." in after
    assert "Chưa kết luận" not in after


def test_the_number_of_minutes_is_given_once_in_a_campaign_and_what_was_typed_stays(held):
    end(held)
    again = factories.make_sitting(held.committee, *factories.members_of(held))
    factories.convene(again)
    with pytest.raises(ValidationError, match="đã ghi cho một hội nghị khác của cấp ủy"):
        end(again)
    again.refresh_from_db()
    assert (again.minutes_symbol, again.is_closed) == ("", False)
    end(again, "13-BB/ĐU")
    assert Meeting.objects.get(pk=again.pk).minutes_symbol == "13-BB/ĐU"


def test_minutes_without_a_number_and_rehearsals_take_none_away(held):
    end(held, "")
    again = factories.make_sitting(held.committee, *factories.members_of(held))
    factories.convene(again)
    end(again, "")
    assert Meeting.objects.filter(committee=held.committee, minutes_symbol="").count() == 2
