"""The addresses that other programs ask: docs/api.md."""

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest

from ballots.committee.api import reading
from ballots.committee.api.door import NOT_HERE, Answer, Problem, answered, by_token, within
from cells.law.periods import Period
from cells.models import Committee
from partyreview.http import asked_number

SCHEMA = Path(__file__).with_name("openapi.json")


@cache
def _schema() -> Answer:
    schema: Answer = json.loads(SCHEMA.read_text("utf-8"))
    return schema


@answered
def schema(request: HttpRequest) -> Answer:
    """What all of them take and answer, for programs (OpenAPI 3.1); nobody's data."""
    return _schema()


@answered
def nothing(request: HttpRequest, rest: str) -> Answer:
    """Any other address below them."""
    raise Problem(404, NOT_HERE)


@by_token
def about(request: HttpRequest, own: Committee) -> Answer:
    """Whose token it is."""
    return reading.about(own)


@by_token
def totals(request: HttpRequest, own: Committee, pk: int, period: Period) -> Answer:
    """The totals of a committee and of those right below it."""
    return reading.totals(within(own, pk), period)


@by_token
def cells(request: HttpRequest, own: Committee, pk: int, period: Period) -> Answer:
    """How far the cells below it are."""
    number = asked_number(request, "trang") if "trang" in request.GET else 1
    page = reading.cells(within(own, pk), period, number)
    if page is None:
        raise Problem(404, NOT_HERE)
    return page
