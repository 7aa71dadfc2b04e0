"""`python -m tests.pictures.above`: the pages of a committee over 4, 40 and 3,000 cells, at the widths of its desks.

Arguments: the folder, then, if not all is wanted, numbers of cells ("40") and names of pages ("board"). Look at them.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page

from tests.pictures import site

if TYPE_CHECKING:  # what needs Django waits for its settings
    from ballots.demo.province import Province

CELLS = (4, 40, 3000)
WIDTHS = (1024, 1366, 1920)
SEED = 14


def main(target: str = "var/above", *wanted: str) -> None:
    """Seed a province for each number, and write the pictures."""
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [int(word) for word in wanted if word.isdigit()] or CELLS
    names = {word for word in wanted if not word.isdigit()}
    for number in numbers:
        with site.embedded(), site.served("partyreview.wsgi:application") as (address, browser):
            photograph(browser, address, number, names, folder)


def photograph(browser: Browser, address: str, number: int, names: set[str], folder: Path) -> None:
    """Every page at every width, whole where it is not too long."""
    from ballots.demo import province, serving
    from tests.browser.hands import signed_in

    url = f"http://127.0.0.1:{serving.free_port()}"
    with serving.running(url, os.environ):
        made = province.make(number, SEED, province.over(url))
    page = signed_in(browser, address, made.officer, WIDTHS[0])
    for name, place in pages(made):
        if names and name not in names:
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}/hop/{place}")
            take(page, folder / f"{name}-{number:04}-{width}.png")


def take(page: Page, path: Path) -> None:
    """The page down to so many points; whether it is wider than its window stands in the name."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    name = path.with_stem(f"{path.stem}-WIDE{wide}") if wide > 0 else path
    height = min(page.evaluate("document.documentElement.scrollHeight"), 2600)
    page.set_viewport_size({"width": page.viewport_size["width"], "height": max(height, 900)})
    page.screenshot(path=name)


def pages(made: "Province") -> Iterator[tuple[str, str]]:
    """What an officer of a committee opens, by a name of its own."""
    from ballots.committee.quota import verbs as quota
    from ballots.models import Submission
    from cells.law.periods import Period

    here, year = f"dang-bo/{made.committee.pk}/", Period(2026)
    draft = quota.make(made.officer, made.committee, year, "Lần 1")
    quota.copy(made.officer, draft, "Lần 2")
    sent = Submission.objects.filter(returned_at=None).select_related("meeting").first()
    of_year = f"{here}{year}/"
    yield "board", here
    yield "board_sent", f"{here}?trang_thai=sent"
    yield "reminder", f"{of_year}nhac/"
    yield "rollup", f"{of_year}tong-hop/"
    yield "bodies", f"{of_year}tap-the/"
    yield "upward", f"{of_year}bao-cao/"
    yield "queue", "ho-so-cho-duyet/"
    yield "batch", "ho-so-cho-duyet/hang-loat/"
    yield "submission", f"hoi-nghi/{sent.meeting_id}/ho-so-da-gui/"
    yield "quota", f"{of_year}ty-le/"
    yield "quota_draft", f"du-thao/{draft.pk}/"
    yield "act", f"{of_year}quyet-dinh/"
    yield "closing", f"{of_year}ket-thuc/"
    yield "campaigns", f"{here}dot-kiem-diem/"
    yield "places", f"{here}to-chuc/"
    yield "invitations", f"{here}moi/"
    yield "tokens", f"{here}ma-truy-cap/"
    yield "sittings", f"{here}hoi-nghi/"
    yield "jobs", "viec-nen/"
    yield "missing", f"{here}con-thieu/"


if __name__ == "__main__":
    main(*sys.argv[1:])
