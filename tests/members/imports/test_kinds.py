"""Lists saved by other programs than Excel of today: what stands in them is read all the same."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from members.imports.spreadsheets import BadSheet, read
from members.imports.spreadsheets.keeping import as_json
from partyreview import confined
from tests.kit.sheets import AN, HANH, HEADING, TODAY

INPUTS = Path(__file__).parents[2] / "inputs"
OLD = (INPUTS / "danh-sach.xls").read_bytes()
MIME = b"application/vnd.oasis.opendocument.spreadsheet"
NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
MANIFESTS = b"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def libre(*rows: list, manifest: bytes = b"") -> bytes:
    """A list as LibreOffice saves it, in an .ods of its least parts."""
    names = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())
    lines = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows
    )
    table = f'<table:table table:name="Danh sách">{lines}</table:table>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>{table}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", MIME)
        package.writestr(
            "META-INF/manifest.xml",
            b'<m:manifest xmlns:m="%s">%s</m:manifest>' % (MANIFESTS, manifest),
        )
        package.writestr("Configurations2/accelerator/current.xml", b"")
        package.writestr("content.xml", content)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, date):
        shown = f"<text:p>{value:%d/%m/%Y}</text:p>"
        return f'<table:table-cell office:value-type="date" office:date-value="{value}">{shown}</table:table-cell>'
    if isinstance(value, int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"></table:table-cell>'
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


DAY = date(1975, 7, 5)
ROWS = [[1, "Nguyễn Văn An", DAY, "24084012"], [2, "Trần Thị Hạnh", 1950, 4084013]]
NUMBERS = [{"card_number": "24084012"}, {"card_number": "04084013"}]
SCHOOL = {"workplace": "Trường Tiểu học số 1"}


@pytest.mark.parametrize(
    ("data", "more"),
    [(OLD, SCHOOL), (libre(HEADING, *ROWS), {})],
    ids=["Excel before 2007", "LibreOffice"],
)
def test_a_list_saved_by_another_program_is_read(data, more):
    sheet = read(data, TODAY)
    assert [row.values for row in sheet.rows] == [
        person | number | more for person, number in zip((AN, HANH), NUMBERS, strict=True)
    ]
    assert sheet.title == "Danh sách"
    assert [note for note in sheet.notes if "ẩn" in note] == (
        ["Trang tính đang ẩn không được đọc: Nháp."] if more else []
    )


def test_a_locked_list_of_libreoffice_is_refused_as_locked():
    locked = libre(HEADING, manifest=b"<m:encryption-data/>")
    with pytest.raises(BadSheet, match="mật khẩu"):
        read(locked, TODAY)


def confined_reading(data: bytes) -> str:
    """What becomes of a file where it is read for people: in a process of its own."""
    task = f"{as_json.__module__}:{as_json.__name__}"
    try:
        return confined.run(task, data, TODAY.isoformat(), None)[:1].decode()
    except (confined.Refusal, confined.Costly) as refusal:
        return type(refusal).__name__


# Each of these bytes makes the library ask for another amount of memory, or read in another place.
@pytest.mark.parametrize("at", range(520, 5600, 1270))
def test_a_damaged_list_of_old_excel_harms_nobody(at):
    damaged = OLD[:at] + b"\xff\xff\xff\x7f" + OLD[at + 4 :]
    assert confined_reading(damaged) in ("[", "Refusal", "Costly")
