"""Files as nobody should send them, and honest ones to compare them with."""

import io
import zlib

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

PLACE = "TOA-DO-21.0285"  # what must never be found again
SCRIPT = "app.alert"


def picture(kind: str = "JPEG", size=(60, 40), mode: str = "RGB", colour="white", **options):
    """A picture without anything in it."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def photograph(turned: int = 6) -> bytes:
    """Left half black; lying on its side, with a place, a maker's note and a comment."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = PLACE
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.6)
    exif.get_ifd(0x8825)[29] = PLACE
    dots = Image.new("RGB", (60, 40), "white")
    dots.paste("black", (0, 0, 30, 40))
    out = io.BytesIO()
    dots.save(out, "JPEG", exif=exif, comment=PLACE.encode(), quality=95)
    return out.getvalue()


def bomb() -> bytes:
    """Few bytes that say they are ten thousand times ten thousand dots."""
    small = picture("PNG")
    size = (30_000).to_bytes(4, "big")
    head = b"IHDR" + size + size + small[24:29]
    return small[:12] + head + zlib.crc32(head).to_bytes(4, "big") + small[33:]


def talking_png() -> bytes:
    """A PNG with text chunks beside its dots."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Location", PLACE)
    return picture("PNG", pnginfo=notes)


def _named(**entries) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def _script() -> DictionaryObject:
    return _named(S=NameObject("/JavaScript"), JS=TextStringObject(f"{SCRIPT}('{PLACE}')"))


def scan(pages: int = 1, password: str = "", photo: bytes | None = None) -> bytes:
    """A scanned PDF: one photograph a page."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        if photo is None:
            continue
        image = EncodedStreamObject()
        image._data = photo
        image.update(
            _named(
                Type=NameObject("/XObject"),
                Subtype=NameObject("/Image"),
                Width=NumberObject(60),
                Height=NumberObject(40),
                BitsPerComponent=NumberObject(8),
                ColorSpace=NameObject("/DeviceRGB"),
                Filter=NameObject("/DCTDecode"),
            )
        )
        drawn = DecodedStreamObject()
        drawn.set_data(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        page[NameObject("/Contents")] = writer._add_object(drawn)
        page[NameObject("/Resources")] = _named(XObject=_named(Im0=writer._add_object(image)))
    if password:
        writer.encrypt(password)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def inked_pdf(look: bool = False, layer: bool = False) -> bytes:
    """A page signed with a stylus, with or without a look of its own; or with a layer that is switched off."""
    writer = PdfWriter(io.BytesIO(scan()))
    page = writer.pages[0]
    stroke = ArrayObject(map(NumberObject, (100, 100, 150, 180, 220, 100)))
    box = ArrayObject(map(NumberObject, (90, 90, 230, 190)))
    ink = _named(Subtype=NameObject("/Ink"), Rect=box, InkList=ArrayObject([stroke]))
    ink[NameObject("/C")] = ArrayObject([NumberObject(0)] * 3)
    drawn = DecodedStreamObject()
    drawn.set_data(b"100 100 m 150 180 l 220 100 l S")
    drawn.update(_named(Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=box))
    if look:
        ink[NameObject("/AP")] = _named(N=writer._add_object(drawn))
    if layer:
        group = writer._add_object(_named(Type=NameObject("/OCG"), Name=TextStringObject("x")))
        off = _named(OFF=ArrayObject([group]))
        writer.root_object[NameObject("/OCProperties")] = _named(OCGs=ArrayObject([group]), D=off)
        drawn[NameObject("/OC")] = group
        shown = DecodedStreamObject()
        shown.set_data(b"/Fm0 Do")
        page[NameObject("/Contents")] = writer._add_object(shown)
        page[NameObject("/Resources")] = _named(XObject=_named(Fm0=writer._add_object(drawn)))
    else:
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(ink)])
    return _bytes(writer)


def acting_pdf() -> bytes:
    """Scripts on opening, on the page, in a link and a field; a file within, metadata, and a stamp that is seen."""
    writer = PdfWriter(io.BytesIO(scan(2, photo=photograph())))
    writer.add_attachment("an.exe", PLACE.encode())
    writer.add_metadata({"/Author": PLACE, "/Title": PLACE})
    scripts = _named(Names=ArrayObject([TextStringObject("a"), _script()]))
    writer.root_object["/Names"][NameObject("/JavaScript")] = scripts
    writer.root_object[NameObject("/OpenAction")] = _script()
    look = DecodedStreamObject()
    look.set_data(b"1 0 0 rg 0 0 50 20 re f")
    look.update(
        _named(
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Form"),
            BBox=ArrayObject(map(NumberObject, (0, 0, 50, 20))),
            Metadata=writer._add_object(_note_stream()),
        )
    )
    box = ArrayObject(map(NumberObject, (100, 100, 150, 120)))
    notes = _notes(box, writer._add_object(look))
    page = writer.pages[0]
    page[NameObject("/AA")] = _named(O=_script())
    page[NameObject("/PieceInfo")] = _named(X=TextStringObject(PLACE))
    page[NameObject("/Annots")] = ArrayObject(map(writer._add_object, notes))
    return _bytes(writer)


def _notes(box: ArrayObject, look: IndirectObject) -> list[DictionaryObject]:
    """Two links that act, a signature's field, and a file pinned to the page."""
    return [
        _named(Subtype=NameObject("/Link"), Rect=box, A=_script()),
        _named(
            Subtype=NameObject("/Link"),
            Rect=box,
            A=_named(S=NameObject("/Launch"), F=TextStringObject(PLACE)),
        ),
        _named(
            Subtype=NameObject("/Widget"),
            FT=NameObject("/Sig"),
            T=TextStringObject(PLACE),
            Rect=box,
            AA=_named(E=_script()),
            AP=_named(N=look),
        ),
        _named(Subtype=NameObject("/FileAttachment"), Rect=box, Contents=TextStringObject(PLACE)),
    ]


def _note_stream() -> DecodedStreamObject:
    note = DecodedStreamObject()
    note.set_data(f"<x:xmpmeta>{PLACE}</x:xmpmeta>".encode())
    return note
