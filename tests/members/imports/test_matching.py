"""Which row of a sheet is which member."""

import pytest

from members.imports.matching import plan
from members.imports.plans import Answer, Answers, KnownMember, MatchedRow, Plan
from members.imports.spreadsheets import read
from members.rules import fields
from tests.kit.sheets import TODAY, table

HEADING = ["Họ và tên", "Năm sinh", "Số thẻ đảng viên", "Số CCCD", "Ngày vào Đảng", "Quê quán"]


def person(pk: int, name: str, born: int | None = None, **values) -> KnownMember:
    left = values.pop("left", False)
    return KnownMember(pk, {"name": name, "born_year": born, "status": "full", **values}, left)


PEOPLE = [
    person(1, "Nguyễn Văn An", 1975, card_number="24084012", citizen_id="001075012345"),
    person(2, "Trần Thị Hạnh", 1950, card_number="24084013"),
    person(3, "Lê Văn Hòa", born_on="1980-02-03", official_on="2003-02-03"),
    person(4, "Lê Văn Bình", 1960),
    person(5, "Lê Văn Bình", 1970),
    person(6, "Hoàng Văn Đi", 1955, card_number="24084016", left=True),
]


def planned(*rows) -> Plan:
    return plan(read(table(HEADING, *rows), TODAY), PEOPLE)


@pytest.mark.parametrize(
    ("row", "kind", "pk"),
    [
        (["Nguyễn Văn An", 1975, "24084012"], "same", 1),
        (["NGUYỄN VĂN AN", None, 24084012], "same", 1),
        (["Nguyễn Văn An", 1975, None, "001075012345"], "same", 1),
        (["Nguyễn Văn An", 1975], "same", 1),
        (["Nguyễn Văn An"], "same", 1),
        (["Nguyễn Văn Ân", 1975, "24084012"], "open", 1),
        (["nguyễn văn An", 1975, "24084012"], "changed", 1),
        (["Nguyen Van An", 1975], "open", None),
        (["Le Van Hoa", "03/02/1980"], "open", None),
        (["Le Van Hoa", "04/02/1980"], "new", None),
        (["Lê Văn Họa", "03/02/1980"], "open", None),
        (["Lê Văn Họa", 1980], "new", None),
        (["Nguyễn Văn An", 1974], "new", None),
        (["Trần Thị Hạnh", 1951, "24084013"], "open", 2),
        (["Trần Thị Hạnh", 1950, "24084099"], "new", None),
        (["Lê Văn Hoà", "04/02/1980"], "new", None),
        (["Lê Văn Hoà", "03/02/1980", "24084055"], "changed", 3),
        (["Nguyễn Văn An", 1975, "24084099", "001075012345"], "open", 1),
        (["Nguyễn Văn An", 1975, None, "123456789"], "open", 1),
        (["Nguyễn Văn An", None, None, None, "3/2/2001"], "open", 1),
        (["Lê Văn Hoà", 1980], "same", 3),
        (["Lê Văn Bình", 1960], "same", 4),
        (["Lê Văn Bình", 1980], "new", None),
        (["Đỗ Văn Mới", 1990], "new", None),
        (["Hoàng Văn Đi", 1955], "open", None),
        (["Lê Văn Bình"], "open", None),
    ],
)
def test_a_row_is_matched_by_number_then_name_and_year_then_a_unique_name(row, kind, pk):
    (line,) = planned(row).lines
    assert (line.kind, line.person.pk if line.person else None) == (kind, pk)


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["Nguyễn Văn An", 1975, "24084013", "001075012345"], "C2", "hai đồng chí"),
        (["Đỗ Văn Khác", 1990, "24084012"], "C2", "đang là của đồng chí Nguyễn Văn An (1975)"),
        (["Đỗ Văn Khác", None, "24084012"], "C2", "đang là của đồng chí"),
        (["Hoàng Văn Đi", 1955, "24084016"], "C2", "đã chuyển đi"),
        (["Lê Văn Hòa", 1980, None, None, "3/2/2004"], "A2", fields.OFFICIAL_FIRST),
    ],
)
def test_a_row_that_cannot_be_told_is_an_error_at_its_cell(row, place, words):
    (line,) = planned(row).lines
    assert line.kind == "error"
    assert line.problems[0].place == place
    assert words in line.problems[0].sentence


@pytest.mark.parametrize(
    "rows",
    [
        [["Nguyễn Văn An", 1975, None, "001075012345"], ["NGUYỄN VĂN AN", None, "24084012"]],
        [["Đỗ Văn Mới", 1990], ["Đỗ Văn Mới", 1990]],
        [["Đỗ Văn Mới", 1990, "24000001"], ["Đỗ Văn Khác", 1991, "24000001"]],
    ],
)
def test_two_rows_of_one_person_are_both_errors(rows):
    lines = planned(*rows).lines
    assert [line.kind for line in lines] == ["error", "error"]
    assert "Dòng này và dòng 3" in lines[0].problems[0].sentence
    assert "Dòng này và dòng 2" in lines[1].problems[0].sentence


def test_one_number_in_two_rows_of_two_names_is_told_as_that():
    lines = planned(["Đỗ Văn Mới", 1990, "24000001"], ["Lê Thị Khác", 1991, "24000001"]).lines
    assert [line.kind for line in lines] == ["error", "error"]
    assert "dòng 3 ghi cùng một số thẻ" in lines[0].problems[0].sentence


def test_two_of_one_name_and_year_whose_days_or_cards_differ_are_two_people():
    by_day = planned(["Đỗ Văn Mới", "12/03/1990"], ["Đỗ Văn Mới", "27/09/1990"])
    by_card = planned(["Đỗ Văn Mới", 1990, "24000001"], ["Đỗ Văn Mới", 1990, "24000002"])
    assert [line.kind for line in (*by_day.lines, *by_card.lines)] == ["new"] * 4


PHONES = ["Họ và tên", "Năm sinh", "Số điện thoại"]
MOVED = ["Trần Thị Hạnh", 1950, "0987654321"]
WITH_PHONE = [person(2, "Trần Thị Hạnh", 1950, phone="0912345678")]


def said(choice: str, *of: str, row: str = "2") -> Answers:
    return Answers({row: Answer(choice, of)})


@pytest.mark.parametrize(
    ("answers", "kind", "pk"),
    [
        (None, "open", 2),
        (said("2", "2"), "changed", 2),
        (said("", "2"), "new", None),
        (said("", "9"), "open", 2),
        (said("2", "2", row="3"), "open", 2),
    ],
)
def test_what_stays_open_is_asked_and_done_as_it_is_answered(answers, kind, pk):
    sheet = read(table(PHONES, MOVED), TODAY)
    (line,) = plan(sheet, WITH_PHONE, answers=answers).lines
    assert (line.kind, line.person.pk if line.person else None) == (kind, pk)
    assert [other.member for other in line.asked] == WITH_PHONE
    assert plan(sheet, WITH_PHONE).summary == "1 dòng: 0 khớp, 0 mới, 0 lỗi, 1 cần hỏi"


def test_who_is_taken_for_another_by_a_number_may_be_said_to_be_the_same():
    sheet = read(table(HEADING, ["Trần Thị Hạnh", 1950, "24084099"]), TODAY)
    (line,) = plan(sheet, PEOPLE, answers=said("2", "2")).lines
    assert (line.kind, line.values["card_number"]) == ("changed", "24084099")


def answered(row: list, choice: str, people=PEOPLE, heading=HEADING, **options) -> MatchedRow:
    """What becomes of this row when one of those asked about is chosen, or nobody."""
    sheet = read(table(heading, row), TODAY)
    (open_line,) = plan(sheet, people, **options).lines
    assert open_line.kind == "open"
    keys = [other.key for other in open_line.asked]
    (line,) = plan(sheet, people, answers=said(choice, *keys), **options).lines
    return line


@pytest.mark.parametrize(
    ("row", "choice", "kind", "sentence"),
    [
        (["Lê Văn Bình"], "5", "same", ""),
        (["Lê Văn Bình"], "", "new", ""),
        (["Trần Thị Hạnh", 1951, "24084013"], "2", "changed", ""),
        (["Trần Thị Hạnh", 1951, "24084013"], "", "error", "đang là của đồng chí Trần Thị Hạnh"),
        (["Nguyễn Văn Ân", 1975, "24084012"], "1", "changed", ""),
        (["Hoàng Văn Đi", 1955], "6", "error", "đã chuyển đi"),
        (["Hoàng Văn Đi", 1955], "", "new", ""),
        (["Nguyen Van An", 1975], "1", "same", ""),
        (["Lê Văn Họa", "03/02/1980"], "3", "changed", ""),
    ],
)
def test_what_is_answered_is_done_or_its_way_is_told(row, choice, kind, sentence):
    line = answered(row, choice)
    assert line.kind == kind
    assert sentence in " ".join(problem.sentence for problem in line.problems)


BARE = [person(1, "Nguyễn Văn Hùng", 1975)]
HUNG = ["Nguyễn Văn Hùng", "12/03/1975", "24000001"]
OTHER_HUNG = ["Nguyễn Văn Hùng", "27/09/1975", "24000002"]


def test_two_rows_of_two_people_who_could_both_be_one_member_are_asked_for():
    sheet = read(table(["Họ và tên", "Ngày sinh", "Số thẻ đảng viên"], HUNG, OTHER_HUNG), TODAY)
    lines = plan(sheet, BARE).lines
    assert [(line.kind, [x.key for x in line.asked]) for line in lines] == [("open", ["1"])] * 2
    one = Answers({"2": Answer("1", ("1",)), "3": Answer("", ("1",))})
    assert [line.kind for line in plan(sheet, BARE, answers=one).lines] == ["changed", "new"]
    both = Answers({"2": Answer("1", ("1",)), "3": Answer("1", ("1",))})
    assert [line.kind for line in plan(sheet, BARE, answers=both).lines] == ["error", "error"]


def test_two_new_rows_that_may_be_one_person_are_asked_for_once():
    rows = ["Đỗ Văn Mới", 1990, "0912345678"], ["Đỗ Văn Mới", 1990, "0987654321"]
    sheet = read(table(PHONES, *rows), TODAY)
    first, second = plan(sheet, []).lines
    assert (first.kind, second.kind, [x.key for x in second.asked]) == ("new", "open", ["row 2"])
    for choice, kind in (("", "new"), ("row 2", "error")):
        answers = said(choice, "row 2", row="3")
        assert [x.kind for x in plan(sheet, [], answers=answers).lines] == ["new", kind]


def test_a_namesake_of_the_same_year_in_another_cell_is_asked_for():
    there = KnownMember(7, {"name": "Đỗ Văn Mới", "born_year": 1990}, cell=8, cell_name="Chi bộ 8")
    placed = {"2": 9}
    options = {"people": [there], "placed": placed}
    assert answered(["Đỗ Văn Mới", 1990], "", **options).kind == "new"
    line = answered(["Đỗ Văn Mới", 1990], "7", **options)
    assert (line.kind, "đang ở Chi bộ 8" in line.problems[0].sentence) == ("error", True)


def test_a_name_alone_is_not_enough_to_write_to_a_member_but_one_answer_does_for_all():
    people = [person(1, "Lê Văn An"), person(2, "Lê Văn Ba"), person(3, "Lê Văn Chi")]
    rows = [["Lê Văn An", 1970], ["Lê Văn Ba", 1971], ["Lê Văn Chi"]]
    result = plan(read(table(HEADING, *rows), TODAY), people)
    assert [line.kind for line in result.lines] == ["open", "open", "same"]
    assert [line.row.number for line in result.plain] == [2, 3]


def test_new_namesakes_need_a_year_of_birth_each():
    first, second = planned(["Đỗ Văn Mới", 1990], ["Đỗ Văn Mới"]).lines
    assert (first.kind, second.kind) == ("new", "error")
    assert second.problems[0].place == "B3"
    assert second.problems[0].sentence == fields.NAMESAKE_WITHOUT_YEAR


def test_changes_are_told_old_and_new_and_an_empty_cell_takes_nothing_away():
    (line,) = planned(["Nguyễn Văn An", 1975, None, None, "3/2/2001", "Gia Lai"]).lines
    told = [(change.heading, change.old, change.new) for change in line.changes]
    assert told == [("Ngày vào Đảng", "", "03/02/2001"), ("Quê quán", "", "Gia Lai")]
    assert line.values["card_number"] == "24084012"


def test_a_new_member_of_unknown_status_is_asked_for():
    data = table(["Họ và tên", "Ngày vào Đảng", "Ngày chính thức"], ["Đỗ Văn Mới", "3/2/2026"])
    (line,) = plan(read(data, TODAY), PEOPLE).lines
    assert (line.kind, line.problems[0].place) == ("error", "C2")
    assert "chính thức hay dự bị" in line.problems[0].sentence


def test_what_needs_looking_at_comes_first_and_who_is_missing_is_told():
    rows = [
        ["Nguyễn Văn An"],
        ["Đỗ Văn Mới"],
        ["Lê Văn Bình"],
        ["Trần Thị Hạnh", 1951, "24084013"],
    ]
    result = planned(*rows)
    assert [line.kind for line in result.ordered] == ["open", "open", "new", "same"]
    assert (result.matched, result.count("new"), result.count("open")) == (1, 1, 2)
    assert [person.pk for person in result.missing] == [3]
    assert result.summary == "4 dòng: 1 khớp, 1 mới, 0 lỗi, 2 cần hỏi"
    many = Plan(result.lines[:1] * 1204, ())
    assert many.summary.startswith("1.204 dòng: 1.204 khớp")
