"""`make gallery`: every paper of each year, short, usual and hostile, as pictures to be looked at.

One sheet per paper: the pages of the PDF above, those of the Word copy as LibreOffice sets it below. Arguments: the
folder, then, if not all is wanted, parts of names such as 2023, hostile or minutes. A page under a third is named.
"""

import os
import subprocess
import sys
from pathlib import Path

import django
import pypdfium2
from PIL import Image

SCALE, GAP, MOST = 0.6, 8, 8  # of a sheet, at most so many pages are shown


def main(target: str, *wanted: str) -> None:
    """Write the pictures of all papers whose names have all that is wanted."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
    django.setup()
    from tests.kit import paper_shapes

    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    for year in paper_shapes.YEARS:
        for shape in paper_shapes.SHAPES:
            for name, data in paper_shapes.papers(year, shape).items():
                title = f"{year}-{shape}-{name}"
                if all(word in title for word in wanted):
                    draw(folder, title, data)


def draw(folder: Path, title: str, data: object) -> None:
    """The sheet of one paper."""
    from ballots.papers.press import render
    from tests.kit.paper_readers import LEAST, filled

    (folder / f"{title}.pdf").write_bytes(pdf := render.pdf(render.html(data)))
    (folder / f"{title}.docx").write_bytes(render.docx(data))
    word = in_word(folder, title)
    for at, share in enumerate(filled(pdf)[:-1], 1):
        if share < LEAST:
            sys.stderr.write(f"{title}: page {at} is filled to {share:.0%}\n")
    rows = [pages(pdf), pages(word)]
    width, height = rows[0][0].size
    most = max(map(len, rows))
    sheet = Image.new("RGB", (most * (width + GAP), 2 * (height + GAP)), "#888")
    for line, row in enumerate(rows):
        for at, page in enumerate(row):
            sheet.paste(page, (at * (width + GAP), line * (height + GAP)))
    sheet.save(folder / f"{title}.png")


def in_word(folder: Path, title: str) -> bytes:
    """The Word copy as a word processor sets it."""
    out = folder / "word"
    profile = f"-env:UserInstallation=file://{folder.resolve()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", out]
    subprocess.run([*command, folder / f"{title}.docx"], check=True, capture_output=True)
    return (out / f"{title}.pdf").read_bytes()


def pages(pdf: bytes) -> list[Image.Image]:
    """The first pages and the last."""
    with pypdfium2.PdfDocument(pdf) as document:
        last = len(document) - 1
        shown = [*range(min(last, MOST - 1)), last]
        return [document[at].render(scale=SCALE).to_pil() for at in shown]


if __name__ == "__main__":
    main(*sys.argv[1:])
