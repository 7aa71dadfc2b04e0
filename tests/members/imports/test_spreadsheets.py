"""Sheets of members: every shape people have is read, and what cannot be read is said at its cell."""

import contextlib
import io
import re
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from members.imports.spreadsheets import BadSheet, opening, read
from members.imports.spreadsheets.columns import OFFICIAL, recognise
from members.imports.spreadsheets.writing import error_workbook, members_workbook
from tests.kit.sheets import (
    AN_ROW,
    HANH_ROW,
    HEADING,
    SHAPES,
    TODAY,
    TWO,
    Shape,
    saved,
    table,
    workbook,
)


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.what for shape in SHAPES])
def test_a_sheet_is_read_in_whatever_shape_it_comes(shape):
    sheet = read(workbook(shape), TODAY)
    assert [row.problems for row in sheet.rows] == [()] * len(shape.people)
    assert [row.values for row in sheet.rows] == shape.people
    assert [number for number, _ in sheet.skipped] == [*map(str, shape.skipped)]
    assert sheet.unknown == list(shape.unknown)


def test_what_was_hidden_or_left_out_is_told():
    book = load_workbook(io.BytesIO(workbook(SHAPES[0])))
    book.active.column_dimensions["D"].hidden = True
    book.active.row_dimensions[3].hidden = True
    notes = " ".join(read(saved(book), TODAY).notes)
    assert "Cột đang ẩn cũng được đọc: Số thẻ đảng viên" in notes
    assert "1 dòng đang ẩn" in notes


@pytest.mark.parametrize(
    ("heading", "value", "words"),
    [
        ("Ngày sinh", "31/02/1975", "không có ngày 31"),
        ("Ngày sinh", "5/7/26", "bốn chữ số"),
        ("Ngày sinh", "07/1950", "hoặc chỉ ghi năm sinh"),
        ("Số điện thoại", "0912345678; 0987654321", "Xin ghi một số"),
        ("Ngày sinh", 1850, "Năm sinh phải từ 1900 đến"),
        ("Ngày sinh", date(2027, 1, 1), "Năm sinh phải từ 1900 đến"),
        ("Ngày vào Đảng", 1985, "ngày/tháng/năm"),
        ("Ngày vào Đảng", "3/2/1925", "Năm 1925"),
        ("Ngày chính thức", "x", "ngày/tháng/năm"),
        ("Giới tính", "?", "“Nam” hoặc “Nữ”"),
        ("Diện", "vua", "“Chính thức”"),
        ("Số CCCD", 12345, "mất chữ số 0"),
        ("Số CCCD", "12345", "12 chữ số"),
        ("Số CCCD", "7.5E+10", "mất chữ số"),
        ("Số thẻ đảng viên", 1234, "mất chữ số 0"),
        ("Số thẻ đảng viên", 24084012.5, "mất chữ số"),
        ("Số thẻ đảng viên", "1" * 30, "dài hơn 20"),
        ("Số điện thoại", 12345, "mất chữ số 0"),
        ("Số điện thoại", "gọi sau", "Số điện thoại không đúng"),
        ("Quê quán", "Gia\u200bLai", "ký tự ẩn"),
        ("Quê quán", "x" * 201, "dài hơn 200"),
        ("Ghi chú", "#N/A", "Công thức"),
        ("Ghi chú", "=A1", "chưa có kết quả"),
        ("Thứ tự danh sách", "đầu", "một số"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_cell(heading, value, words):
    data = table(["STT", "Họ và tên", heading], [1, "Lê Văn An"], [2, "Lê Văn Bình", value])
    good, bad = read(data, TODAY).rows
    assert good.problems == ()
    (problem,) = bad.problems
    assert (problem.place, problem.heading) == ("C3", heading)
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (None, "thiếu họ và tên"),
        ("123", "không đúng"),
        ("#REF!", "không đúng"),
        ("A" * 101, "100"),
    ],
)
def test_a_line_that_tells_of_a_person_needs_a_name(name, words):
    (row,) = read(table(HEADING, [1, name, "05/07/1975", "24084012"]), TODAY).rows
    assert [problem.place for problem in row.problems] == ["B2"]
    assert words in row.problems[0].sentence


@pytest.mark.parametrize("parting", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_saved_as_plain_text_is_read(parting, code):
    rows = (HEADING, AN_ROW, HANH_ROW)
    text = "\r\n".join(parting.join(map(str, row)) for row in rows)
    assert [row.values for row in read(text.encode(code), TODAY).rows] == TWO


@pytest.mark.parametrize("name", ["NguyÔn V¨n An", "Nguyeãn Vaên An"])
def test_a_list_saved_as_plain_text_in_an_old_font_is_read(name):
    text = f"STT;Hä vµ tªn;Ngày sinh\r\n1;{name};05/07/1975\r\n"
    (row,) = read(text.encode("latin-1"), TODAY).rows
    assert row.values["name"] == "Nguyễn Văn An"
    assert ("Họ và tên", name) in row.originals


def test_what_was_converted_stands_beside_what_was_typed():
    typed, other = "Traàn Thò Hoàng", "Lê Văn Hồng"
    sheet = read(table(HEADING, [1, typed, 1950, ""], [2, other, 1960, ""]), TODAY)
    assert [(row.values["name"], row.originals) for row in sheet.rows] == [
        ("Trần Thị Hồng", (("Họ và tên", typed),)),
        (other, ()),
    ]
    assert "phông VNI" in sheet.notes[0]


def test_a_name_that_two_fonts_would_read_differently_is_asked_for():
    rows = [[1, "Traàn Thò Haïnh", 1950, ""], [2, "Hoàng Lan", 1960, ""]]
    _, open_row = read(table(HEADING, *rows), TODAY).rows
    assert open_row.values.get("name") is None
    assert "“Hoàng Lan”, cũng có thể là “Hồng Lan”" in open_row.problems[0].sentence
    (alone,) = read(table(HEADING, rows[1]), TODAY).rows
    assert alone.values["name"] == "Hoàng Lan"


def test_a_formula_whose_result_is_stored_is_read():
    data = table(["Họ và tên", "Ghi chú"], ["Lê Văn An", "=UPPER(A2)"])
    stored = _patched(data, "worksheets/sheet1", rb"<f>(.*?)</f><v></v>", rb"<f>\1</f><v>7</v>")
    (row,) = read(stored, TODAY).rows
    assert row.values["note"] == "7"


def test_shared_strings_with_runs_are_read_as_excel_writes_them():
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<si><r><t>L\xc3\xaa </t></r><r><t>V\xc4\x83n An</t></r></si></sst>"
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    data = table(["Họ và tên", "Ghi chú"], ["?"])
    data = _patched(data, "sheet1.xml", rb't="inlineStr"><is><t>\?</t></is>', b't="s"><v>0</v>')
    data = _patched(data, "Content_Types", b"</Types>", part)
    data = _with(data, "xl/sharedStrings.xml", strings)
    (row,) = read(data, TODAY).rows
    assert row.values == {"name": "Lê Văn An"}


def test_what_a_sheet_says_of_its_own_size_is_not_believed():
    data = _patched(
        workbook(SHAPES[0]),
        "worksheets/sheet1",
        rb'<dimension ref="[^"]+"',
        rb'<dimension ref="A1:A1"',
    )
    assert len(read(data, TODAY).rows) == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Ngày, tháng, năm sinh", "born_on"),
        ("Năm sinh", "born_year"),
        ("Số định danh cá nhân", "citizen_id"),
        ("Số CMND/CCCD", "citizen_id"),
        ("Điện thoại (Zalo)", "phone"),
        ("Số thẻ ĐV", "card_number"),
        ("Ngày kết nạp", "admitted_on"),
        ("Ngày vào Đảng (dự bị)", "admitted_on"),
        ("Ngày vào Đảng chính thức", "official_on"),
        ("Trình độ học vấn", "education"),
        ("Trình độ LLCT", "theory"),
        ("Trình độ chuyên môn", "profession"),
        ("Chức vụ (Đảng, chính quyền)", "post"),
        ("Nơi công tác hiện nay", "workplace"),
        ("Dân tộc", ""),
        ("Nơi sinh", ""),
        ("Ngày cấp CCCD", ""),
        ("Họ tên vợ (chồng)", ""),
        ("Số đảng viên", ""),
        ("Năm", ""),
    ],
)
def test_a_heading_is_recognised_by_its_meaning_or_left_open(heading, field):
    assert recognise(heading) == field


def test_the_official_headings_are_recognised():
    assert [recognise(heading) for heading in OFFICIAL.values()] == list(OFFICIAL)


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.what for shape in SHAPES])
def test_lines_written_back_for_correction_are_read_as_before(shape):
    sheet = read(workbook(shape), TODAY)
    again = read(error_workbook(sheet.columns, [(row.cells, ()) for row in sheet.rows]), TODAY)
    assert [row.values for row in again.rows] == shape.people


def test_the_error_sheet_keeps_what_was_typed_and_says_what_is_wrong():
    data = table([*HEADING, "Dân tộc"], [1, "=1+1", "31/02/1975", 1234, "Kinh"])
    sheet = read(data, TODAY)
    back = error_workbook(sheet.columns, [(row.cells, row.problems) for row in sheet.rows])
    line = [cell.value for cell in load_workbook(io.BytesIO(back)).active[2]]
    assert line[2:5] == ["31/02/1975", "1234", "Kinh"]
    assert "Ngày sinh: Tháng 2 năm 1975 không có ngày 31." in line[-1]
    assert load_workbook(io.BytesIO(back)).active["E1"].value == "Dân tộc"


def test_members_written_out_are_read_back_and_stay_text():
    people = [
        {
            "name": "Nguyễn Văn An",
            "born_on": date(1975, 7, 5),
            "born_year": 1975,
            "gender": "male",
            "citizen_id": "001075012345",
            "phone": "0912345678",
            "card_number": "00000001",
            "admitted_on": date(2001, 2, 3),
            "official_on": date(2002, 2, 3),
            "post": "=HYPERLINK(1)",
            "status": "exempt",
            "home_town": "+Gia Lai",
            "note": "-5",
            "position": 3,
        },
        {"name": "Trần Thị Hạnh", "born_year": 1950, "status": "full", "card_number": "cũ 12"},
    ]
    data = members_workbook("Chi bộ 4", people)
    read_back = [row.values for row in read(data, TODAY).rows]
    days = {"born_on": "1975-07-05", "admitted_on": "2001-02-03", "official_on": "2002-02-03"}
    assert read_back == [people[0] | days, people[1] | {"card_number": "cũ12"}]
    sheet = load_workbook(io.BytesIO(data)).active
    cells = {cell.value: cell for row in sheet for cell in row if cell.value is not None}
    assert cells["00000001"].number_format == cells["0912345678"].number_format == "@"
    assert {cells[v].data_type for v in ("=HYPERLINK(1)", "+Gia Lai", "-5")} == {"s"}
    assert sheet["C4"].is_date


# What is refused as a whole


def _patched(data: bytes, part: str, pattern: bytes, new: bytes) -> bytes:
    """The workbook with a part of its XML changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as fresh:
        for info in old.infolist():
            content = old.read(info)
            fresh.writestr(
                info.filename, re.sub(pattern, new, content) if part in info.filename else content
            )
    return buffer.getvalue()


def _with(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one more part."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return buffer.getvalue()


def _rows(count: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Họ và tên"])
    for _ in range(count):
        sheet.append(["Lê Văn An"])
    return saved(book)


PLAIN = workbook(SHAPES[0])
ENTITY = rb'\1<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = rb'\1<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
EMPTY = b"PK\5\6" + bytes(18)  # a zip of no parts
BAD = {
    "nothing": (b"", "không phải tệp Excel"),
    "a text of nobody": ("Họ và tên\tNgày sinh".encode("utf-16"), "không có đồng chí nào"),
    "a text in an old code": ("Họ và tên,Ngày sinh\nÁ".encode() + b"\xc1\xff", "UTF-8"),
    "a text of many rows": (b"a,b\n" * 20_001, "20.000 dòng"),
    "a wide text": (b"," * 101, "100 cột"),
    "a text with an endless cell": (b'a,"' + b"x" * 40_000, "quá lớn"),
    "a text of LibreOffice's": (
        _with(_with(EMPTY, "content.xml", b"<x/>"), "mimetype", b"text"),
        "không phải tệp Excel",
    ),
    "a page with another name": (b"<html><table>", "không phải tệp Excel"),
    "a text": ("Họ và tên".encode(), "không phải tệp Excel"),
    "another zip": (_with(EMPTY, "readme.txt", b"x"), "không phải tệp Excel"),
    "a letter of an old Word": (opening.OLD_EXCEL + bytes(600), "không phải tệp Excel"),
    "a password": (opening.OLD_EXCEL + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "half a file": (PLAIN[: len(PLAIN) // 2], "hỏng"),
    "macros": (_with(PLAIN, "xl/vbaProject.bin", b"x"), "macro"),
    "macros by type": (
        _patched(PLAIN, "Content_Types", rb"\.sheet\.main", b".sheet.macroEnabled.main"),
        "macro",
    ),
    "an entity": (_patched(PLAIN, "sheet1.xml", rb"^()", ENTITY), "XML không được phép"),
    "a billion laughs": (_patched(PLAIN, "workbook.xml", rb"^()", LAUGHS), "XML không được phép"),
    "broken XML": (_patched(PLAIN, "sheet1.xml", rb"</sheetData>", b""), "hỏng"),
    "XML in disguise": (_with(PLAIN, "xl/media/image1.png", b"\xff\xfe<\0x\0"), "hỏng"),
    "a bomb": (_with(PLAIN, "xl/media/image1.bin", bytes(90 * 1024 * 1024)), "quá lớn"),
    "a flood of rows": (
        _patched(PLAIN, "sheet1.xml", b"</sheetData>", b"<row/>" * 3_000_000 + b"</sheetData>"),
        "quá lớn",
    ),
    "deep XML": (
        _patched(
            PLAIN, "sheet1.xml", b"</sheetData>", b"<a>" * 200 + b"</a>" * 200 + b"</sheetData>"
        ),
        "quá lớn",
    ),
    "many rows": (_rows(20_000), "20.000 dòng"),
    "a wide sheet": (table([*([None] * 100), "Họ và tên"]), "100 cột"),
    "no heading": (table(["Tên cột lạ", "Khác"], ["x", "y"]), "dòng tiêu đề"),
    "nobody": (table(HEADING), "không có đồng chí nào"),
    "sheet cannot be parsed": (_patched(PLAIN, "sheet1.xml", rb'r="B2"', rb'r="?2"'), "hỏng"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_trusted_is_refused_in_words(what):
    data, words = BAD[what]
    with pytest.raises(BadSheet, match=words):
        read(data, TODAY)


def test_too_many_bytes_or_parts_are_refused():
    with pytest.raises(BadSheet, match="quá lớn"):
        read(PLAIN + bytes(opening.MAX_BYTES), TODAY)
    buffer = io.BytesIO(PLAIN)
    with zipfile.ZipFile(buffer, "a") as package:
        for number in range(opening.MAX_PARTS):
            package.writestr(f"xl/media/{number}.png", b"")
    with pytest.raises(BadSheet, match="quá lớn"):
        read(buffer.getvalue(), TODAY)


def test_far_and_endless_merged_ranges_cost_nothing():
    data = _patched(
        workbook(Shape("", [HEADING, [1, "Lê Văn An"]], [])),
        "sheet1.xml",
        b"</sheetData>",
        b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="??"/></mergeCells>',
    )
    with pytest.raises(BadSheet):
        read(data, TODAY)


def test_a_directory_that_points_nowhere_is_damage():
    at = PLAIN.rindex(b"PK\x05\x06") + 16  # where the end record says the directory begins
    pointing = PLAIN[:at] + (2**31).to_bytes(4, "little") + PLAIN[at + 4 :]
    with pytest.raises(BadSheet, match="hỏng"):
        read(pointing, TODAY)


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    damaged = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(PLAIN) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadSheet):
        read(bytes(damaged), TODAY)
