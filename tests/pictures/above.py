"""`make screens-above`: the pages of a committee over 4, 40 and 3,000 cells, at the widths of its desks and phones.

Arguments: the folder, then, if not all is wanted, numbers of cells ("40") and parts of names ("board", "pocket").
As `make screens` does, it leaves `index.html` and `findings.txt` in the folder. Look at them.
"""

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from tests.pictures import screens, site

if TYPE_CHECKING:  # what needs Django waits for its settings
    from tests.pictures.camera import Camera
    from tests.pictures.findings import Report

CELLS = (4, 40, 3000)
SEED = 14


def main(target: str = "var/above", *wanted: str) -> None:
    """Seed a province for each number, and write the pictures with what was found."""
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    words = [word for word in wanted if not word.isdigit()]
    for number in [int(word) for word in wanted if word.isdigit()] or CELLS:
        with (
            site.embedded(),
            site.served("tests.pictures.served:application") as (address, browser),
        ):
            from ballots.demo import province, serving
            from tests.pictures.camera import Camera
            from tests.pictures.desk import Desk
            from tests.pictures.findings import Report

            url = f"http://127.0.0.1:{serving.free_port()}"
            with serving.running(url, os.environ):
                made = province.make(number, SEED, province.over(url))
            report, camera = Report(), Camera(browser, address, Desk(made))
            look(camera, number, words, folder, report)
            camera.close()
            (folder / f"findings-{number}.txt").write_text(
                "".join(report.lines()), encoding="utf-8"
            )
            (folder / "index.html").write_text(screens.contact_sheet(folder, report), "utf-8")


def look(
    camera: "Camera", number: int, words: Collection[str], folder: Path, report: "Report"
) -> None:
    """Every page that has one of the words in its name."""
    from tests.pictures.pages_above import shots

    for shot in shots():
        if not words or any(word in shot.title for word in words):
            screens.photograph(camera, shot, folder / f"{number:04}-{shot.title}", report)


if __name__ == "__main__":
    main(*sys.argv[1:])
