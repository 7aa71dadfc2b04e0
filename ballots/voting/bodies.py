"""What phones and tellers' devices send: bytes of one length, JSON of one shape; Refused (400) what is neither."""

import json
import re
from typing import Any

from django.http import HttpRequest, RawPostDataException

from ballots.core.verbs import Refused
from ballots.voting.issuing import MALFORMED
from cells.wording import one_line

COUNTS = 5  # of a row: the four levels, and blank


def exact_bytes(request: HttpRequest, length: int) -> bytes:
    """The body, if it is as long as this; a longer one is not even read."""
    if request.META.get("CONTENT_LENGTH") != str(length):
        raise Refused(MALFORMED, 400)
    return _body(request)


def _body(request: HttpRequest) -> bytes:
    """Refused where it is a form in parts: that was looked through for its CSRF token."""
    try:
        return request.body
    except RawPostDataException as error:
        raise Refused(MALFORMED, 400) from error


def recount_of(request: HttpRequest) -> tuple[str, list[list[int]]]:
    """{"list_sha256": hex, "rows": [[HTXS, HTT, HT, KHT, blank] in sheet order]}.

    What is no recount at all must not void the poll.
    """
    body = _json(request)
    listed, rows = body.get("list_sha256"), body.get("rows")
    if not isinstance(listed, str) or not isinstance(rows, list) or not rows:
        raise Refused(MALFORMED, 400)
    if not all(_is_row(row) for row in rows):
        raise Refused(MALFORMED, 400)
    return listed, rows


def _is_row(row: Any) -> bool:
    """Whether these are whole numbers, one per level and that of the blanks."""
    is_long_enough = isinstance(row, list) and len(row) == COUNTS
    return is_long_enough and all(type(number) is int for number in row)


def fault_of(request: HttpRequest) -> str:
    """{"what": sentence}: the fault that a recount found; it will stand in the minutes, so no hidden character."""
    what = _json(request).get("what")
    try:
        sentence = one_line(what) if isinstance(what, str) else ""
    except ValueError:
        sentence = ""
    if not sentence:
        raise Refused(MALFORMED, 400)
    return sentence


def check_of(request: HttpRequest) -> str:
    """{"check": hex}: the SHA-256 of a key that was read."""
    check = _json(request).get("check")
    if not isinstance(check, str) or not re.fullmatch("[0-9a-f]{64}", check):
        raise Refused(MALFORMED, 400)
    return check


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(_body(request))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refused(MALFORMED, 400)
    return body
