"""The quota room over 250 cells of 20 members beside 30 cells: a draft made, its page, a move."""

import os
import time
from collections.abc import Callable
from itertools import count
from statistics import median

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from ballots.committee.quota import verbs
from ballots.demo import province, serving
from ballots.models import QuotaDraft, QuotaLine
from cells.law.periods import Period
from tests.bench.report import Result
from tests.kit.clients import browser

SEED = 15
FEW, MANY = 30, 250
ROUNDS = 15


def measure() -> dict[str, Result]:
    """Two provinces; the larger holds 5,000 members, of whom those count whose files lie above."""
    url = f"http://127.0.0.1:{serving.free_port()}"
    with serving.running(url, dict(os.environ) | {"CAST_DELAY_MAX": "0"}):
        few, many = (province.make(size, SEED, province.over(url)) for size in (FEW, MANY))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    small, _ = _draft(few)
    large, seconds = _draft(many)
    page, move = _page(many, large), _move(many, large)
    return {
        "quota_draft_of_250_cells": Result("s", seconds, 5),
        "quota_room_5000": Result("ms", page, 150),
        "quota_room_5000_beside_600": Result("ms", page, _page(few, small), least=1.5),
        "quota_move_5000": Result("ms", move, 200),
    }


def _draft(over: province.Province) -> tuple[QuotaDraft, float]:
    since = time.perf_counter()
    draft = verbs.make(over.officer, over.committee, Period(province.YEAR), "Lần 1")
    return draft, time.perf_counter() - since


def _client(over: province.Province) -> Client:
    client = browser(over.officer)
    client.defaults["SERVER_NAME"] = "127.0.0.1"
    return client


def _page(over: province.Province, draft: QuotaDraft) -> float:
    client = _client(over)
    return _milliseconds(lambda: client.get(f"/hop/du-thao/{draft.pk}/"))


def _move(over: province.Province, draft: QuotaDraft) -> float:
    client, numbers = _client(over), count()
    line = QuotaLine.objects.filter(draft=draft, member__isnull=False, is_decided=False).first()
    if line is None:
        raise RuntimeError("nobody can be moved")

    def press() -> HttpResponse:
        seen = next(numbers)
        data = {"seen": seen, f"c{line.pk}-level": "HT", f"c{line.pk}-reason": f"Lần {seen}"}
        address = f"/hop/du-thao/truong-hop/{line.pk}/doi/"
        return client.post(address, data, headers={"HX-Request": "true"})

    return _milliseconds(press)


def _milliseconds(call: Callable[[], HttpResponse]) -> float:
    times = []
    for _ in range(ROUNDS):
        since = time.perf_counter()
        answer = call()
        times.append(time.perf_counter() - since)
        if answer.status_code != 200:
            raise RuntimeError(f"the room answered {answer.status_code}")
    return median(times) * 1000
