"""Open an .xlsx that a stranger made: every part is weighed and watched before openpyxl sees any of it.

The limits below are limits of this program, not law. A workbook of 5,000 members weighs half a megabyte.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, NoReturn
from xml.parsers import expat

from members.imports.spreadsheets.problems import BadSheet

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """How large a file may be, packed and unpacked, in parts of XML and in rows of one worksheet."""

    packed: int
    unpacked: int
    elements: int
    rows: int


# A cell's list, and that of a whole committee, which a job reads.
OF_CELL = Bounds(5 * MEGABYTE, 80 * MEGABYTE, 3_000_000, 20_000)
OF_COMMITTEE = Bounds(20 * MEGABYTE, 400 * MEGABYTE, 16_000_000, 100_000)
MAX_BYTES = OF_CELL.packed
MAX_PARTS = 1000
MAX_DEPTH = 100
MAX_COLUMNS = 100

CHUNK = 1 << 16
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
LIBRE = b"application/vnd.oasis.opendocument.spreadsheet"
STRICT_NAMESPACE = b"http://purl.oclc.org/ooxml/"
SAVE_AGAIN = "Xin mở tệp bằng Excel, chọn “Lưu thành” rồi lưu lại thành .xlsx."
NO_WORKBOOK = f"Đây không phải tệp Excel .xlsx. {SAVE_AGAIN}"
DAMAGED = f"Tệp bị hỏng, không đọc được. {SAVE_AGAIN}"
LOCKED = "Tệp có mật khẩu. Xin mở bằng Excel, bỏ mật khẩu rồi lưu lại."
MACROS = f"Tệp có macro nên không được nhận. {SAVE_AGAIN}"
COPY = "Xin chép riêng bảng danh sách sang một tệp mới rồi tải lên."
HEAVY = f"Tệp quá lớn. {COPY}"
COSTLY = (
    "Tệp có quá nhiều ô nên máy chủ không đọc hết. "
    "Xin chép riêng bảng danh sách sang tệp mới, hoặc chia thành nhiều tệp."
)
ENTITIES = f"Tệp có khai báo XML không được phép nên không được nhận. {SAVE_AGAIN}"
LONG = "Trang tính có hơn {} dòng. Xin chép riêng phần danh sách sang tệp mới, hoặc chia thành nhiều tệp."
WIDE = f"Trang tính có hơn {{}} cột. {COPY}"


@dataclass
class Marks:
    """What openpyxl's streaming reader does not tell of a worksheet: merged cells, what is hidden, empty formulas."""

    merged: list[str] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    # Cells with a formula whose result was never stored.
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0


@dataclass(frozen=True)
class Opened:
    """A workbook that is safe to read, with the marks of each worksheet by the path of its part."""

    book: "Workbook"
    marks: Mapping[str, Marks]

    @property
    def epoch(self) -> datetime:
        """The day from which this workbook counts its dates."""
        return self.book.epoch


def open_workbook(data: bytes, bounds: Bounds = OF_CELL) -> Opened | None:
    """The workbook in these bytes, read-only, formulas as their stored results; BadSheet says why not.

    None for a workbook of another kind, which has been looked through as well: Excel before 2007, LibreOffice, Strict.
    """
    from openpyxl import load_workbook  # on first use: tests/test_start.py

    if data.startswith(OLD_EXCEL):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadSheet(LOCKED)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            is_another_kind = _weigh(package, bounds)
            marks = _watch(package, bounds)
    except (BadSheet, MemoryError):
        raise
    except Exception as error:  # whatever zipfile raises on damage
        raise BadSheet(DAMAGED if data.startswith(b"PK") else NO_WORKBOOK) from error
    if is_another_kind:
        return None
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:  # whatever openpyxl's parsers raise on damage
        raise BadSheet(DAMAGED) from error
    return Opened(book, marks)


def _weigh(package: zipfile.ZipFile, bounds: Bounds) -> bool:
    """Refuse by the directory alone what is no workbook, is locked, has macros or would unpack to too much.

    Whether it is a workbook of another kind than openpyxl reads.

    The sizes may be believed: nothing past the declared size of a part is ever unpacked.
    """
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > bounds.unpacked:
        raise BadSheet(HEAVY)
    if any(part.flag_bits & 1 for part in parts):
        raise BadSheet(LOCKED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadSheet(MACROS)
    if len(names) != len(parts):
        raise BadSheet(DAMAGED)
    return _is_another_kind(package, names)


def _is_another_kind(package: zipfile.ZipFile, names: Set[str]) -> bool:
    """Whether LibreOffice, or Excel by its strict standard, wrote it; BadSheet where it is no workbook at all."""
    if {"content.xml", "mimetype"} <= names:
        if package.read("mimetype").strip() != LIBRE:
            raise BadSheet(NO_WORKBOOK)
        if b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise BadSheet(LOCKED)
        return True
    books = [name for name in names if name.endswith("workbook.xml")]
    if "[Content_Types].xml" not in names or not books:
        raise BadSheet(NO_WORKBOOK)
    if b"macroEnabled" in package.read("[Content_Types].xml"):
        raise BadSheet(MACROS)
    return any(STRICT_NAMESPACE in package.read(name) for name in books)


def _watch(package: zipfile.ZipFile, bounds: Bounds) -> dict[str, Marks]:
    """Parse every XML part once without keeping it; refuse declarations, floods and damage."""
    watch = _Watch(bounds)
    marks = {}
    for part in filter(lambda part: part.file_size, package.infolist()):
        with package.open(part) as stream:
            if part.filename.lower().endswith((".xml", ".rels", ".vml", ".rdf")):
                marks[part.filename] = watch.part(stream)
            elif stream.read(64).lstrip(BEFORE_XML).startswith(b"<"):
                # XML under another name, which openpyxl might still be led to.
                raise BadSheet(DAMAGED)
    return marks


class _Watch:
    """Walks through the parts of one file, counting what all of them hold together."""

    def __init__(self, bounds: Bounds) -> None:
        from openpyxl.utils import column_index_from_string  # here, and not at every cell

        self.most = bounds.elements
        self.column_number = column_index_from_string
        self.elements = 0
        self.depth = 0
        self.marks = Marks()
        self.row = self.column = 0
        self.formula = self.text_result = self.in_value = False
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._row,
            "c": self._cell,
            "f": self._formula,
            "v": self._value,
            "is": self._value,
            "col": self._columns,
            "mergeCell": lambda attributes: self.marks.merged.append(attributes.get("ref", "")),
        }

    def part(self, stream: IO[bytes]) -> Marks:
        """The marks of one part; those of a part that is no worksheet mean nothing."""
        self.marks, self.row, self.column, self.depth = Marks(), 0, 0, 0
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._declaration
        parser.EntityDeclHandler = self._declaration
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise BadSheet(DAMAGED) from error
        return self.marks

    def _declaration(self, *_: object) -> NoReturn:
        raise BadSheet(ENTITIES)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self.most or self.depth > MAX_DEPTH:
            raise BadSheet(HEAVY)
        handler = self.starts.get(name.rpartition(":")[2])
        if handler is not None:
            handler(attributes)

    def _text(self, _: str) -> None:
        if self.in_value:
            self.formula = False

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.in_value = False
        if self.formula and name.rpartition(":")[2] == "c":
            self.marks.uncomputed.add((self.row, self.column))
            self.formula = False

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes.get("r", self.row + 1))
        self.column = 0
        if attributes.get("hidden") in ("1", "true"):
            self.marks.hidden_rows.add(self.row)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.formula, self.text_result = False, attributes.get("t") == "str"
        place = re.fullmatch(r"\$?([A-Z]{1,3})\$?[0-9]+", attributes.get("r", ""))
        self.column = self.column_number(place[1]) if place else self.column + 1

    def _formula(self, _: dict[str, str]) -> None:
        self.formula = True
        self._seen()

    def _value(self, _: dict[str, str]) -> None:
        self.in_value = True
        self.formula = self.formula and not self.text_result  # a text may be empty
        self._seen()

    def _seen(self) -> None:
        self.marks.last_row = max(self.marks.last_row, self.row)
        self.marks.last_column = max(self.marks.last_column, self.column)

    def _columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.marks.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
