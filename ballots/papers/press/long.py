"""A long list as PDF, set part by part and put together: thousands of rows would not fit into memory as one paper."""

import gc
import io
from collections.abc import Iterator

from django.template.loader import render_to_string

from ballots.papers.press.document import Block, Document, Table
from ballots.papers.press.typeset import pdf_of

# Rows of tables of one part; as many take some hundred megabytes while they are set.
ROWS = 400


def pdf(paper: Document) -> bytes:
    """Set the paper as PDF/A-3u, each part on pages of its own; equal papers give equal bytes."""
    from pypdf import PdfReader, PdfWriter  # on first use: tests/test_start.py

    parts = list(parted(paper.blocks))
    book: PdfWriter | None = None
    for number, blocks in enumerate(parts, start=1):
        about = {"first": number == 1, "last": number == len(parts)}
        page = _page(paper, blocks, **about)
        before = len(book.pages) if book else 0
        part = PdfReader(io.BytesIO(pdf_of(page, before)))
        if book is None:
            book = PdfWriter(clone_from=part)
        else:
            book.append(part, import_outline=False)
        gc.collect()  # boxes of pages name each other
    out = io.BytesIO()
    assert book is not None  # noqa: S101 - a paper has at least one part
    book.write(out)
    return out.getvalue()


def rows_of(paper: Document) -> int:
    """How many rows its tables have."""
    return sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))


def parted(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """The blocks, cut before a heading once there are many rows; no table is taken apart."""
    part: list[Block] = []
    rows = 0
    for block in blocks:
        if rows >= ROWS and not isinstance(block, Table):
            yield tuple(part)
            part, rows = [], 0
        part.append(block)
        rows += len(block.rows) if isinstance(block, Table) else 0
    yield tuple(part)


def _page(paper: Document, blocks: tuple[Block, ...], first: bool, last: bool) -> str:
    context = {
        "title": f"{paper.kind} {paper.subject}",
        "paper": paper,
        "layout": paper.frame.layout,
        "blocks": blocks,
        "first": first,
        "last": last,
    }
    return render_to_string("print/base_print.html", {"body": "print/part.html", **context})
