"""`make screens`: every page with 3, 25 and 60 people, at the widths its users have, and what a machine finds on it.

Arguments: the folder, then, if not all is wanted, sizes of cells ("25") and parts of names ("check_in", "projector").
`index.html` in the folder shows all pictures, `findings.txt` tells what was found.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Error

from tests.pictures import site

if TYPE_CHECKING:  # what needs Django waits for its settings
    from tests.pictures.camera import Camera
    from tests.pictures.findings import Report
    from tests.pictures.pages import Shot

PEOPLE = (3, 25, 60)


def main(target: str = "var/pictures", *wanted: str) -> None:
    """Play the evenings, and write the pictures with what was found."""
    with site.embedded():
        from tests.pictures.findings import Report

        folder = Path(target)
        folder.mkdir(parents=True, exist_ok=True)
        report, people = Report(), [int(word) for word in wanted if word.isdigit()]
        words = [word for word in wanted if not word.isdigit()]
        with site.served("tests.pictures.served:application") as (address, browser):
            for count in people or PEOPLE:
                play(browser, address, count, words, folder, report)
                (folder / "findings.txt").write_text("".join(report.lines()), encoding="utf-8")
                (folder / "index.html").write_text(contact_sheet(folder, report), encoding="utf-8")


def play(
    browser: Browser,
    address: str,
    count: int,
    words: Collection[str],
    folder: Path,
    report: "Report",
) -> None:
    """Two evenings with so many people, and of their pages what has one of these words in its name."""
    from tests.pictures import pages, pages_of_envelopes
    from tests.pictures.camera import Camera
    from tests.pictures.evening import Evening
    from tests.pictures.keeping import Keeping

    for played, shots in ((Evening, pages.shots), (Keeping, pages_of_envelopes.shots)):
        wanted = [
            shot for shot in shots() if not words or any(word in shot.title for word in words)
        ]
        if not wanted:
            continue
        evening = played(count)
        camera = Camera(browser, address, evening)
        for step in evening.steps():
            began = time.monotonic()
            for shot in shots():
                if shot.step == step and (shot in wanted or shot.leads_on):
                    photograph(camera, shot, folder / f"{count:02d}-{shot.title}", report)
            camera.rest()
            sys.stderr.write(f"{count} {step}: {time.monotonic() - began:.0f} s\n")
        camera.close()


def photograph(camera: "Camera", shot: "Shot", path: Path, report: "Report") -> None:
    """One page at all its sizes; axe is asked at the first."""
    from tests.pictures.camera import SIZES, kind_of
    from tests.pictures.findings import Finding, ask_axe, look

    kind = kind_of(shot.who)
    try:
        page = camera.go(shot)
        for place, size in enumerate(SIZES[kind]):
            camera.resize(shot.who, size)
            picture = f"{path.name}-{size.name}"
            report.add(picture, look(page, kind))
            if place == 0:
                report.add(picture, ask_axe(page))
            camera.take(shot, size, path.with_name(f"{picture}.png"))
        if shot.then:
            shot.then(page)
    except (Error, AssertionError) as error:  # the others may still be looked at
        report.add(path.name, [Finding("no picture", str(error).splitlines()[0])])


STYLE = """body { font: 14px sans-serif; margin: 1rem; background: #ddd } section { margin: 0 0 2rem }
div { display: flex; flex-wrap: wrap; gap: 12px; align-items: start } figure { margin: 0; max-width: 480px }
img { height: 270px; border: 1px solid #888 } figcaption b { color: #a00; font-weight: 400 }"""


def contact_sheet(folder: Path, report: "Report") -> str:
    """All pictures of the folder, those of one page beside each other, each with what was found in it."""
    pages: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*-full.png")):
        picture = path.stem.removesuffix("-full")
        _, step, who, page, *_ = picture.split("-")
        pages[f"{page} · {step} · {who}"].append(picture)
    parts = []
    for title, pictures in sorted(pages.items()):
        figures = "".join(
            f'<figure><a href="{p}-full.png"><img loading="lazy" src="{p}.png" alt=""></a>'
            f"<figcaption>{p} <b>{'; '.join(report.of(p))}</b></figcaption></figure>"
            for p in pictures
        )
        parts.append(f"<section><h2>{title}</h2><div>{figures}</div></section>")
    head = f'<meta charset="utf-8"><title>Screens</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en">{head}{"".join(parts)}'


if __name__ == "__main__":
    main(*sys.argv[1:])
