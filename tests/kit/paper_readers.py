"""What stands in a PDF and in a .docx, for tests."""

import io
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import docx
import pypdf
import pypdfium2

from ballots.papers.press import render
from ballots.papers.press.measure import POINTS_PER_MM

# To measure how far down a page goes: its scale, its margin in millimetres, the grey that is nothing.
SCALE, MARGIN, PALE = 0.5, 20, 200
# Of the height of a page: a page that uses less, and is not the last, is near empty.
LEAST = 1 / 3


def words(text: str) -> str:
    """The text composed, every white space one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def pages_in(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [words(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def followed_by(pdf: bytes) -> str:
    """Which guidance on its form and which pack of rules the paper follows, as its file says."""
    return str((pypdf.PdfReader(io.BytesIO(pdf)).metadata or {}).get("/Keywords", ""))


def body_of(pages: list[str]) -> str:
    """The text of the pages without what stands on their margins: the mark, the number, the check code."""
    margin = r"( BẢN DỰ THẢO)?( {})?( Mã kiểm tra( \w{{4}}){{3}})?$"
    return " ".join(re.sub(margin.format(at), "", page) for at, page in enumerate(pages, 1))


def text_of_word(content: bytes) -> str:
    """The text of the body."""
    body = docx.Document(io.BytesIO(content)).element.body
    return words(" ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def fonts_in(pdf: bytes) -> list:
    """The fonts of all pages."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]


def filled(pdf: bytes) -> list[float]:
    """How much of the height between the margins each page uses, down to the last that stands on it."""
    shares = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            leaf = page.render(scale=SCALE).to_pil().convert("L")
            top, bottom = (
                MARGIN * SCALE * POINTS_PER_MM,
                leaf.height - MARGIN * SCALE * POINTS_PER_MM,
            )
            text = leaf.crop((0, round(top), leaf.width, round(bottom)))
            box = text.point(lambda grey: 255 * (grey < PALE)).getbbox()
            shares.append(box[3] / text.height if box else 0.0)
    return shares


class Printed:
    """Papers by name, each made once for all tests that only read it."""

    def __init__(self, papers: Mapping[str, Any]) -> None:
        self.pdf_of = cache(lambda name: render.pdf(render.html(papers[name])))
        self.docx_of = cache(lambda name: render.docx(papers[name]))
        self.word = cache(lambda name: docx.Document(io.BytesIO(self.docx_of(name))))
        self.pages = cache(lambda name: pages_in(self.pdf_of(name)))

    def pdf_text(self, name: str) -> str:
        return " ".join(self.pages(name))

    def body(self, name: str) -> str:
        return body_of(self.pages(name))

    def word_text(self, name: str) -> str:
        return text_of_word(self.docx_of(name))
