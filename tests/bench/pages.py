"""What a phone loads: weight of its pages, and when something useful shows on a slow network."""

import gzip
import os
import re
import urllib.request
from urllib.parse import urljoin

from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from ballots.demo import serving
from members.devices.cookies import COOKIE
from tests.bench.report import Result
from tests.kit import factories, verbs

LATENCY_MS, BYTES_PER_SECOND = 400, 50_000


def measure() -> dict[str, Result]:
    """Weigh and open the pages that a member's phone sees from joining to voting."""
    meeting = factories.make_meeting()
    verbs.open_checkin(factories.secretary_of(meeting), meeting)
    meeting.refresh_from_db()
    cookie = f"{COOKIE}={factories.make_device(factories.members_of(meeting)[2])}"
    folder = settings.BASE_DIR / "static" / "ballot"
    ballot = {f"/phieu/{file.name}" for file in folder.iterdir() if file.name != "index.html"}
    script = {name for name in ballot if name.endswith(".js")}
    url = f"http://127.0.0.1:{serving.free_port()}"
    with serving.running(url, dict(os.environ)):
        join = f"{url}/hop/vao/{meeting.code}/"
        site = {f"{url}/hop/vao/", join, f"{url}/hop/hop/"}
        site |= {part for page in site for part in _parts(url, page, cookie)}

        def weigh(names: set[str]) -> float:
            return sum(len(gzip.compress(_fetch(urljoin(url, n), cookie))) for n in names) / 1000

        return {
            "phone_pages": Result("kB", weigh(site | ballot | {"/phieu/"}), 60),
            "ballot_script": Result("kB", weigh(script), 14),
            "first_paint_join": Result("s", _first_paint(join), 2),
            "first_paint_ballot": Result("s", _first_paint(f"{url}/phieu/#{meeting.door_key}"), 2),
        }


def _fetch(url: str, cookie: str) -> bytes:
    request = urllib.request.Request(url, headers={"Cookie": cookie})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return answer.read()


def _parts(url: str, page: str, cookie: str) -> list[str]:
    """Style sheets, scripts and pictures that the page names, and the modules its scripts import."""
    tags = r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"'
    named = [urljoin(url, part) for part in re.findall(tags, _fetch(page, cookie).decode())]
    return [part for name in named for part in [name, *_imported(name, cookie)]]


def _imported(script: str, cookie: str) -> list[str]:
    """The modules that a module asks for, and what those ask for."""
    if not script.endswith(".js"):
        return []
    matches = re.findall(
        r"^import .* from '([^']+)';", _fetch(script, cookie).decode(), re.MULTILINE
    )
    named = [urljoin(script, part) for part in matches]
    return [part for name in named for part in [name, *_imported(name, cookie)]]


def _first_paint(address: str) -> float:
    """Seconds until the first content is painted on a throttled network, nothing cached."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 360, "height": 740})
        _throttle(page)
        page.goto(address)
        painted = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
        )
        browser.close()
    return float(painted)


def _throttle(page: Page) -> None:
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
