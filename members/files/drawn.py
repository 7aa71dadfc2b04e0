"""Whether pages of a PDF that was made anew look as they did: both are drawn by PDFium and compared. Pure."""

from collections.abc import Iterable

from PIL import Image, ImageChops
from pypdfium2 import PdfDocument, PdfPage

LONG_SIDE = 800  # dots: the stroke of a pen is one of them wide
FAINT = 32  # of 255: no eye sees less on paper
FEW = 12  # dots that two drawings of one page may differ in


def differ(original: bytes, fresh: bytes, pages: Iterable[int]) -> bool:
    """Whether one of these pages, counted from 0, shows something else than in the original.

    Whatever PDFium raises on a damaged file goes through: it is no ground to keep what nobody has compared.
    """
    before, after = PdfDocument(original), PdfDocument(fresh)
    try:
        before.init_forms()  # fields are drawn too, where there are any
        return any(_differs(_drawn(before[page]), _drawn(after[page])) for page in pages)
    finally:
        before.close()
        after.close()


def _drawn(page: PdfPage) -> Image.Image:
    scale = LONG_SIDE / max(*page.get_size(), 1)
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return picture


def _differs(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return True
    seen = ImageChops.difference(one, other).point(lambda value: 255 * (value > FAINT))
    return seen.histogram()[255] > FEW
