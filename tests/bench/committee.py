"""A province of 3,000 cells beside one ward of 30: the board, the queue, the Excel summary, the ZIP of all papers."""

import os
import subprocess
import sys
import time
from statistics import median
from types import ModuleType
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import Client

from ballots.committee.board import views as board_views
from ballots.committee.queue import views as queue_views
from ballots.demo import province, serving
from cells.models import Committee
from tests.bench import decisions
from tests.bench.report import Result
from tests.kit import factories
from tests.kit.clients import browser

SEED = 14
FEW, MANY = 300, 3000
ROUNDS = 15
ZIP, EXCEL = "zip", "excel"
Asked = tuple[Client, str, dict[str, str]]  # by whom, where, what
LINE = b'<th scope="row">'
Page = tuple[
    str, dict[str, str], ModuleType | None
]  # where, what is asked for, whose PAGE bounds its lines
PAGES: dict[str, Page] = {
    "board": ("", {}, board_views),
    "board_search": ("", {"q": "khu pho 7"}, board_views),
    "board_filter": ("", {"trang_thai": "sent"}, board_views),
    "board_last_page": ("", {"page": "999"}, board_views),
    "rollup": (f"{province.YEAR}/tong-hop/", {}, None),
}
# Led on from the second: the file that comes next, with all its checks.
WAITING: dict[str, Page] = {
    "queue": ("/hop/ho-so-cho-duyet/", {}, queue_views),
    "next_file": ("/hop/ho-so-cho-duyet/tiep-theo/", {}, None),
}


def measure() -> dict[str, Result]:
    """Seed a tenth and then the whole, each a province of its own; files are made in processes of their own."""
    url = f"http://127.0.0.1:{serving.free_port()}"
    with serving.running(url, dict(os.environ) | {"CAST_DELAY_MAX": "0"}):
        few = province.make(FEW, SEED, province.over(url))
        since = time.perf_counter()
        many = province.make(MANY, SEED, province.over(url))
        seconds = time.perf_counter() - since
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself after a while
    results = {"seeding_3000_cells": Result("s", seconds, 180)}
    ward = Committee.objects.get_children(many.committee).first()
    client = browser(many.officer)
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    for name, (end, query, module) in PAGES.items():
        of_ward, of_all = (
            (client, f"/hop/dang-bo/{at.pk}/{end}", query) for at in (ward, many.committee)
        )
        results |= _beside(name, of_ward, of_all, module)
    others = browser(factories.make_user(committee=ward))
    others.defaults["SERVER_NAME"] = "127.0.0.1"
    for name, (address, query, module) in WAITING.items():
        results |= _beside(name, (others, address, query), (client, address, query), module)
    since = time.perf_counter()
    client.get("/hop/ho-so-cho-duyet/hang-loat/")
    results["batch_preview_of_5_files"] = Result("s", time.perf_counter() - since, 1)
    for what, bound in ((EXCEL, 5), (ZIP, 60)):
        (short, _), (long, memory) = (_made(what, at.committee) for at in (few, many))
        results[f"{what}_of_3000_cells"] = Result("s", long, bound)
        results[f"{what}_3000_beside_300"] = Result("s", long, short, least=11)
        results[f"{what}_memory"] = Result("MB", memory, 300)
    return results | decisions.measure_on(many)


def _beside(
    name: str, of_ward: Asked, of_all: Asked, module: ModuleType | None
) -> dict[str, Result]:
    """The page of all cells by itself, beside the ward's, and beside it with as many lines as that one has.

    The last tells how much of it is that fifty lines cost more than seventeen, wherever they stand.
    """
    (long, _), (short, lines) = _milliseconds(*of_all), _milliseconds(*of_ward)
    results = {
        f"{name}_3000": Result("ms", long, 150),
        f"{name}_3000_beside_30": Result("ms", long, short, least=1.5),
    }
    if module:
        with patch.object(module, "PAGE", lines):
            as_long, _ = _milliseconds(*of_all)
        results[f"{name}_as_many_lines"] = Result("ms", as_long, short, least=1.5)
    return results


def _milliseconds(client: Client, address: str, query: dict[str, str]) -> tuple[float, int]:
    """Median of one request, and how many lines its page has."""
    times = []
    for _ in range(ROUNDS):
        since = time.perf_counter()
        answer = client.get(address, query, follow=True)
        times.append(time.perf_counter() - since)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return median(times) * 1000, answer.content.count(LINE)


def _made(what: str, committee: Committee) -> tuple[float, float]:
    """Seconds to make this file in a worker of its own, and the most memory in MB that it ever took."""
    worker = [
        sys.executable,
        "-m",
        "tests.bench.filing",
        what,
        str(committee.pk),
        str(province.YEAR),
    ]
    run = subprocess.run(worker, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)
    seconds, kilobytes = run.stdout.split()
    return float(seconds), int(kilobytes) / 1000
