"""What a rule or a name forbids in a scenario that is well formed."""

import pytest

from ballots.demo.scenario import Forbidden
from tests.kit.cases import LEAST, POLL, SEED, changed, load, meeting_of, people


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("meeting.chair", "Ông Lạ", "Chủ trì: không có đảng viên nào tên “Ông Lạ”"),
        ("meeting.clerk", "Ông Lạ", "Thư ký: không có"),
        ("meeting.clerk", "Hà Xuân Quang", "hai đồng chí khác nhau"),
        ("meeting.tellers", [], "ít nhất 01 đồng chí"),
        ("meeting.tellers", ["Ông Lạ"], "Tổ kiểm phiếu: không có"),
        ("meeting.tellers", ["Hà Xuân Quang"], "chủ trì hội nghị nên không vào tổ kiểm phiếu"),
        ("meeting.tellers", ["Đảng viên Hai", "Đảng viên Hai"], "được ghi 2 lần"),
        ("meeting.ends", "2023-12-20T14:00", "sau giờ bắt đầu"),
        ("meeting.presented_by", "Ông Lạ", "Người trình bày báo cáo: không có"),
        ("meeting.count_ends", None, "cả giờ bắt đầu và giờ kiểm phiếu xong"),
        ("meeting.count_ends", "2023-12-20T16:00", "phải theo thứ tự"),
        ("meeting.count_ends", "2023-12-20T17:10", "nằm trong hội nghị"),
        ("members.7.left_at", "2023-12-20T13:00", "không nằm trong hội nghị"),
        ("polls.1.invalid_reasons", {"rách": 1}, "có 0 phiếu không hợp lệ"),
        ("comments.0.by", "Ông Lạ", "Ý kiến: không có"),
        ("comments.0.by", "cell", "Ý kiến: không có"),
        ("comments.0.on", "Ông Lạ", "Ý kiến: không có"),
        ("polls.1.subjects", ["Ông Lạ"], "không có đảng viên nào"),
        ("polls.1.subjects", ["cell"], "không có đảng viên nào"),
        ("polls.1.subjects", ["Đảng viên Bốn", "Đảng viên Bốn"], "được ghi 2 lần"),
        ("polls.1.subjects", [], "không có đối tượng nào"),
        ("polls.1.levels", ["HTT", "HT"], "mức HTXS không có trong lượt này"),
        ("polls.1.levels", [], "ít nhất một mức"),
        ("polls.1.levels", ["HTXS", "HTT", "HT", "HT"], "mỗi mức một lần"),
        ("polls.1.ballots.0.count", 7, "có 9 phiếu, nhiều hơn 8"),
        ("polls.1.ballots.0.count", 10**9, "nhiều hơn 8"),
        ("polls.1.ballots.0.via", "paper", ""),
        ("polls.1.ballots.1.via", "paper", "lộ người viết"),
        ("polls.1.ballots.0.marks", {"Ông Lạ": "HTT"}, "không có đảng viên nào"),
        ("polls.1.ballots.0.marks", {"cell": "HTT"}, "không có đảng viên nào"),
        ("polls.0.ballots.0.marks", {"Đảng viên Ba": "HTT"}, "không phải là đối tượng"),
        ("polls.0.ballots.0.marks", {"Đảng viên Ba": None}, "không phải là đối tượng"),
        ("conclusions", {"Ông Lạ": {"level": "HT"}}, "Kết luận: không có"),
        ("conclusions", {"cell": {"level": "HT"}}, ""),
        ("members.0.name", "", "members[0].name không được để trống"),
        ("members.0.name", "Hà\u202eQuang", "ký tự ẩn"),
        ("members.0.name", "x" * 101, "dài quá 100"),
        ("members.0.name", "cell", "không dùng làm tên"),
        ("members.0.name", "Đảng viên Hai", "trùng tên người khác"),
        ("committee", " ", "committee không được để trống"),
        ("comments.0.text", "a\x00b", "ký tự ẩn"),
        ("members.0.attendance", "absent", "Chủ trì Hà Xuân Quang không có mặt"),
        ("members.0.status", "probationary", "là đảng viên dự bị"),
        ("members.0.status", "suspended", "đình chỉ"),
        ("members.4.attendance", "excused", "Thư ký Đảng viên Năm không có mặt"),
        ("members.1.status", "probationary", "không phải đảng viên chính thức"),
        ("members.1.status", "exempt", "không phải đảng viên chính thức"),
        ("members.1.attendance", "absent", "Đảng viên Hai không có mặt"),
        ("members.1.post", "Bí thư Chi bộ", "là bí thư nên không vào"),
        ("members.1.post", "Bí thư Chi đoàn", ""),
        ("members.1.post", "Phó Bí thư", ""),
    ],
)
def test_what_a_rule_or_a_name_forbids_is_said(path, value, sentence):
    case = changed(SEED, path, value)
    if not sentence:
        assert load(case)
        return
    with pytest.raises(Forbidden) as caught:
        load(case)
    assert any(sentence in line for line in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(("full", "allowed"), [(3, True), (8, True), (9, False), (20, False)])
def test_the_clerk_is_a_teller_only_where_fewer_than_nine_full_members_are_present(full, allowed):
    away = [{"name": "Vắng", "status": "full", "attendance": "absent"}]
    guests = [{"name": "Dự bị", "status": "probationary", "attendance": "present"}]
    case = meeting_of(people(full) + away + guests, ["Đảng viên 2"])
    if allowed:
        assert load(case)
    else:
        with pytest.raises(Forbidden, match="là thư ký hội nghị mà có từ 9 đảng viên"):
            load(case)


@pytest.mark.parametrize(
    ("present", "absent", "excused", "allowed"),
    [(3, 2, 0, True), (3, 3, 0, False), (3, 0, 3, False), (4, 3, 0, True), (4, 2, 1, True)],
)
def test_half_or_fewer_of_the_voters_cannot_meet(present, absent, excused, allowed):
    members = people(present)
    members += [
        {"name": f"Vắng {n}", "status": "full", "attendance": "absent"} for n in range(absent)
    ]
    members += [
        {"name": f"Phép {n}", "status": "full", "attendance": "excused"} for n in range(excused)
    ]
    members += [{"name": "Miễn", "status": "exempt", "attendance": "absent"}]
    case = meeting_of(members, ["Đảng viên 3"])
    if allowed:
        assert load(case)
    else:
        with pytest.raises(Forbidden, match="chưa đủ để họp"):
            load(case)


@pytest.mark.parametrize(
    ("papers", "tellers", "sentence"),
    [(0, 1, ""), (3, 2, ""), (3, 1, "ít nhất 02 đồng chí"), (2, 2, "lộ người viết")],
)
def test_paper_ballots_need_two_tellers_and_at_least_three_writers(papers, tellers, sentence):
    poll = {**POLL, "ballots": [{"count": papers, "via": "paper"}, {"count": 1}]}
    case = meeting_of(people(6), ["Đảng viên 3", "Đảng viên 4"][:tellers], [poll])
    if not sentence:
        assert load(case)
        return
    with pytest.raises(Forbidden, match=sentence):
        load(case)


def test_who_is_not_rated_is_no_subject():
    case = meeting_of(people(3), ["Đảng viên 3"], [{**POLL, "subjects": ["Đảng viên 2"]}])
    assert load(case)
    case["members"][1]["rated"] = False
    with pytest.raises(Forbidden, match="không thuộc danh sách được xếp loại"):
        load(case)


TWINS = [
    {"name": "Lê An", "born": 1950, "status": "full", "attendance": "present"},
    {"name": "Lê An", "born": 1960, "status": "full", "attendance": "present"},
    *people(3),
]


@pytest.mark.parametrize(
    ("births", "named", "sentence"),
    [
        ((1950, 1960), "Lê An (1960)", ""),
        ((1950, 1960), "Lê An", "viết kèm năm sinh"),
        ((1950, 1960), "Lê An (1970)", "không có đảng viên nào"),
        ((1950, 1950), "Lê An (1950)", "cùng là “Lê An (1950)”"),
        ((1950, None), "Lê An (1950)", "xin ghi năm sinh"),
        ((None, None), "Lê An", "xin ghi năm sinh"),
    ],
)
def test_twins_are_told_apart_by_their_birth_or_not_at_all(births, named, sentence):
    twins = [{**twin, "born": born} for twin, born in zip(TWINS, births, strict=False)]
    case = meeting_of([*twins, *people(3)], ["Đảng viên 3"])
    case["comments"] = [{"by": named, "on": "cell", "text": "Đồng ý."}]
    if not sentence:
        assert load(case).keys[:2] == ("Lê An (1950)", "Lê An (1960)")
        return
    with pytest.raises(Forbidden) as caught:
        load(case)
    assert any(sentence in line for line in caught.value.problems)


def test_a_year_of_birth_is_part_of_no_single_name():
    case = changed(LEAST, "members.0.born", 1950)
    assert load(case).keys == ("An", "Bình", "Chi")
    with pytest.raises(Forbidden, match=r"“An \(1950\)”"):
        load(changed(case, "meeting.chair", "An (1950)"))


def test_all_problems_are_told_at_once_each_on_one_line():
    case = changed(changed(SEED, "meeting.chair", "Ông\nLạ"), "polls.0.ballots.0.count", 99)
    with pytest.raises(Forbidden) as caught:
        load(case)
    assert len(caught.value.problems) == 2
    assert all(line.isprintable() for line in caught.value.problems)


def test_a_file_may_name_what_is_reviewed_for_titles_and_basis():
    named = changed(LEAST, "campaign.object", "tổ chức đảng và tập thể lãnh đạo")
    assert load(named).rules.texts["subjects"] == "tổ chức đảng và tập thể lãnh đạo"
    assert load(LEAST).rules.texts["subjects"] == "tổ chức đảng, đảng viên"
