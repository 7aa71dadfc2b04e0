"""Quyết định xếp loại: the committee decides on a sent file, the member reads the own level and may petition."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import Classification, Decision, Petition
from ballots.papers.personal.gather import levels_of
from ballots.results.decisions import Case, cases_of
from cells.models import Meeting
from cells.stale import STALE
from members.models import AuditEntry, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.verbs import Act, LevelDecision, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]

WHY = "Có thành tích đột xuất"
SUMS = FileFact(Place.mint(PlaceKind.SUMS), "", "Số", "03")


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


def act(number: int = 1, note: str = "", symbol: str = "125-QĐ/ĐU", days: int = 0) -> Act:
    return Act(number, symbol, timezone.localdate() + timedelta(days=days), 1, note)


def as_proposed(meeting: Meeting) -> dict[str, LevelDecision]:
    return {case.key: LevelDecision(case.proposed) for case in cases_of(meeting)}


def case_of(meeting: Meeting, place: int) -> Case:
    return cases_of(meeting)[place]


def decided(meeting: Meeting) -> dict[int | None, str]:
    rows = Classification.objects.decided().filter(meeting=meeting)
    return dict(rows.values_list("member", "level"))


def test_the_levels_decided_stand_beside_those_proposed(sent, officer):
    verdicts = as_proposed(sent)
    cell, first, *_ = cases_of(sent)
    verdicts[first.key] = LevelDecision("HTXS", WHY)
    verdicts[cases_of(sent)[-1].key] = LevelDecision("")
    verbs.decide(officer, sent, act(), verdicts)
    cases = cases_of(sent)
    assert [case.decided for case in cases] == ["HTT", "HTXS", "HTT", ""]
    assert [case.proposed for case in cases] == ["HTT"] * 4
    assert [case.because for case in cases] == ["", WHY, "", ""]
    assert cases[0].votes[:2] == (("HTXS", 0), ("HTT", 4))
    entry = AuditEntry.objects.get(verb="file.decided")
    assert entry.note == {"number": 1, "symbol": "125-QĐ/ĐU", "levels": 3}
    assert cell.member is None


# Each paper is made by its test: what is tomorrow here might be today by then.
REFUSED = {
    "another officer was quicker": (lambda: act(2, "Lý do"), None, Refused, STALE),
    "the cell has sent again": (lambda: act()._replace(sending=2), None, Refused, STALE),
    "it is dated tomorrow": (lambda: act(days=1), None, Refused, "sau hôm nay"),
    "it is dated before the meeting": (
        lambda: act()._replace(dated=date(2026, 1, 1)),
        None,
        Refused,
        "Chi bộ họp ngày",
    ),
    "it has no symbol": (lambda: act(symbol=""), None, ValidationError, "Xin ghi số, ký hiệu"),
    "nothing is decided": (act, LevelDecision(""), Refused, "Chưa có mức nào"),
    "another level has no reason": (act, LevelDecision("HT"), Refused, "khác mức|Khác mức"),
    "the level is none of the four": (act, LevelDecision("TOT", WHY), ValidationError, "TOT"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_decided_when(sent, officer, name):
    paper, verdict, error, sentence = REFUSED[name]
    verdicts = {key: verdict or each for key, each in as_proposed(sent).items()}
    with pytest.raises(error, match=sentence):
        verbs.decide(officer, sent, paper(), verdicts)
    assert not Decision.objects.exists()
    assert decided(sent) == {}


def test_a_file_that_is_not_sent_or_was_returned_is_not_decided(sent, officer):
    verbs.return_file(officer, sent, 1, {SUMS: "Cộng lại"})
    with pytest.raises(Refused, match="Hồ sơ không ở cấp trên"):
        verbs.decide(officer, sent, act(), as_proposed(sent))


@pytest.mark.parametrize("who", ["the cell's secretary", "an officer beside"])
def test_only_officers_above_decide(sent, who):
    beside = factories.make_user(committee=factories.make_committee())
    user = beside if who == "an officer beside" else factories.secretary_of(sent)
    with pytest.raises(PermissionDenied):
        verbs.decide(user, sent, act(), as_proposed(sent))


def test_a_decided_file_is_neither_returned_nor_sent_again(sent, officer):
    verbs.decide(officer, sent, act(), as_proposed(sent))
    with pytest.raises(Refused, match="không trả lại được"):
        verbs.return_file(officer, sent, 1, {SUMS: "Cộng lại"})
    with pytest.raises(Refused, match="không gửi lại nữa"):
        verbs.send_up(factories.secretary_of(sent), sent, "Sửa thêm")


def test_deciding_again_changes_what_differs_and_gives_its_reason(sent, officer):
    verbs.decide(officer, sent, act(), as_proposed(sent))
    case = case_of(sent, 1)
    again = {case.key: LevelDecision("HT", "Theo kết luận kiểm tra")}
    with pytest.raises(ValidationError, match="Xin ghi lý do quyết định lại"):
        verbs.decide(officer, sent, act(2), again)
    with pytest.raises(Refused, match="Các mức này đã quyết định rồi"):
        verbs.decide(officer, sent, act(2, "Sửa"), as_proposed(sent))
    with pytest.raises(Refused, match="không bỏ trống được"):
        verbs.decide(officer, sent, act(2, "Sửa"), {case.key: LevelDecision("")})
    second = verbs.decide(officer, sent, act(2, "Sửa", "130-QĐ/ĐU"), again)
    assert decided(sent)[case.member.pk] == "HT"
    changed = Classification.objects.decided().filter(decision=second)
    assert [row.member for row in changed] == [case.member]
    assert Classification.objects.exclude(superseded_by=None).filter(stage="decided").count() == 1


def test_the_page_offers_what_the_cell_proposes_and_keeps_what_was_typed(sent, officer):
    client, address = browser(officer), reverse("ballots:decision", args=[sent.pk])
    page = client.get(address)
    assert page.content.decode().count('value="HTT" selected') == 4
    case = case_of(sent, 1)
    data = {f"level-{key}": verdict.level for key, verdict in as_proposed(sent).items()}
    data |= {
        "number": 1,
        "sending": 1,
        "symbol": "125-QĐ/ĐU",
        "dated": f"{timezone.localdate():%d/%m/%Y}",
    }
    refused = client.post(address, data | {f"level-{case.key}": "HTXS"})
    assert refused.status_code == 422
    assert "Khác mức chi bộ đề nghị thì xin ghi lý do." in refused.content.decode()
    assert 'value="125-QĐ/ĐU"' in refused.content.decode()
    stale = client.post(address, data | {"number": 2})
    assert STALE in stale.content.decode()
    by_name = {f"level-{case.key}": "HTXS", f"reason-{case.key}": WHY}
    assert client.post(address, data | by_name).status_code == 302
    shown = client.get(address).content.decode()
    assert "Quyết định số 125-QĐ/ĐU" in shown
    assert f"Lý do khác đề nghị: {WHY}" in shown
    assert (
        "không trả lại nữa"
        in client.get(reverse("ballots:submission", args=[sent.pk])).content.decode()
    )


def test_deciding_again_publishes_nothing_that_nobody_chose(sent, officer):
    verdicts = as_proposed(sent)
    left = cases_of(sent)[-1]
    verbs.decide(officer, sent, act(), verdicts | {left.key: LevelDecision("")})
    page = browser(officer).get(reverse("ballots:decision", args=[sent.pk])).content.decode()
    assert "còn 01 dòng chưa quyết định" in page
    assert page.count('value="HTT" selected') == 3
    assert page.count('value="" selected') == 1


def test_excellent_levels_beyond_the_cap_are_named_once_decided(sent, officer):
    every = {key: LevelDecision("HTXS", WHY) for key in as_proposed(sent)}
    verbs.decide(officer, sent, act(), every)
    page = browser(officer).get(reverse("ballots:decision", args=[sent.pk])).content.decode()
    assert "Số được quyết định hoàn thành xuất sắc (03) vượt mức trần" in page


def test_the_cell_reads_the_decision_and_is_offered_no_sending(sent, officer):
    verbs.decide(officer, sent, act(), as_proposed(sent))
    client = browser(factories.secretary_of(sent))
    page = client.get(reverse("ballots:sending", args=[sent.pk])).content.decode()
    assert "Cấp trên đã quyết định xếp loại." in page
    assert "Quyết định số 125-QĐ/ĐU" in page
    assert 'data-do="send_up"' not in page
    assert "http://localhost/hop/cac-nam/</textarea>" in page
    answer = client.get(reverse("ballots:review_list", args=[sent.cell_id, sent.campaign.span]))
    listed = answer.content.decode()
    assert "Cấp trên quyết định: HTT" in words_of(answer)
    assert listed.count('data-do="set_line"') == 1  # of who is not rated
    line = sendings.line_of(sent, 1)
    change = {"status": "not_subject", "reason": "Chuyển đi"}
    refused = client.post(reverse("ballots:review_line", args=[line.pk]), change)
    assert refused.status_code == 422
    assert "nên diện kiểm điểm giữ nguyên" in refused.content.decode()
    assert 'value="Chuyển đi"' in refused.content.decode()
    line.refresh_from_db()
    assert line.is_rated


def test_the_board_counts_decided_files_and_petitions_and_finds_them(sent, officer):
    member = case_of(sent, 1).member
    decision = verbs.decide(officer, sent, act(), as_proposed(sent))
    client = browser(officer)
    address = reverse("ballots:committee", args=[sent.cell.committee_id])
    client.get(address)  # the first page of a browser notes where it is signed in
    board = words_of(client.get(address, {"trang_thai": "approved"}))
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    assert f"Quyết định {decision.dated:%d/%m/%Y}" in board
    assert "Đã duyệt: 1" in board
    assert "kiến nghị chờ trả lời" not in board
    verbs.petition(member, decision, "Xin xem lại.")
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    board = client.get(address, {"trang_thai": "petitions"}).content.decode()
    assert "01 kiến nghị chờ trả lời" in board
    assert len(after) == len(before)


def test_the_member_reads_the_own_level_and_the_form_bears_it(sent, officer):
    case = case_of(sent, 1)
    verdicts = as_proposed(sent) | {case.key: LevelDecision("HTXS", WHY)}
    verbs.decide(officer, sent, act(), verdicts)
    own = phone(case.member)
    calm = own.get(reverse("ballots:phone")).content.decode()
    assert "Cấp trên đã quyết định mức xếp loại năm 2026 của đồng chí." in calm
    page = own.get(reverse("ballots:my_years")).content.decode()
    assert "Cấp trên quyết định: Hoàn thành xuất sắc nhiệm vụ." in page
    assert "Quyết định số 125-QĐ/ĐU" in page
    assert "Gửi kiến nghị về mức này" in page
    other = case_of(sent, 2).member
    assert (
        "xuất sắc nhiệm vụ." not in phone(other).get(reverse("ballots:my_years")).content.decode()
    )
    assert levels_of(sent, case.member)["decided"] == "HTXS"


@pytest.fixture
def petitioned(sent, officer) -> tuple[Client, Decision]:
    """The first member's phone, and the decision the member petitions against."""
    decision = verbs.decide(officer, sent, act(), as_proposed(sent))
    return phone(case_of(sent, 1).member), decision


def ask(client: Client, decision: Decision, text: str):
    return client.post(reverse("ballots:petition", args=[decision.pk]), {"text": text})


def test_a_petition_is_read_and_answered_by_the_committee_alone(sent, officer, petitioned):
    member_phone, decision = petitioned
    assert ask(member_phone, decision, "Xin xem lại điều 3.").status_code == 302
    page = member_phone.get(reverse("ballots:my_years")).content.decode()
    assert "đang được xem xét" in page
    assert "Gửi kiến nghị về mức này" not in page
    cell = browser(factories.secretary_of(sent))
    assert "điều 3" not in cell.get(reverse("ballots:sending", args=[sent.pk])).content.decode()
    above, address = browser(officer), reverse("ballots:decision", args=[sent.pk])
    assert "Xin xem lại điều 3." in above.get(address).content.decode()
    petition = Petition.objects.get()
    answer = reverse("ballots:petition_answer", args=[petition.pk])
    assert above.post(answer, {"answer": "  "}).status_code == 422
    assert above.post(answer, {"answer": "Đã xem, giữ nguyên."}).status_code == 302
    late = above.post(answer, {"answer": "Trả lời khác"})
    assert STALE in late.content.decode()
    page = member_phone.get(reverse("ballots:my_years")).content.decode()
    assert "Đã xem, giữ nguyên." in page
    assert "Gửi kiến nghị về mức này" in page
    assert AuditEntry.objects.filter(verb="petition.answered").count() == 1


NOT_TAKEN = {
    "nothing is written": ("", "Xin ghi kiến nghị điều gì"),
    "the last is not answered": ("Lần nữa", "Xin chờ trả lời"),
    "the cell is meeting": ("Xin xem lại", "Hội nghị đang họp"),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_petition_is_not_taken_and_its_words_stay_when(sent, petitioned, name):
    client, decision = petitioned
    text, sentence = NOT_TAKEN[name]
    if name == "the last is not answered":
        ask(client, decision, "Lần đầu")
    elif name == "the cell is meeting":
        now = {"state": "open", "opened_at": sent.opened_at, "starts_at": sent.starts_at}
        Meeting.objects.create(cell=sent.cell, campaign=sent.campaign, kind="extra", **now)
    before = Petition.objects.count()
    page = ask(client, decision, text)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert f"{text}</textarea>" in page.content.decode()
    assert Petition.objects.count() == before


def test_nobody_petitions_against_what_is_decided_about_others(sent, officer, petitioned):
    _, decision = petitioned
    stranger = factories.make_member(sent.cell)
    assert ask(phone(stranger), decision, "Xin xem lại").status_code == 404
    with pytest.raises(PermissionDenied):
        verbs.petition(stranger, decision, "Xin xem lại")
    assert not Petition.objects.exists()


def test_an_old_page_is_told_so_and_does_not_overwrite_what_it_has_not_seen(sent, officer):
    client, address = browser(officer), reverse("ballots:decision", args=[sent.pk])
    case = case_of(sent, 1)
    paper = {
        "symbol": "125-QĐ/ĐU",
        "dated": f"{timezone.localdate():%d/%m/%Y}",
        "number": 1,
        "sending": 1,
    }
    old = paper | {f"level-{key}": verdict.level for key, verdict in as_proposed(sent).items()}
    departs = {f"level-{case.key}": "HT", f"reason-{case.key}": WHY}
    assert client.post(address, old | departs).status_code == 302
    told = client.post(address, old).content.decode()
    assert STALE in told
    assert 'name="number" value="1"' in told
    assert client.post(address, old | {"note": "Sửa"}).status_code == 422
    assert decided(sent)[case.member.pk] == "HT"


def test_an_old_page_says_nothing_but_that_it_is_old(sent, officer):
    verbs.decide(officer, sent, act(), as_proposed(sent))
    typed = {"symbol": "126-QĐ/ĐU", "dated": "31/02/2026", "number": 1, "sending": 1}
    page = words_of(browser(officer).post(reverse("ballots:decision", args=[sent.pk]), typed))
    assert STALE in page
    assert "Xin ghi lý do quyết định lại" not in page
    assert "không có ngày 31" not in page


def test_levels_that_are_not_those_of_the_file_that_was_sent_are_not_decided(sent, officer):
    case = case_of(sent, 1)
    changed = Classification.objects.filter(meeting=sent, member=case.member)
    changed.update(level="HTXS")  # by hand: no page changes a level once it is sent
    sentence = f"{case.name}: mức chi bộ đề nghị không đúng như trong hồ sơ đã gửi"
    with pytest.raises(Refused, match=sentence):
        verbs.decide(officer, sent, act(), as_proposed(sent))
    assert not Decision.objects.exists()
    changed.update(level=case.proposed)
    verbs.decide(officer, sent, act(), as_proposed(sent))
    assert Decision.objects.count() == 1


def test_a_file_returned_meanwhile_keeps_what_was_typed(sent, officer):
    verbs.return_file(officer, sent, 1, {SUMS: "Cộng lại"})
    data = {"number": 1, "symbol": "125-QĐ/ĐU", "dated": f"{timezone.localdate():%d/%m/%Y}"}
    data |= {f"level-{key}": verdict.level for key, verdict in as_proposed(sent).items()}
    page = browser(officer).post(reverse("ballots:decision", args=[sent.pk]), data)
    assert 'value="125-QĐ/ĐU"' in page.content.decode()


def test_deciding_again_may_mend_a_reason_alone(sent, officer):
    case = case_of(sent, 1)
    wrong = as_proposed(sent) | {case.key: LevelDecision("HT", "Ghi nhầm")}
    verbs.decide(officer, sent, act(), wrong)
    verbs.decide(officer, sent, act(2, "Ghi nhầm lý do"), {case.key: LevelDecision("HT", WHY)})
    assert case_of(sent, 1).because == WHY


def test_levels_of_a_quarter_are_not_promised_on_the_phone():
    meeting = sendings.make_ready(voted=True, kind="q1")
    verbs.send_up(factories.secretary_of(meeting), meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    client = browser(officer)
    address = reverse("ballots:decision", args=[meeting.pk])
    assert "từng đảng viên" not in client.get(address).content.decode()
    verbs.decide(officer, meeting, act(), as_proposed(meeting))
    assert "từng đảng viên" not in client.get(address).content.decode()
    cell = browser(factories.secretary_of(meeting))
    page = cell.get(reverse("ballots:sending", args=[meeting.pk])).content.decode()
    assert "Các năm của tôi" not in page


def test_a_secretary_who_is_also_a_superuser_reads_no_petition(sent, petitioned):
    member_phone, decision = petitioned
    ask(member_phone, decision, "Xin xem lại")
    secretary = factories.secretary_of(sent)
    secretary.is_superuser = True
    secretary.save()
    client = browser(secretary)
    assert client.get(reverse("ballots:decision", args=[sent.pk])).status_code == 403
    answer = reverse("ballots:petition_answer", args=[Petition.objects.get().pk])
    assert client.post(answer, {"answer": "Không"}).status_code == 403
