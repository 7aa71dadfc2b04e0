"""Quyết định của cấp ủy: one paper decides the files of many cells; what changed since the preview is left out."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.committee.acts.levels import Basis, Seen
from ballots.models import (
    Classification,
    CommitteeDecision,
    Decision,
    Submission,
    Total,
)
from ballots.results import recording
from ballots.results.decisions import cases_of
from ballots.results.undecided import files_of, sendings
from cells.models import Committee
from members.models import AuditEntry
from tests.kit import drafts, factories, verbs, waiting
from tests.kit import sendings as real
from tests.kit.clients import browser, phone, words_of
from tests.kit.verbs import LevelDecision, Refused
from tests.kit.waiting import YEAR, decide, paper, shown

pytestmark = pytest.mark.django_db
WHY = "Chậm hai nhiệm vụ được giao"


@pytest.fixture
def ward():
    return factories.make_committee("Đảng bộ phường Hoa Sen")


@pytest.fixture
def campaign(ward):
    return factories.make_campaign(ward)


@pytest.fixture
def files(ward, campaign):
    return [waiting.make_file(ward, campaign, cell=f"Chi bộ {n}") for n in (2, 10, 1)]


@pytest.fixture
def officer(ward):
    return factories.make_user(committee=ward)


def level_of(meeting, member=None):
    return Classification.objects.decided().get(meeting=meeting, member=member, collective=None)


def address(ward, period="2026"):
    return reverse("ballots:committee_decision", args=[ward.pk, period])


def typed(**changes):
    own = {"symbol": "130-QĐ/ĐU", "dated": f"{timezone.localdate():%d/%m/%Y}", "rows": "3"}
    return own | changes


def test_one_press_decides_every_file_as_proposed_by_one_paper(files, officer):
    decided = decide(officer)
    assert (decided.files, decided.left_out) == (3, ())
    for meeting in files:
        decision = Decision.objects.get(meeting=meeting)
        assert (decision.number, decision.symbol, decision.act) == (1, "130-QĐ/ĐU", decided.act)
        assert decision.signer == "Lê Văn Tâm"
        assert [case.decided for case in cases_of(meeting)] == ["HTT"] * 4
        assert Submission.objects.last_of(meeting).is_approved
    assert AuditEntry.objects.filter(verb="file.decided").count() == 3
    assert AuditEntry.objects.get(verb="committee.decided").note["files"] == 3


def test_the_totals_are_those_of_the_rows(files, officer, capsys):
    decide(officer)
    assert list(recording.differences()) == []
    call_command("totals", "--check")
    people = Total.objects.filter(group="member")
    assert sum(people.values_list("decided_htt", flat=True)) == 9
    assert sum(people.values_list("waiting_htt", flat=True)) == 0


def test_somebody_is_decided_otherwise_with_a_reason_and_somebody_is_left_open(files, officer):
    first, second = factories.members_of(files[0])[:2]
    rows = {
        (files[0].pk, str(first.pk)): LevelDecision("HT", WHY),
        (files[0].pk, str(second.pk)): LevelDecision("", ""),
    }
    decide(officer, basis=Basis(departures=rows))
    assert (level_of(files[0], first).level, level_of(files[0], first).reason) == ("HT", WHY)
    assert not Classification.objects.decided().filter(member=second).exists()
    again = verbs.decide(
        officer,
        files[0],
        verbs.Act(2, "140-QĐ/ĐU", timezone.localdate(), 1, "Xét sau"),
        {str(second.pk): LevelDecision("HTT")},
    )
    assert (again.number, again.act) == (2, None)


def test_a_departure_without_its_reason_decides_nothing(files, officer):
    member = factories.members_of(files[0])[0]
    rows = {(files[0].pk, str(member.pk)): LevelDecision("HT")}
    with pytest.raises(Refused, match="Khác mức chi bộ đề nghị thì xin ghi lý do"):
        decide(officer, basis=Basis(departures=rows))
    assert not Decision.objects.exists()


def test_a_draft_gives_the_levels_and_a_file_it_does_not_have_is_left_out(files, officer):
    member = factories.members_of(files[0])[0]
    draft = {
        files[0].pk: {"chi-bo": LevelDecision("HTT"), str(member.pk): LevelDecision("HT", WHY)}
    }
    decided = decide(officer, basis=Basis(draft))
    assert level_of(files[0], member).level == "HT"
    assert decided.files == 1
    assert [each.split(":")[0] for each in decided.left_out] == ["Chi bộ 1", "Chi bộ 10"]
    assert "dự thảo không có" in decided.left_out[0]


def test_what_was_returned_sent_again_or_decided_since_the_preview_is_left_out_and_named(
    files, officer
):
    seen = shown(officer.committee)
    waiting.give_back(files[0])
    waiting.give_back(files[1])
    waiting.send(files[1])
    decided = decide(officer, seen)
    assert decided.files == 1
    assert "Chi bộ 2: đã trả lại, xin chờ chi bộ gửi lại." in decided.left_out
    assert "Chi bộ 10: chi bộ đã gửi lại, xin xem lần gửi mới." in decided.left_out
    with pytest.raises(Refused, match="Chi bộ 1: đã quyết định rồi"):
        decide(officer, seen, act=paper("131-QĐ/ĐU"))
    assert Decision.objects.count() == 1
    assert CommitteeDecision.objects.count() == 1


def test_a_level_that_changed_since_the_preview_leaves_its_file_out(files, officer):
    seen = shown(officer.committee)
    member = factories.members_of(files[0])[0]
    rows = {(files[0].pk, str(member.pk)): LevelDecision("HT", WHY)}
    decided = decide(officer, seen, Basis(departures=rows))
    assert decided.left_out == ("Chi bộ 2: mức trong dự thảo đã đổi từ lúc xem trước.",)
    assert not Decision.objects.filter(meeting=files[0]).exists()


def test_a_file_whose_levels_are_not_those_it_was_sent_with_is_left_out_and_named(files, officer):
    sent = real.make_sent()
    ward = sent.cell.committee
    own = factories.make_user(committee=ward)
    member = factories.members_of(sent)[0]
    Classification.objects.filter(meeting=sent, member=member).update(level="HTXS")
    with pytest.raises(Refused, match="không đúng như trong hồ sơ đã gửi, xin mở hồ sơ, trả lại"):
        decide(own, shown(ward))
    assert not Decision.objects.filter(meeting=sent).exists()


def test_a_file_twice_in_the_list_is_decided_once(files, officer):
    assert decide(officer, [*shown(officer.committee)] * 2).files == 3


def test_a_file_of_another_subtree_is_neither_decided_nor_named(files, officer):
    beside = factories.make_committee("Đảng bộ xã Bên")
    other = waiting.make_file(beside, factories.make_campaign(beside), cell="Chi bộ Xa")
    decided = decide(officer, [*shown(officer.committee), *shown(beside)])
    assert decided.files == 3
    assert decided.left_out == ("01 hồ sơ không còn thuộc đảng bộ này.",)
    assert not Decision.objects.filter(meeting=other).exists()


def test_a_file_of_a_committee_below_is_decided_and_of_a_cell_that_ended_too(
    ward, officer, campaign
):
    below = factories.make_committee("Đảng bộ bộ phận", ward)
    meeting = waiting.make_file(below, campaign)
    meeting.cell.ended_on = timezone.localdate()
    meeting.cell.save(update_fields=["ended_on"])
    assert decide(officer).files == 1
    assert "chi bộ đã giải thể" not in words_of(browser(officer).get(address(ward)))


REFUSED = {
    "it is dated tomorrow": (paper(days=1), Refused, "sau hôm nay"),
    "it is dated before a meeting": (paper(days=-9), Refused, "Chi bộ [0-9]+ họp ngày"),
    "it has no symbol": (paper(""), ValidationError, "Xin ghi số, ký hiệu"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_decided_when(files, officer, name):
    act, error, sentence = REFUSED[name]
    with pytest.raises(error, match=sentence):
        decide(officer, act=act)
    assert not Decision.objects.exists()
    assert not CommitteeDecision.objects.exists()


def test_nothing_is_decided_of_no_file_of_too_many_or_by_the_same_paper_again(
    files, officer, ward
):
    with pytest.raises(Refused, match="Chưa chọn hồ sơ nào"):
        decide(officer, [])
    with pytest.raises(Refused, match="nhiều nhất 300 hồ sơ"):
        decide(officer, [Seen(n, 1, "") for n in range(301)])
    first, *others = shown(ward)
    decide(officer, [first])
    with pytest.raises(ValidationError, match="số, ngày này đã ghi rồi"):
        decide(officer, others)
    assert Decision.objects.count() == 1


def test_only_an_officer_of_the_very_committee_decides_and_only_while_it_exists(
    files, ward, officer
):
    above = factories.make_user(committee=factories.make_committee())
    with pytest.raises(PermissionDenied):
        verbs.decide_together(above, ward, YEAR, paper(), shown(ward), Basis())
    ward.ended_on = timezone.localdate()
    with pytest.raises(Refused, match="đã thôi hoạt động nên không ra quyết định được"):
        verbs.decide_together(officer, ward, YEAR, paper(), shown(ward), Basis())
    assert not Decision.objects.exists()


def test_a_quarter_is_decided_apart_from_the_year(files, officer, ward):
    quarter = factories.make_campaign(ward, kind="q1")
    meeting = waiting.make_file(ward, quarter)
    page = browser(officer).get(address(ward, "2026-q1")).content.decode()
    assert meeting.cell.name in page
    assert page.count(" checked>") == 1


def test_the_page_looks_over_what_is_chosen_then_records_just_that(files, officer, ward):
    client = browser(officer)
    page = client.get(address(ward))
    assert page.content.decode().count(" checked>") == 3
    member = factories.members_of(files[0])[0]
    data = typed(**{"khac-0-who": f"{member.name}, Chi bộ 2", "khac-0-level": "HT"})
    data["file"] = [files[0].pk, files[1].pk]
    refused = client.post(address(ward), data | {"step": "preview"})
    assert refused.status_code == 422
    assert "Khác mức chi bộ đề nghị thì xin ghi lý do." in refused.content.decode()
    data["khac-0-reason"] = WHY
    shown_page = client.post(address(ward), data | {"step": "preview"})
    words = words_of(shown_page)
    assert shown_page.status_code == 200
    assert "02 hồ sơ chi bộ. Chưa ghi gì." in words
    assert WHY in words
    assert not Decision.objects.exists()
    sent = data | {"seen": [str(file.token) for file in shown_page.context["preview"].files]}
    del sent["file"]
    answer = client.post(address(ward), sent | {"step": "decide"})
    act = CommitteeDecision.objects.get()
    assert answer.url == reverse("ballots:committee_act", args=[act.pk])
    assert set(Decision.objects.values_list("meeting", flat=True)) == {files[0].pk, files[1].pk}
    assert level_of(files[0], member).level == "HT"
    told = words_of(client.get(answer.url))
    assert "Đã ghi và công bố mức xếp loại của 02 chi bộ." in told
    back = client.post(address(ward), sent | {"step": "decide"})
    assert back.status_code == 422
    assert "đã quyết định rồi" in back.content.decode()


def test_a_name_that_nobody_has_is_told_where_it_was_typed(files, officer, ward):
    data = typed(**{"khac-0-who": "Nguyễn Không Ai", "file": [files[0].pk], "step": "preview"})
    page = browser(officer).post(address(ward), data)
    assert page.status_code == 422
    assert "Không có ai như vậy trong các hồ sơ trên." in page.content.decode()
    assert 'value="Nguyễn Không Ai"' in page.content.decode()
    assert (
        "khac-7-who"
        in browser(officer).post(address(ward), data | {"step": "rows"}).content.decode()
    )


def test_the_queries_do_not_grow_but_for_the_line_of_each_file(ward, campaign, officer):
    def queries(number):
        for _ in range(number):
            waiting.make_file(ward, campaign)
        seen = shown(ward)
        with CaptureQueriesContext(connection) as counted:
            assert decide(officer, seen, act=paper(f"{number}-QĐ/ĐU")).files == number
        lines = AuditEntry.objects.filter(verb="file.decided").count()
        return len(counted), lines

    queries(1)
    few, many = queries(2)[0], queries(6)[0]
    # A line of the record: its chain, itself, its link, the chain's end; on PostgreSQL the lock of the file's totals.
    each = 5 if connection.vendor == "postgresql" else 4
    assert many - few == each * 4


def test_the_pages_do_not_ask_more_for_more_files(ward, campaign, officer):
    client = browser(officer)

    def queries():
        client.get(address(ward))
        with CaptureQueriesContext(connection) as counted:
            client.get(address(ward))
        return len(counted)

    waiting.make_file(ward, campaign)
    few = queries()
    for _ in range(4):
        waiting.make_file(ward, campaign)
    assert queries() == few


def test_the_member_reads_the_own_level_and_the_paper_it_stands_in(officer):
    sent = real.make_sent()
    above = factories.make_user(committee=sent.cell.committee)
    decide(above)
    member = next(case.member for case in cases_of(sent) if case.member)
    page = phone(member).get(reverse("ballots:my_years")).content.decode()
    assert "Cấp trên quyết định: Hoàn thành tốt nhiệm vụ." in page
    assert "Quyết định số 130-QĐ/ĐU" in page
    assert "Gửi kiến nghị về mức này" in page


def test_only_files_without_any_decision_wait(files, ward, officer):
    verbs.decide(
        officer,
        files[0],
        verbs.Act(1, "9-QĐ/ĐU", timezone.localdate(), 1),
        {"chi-bo": LevelDecision("HTT")},
    )
    names = [file.meeting.cell.name for file in files_of(sendings(ward, YEAR))]
    assert names == ["Chi bộ 1", "Chi bộ 10"]


def test_who_stands_above_reads_what_a_committee_below_decided_and_decides_nothing_for_it(
    files, ward, officer
):
    top = factories.make_committee("Đảng bộ tỉnh")
    Committee.objects.move(ward, top, "last-child")
    ward.refresh_from_db()
    act = decide(factories.make_user(committee=ward)).act
    above = browser(factories.make_user(committee=top))
    beside = browser(factories.make_user(committee=factories.make_committee("", top)))
    recorded = reverse("ballots:committee_act", args=[act.pk])
    asked = (above, address(ward), 403), (above, recorded, 200)
    for client, page, status in (*asked, (beside, address(ward), 404), (beside, recorded, 404)):
        assert client.get(page).status_code == status
    job = reverse("ballots:committee_act_job", args=[act.pk, "notices"])
    assert beside.post(job).status_code == 404
    assert above.post(address(ward), typed(step="decide")).status_code == 403


def test_a_named_draft_of_the_quota_room_is_taken_on_the_page():
    draft = drafts.make_draft("Phương án 2")
    line = drafts.line_of(draft)
    line.level, line.reason = "HTXS", WHY
    line.save(update_fields=["level", "reason"])
    client = browser(factories.make_user(committee=draft.committee))
    data = typed(file=[line.file.meeting_id], draft=draft.pk, step="preview")
    page = client.post(address(draft.committee), data)
    assert WHY in words_of(page)
    seen = [str(file.token) for file in page.context["preview"].files]
    client.post(address(draft.committee), data | {"seen": seen, "step": "decide"})
    decided = level_of(line.file.meeting, line.member)
    assert (decided.level, decided.reason) == ("HTXS", WHY)
