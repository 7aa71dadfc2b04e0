"""A province of 3,000 cells beside one ward of 30: the board, the queue, the Excel summary, the ZIP of all papers."""

import os
import subprocess
import sys
import time
from statistics import median
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import Client

from ballots.demo import province, serving
from cells.models import Committee
from members.models import User
from tests.bench import decisions
from tests.bench.report import Result
from tests.kit import factories
from tests.kit.clients import browser

SEED = 14
# All thirty of the ward have sent their files, so that each of its lists has thirty lines: as many as it ever has.
WARD, FEW, MANY = 30, 300, 3000
ROUNDS = 25
ZIP, EXCEL = "zip", "excel"
Asked = tuple[Client, str, dict[str, str]]  # by whom, where, what
Page = tuple[str, dict[str, str]]  # where, what is asked for
PAGES: dict[str, Page] = {
    "board": ("", {}),
    "board_search": ("", {"q": "khu pho"}),
    "board_filter": ("", {"trang_thai": "sent"}),
    "board_last_page": ("", {"page": "999"}),
    "rollup": (f"{province.YEAR}/tong-hop/", {}),
}
# Led on from the second: the file that comes next, with all its checks.
WAITING: dict[str, Page] = {
    "queue": ("/hop/ho-so-cho-duyet/", {}),
    "next_file": ("/hop/ho-so-cho-duyet/tiep-theo/", {}),
}


def measure() -> dict[str, Result]:
    """Seed a tenth and then the whole, each a province of its own; files are made in processes of their own."""
    url = f"http://127.0.0.1:{serving.free_port()}"
    with serving.running(url, dict(os.environ) | {"CAST_DELAY_MAX": "0"}):
        with patch.object(province, "FATES", {"sent": 1}):
            alone = province.make(WARD + 1, SEED, province.over(url))
        few = province.make(FEW, SEED, province.over(url))
        since = time.perf_counter()
        many = province.make(MANY, SEED, province.over(url))
        seconds = time.perf_counter() - since
    with connection.cursor() as cursor:
        # As the server does by itself within minutes; else it does it beside what is measured.
        cursor.execute("VACUUM ANALYZE")
    results = {"seeding_3000_cells": Result("s", seconds, 180)}
    ward = Committee.objects.get_children(alone.committee).first()
    client, of_ward = _officer(many.officer), _officer(factories.make_user(committee=ward))
    for name, (end, query) in PAGES.items():
        short, long = (f"/hop/dang-bo/{at.pk}/{end}" for at in (ward, many.committee))
        results |= _beside(name, (of_ward, short, query), (client, long, query))
    for name, (address, query) in WAITING.items():
        results |= _beside(name, (of_ward, address, query), (client, address, query))
    since = time.perf_counter()
    client.get("/hop/ho-so-cho-duyet/hang-loat/")
    results["batch_preview_of_5_files"] = Result("s", time.perf_counter() - since, 1)
    for what, bound in ((EXCEL, 5), (ZIP, 60)):
        short = median(_made(what, few.committee)[0] for _ in range(3))
        long, memory = _made(what, many.committee)
        results[f"{what}_of_3000_cells"] = Result("s", long, bound)
        results[f"{what}_3000_beside_300"] = Result("s", long, short, least=11)
        results[f"{what}_memory"] = Result("MB", memory, 300)
    return results | decisions.measure_on(many)


def _officer(user: User) -> Client:
    client = browser(user)
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    return client


def _beside(name: str, of_ward: Asked, of_all: Asked) -> dict[str, Result]:
    """The page of all cells by itself, and beside the ward's."""
    long, short = _milliseconds(of_all, of_ward)
    return {
        f"{name}_3000": Result("ms", long, 150),
        f"{name}_3000_beside_30": Result("ms", long, short, least=1.5),
    }


def _milliseconds(*asked: Asked) -> list[float]:
    """Median of one request each, asked in turn: a machine that slows down meanwhile slows all of them."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for own, (client, address, query) in zip(times, asked, strict=True):
            since = time.perf_counter()
            answer = client.get(address, query, follow=True)
            own.append(time.perf_counter() - since)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
    return [median(own) * 1000 for own in times]


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
