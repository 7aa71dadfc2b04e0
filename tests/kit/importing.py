"""A sheet of members through the pages of the import, as its officer presses."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cells.models import Cell
from tests.kit.paper_readers import words
from tests.kit.sheets import HEADING, table

GOOD = [3, "Lê Văn An", "05/07/1975", "24084012"]


BAD = [4, "Lê Văn Bình", "31/02/1975", "24084013"]


PHONE = "0912345678"


def address(cell: Cell, step: str = "") -> str:
    return f"/hop/chi-bo/{cell.pk}/dang-vien/nhap/{step}"


def upload(secretary: Client, cell: Cell, data: bytes, name: str = "danh sách.xlsx"):
    file = SimpleUploadedFile(name, data)
    return secretary.post(address(cell), {"file": file}, follow=True)


def apply(secretary: Client, cell: Cell):
    """Press "Áp dụng" on the page as it stands."""
    page = secretary.get(address(cell, "xem/"))
    data = {"digest": page.context["digest"]}
    return secretary.post(address(cell, "ap-dung/"), data, follow=True)


def sheet(*rows) -> bytes:
    return table([*HEADING, "Quê quán"], *rows)


def answer(secretary: Client, cell: Cell, **data: str) -> str:
    """Press one of the answers; the page after it."""
    return words(secretary.post(address(cell, "la-ai/"), data, follow=True).content.decode())
