"""The quota room: drafts over a whole committee, moves with their reasons, and what happens to files meanwhile."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.committee.quota import placing
from ballots.committee.quota import verbs as quota
from ballots.committee.quota.reading import RoomView
from ballots.committee.quota.rulings import Ruling, rulings
from ballots.core.verbs import Refused
from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.models import Classification, QuotaDraft, QuotaLine, QuotaMove
from ballots.results.decisions import cases_of
from cells.law.post_groups import GROUPS, USUAL
from cells.models import Committee, Setting
from cells.stale import STALE
from members.models import AuditEntry, Office, User
from tests.kit import drafts, factories, verbs
from tests.kit.clients import browser, words_of
from tests.kit.drafts import PERIOD, line_of

pytestmark = pytest.mark.django_db
WHY = "Thành tích nổi bật của năm"


@pytest.fixture
def draft() -> QuotaDraft:
    return QuotaDraft.objects.get(pk=drafts.make_draft().pk)


@pytest.fixture
def officer(draft) -> User:
    return draft.by


def address(name: str, row: object) -> str:
    return reverse(f"ballots:{name}", args=[row.pk])


def group_of(draft: QuotaDraft, name: str):
    return next(row for row in RoomView.load(draft).rows if row.drafted.name == name)


def meeting_of(draft: QuotaDraft):
    return factories.loaded(draft.files.get().meeting)


def test_a_draft_begins_at_what_the_cells_propose_and_keeps_their_votes(draft):
    lines = list(QuotaLine.objects.filter(draft=draft))
    assert [(line.level, line.proposed) for line in lines] == [("HTT", "HTT")] * 4
    cell = QuotaLine.objects.get(draft=draft, member=None)
    assert cell.votes == {"HTXS": 0, "HTT": 4, "HT": 0, "KHT": 0}
    assert cell.base == 4
    assert line_of(draft).posts == "Bí thư"
    assert group_of(draft, "Bí thư chi bộ").drafted.rated == 1
    assert group_of(draft, "Đảng viên không giữ chức vụ").drafted.rated == 2
    assert group_of(draft, "Chi bộ").drafted.rated == 1
    assert not Classification.objects.decided().exists()


def test_a_move_is_a_row_of_its_own_with_who_when_and_why(draft, officer):
    line = line_of(draft)
    quota.move(officer, line, 0, "HTXS", WHY)
    move = QuotaMove.objects.get()
    assert (move.before, move.after, move.reason, move.by) == ("HTT", "HTXS", WHY, officer)
    line.refresh_from_db()
    assert (line.level, line.proposed, line.version) == ("HTXS", "HTT", 1)
    group = group_of(draft, "Bí thư chi bộ")
    assert (group.proposed.in_force.used, group.drafted.in_force.used) == (0, 1)
    assert group.standing == ("mend", "Vượt 01")
    assert AuditEntry.objects.filter(verb="quota.moved").count() == 1


REFUSED = {
    "it departs without a reason": (0, "HTXS", "", "Khác mức chi bộ đề nghị"),
    "another page moved it": (3, "HTXS", WHY, "Trang này đã cũ"),
    "no level is chosen": (0, "", WHY, "Xin chọn một mức"),
    "the level is none of the four": (0, "TOT", WHY, "Xin chọn một mức"),
    "nothing would change": (0, "HTT", "", "đang ở đúng mức ấy"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_moved_when(draft, officer, name):
    seen, level, reason, sentence = REFUSED[name]
    with pytest.raises(Refused, match=sentence):
        quota.move(officer, line_of(draft), seen, level, reason)
    assert not QuotaMove.objects.exists()
    assert line_of(draft).level == "HTT"


def test_a_returned_file_is_left_out_with_its_sentence_until_it_comes_again(draft, officer):
    meeting = meeting_of(draft)
    section = sections_of(checks.Evidence.load(meeting))[0]
    verbs.return_file(officer, meeting, 1, {section.facts[0]: "Cộng lại"})
    page = words_of(browser(officer).get(address("quota_draft", draft)))
    assert "đã được trả lại sau khi lập dự thảo" in page
    assert group_of(draft, "Chi bộ").standing == ("none", "Chưa có ai")
    with pytest.raises(Refused, match="đã được trả lại"):
        quota.move(officer, line_of(draft), 0, "HTXS", WHY)
    assert rulings(draft) == {}
    verbs.send_up(factories.secretary_of(meeting), meeting, "Đã cộng lại")
    with pytest.raises(Refused, match="đã gửi lại hồ sơ"):
        quota.move(officer, line_of(draft), 0, "HTXS", WHY)
    quota.refresh(officer, draft, 1)
    quota.move(officer, line_of(draft), 0, "HTXS", WHY)
    assert group_of(draft, "Chi bộ").drafted.rated == 1


def test_what_was_decided_meanwhile_counts_and_is_not_moved(draft, officer):
    meeting, member = meeting_of(draft), line_of(draft).member
    factories.make_decision(meeting, officer, member, level="HTXS")
    assert "đã quyết định xếp loại sau khi lập dự thảo" in words_of(
        browser(officer).get(address("quota_draft", draft))
    )
    with pytest.raises(Refused, match="đã quyết định xếp loại sau khi lập dự thảo"):
        quota.move(officer, line_of(draft), 0, "HT", WHY)
    assert quota.refresh(officer, draft, 1) == 1
    line = line_of(draft)
    assert (line.level, line.is_decided) == ("HTXS", True)
    with pytest.raises(Refused, match="đã có quyết định xếp loại"):
        quota.move(officer, line, 1, "HT", WHY)
    assert set(rulings(draft)[meeting.pk]) == {
        case.key for case in cases_of(meeting) if case.member != member
    }


def test_bringing_up_to_date_takes_new_files_and_keeps_what_was_moved(draft, officer):
    quota.move(officer, line_of(draft), 0, "HTXS", WHY)
    drafts.send(draft.committee)
    page = words_of(browser(officer).get(address("quota_draft", draft)))
    assert "01 hồ sơ gửi lên sau chưa có trong dự thảo" in page
    assert quota.refresh(officer, draft, 1) == 4
    assert line_of(draft).level == "HTXS"
    assert QuotaLine.objects.filter(draft=draft).count() == 8
    with pytest.raises(Refused, match="Trang này đã cũ"):
        quota.refresh(officer, draft, 1)


def test_a_member_who_moved_counts_where_the_review_was_and_the_row_says_so(draft, officer):
    member = line_of(draft).member
    member.cell = factories.make_cell(draft.committee, "Chi bộ Mới")
    member.save()
    page = words_of(browser(officer).get(address("quota_draft", draft)))
    assert "Đã chuyển sang Chi bộ Mới; tính theo chi bộ đã kiểm điểm." in page
    assert group_of(draft, "Bí thư chi bộ").drafted.rated == 1


def test_the_rulings_are_what_a_decision_takes(draft, officer):
    meeting, line = meeting_of(draft), line_of(draft)
    quota.move(officer, line, 0, "HTXS", WHY)
    ruled = rulings(draft)[meeting.pk]
    assert ruled.keys() == {case.key for case in cases_of(meeting)}
    assert ruled[str(line.member_id)] == Ruling("HTXS", WHY)
    assert set(ruled.values()) == {Ruling("HTXS", WHY), Ruling("HTT", "")}


def test_a_cap_is_raised_for_one_group_only_with_its_reason(draft, officer):
    with pytest.raises(Refused, match="phải ghi lý do"):
        quota.raise_cap(officer, draft, 1, "Chi bộ", "")
    with pytest.raises(Refused, match="không có nhóm này"):
        quota.raise_cap(officer, draft, 1, "Nhóm lạ", WHY)
    client = browser(officer)
    data = {"version": 1, "group": "Chi bộ", "reason": ""}
    refused = client.post(address("quota_raise", draft), data)
    assert refused.status_code == 422
    assert "Nâng trần thì phải ghi lý do" in words_of(refused)
    assert client.post(address("quota_raise", draft), data | {"reason": WHY}).status_code == 302
    draft.refresh_from_db()
    percents = [
        (each.percent, each.in_force) for each in group_of(draft, "Chi bộ").drafted.allowances
    ]
    assert percents == [(20, False), (25, True)]
    assert f"Nâng trần: {WHY}" in words_of(client.get(address("quota_draft", draft)))
    client.post(address("quota_raise", draft), {"version": 2, "group": "Chi bộ", "lower": 1})
    draft.refresh_from_db()
    assert draft.raised == {}


def test_a_cap_of_none_is_said_and_lets_nobody(draft, officer):
    about = {"committee": draft.committee, "basis": "NQ 05"}
    Setting.objects.create(key="cap.percent", value=0, **about)
    page = words_of(browser(officer).get(address("quota_draft", draft)))
    assert "Mức trần đang là 0%: không ai được hoàn thành xuất sắc." in page
    assert group_of(draft, "Chi bộ").drafted.in_force.allowed == 0


def in_no_group(draft: QuotaDraft) -> QuotaLine:
    """The last member has a post that no group names."""
    line = line_of(draft, 2)
    Office.objects.create(
        member=line.member, kind="union", title="Chủ tịch công đoàn", since=date(2020, 1, 1)
    )
    quota.refresh(draft.by, draft, draft.version)
    draft.refresh_from_db()
    return QuotaLine.objects.get(pk=line.pk)


def test_a_post_in_no_group_is_shown_and_put_into_one(draft, officer):
    assert in_no_group(draft).group is None
    client, page = browser(officer), address("quota_draft", draft)
    shown = words_of(client.get(page))
    assert "Chưa thuộc nhóm nào" in shown
    assert "Chủ tịch công đoàn (1)" in shown
    data = {"version": draft.version, "of": "members", "posts": "Chủ tịch công đoàn", "group": 2}
    refused = client.post(address("quota_place", draft), data | {"basis": ""})
    assert "Xin ghi căn cứ" in words_of(refused)
    taken = client.post(address("quota_place", draft), data | {"basis": "HD 05"})
    assert taken.status_code == 302
    assert line_of(draft, 2).group == 2
    setting = Setting.objects.get(key=GROUPS, committee=draft.committee)
    assert setting.basis == "HD 05"
    assert setting.value["groups"][2]["posts"] == ["lãnh đạo, quản lý", "Chủ tịch công đoàn"]
    assert "Danh sách nhóm đã đổi" not in words_of(client.get(page))


@pytest.mark.parametrize("group", [6, 99])
def test_a_members_post_goes_into_no_group_of_collectives(draft, officer, group):
    in_no_group(draft)
    with pytest.raises(Refused, match="không có nhóm này"):
        placing.place_post(
            officer, draft, draft.version, "members", "Chủ tịch công đoàn", group, "HD 05"
        )


def test_a_list_of_groups_that_changed_is_said_until_the_draft_is_brought_up_to_date(
    draft, officer
):
    value = USUAL.stored | {"head": "apart"}
    Setting.objects.create(committee=draft.committee, key=GROUPS, value=value, basis="HD 05")
    assert "Danh sách nhóm đã đổi" in words_of(browser(officer).get(address("quota_draft", draft)))
    quota.refresh(officer, draft, 1)
    draft.refresh_from_db()
    secretaries = group_of(draft, "Bí thư chi bộ").drafted
    assert (secretaries.rated, secretaries.apart["HTT"]) == (0, 1)


def test_two_drafts_are_copied_and_compared(draft, officer):
    other = quota.copy(officer, draft, "Lần 2")
    quota.move(officer, line_of(other), 0, "HTXS", WHY)
    assert line_of(draft).level == "HTT"
    client = browser(officer)
    page = words_of(client.get(address("quota_compare", draft), {"voi": other.pk}))
    assert "Khác nhau ở 1 trường hợp" in page
    assert WHY in page
    assert "chép từ “Lần 1”" in words_of(
        client.get(reverse("ballots:quota", args=[draft.committee_id, PERIOD]))
    )
    stranger = drafts.PERIOD.year - 1
    assert client.get(address("quota_compare", draft), {"voi": stranger}).status_code == 404


def test_a_name_is_taken_once_and_no_draft_is_made_of_nothing(draft, officer):
    with pytest.raises(ValidationError, match="Đã có dự thảo mang tên này"):
        quota.make(officer, draft.committee, PERIOD, "Lần 1")
    empty = factories.make_committee(parent=draft.committee)
    with pytest.raises(Refused, match="Chưa có hồ sơ nào ở cấp trên"):
        quota.make(officer, empty, PERIOD, "Lần 1")


def test_the_press_answers_with_the_row_and_the_groups_alone(draft, officer):
    line = line_of(draft)
    client, htmx = browser(officer), {"HX-Request": "true"}
    data = {"seen": 0, f"c{line.pk}-level": "HTXS", f"c{line.pk}-reason": ""}
    refused = client.post(address("quota_move", line), data, headers=htmx)
    assert "Khác mức chi bộ đề nghị thì xin ghi lý do." in words_of(refused)
    taken = client.post(
        address("quota_move", line), data | {f"c{line.pk}-reason": WHY}, headers=htmx
    )
    answer = taken.content.decode()
    assert answer.lstrip().startswith(f'<tr id="dong-{line.pk}"')
    assert 'hx-swap-oob="true"' in answer
    assert "<html" not in answer
    assert "Vượt 01" in words_of(taken)
    stale = client.post(
        address("quota_move", line), data | {f"c{line.pk}-reason": WHY}, headers=htmx
    )
    assert STALE in words_of(stale)
    assert QuotaMove.objects.count() == 1


def test_without_a_script_a_refused_move_keeps_what_was_typed(draft, officer):
    line = line_of(draft)
    data = {"seen": 9, f"c{line.pk}-level": "HTXS", f"c{line.pk}-reason": WHY}
    refused = browser(officer).post(address("quota_move", line), data)
    assert refused.status_code == 422
    assert f'value="{WHY}"' in refused.content.decode()
    taken = browser(officer).post(address("quota_move", line) + "?nhom=0", data | {"seen": 0})
    assert taken["Location"] == f"{address('quota_draft', draft)}?nhom=0#dong-{line.pk}"


@pytest.mark.parametrize(
    "sort", ["", "phieu", "diem", "quy", "han-che", "nam-truoc", "truong-hop", "x"]
)
def test_cases_are_filtered_searched_and_sorted(draft, officer, sort):
    client, page = browser(officer), address("quota_draft", draft)
    assert words_of(client.get(page, {"xep": sort, "nhom": "4"})).count("Chi bộ đề nghị") >= 1
    shown = client.get(page, {"xep": sort, "q": "tran thi anh", "muc": "HTT"}).content.decode()
    assert "Trần Thị Ánh" in shown
    assert "Không có trường hợp nào như vậy" in words_of(
        client.get(page, {"xep": sort, "muc": "da-doi"})
    )


def test_officers_of_three_subtrees_see_and_change_their_own_and_nothing_else(draft):
    own = draft.committee
    beside, below = factories.make_committee(), factories.make_committee(parent=own)
    line, others = line_of(draft), [beside, below]
    pages = [address("quota_draft", draft), address("quota_xlsx", draft)]
    pages += [reverse("ballots:quota", args=[own.pk, PERIOD])]
    presses = ("quota_refresh", "quota_raise", "quota_place", "quota_copy")
    for committee in others:
        stranger = factories.make_user(committee=committee)
        client = browser(stranger)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(address(name, draft)).status_code for name in presses} == {404}
        assert client.post(address("quota_move", line)).status_code == 404
        with pytest.raises(PermissionDenied):
            quota.move(stranger, line, 0, "HT", WHY)
    assert not QuotaMove.objects.exists()


def test_an_officer_above_works_in_it_too():
    meeting = drafts.make_draft().files.get().meeting
    own = Committee.objects.get(pk=meeting.cell.committee_id)
    top = factories.make_committee()
    Committee.objects.move(own, top, pos="last-child")
    above = factories.make_user(committee=top)
    assert browser(above).get(reverse("ballots:quota", args=[own.pk, PERIOD])).status_code == 200
    made = quota.make(above, Committee.objects.get(pk=top.pk), PERIOD, "Cấp tỉnh")
    assert made.lines.count() == 4


def test_the_room_and_a_move_ask_the_same_number_of_questions_for_more_cells(draft, officer):
    client = browser(officer)

    def asked(line: QuotaLine, seen: int) -> tuple[int, int]:
        numbers = []
        client.get(address("quota_draft", draft))  # notes from time to time that somebody is here
        data = {"seen": seen, f"c{line.pk}-level": "HT", f"c{line.pk}-reason": WHY + str(seen)}
        for call in (
            lambda: client.get(address("quota_draft", draft)),
            lambda: client.post(address("quota_move", line), data, headers={"HX-Request": "true"}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert call().status_code == 200
            numbers.append(len(queries))
        return tuple(numbers)

    asked(line_of(draft), 0)
    few = asked(line_of(draft), 1)
    for _ in range(3):
        drafts.send(draft.committee, 6)
    quota.refresh(officer, draft, 1)
    assert asked(line_of(draft), 2) == few


def test_taking_files_asks_the_same_number_of_questions_for_more_of_them(draft, officer):
    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            quota.make(officer, draft.committee, PERIOD, name)
        return len(queries)

    asked("Lần 2")
    few = asked("Lần 3")
    for _ in range(2):
        drafts.send(draft.committee)
    assert asked("Lần 4") == few
