"""Papers as HTML and PDF: one tree of templates for the screen and for print, typeset by WeasyPrint."""

import io
import itertools
from collections.abc import Iterable, Iterator

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ballots.papers.ballots.data import BallotSheetData, SlipData
from ballots.papers.guides import GuideData
from ballots.papers.invitations import CardsData
from ballots.papers.kinds import ComposedData
from partyreview import counts

PaperData = ComposedData | SlipData | GuideData | CardsData

# Error correction M: a creased or badly copied corner still reads.
QR_ERROR = "m"
QUIET_ZONE = 2
SLIPS_IN_LINE, CARDS_IN_LINE = 3, 2


def html(data: PaperData) -> str:
    """The whole page; the browser shows it with the style sheet that the PDF is set with."""
    body, context = _template(data)
    return render_to_string("print/base_print.html", {"body": body, **context})


def fragment(data: PaperData) -> SafeString:
    """The paper alone, to be shown inside a page of the site that links css/print.css."""
    return render_to_string(*_template(data))


def pdf(page: str) -> bytes:
    """Set the page that `html` made as PDF/A-3u; nothing is loaded from anywhere. Equal pages give equal bytes."""
    from ballots.papers.press.typeset import pdf_of  # on first use: tests/test_start.py

    with counts.PAPERS.measured():
        return pdf_of(page)


def long_pdf(data: ComposedData) -> bytes:
    """The same as `pdf` of a list that may have thousands of rows: those are set part by part."""
    from ballots.papers.composing import compose  # on first use: tests/test_start.py
    from ballots.papers.press import long

    paper = compose(data)
    if long.rows_of(paper) <= long.ROWS:
        return pdf(html(data))
    with counts.PAPERS.measured():
        return long.pdf(paper)


def docx(data: ComposedData) -> bytes:
    """The same paper as the bytes of a .docx file, for who must edit it; of a ballot, one copy."""
    from ballots.papers.composing import compose  # on first use, too
    from ballots.papers.press.word import docx_of

    return docx_of(compose(data))


def qr_path(text: str) -> dict[str, str]:
    """The QR code of a text as the path of an SVG: strokes one unit wide, and the view box around them."""
    import segno  # on first use: tests/test_start.py

    matrix = segno.make(text, error=QR_ERROR, micro=False).matrix
    strokes = [f"M{x} {y}.5h{run}" for y, row in enumerate(matrix) for x, run in _dark_runs(row)]
    side = len(matrix) + 2 * QUIET_ZONE
    return {"path": "".join(strokes), "box": f"-{QUIET_ZONE} -{QUIET_ZONE} {side} {side}"}


def qr_png(text: str) -> bytes:
    """The same QR code as a picture, for Word."""
    import segno  # on first use, too

    out = io.BytesIO()
    segno.make(text, error=QR_ERROR, micro=False).save(out, kind="png", scale=8, border=QUIET_ZONE)
    return out.getvalue()


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin in a row, and how many follow each other."""
    at = 0
    for dark, modules in itertools.groupby(row):
        run = len(list(modules))
        if dark:
            yield at, run
        at += run


def _template(data: PaperData) -> tuple[str, dict[str, object]]:
    """The template of a paper and what it is shown with."""
    if isinstance(data, GuideData):
        title = f"Hướng dẫn: {data.whom}"
        return "print/guide.html", {"title": title, "paper": data, "layout": ""}
    if isinstance(data, CardsData):
        cards = [(card, qr_path(card.link)) for card in data.cards]
        rows = [cards[at : at + CARDS_IN_LINE] for at in range(0, len(cards), CARDS_IN_LINE)]
        title = f"Phiếu mời {data.committee}"
        return "print/cards.html", {"title": title, "paper": data, "lines": rows, "layout": ""}
    if isinstance(data, SlipData):
        slips = [(slip, qr_path(slip.url)) for slip in data.slips]
        lines = [slips[at : at + SLIPS_IN_LINE] for at in range(0, len(slips), SLIPS_IN_LINE)]
        return "print/slips.html", {
            "title": data.title,
            "paper": data,
            "lines": lines,
            "layout": "",
        }
    from ballots.papers.composing import compose  # on first use: tests/test_start.py

    paper = compose(data)
    title = f"{paper.kind} {paper.subject}"
    context: dict[str, object] = {"title": title, "paper": paper, "layout": paper.frame.layout}
    if isinstance(data, BallotSheetData):
        context |= {"copies": range(data.copies), "small": paper.is_half}
        return "print/ballot_sheets.html", context
    url = paper.frame.check_url
    return "print/document.html", {**context, "qr": qr_path(url) if url else None}
