"""Which cell of a committee is meant by what a sheet says."""

import pytest

from members.imports.matching import plan
from members.imports.placing import Place, Placer, Places, new_name, per_cell, place_in, unknown
from members.imports.plans import KnownMember, Plan
from members.imports.spreadsheets import Sheet, read
from tests.kit.sheets import TODAY, Shape, table, workbook

PLACES = Places(
    [
        Place(1, "Chi bộ 4", "Đảng bộ xã Ia Grai"),
        Place(2, "Chi bộ Thôn Hạ", "Đảng bộ xã Ia Grai"),
        Place(3, "Chi bộ Thôn Hà", "Đảng bộ xã Ia Grai"),
        Place(4, "Trường Tiểu học số 1", "Đảng bộ xã Ia Grai"),
        Place(5, "Chi bộ 7", "Đảng bộ Bệnh viện"),
        Place(6, "Chi bộ 7", "Đảng bộ Trường"),
    ]
)
HEADING = ["Họ và tên", "Ngày sinh", "Số thẻ", "Chi bộ"]
PEOPLE = [
    KnownMember(
        1, {"name": "Nguyễn Văn An", "born_year": 1975, "card_number": "24084012"}, cell=1
    ),
    KnownMember(2, {"name": "Trần Thị Hạnh", "born_year": 1950}, cell=1, cell_name="Chi bộ 4"),
    KnownMember(3, {"name": "Lê Văn Đi", "card_number": "24084013"}, True, 2, "Chi bộ Thôn Hạ"),
]


def sheet(*rows) -> Sheet:
    return read(table(HEADING, *rows), TODAY, [cell.name for cell in PLACES.by_pk.values()])


def planned(*rows) -> Plan:
    read_sheet = sheet(*rows)
    return plan(read_sheet, PEOPLE, (), Placer(PLACES).placed(read_sheet))


@pytest.mark.parametrize(
    ("written", "pk"),
    [
        ("Chi bộ 4", 1),
        ("CHI BỘ 4", 1),
        ("CB 4", 1),
        ("cb số 04", 1),
        ("Chi bo\u0323\u0302 4", 1),
        ("4", 1),
        (4, 1),
        ("Chi bộ 4 – Đảng bộ xã Ia Grai", 1),
        ("thôn hạ", 2),
        ("Chi bộ Thôn Hà", 3),
        ("Chi bộ Trường Tiểu học số 1", 4),
        ("truong tieu hoc so 1", 4),
        ("Chi bộ 7 (Trường)", 6),
        ("CB 7, Đảng bộ Bệnh viện", 5),
    ],
)
def test_a_cell_is_known_however_it_is_written(written, pk):
    assert planned(["Đỗ Văn Mới", 1990, None, written]).lines[0].cell == pk


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (None, "chưa ghi chi bộ"),
        ("Chi bộ 9", "không có chi bộ mang tên này"),
        ("Thôn Hạnh", "Tên gần giống: Chi bộ Thôn Hạ, Chi bộ Thôn Hà"),
        ("Chi bộ 7", "Có 2 chi bộ mang tên này: Chi bộ 7 – Đảng bộ Bệnh viện"),
        ("Thôn Ha", "Có 2 chi bộ"),
    ],
)
def test_a_cell_that_cannot_be_told_is_an_error_at_its_cell_of_the_sheet(written, words):
    (line,) = planned(["Đỗ Văn Mới", 1990, None, written]).lines
    assert (line.kind, line.cell, line.problems[0].place) == ("error", None, "D2")
    assert words in line.problems[0].sentence


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (["Nguyễn Văn An", 1975, "24084012", "Thôn Hạ"], "C2", "đang ở Chi bộ 4"),
        (["Lê Văn Đi", 1960, "24084013", "Chi bộ 4"], "C2", "đã chuyển đi từ Chi bộ Thôn Hạ"),
    ],
)
def test_who_is_in_another_cell_is_not_moved_nor_made_twice(row, place, words):
    people = [
        KnownMember(p.pk, p.values, p.left, p.cell, p.cell_name or "Chi bộ 4") for p in PEOPLE
    ]
    read_sheet = sheet(row)
    placed = {"2": {"Thôn Hạ": 2, "Chi bộ 4": 1}[row[3]]}
    (line,) = plan(read_sheet, people, (), placed).lines
    assert (line.kind, line.problems[0].place) == ("error", place)
    assert words in line.problems[0].sentence


@pytest.mark.parametrize(
    "row",
    [
        ["Nguyễn Văn An", 1975, "24084099", "Thôn Hạ"],
        ["Trần Thị Hạnh", 1951, None, "Thôn Hạ"],
        ["Trần Thị Hạnh", None, None, "Thôn Hạ"],
    ],
)
def test_a_namesake_in_another_cell_is_somebody_else_where_number_or_birth_differ(row):
    assert [line.kind for line in planned(row).lines] == ["new"]


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        (["Đỗ Mới", "5/7/1990", None, "4"], ["Đỗ Mới", "5/7/1990", None, "Thôn Hạ"], "error"),
        (["Đỗ Mới", 1990, "24000001", "4"], ["Đỗ Mới", 1991, "24000001", "Thôn Hạ"], "error"),
        (["Đỗ Mới", 1990, "24000001", "4"], ["Đỗ Mới", 1990, "24000002", "Thôn Hạ"], "new"),
        (["Đỗ Mới", None, None, "4"], ["Đỗ Mới", None, None, "Thôn Hạ"], "new"),
    ],
)
def test_one_person_in_rows_of_two_cells_is_an_error_in_both(first, second, kinds):
    assert [line.kind for line in planned(first, second).lines] == [kinds, kinds]


def test_two_of_one_name_and_year_in_two_cells_are_asked_for():
    first, second = planned(["Đỗ Mới", 1990, None, "4"], ["Đỗ Mới", 1990, None, "Thôn Hạ"]).lines
    assert [first.kind, second.kind] == ["new", "open"]


def test_people_below_the_name_of_a_cell_belong_to_it():
    heading = ["STT", "Họ và tên", "Ngày sinh"]
    rows = [
        heading,
        ["I", "CHI BỘ 4"],
        ["1", "Đỗ Văn Mới", 1990],
        [None, "Cộng: 01 đồng chí"],
        ["II. CHI BỘ THÔN HÀ (02 đồng chí)"],
        ["1", "Nguyễn Văn Ba", 1990],
        ["A", "Cấp ủy"],
        ["2", "Nguyễn Văn Tư", 1990],
        ["TRƯỜNG TIỂU HỌC SỐ 1"],
        ["1", "Nguyễn Văn Năm", 1990],
        ["Chi bộ Thôn Lạ", None, 12],
        ["1", "Nguyễn Văn Sáu", 1990],
    ]
    names = [cell.name for cell in PLACES.by_pk.values()]
    grouped = read(workbook(Shape("", rows, [], merged=["A5:C5", "A9:C9"])), TODAY, names)
    assert [number for number, _ in grouped.skipped] == [*map(str, (2, 4, 5, 7, 9, 11))]
    result = plan(grouped, PEOPLE, (), Placer(PLACES).placed(grouped))
    assert [line.cell for line in result.lines] == [1, 3, 3, 4, None]
    assert result.lines[-1].problems[0].place == "A11"
    (new,) = unknown(grouped, PLACES)
    assert (new.name, new.rows) == ("Chi bộ Thôn Lạ", 1)
    counts = [(c.name, c.rows, c.new, c.wrong, c.missing) for c in per_cell(result, PLACES)]
    assert counts == [
        ("Chưa rõ chi bộ", 1, 0, 1, 0),
        ("Chi bộ 4", 1, 1, 0, 2),
        ("Chi bộ Thôn Hà", 2, 2, 0, 0),
        ("Trường Tiểu học số 1", 1, 1, 0, 0),
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("CB THÔN 5", "Chi bộ Thôn 5"),
        ("Chi bộ Thôn 5", "Chi bộ Thôn 5"),
        ("chi bộ: Trạm Y tế", "Chi bộ Trạm Y tế"),
        ("Trường THPT", "Chi bộ Trường THPT"),
    ],
)
def test_a_new_cell_gets_the_name_that_lists_use(written, name):
    assert new_name(written) == name


def test_in_a_sheet_for_one_cell_a_row_of_another_cell_is_an_error():
    rows = ["4", "Chi bộ Thôn Hạ", None, "không rõ"]
    read_sheet = sheet(*([f"Đỗ Văn {n}", 1990, None, cell] for n, cell in enumerate(rows)))
    lines = plan(read_sheet, PEOPLE, (), place_in(read_sheet, 1, "Chi bộ 4", PLACES)).lines
    assert [line.kind for line in lines] == ["new", "error", "new", "new"]
    assert "ghi chi bộ khác" in lines[1].problems[0].sentence


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Chi bộ", "4"),
        ("Tên chi bộ", "4"),
        ("Đơn vị", "4"),
        ("Tổ chức đảng", "4"),
        ("Sinh hoạt tại chi bộ", "4"),
        ("Đang sinh hoạt tại", "4"),
        ("Đơn vị công tác", ""),
    ],
)
def test_the_column_of_the_cell_is_recognised_by_its_meaning(heading, cell):
    data = table(["Họ và tên", heading], ["Lê Văn An", "4"])
    assert read(data, TODAY, []).rows[0].cell_name == cell


def test_one_cell_written_once_beside_several_people_is_the_cell_of_all():
    rows = [["Chi bộ", "Họ và tên"], ["Chi bộ 4", "Lê Văn An"], [None, "Lê Văn Bình"]]
    merged = read(workbook(Shape("", rows, [], merged=["A2:A3"])), TODAY, [])
    assert [row.cell_name for row in merged.rows] == ["Chi bộ 4", "Chi bộ 4"]
