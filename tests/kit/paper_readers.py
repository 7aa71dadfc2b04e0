"""What stands in a PDF and in a .docx, for tests."""

import io
import re
import unicodedata

import docx
import pypdf


def words(text: str) -> str:
    """The text composed, every white space one space."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def pages_in(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [words(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def text_of_word(content: bytes) -> str:
    """The text of the body."""
    body = docx.Document(io.BytesIO(content)).element.body
    return words(" ".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def fonts_in(pdf: bytes) -> list:
    """The fonts of all pages."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
