"""Sheets of members as people really have them: each a shape with what is to be read from it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from openpyxl import Workbook

TODAY = date(2026, 12, 5)
HEADING = ["STT", "Họ và tên", "Ngày sinh", "Số thẻ đảng viên"]
AN = {"name": "Nguyễn Văn An", "born_year": 1975, "born_on": "1975-07-05"}
HANH = {"name": "Trần Thị Hạnh", "born_year": 1950}
TWO = [AN | {"card_number": "24084012"}, HANH | {"card_number": "04084013"}]
AN_ROW = [1, "Nguyễn Văn An", "05/07/1975", "24084012"]
HANH_ROW = [2, "Trần Thị Hạnh", "1950", "04084013"]


@dataclass(frozen=True)
class Shape:
    """Rows from A1 on, what is merged and hidden, and the people to be read."""

    what: str
    rows: Sequence[Sequence[object]]
    people: list[dict[str, object]]
    merged: Sequence[str] = ()
    hidden_columns: str = ""
    hidden_rows: Sequence[int] = ()
    skipped: Sequence[int] = ()
    unknown: Sequence[str] = ()
    formats: dict[str, str] = field(default_factory=dict)


def workbook(shape: Shape) -> bytes:
    """The shape as an .xlsx."""
    book = Workbook()
    sheet = book.active
    for number, row in enumerate(shape.rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    for reference in shape.merged:
        sheet.merge_cells(reference)
    for letter in shape.hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    for number in shape.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for place, number_format in shape.formats.items():
        sheet[place].number_format = number_format
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def table(heading: Sequence[object], *rows: Sequence[object]) -> bytes:
    """A sheet with its heading in the first row."""
    return workbook(Shape("", [heading, *rows], []))


def pages(**rows: list) -> bytes:
    """A workbook with a worksheet for each, named as "Danh_sách" is."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in rows.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for line in lines:
            sheet.append(line)
    return saved(book)


SHAPES = [
    Shape("the plainest", [HEADING, AN_ROW, HANH_ROW], TWO),
    Shape(
        "merged title rows above",
        [
            ["ĐẢNG BỘ XÃ IA GRAI", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
            ["CHI BỘ THÔN 4"],
            ["DANH SÁCH ĐẢNG VIÊN NĂM 2026"],
            [],
            HEADING,
            AN_ROW,
            HANH_ROW,
        ],
        TWO,
        merged=["A1:C1", "A2:C2", "A3:D3"],
    ),
    Shape(
        "shifted to the right and down",
        [[], [], *([None, None, None, *row] for row in (HEADING, AN_ROW, HANH_ROW))],
        TWO,
    ),
    Shape(
        "columns in another order, with other words",
        [
            ["Số thẻ đảng", "SINH NGÀY", "HỌ TÊN ĐẢNG VIÊN", "TT"],
            ["24084012", "5.7.1975", "Nguyễn Văn An", 1],
            ["04084013", "1950", "Trần Thị Hạnh", 2],
        ],
        TWO,
    ),
    Shape(
        "decomposed letters from a Mac, in heading and names",
        [
            [
                "STT",
                "Ho\u0323 va\u0300 te\u0302n",
                "Nga\u0300y sinh",
                "So\u0302\u0301 the\u0309 đa\u0309ng vie\u0302n",
            ],
            [1, "Nguye\u0302\u0303n Va\u0306n An", "05/07/1975", "24084012"],
            [2, "Tra\u0302\u0300n Thi\u0323 Ha\u0323nh", "1950", "04084013"],
        ],
        TWO,
    ),
    Shape(
        "days as serial numbers, years as numbers",
        [HEADING, [1, "Nguyễn Văn An", 27580, "24084012"], [2, "Trần Thị Hạnh", 1950, "04084013"]],
        TWO,
    ),
    Shape(
        "days as real days",
        [HEADING, [1, "Nguyễn Văn An", datetime(1975, 7, 5), "24084012"], HANH_ROW],  # noqa: DTZ001
        TWO,
    ),
    Shape(
        "zeros eaten, .0 added",
        [
            ["Họ tên", "SĐT", "CCCD", "Số thẻ", "Năm sinh"],
            ["Nguyễn Văn An", 912345678, 1075012345, 24084012.0, "1975.0"],
            ["Trần Thị Hạnh", "912345679.0", 64150012345.0, 4084013, 1950.0],
        ],
        [
            {
                "name": "Nguyễn Văn An",
                "born_year": 1975,
                "phone": "0912345678",
                "citizen_id": "001075012345",
                "card_number": "24084012",
            },
            HANH
            | {"phone": "0912345679", "citizen_id": "064150012345", "card_number": "04084013"},
        ],
    ),
    Shape("blank rows between", [HEADING, [], AN_ROW, [None, " "], [], HANH_ROW, []], TWO),
    Shape(
        "two lines of heading, merged",
        [
            ["TT", "Họ và tên", "Năm sinh", None, "Ngày vào Đảng", None],
            [None, None, "Nam", "Nữ", "Dự bị", "Chính thức"],
            [1, "Nguyễn Văn An", 1975, None, "3/2/2001", "3/2/2002"],
            [2, "Trần Thị Hạnh", None, 1950, "19.5.1980", "19.5.1981"],
        ],
        [
            {
                "name": "Nguyễn Văn An",
                "born_year": 1975,
                "gender": "male",
                "admitted_on": "2001-02-03",
                "official_on": "2002-02-03",
            },
            HANH | {"gender": "female", "admitted_on": "1980-05-19", "official_on": "1981-05-19"},
        ],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    ),
    Shape(
        "totals and signatures below",
        [
            HEADING,
            AN_ROW,
            HANH_ROW,
            [None, "Tổng cộng: 02 đồng chí"],
            [],
            [None, None, None, "Ia Grai, ngày 05 tháng 12 năm 2026"],
            [None, "NGƯỜI LẬP BIỂU", None, "T/M CHI BỘ"],
            [None, "Lê Thị Lan", None, "Phạm Văn Hùng"],
        ],
        TWO,
        skipped=[4, 6, 7, 8],
    ),
    Shape(
        "groups within, no numbers",
        [
            ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên"],
            ["I. Chi ủy"],
            AN_ROW[1:],
            ["II. Đảng viên"],
            HANH_ROW[1:],
        ],
        TWO,
        merged=["A2:C2", "A4:C4"],
        skipped=[2, 4],
    ),
    Shape(
        "numbers of the columns below the heading, the heading once more on the next page",
        [HEADING, ["(1)", "(2)", "(3)", "(4)"], AN_ROW, HEADING, HANH_ROW],
        TWO,
        skipped=[2, 4],
    ),
    Shape(
        "hidden columns and rows hold what people hid",
        [HEADING, AN_ROW, HANH_ROW],
        TWO,
        hidden_columns="D",
        hidden_rows=[3],
    ),
    Shape(
        "family name and given name apart",
        [["STT", "Họ và tên đệm", "Tên", "Năm sinh"], [1, "Trần Thị", "Hạnh", 1950]],
        [HANH],
    ),
    Shape(
        "one merged heading over both parts of the name",
        [["STT", "Họ và tên", None, "Năm sinh"], [1, "Trần Thị", "Hạnh", 1950]],
        [HANH],
        merged=["B1:C1"],
    ),
    Shape(
        "names in capitals, a card number with a dot",
        [
            HEADING,
            [1, "NGUYỄN VĂN AN", "05/07/1975", "24.084012"],
            [2, "TRẦN THỊ HẠNH", 1950, "04.084013"],
        ],
        TWO,
    ),
    Shape(
        "columns that are not kept",
        [[*HEADING, "Dân tộc", "Ngày cấp thẻ"], [*AN_ROW, "Kinh", "1/1/2020"]],
        TWO[:1],
        unknown=["Dân tộc", "Ngày cấp thẻ"],
    ),
    Shape(
        "one workplace written once beside several people",
        [
            ["Họ và tên", "Năm sinh", "Đơn vị công tác"],
            ["Nguyễn Văn An", 1975, "Trường Tiểu học số 1"],
            ["Trần Thị Hạnh", 1950, None],
        ],
        [
            {"name": "Nguyễn Văn An", "born_year": 1975, "workplace": "Trường Tiểu học số 1"},
            HANH | {"workplace": "Trường Tiểu học số 1"},
        ],
        merged=["C2:C3"],
    ),
    Shape(
        "dashes for nothing, status and gender in other words",
        [
            ["Họ và tên", "Năm sinh", "Giới tính", "Trạng thái", "Số CCCD"],
            ["Nguyễn Văn An", 1975, "NAM", "ĐV dự bị", "-"],
            ["Trần Thị Hạnh", 1950, "nữ", "Miễn CT, SH", "…"],
        ],
        [
            {
                "name": "Nguyễn Văn An",
                "born_year": 1975,
                "gender": "male",
                "status": "probationary",
            },
            HANH | {"gender": "female", "status": "exempt"},
        ],
    ),
    Shape(
        "women ticked",
        [["Họ và tên", "Năm sinh", "Nữ"], ["Trần Thị Hạnh", 1950, "x"]],
        [HANH | {"gender": "female"}],
    ),
    Shape(
        "a number format that only shows the zeros",
        [["Họ và tên", "Năm sinh", "Số CCCD"], ["Trần Thị Hạnh", 1950, 1150012345]],
        [HANH | {"citizen_id": "001150012345"}],
        formats={"C2": "000000000000"},
    ),
    Shape(
        "groups by roman figures in the column of numbers, people without",
        [
            HEADING,
            ["I", "Chi ủy"],
            [None, *AN_ROW[1:]],
            ["II", "Đảng viên"],
            [None, *HANH_ROW[1:]],
        ],
        TWO,
        skipped=[2, 4],
    ),
    Shape(
        "a total with counts where days and numbers stand",
        [HEADING, AN_ROW, HANH_ROW, [None, "Tổng cộng", 2, 2], ["Cộng:", None, "2 đ/c"]],
        TWO,
        skipped=[4, 5],
    ),
    Shape(
        "a man called as a total, without accents",
        [HEADING, [1, "Tống Công Minh", 1960], [2, "TONG CONG LINH", 1961]],
        [
            {"name": "Tống Công Minh", "born_year": 1960},
            {"name": "Tong Cong Linh", "born_year": 1961},
        ],
    ),
    Shape(
        "a note below people without numbers",
        [HEADING[1:], AN_ROW[1:], HANH_ROW[1:], ["Ghi chú: danh sách chốt ngày 5/12"]],
        TWO,
        skipped=[4],
    ),
    Shape(
        "apostrophes before figures",
        [
            HEADING,
            [1, "Nguyễn Văn An", "'05/07/1975", "'24084012"],
            [*HANH_ROW[:3], "\u201904084013"],
        ],
        TWO,
    ),
    Shape(
        "spaces of all kinds, a form of address before the name",
        [HEADING, [1, " Đ/c Nguyễn\u00a0 Văn   An ", "05/07/1975\n", "24 084 012"], HANH_ROW],
        TWO,
    ),
    Shape(
        "telephones with dots and brackets",
        [["Họ và tên", "SĐT"], ["Lê An", "0912.345.678"], ["Lê Ba", "(091) 234-5678"]],
        [{"name": "Lê An", "phone": "0912345678"}, {"name": "Lê Ba", "phone": "0912345678"}],
    ),
    Shape(
        "a year alone in other words, a day with midnight behind it",
        [
            ["Họ và tên", "Ngày sinh"],
            ["Nguyễn Văn An", "05/07/1975 00:00:00"],
            *(
                ["Trần Thị Hạnh", year]
                for year in ("00/00/1950", "//1950", "Năm 1950", "SN: 1950")
            ),
        ],
        [AN, HANH, HANH, HANH, HANH],
    ),
    Shape(
        "numbers of the list as decimals and text",
        [HEADING, [1.0, *AN_ROW[1:]], ["02.", *HANH_ROW[1:]]],
        TWO,
    ),
    Shape(
        "people of two cells below the names of their cells",
        [
            HEADING,
            ["CHI BỘ THÔN 5"],
            AN_ROW,
            [None, "Cộng: 01 đồng chí"],
            ["II", "Chi bộ Thôn 6 (01 đ/c)"],
            HANH_ROW,
        ],
        TWO,
        merged=["A2:D2"],
        skipped=[2, 4, 5],
    ),
    Shape(
        "names and headings typed in TCVN3",
        [
            ["STT", "Hä vµ tªn", "Ngµy sinh", "Sè thÎ ®¶ng viªn"],
            [1, "NguyÔn V¨n An", "05/07/1975", "24084012"],
            [2, "TrÇn ThÞ H¹nh", "1950", "04084013"],
        ],
        TWO,
    ),
    Shape(
        "names in capitals typed in TCVN3, below headings in Unicode",
        [HEADING, [1, "NGUYÔN V¡N AN", *AN_ROW[2:]], [2, "TRÇN THÞ H¹NH", *HANH_ROW[2:]]],
        TWO,
    ),
    Shape(
        "names typed in VNI",
        [HEADING, [1, "Nguyeãn Vaên An", *AN_ROW[2:]], [2, "Traàn Thò Haïnh", *HANH_ROW[2:]]],
        TWO,
    ),
    Shape(
        "ends of lines as another program writes them",
        [
            ["STT", "Họ và_x000D_\ntên", *HEADING[2:]],
            [1, "Nguyễn Văn_x000D_\nAn", *AN_ROW[2:]],
            [2, "Trần Thị Hạnh", "1950_x000D_", "0408_x000D_4013"],
        ],
        TWO,
    ),
]
