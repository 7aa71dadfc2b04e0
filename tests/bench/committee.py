"""A province of 3,000 cells beside one ward of 30: the board, the queue, the Excel summary, the ZIP of all papers."""

import os
import subprocess
import sys
import time
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client

from ballots.demo import province, serving
from cells.models import Committee
from tests.bench.report import Result
from tests.kit import factories
from tests.kit.clients import browser

SEED = 14
FEW, MANY = 300, 3000
ROUNDS = 15
ZIP, EXCEL = "zip", "excel"
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "board": ("", {}),
    "board_search": ("", {"q": "khu pho 7"}),
    "board_filter": ("", {"trang_thai": "sent"}),
    "board_last_page": ("", {"page": "999"}),
    "rollup": (f"{province.YEAR}/tong-hop/", {}),
}
# Led on from the second: the file that comes next, with all its checks.
WAITING = {"queue": "/hop/ho-so-cho-duyet/", "next_file": "/hop/ho-so-cho-duyet/tiep-theo/"}


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
    for name, (end, query) in PAGES.items():
        of_ward, of_all = (
            _milliseconds(client, f"/hop/dang-bo/{at.pk}/{end}", query)
            for at in (ward, many.committee)
        )
        results[f"{name}_3000"] = Result("ms", of_all, 150)
        results[f"{name}_3000_beside_30"] = Result("ms", of_all, of_ward, least=1.5)
    others = browser(factories.make_user(committee=ward))
    others.defaults["SERVER_NAME"] = "127.0.0.1"
    for name, address in WAITING.items():
        of_ward, of_all = (_milliseconds(each, address, {}) for each in (others, client))
        results[f"{name}_3000"] = Result("ms", of_all, 150)
        results[f"{name}_3000_beside_30"] = Result("ms", of_all, of_ward, least=1.5)
    since = time.perf_counter()
    client.get("/hop/ho-so-cho-duyet/hang-loat/")
    results["batch_preview_of_50_files"] = Result("s", time.perf_counter() - since, 10)
    for what, bound in ((EXCEL, 5), (ZIP, 60)):
        (short, _), (long, memory) = (_made(what, at.committee) for at in (few, many))
        results[f"{what}_of_3000_cells"] = Result("s", long, bound)
        results[f"{what}_3000_beside_300"] = Result("s", long, short, least=11)
        results[f"{what}_memory"] = Result("MB", memory, 300)
    return results


def _milliseconds(client: Client, address: str, query: dict[str, str]) -> float:
    times = []
    for _ in range(ROUNDS):
        since = time.perf_counter()
        answer = client.get(address, query, follow=True)
        times.append(time.perf_counter() - since)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return median(times) * 1000


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
