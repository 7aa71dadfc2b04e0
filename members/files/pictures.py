"""Photographs as they are kept: decoded, turned upright, made anew as JPEG without a byte of the original. Pure."""

import io
import struct
import zlib

from PIL import Image, ImageOps

from partyreview.confined import Refusal

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
QUALITY = 85
JPEG, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
PNG, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
DOTS_BEGIN = 0xDA
NOTES = set(range(0xE1, 0xF0)) - {0xEE}
# Whatever a decoder may stumble on in a broken or hostile file.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    AttributeError,
    struct.error,
    zlib.error,
)
HUGE = (
    "Ảnh có quá nhiều điểm ảnh. Xin chụp lại ở chế độ thường, không dùng chế độ độ phân giải cao."
)
HEIC = (
    "Ảnh HEIC của iPhone chưa đọc được. Xin vào Cài đặt, Camera, Định dạng, chọn “Tương thích nhất” rồi chụp lại, "
    "hoặc gửi bản PDF."
)
DAMAGED = "Ảnh này hỏng hoặc chưa tải đủ nên không đọc được. Xin chọn lại, hoặc chụp lại."
LOST = "Ảnh này ở dạng không giữ lại được những gì nhìn thấy. Xin chụp lại, hoặc lưu lại thành JPEG rồi gửi."
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class NotAPicture(Refusal):
    """A picture that cannot be kept; the message is one Vietnamese sentence that says what to do."""


def cleaned(data: bytes, pixels: int, side: int) -> bytes:
    """The picture as JPEG: upright, its long side at most `side`, without any metadata.

    The colour profile goes too: a phone names its owner in none of it, but nothing unread is kept.
    Raises NotAPicture for what is no picture, is damaged, or has more than `pixels`.
    """
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise NotAPicture(HEIC)
    if not _is_whole(data):
        raise NotAPicture(DAMAGED)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > pixels:  # before a single one is decoded
                raise NotAPicture(HUGE)
            picture.draft("RGB", (side, side))
            return _made_anew(picture, side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(HUGE) from error
    except BROKEN as error:
        raise NotAPicture(DAMAGED) from error


def _made_anew(picture: Image.Image, side: int) -> bytes:
    """Only the dots are carried over, on white where the picture is transparent."""
    picture = _in_bytes(picture)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(picture)
    clear = "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    dots = upright.convert("RGBA" if clear else "RGB")
    fresh = Image.new("RGB", dots.size, "white")
    fresh.paste(dots, mask=dots.getchannel("A") if clear else None)
    if _is_blank(fresh) and not _is_blank(picture):
        raise NotAPicture(LOST)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _in_bytes(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits, as scanners make it, in 8: to convert it would take all but the darkest for white."""
    if not picture.mode.startswith("I"):
        return picture
    lightest = picture.getextrema()[1]
    bits = 0xFFFF if isinstance(lightest, int) and lightest > 0xFF else 0xFF
    return picture.convert("I").point(lambda value: value * (255 / bits)).convert("L")


def _is_blank(picture: Image.Image) -> bool:
    return max(picture.convert("L").histogram()) == picture.width * picture.height


def _is_whole(data: bytes) -> bool:
    """Whether the picture has its end, where a kind has a mark for it.

    The decoder itself would say so, if WeasyPrint did not tell it, for the whole process, to bear with half a picture.
    """
    if data.startswith(PNG):
        return PNG_END in data
    return not data.startswith(JPEG) or JPEG_END in _segments(data)[1]


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without Exif, maker's notes, places and comments; its dots are not touched.

    Only JFIF (APP0) and Adobe's own mark (APP14), which says how colours are stored, stay before the dots.
    """
    head, rest = _segments(jpeg)
    parts = [part for part in head if not (part[1] == 0xFE or part[1] in NOTES)]
    return b"".join([jpeg[:2], *parts, rest])


def _segments(jpeg: bytes) -> tuple[list[bytes], bytes]:
    """The segments before the dots, and all from there on."""
    head, at = [], 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg) and jpeg[at + 1] != DOTS_BEGIN:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        head.append(jpeg[at:end])
        at = end
    return head, jpeg[at:]
