"""PDF files as they are kept: what is drawn on their pages, and nothing that acts, hides or tells. Pure."""

import io
import struct
import zlib
from collections.abc import Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from members.files import drawn
from members.files.pictures import without_notes
from partyreview.confined import Refusal

# Whatever a parser may stumble on in a broken or hostile file (a depth without end among them).
BROKEN = (
    PyPdfError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
)
LOCKED = "Tệp PDF này đặt mật khẩu hoặc hạn chế sửa. Xin bỏ khoá, hoặc chụp ảnh các trang."
LONG = "Tệp PDF này có {} trang, nhiều hơn {} trang. Xin tách thành nhiều tệp."
EMPTY = "Tệp PDF này không có trang nào. Xin chọn tệp khác."
DAMAGED = (
    "Tệp PDF này hỏng hoặc chưa tải đủ nên không đọc được. Xin chọn lại, hoặc chụp ảnh các trang."
)
LOST = (
    "Tệp PDF này có phần ghi thêm (chữ ký vẽ tay, ghi chú, lớp ẩn) không giữ lại được nguyên vẹn. "
    "Xin mở tệp, chọn In rồi “Lưu thành PDF” và gửi bản ấy, hoặc chụp ảnh các trang."
)
# They lead somewhere, and are no part of what is on paper.
UNDRAWN = ("/Link", "/Popup", "/FileAttachment")

# What of a page and of its resources is drawn. All else goes: actions, links, fields, scripts, threads, metadata.
PAGE_KEYS = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group"}
PAGE_KEYS |= {"/Contents", "/Resources", "/Annots"}
RESOURCES = {"/Font", "/XObject", "/ColorSpace", "/ExtGState", "/Pattern", "/Shading", "/ProcSet"}
# What a stream may say of itself or point at beside its bytes: metadata, files within and without, other versions.
STREAM_EXTRAS = {"/Metadata", "/PieceInfo", "/LastModified", "/AF", "/F", "/FFilter"}
STREAM_EXTRAS |= {"/FDecodeParms", "/OPI", "/Ref", "/Alternates", "/OC", "/PS", "/Measure"}
STREAM_EXTRAS |= {"/PtData", "/StructParent", "/StructParents", "/ID"}
HIDDEN_FLAGS = 1 | 2 | 32  # invisible, hidden, no view
PRINTED_AND_LOCKED = 4 | 64 | 128


class NotAPdf(Refusal):
    """A PDF that cannot be kept; the message is one Vietnamese sentence that says what to do."""


def cleaned(data: bytes, pages: int) -> bytes:
    """The same pages in a new file, without metadata, scripts, actions, links, forms and embedded files.

    What a stamp, a remark or a filled-in field looks like stays, as a picture on its page; a digital signature is not
    valid any more. Raises NotAPdf for what cannot be opened, is encrypted, has no page or more than `pages`, or would
    look otherwise than it did.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise NotAPdf(LOCKED)
        count = len(reader.pages)
        if not 0 < count <= pages:
            raise NotAPdf(LONG.format(count, pages) if count else EMPTY)
        doubtful = _doubtful_pages(reader)
        fresh = _written(reader)
        if doubtful and drawn.differ(data, fresh, doubtful):
            raise NotAPdf(LOST)
        return fresh
    except BROKEN as error:
        raise NotAPdf(DAMAGED) from error


def _doubtful_pages(reader: PdfReader) -> list[int]:
    """Pages of which something goes that a reader may have drawn: notes without a look of their own, layers."""
    layers = "/OCProperties" in reader.root_object
    return [number for number, page in enumerate(reader.pages) if layers or _loses_a_note(page)]


def _loses_a_note(page: PageObject) -> bool:
    notes = [note for note in _list(page.get("/Annots")) if isinstance(note, DictionaryObject)]
    return any(note.get("/Subtype") not in UNDRAWN and _look(note) is None for note in notes)


def _written(reader: PdfReader) -> bytes:
    writer = PdfWriter()
    seen: set[tuple[int, int]] = set()
    for page in reader.pages:
        _strip_page(page)
        _strip(page, seen)
        writer.add_page(page)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip_page(page: PageObject) -> None:
    """Leave of the page what is drawn; each remark on it only as what it looks like."""
    looks = [look for note in _list(page.get("/Annots")) if (look := _look(note)) is not None]
    for key in page.keys() - PAGE_KEYS:
        del page[key]
    page[NameObject("/Annots")] = ArrayObject(looks)
    if not looks:
        del page["/Annots"]


def _list(value: PdfObject | None) -> list[PdfObject]:
    array = value.get_object() if value is not None else None
    return [entry.get_object() for entry in array] if isinstance(array, ArrayObject) else []


def _look(note: PdfObject) -> DictionaryObject | None:
    """A stamp that looks as this annotation does; None where nothing of it is seen."""
    if not isinstance(note, DictionaryObject) or int(note.get("/F", 0)) & HIDDEN_FLAGS:
        return None
    look = note.get("/AP", DictionaryObject()).get_object().get("/N")
    look = look.get_object() if look is not None else None
    if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
        look = look.get(note.get("/AS", "/Off"))  # a box that is ticked or not
        look = look.get_object() if look is not None else None
    if not isinstance(look, StreamObject) or look.indirect_reference is None:
        return None
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Stamp"),
            NameObject("/Rect"): note["/Rect"],
            NameObject("/F"): NumberObject(PRINTED_AND_LOCKED),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): look.indirect_reference}),
        }
    )


def _strip(root: PdfObject, seen: set[tuple[int, int]]) -> None:
    """Take the extras from every stream and resource that `root` reaches."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, IndirectObject):
            place = (here.idnum, here.generation)
            if place in seen:
                continue
            seen.add(place)
            target = here.get_object()
            if target is not None:
                waiting.append(target)
        elif isinstance(here, ArrayObject):
            waiting.extend(here)
        elif isinstance(here, DictionaryObject):
            _strip_one(here)
            waiting.extend(_within(here))


def _within(here: DictionaryObject) -> Iterator[PdfObject]:
    return (here.raw_get(key) for key in here)


def _strip_one(here: DictionaryObject) -> None:
    if isinstance(here, StreamObject):
        for key in STREAM_EXTRAS & here.keys():
            del here[key]
        if isinstance(here, EncodedStreamObject) and here.get("/Filter") in (
            "/DCTDecode",
            ["/DCTDecode"],
        ):
            here._data = without_notes(here._data)
    resources = here.get("/Resources")
    if isinstance(resources, DictionaryObject):
        for key in resources.keys() - RESOURCES:
            del resources[key]
