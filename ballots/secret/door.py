"""The cast door: voting page, phase, sheet, cast and list, for anybody and without a trace (secret-ballot.md 3.3).

Called by its own WSGI handler: no session, no middleware, no log line. Nothing here, nor what it
imports, knows a person, sets or reads a cookie, takes a time or an address, or lets an exception out.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from ballots.models.box import Box, Poll, PollQuerySet, Sealed
from ballots.secret import keys
from ballots.secret.sheet import (
    HASH_LENGTH,
    P_LENGTH,
    BadBallot,
    Ballot,
    Sheet,
    build_list,
    check_body,
    decrypt_box,
    encrypt_box,
    parse_body,
    parse_sheet,
)
from partyreview.headers import EVERYWHERE, NO_STORE
from partyreview.statements import Statement

ACCEPTED, CLOSED, NUMBER_USED, REFUSED = range(4)
BYTES = "application/octet-stream"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
# Of every answer of the door (wsgi.py).
HEADERS = EVERYWHERE | {
    "Cache-Control": NO_STORE,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Accept-Encoding",
    "X-Frame-Options": "DENY",
}


class NotNow(Exception):
    """No answer can be given that is sure to stay true; the phone asks again."""


def serve(request: HttpRequest) -> HttpResponse:
    """Answer one request of a phone; 503, and no word of it anywhere, when anything fails."""
    try:
        response = _route(request)
    except Exception:  # noqa: BLE001 - a traceback would be a log line with the time of a cast
        response = HttpResponse(status=503)
    if settings.SECURE_HSTS_SECONDS:
        response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return response


def _route(request: HttpRequest) -> HttpResponse:
    for method, pattern, answer in ROUTES:
        match = re.fullmatch(pattern, request.path_info)
        if match and request.method == method:
            return answer(request, *match.groups())
        if match:
            return HttpResponse(status=405, headers={"Allow": method})
    return HttpResponse(status=404)


# The voting page: the same bytes for everyone, whatever the meeting.


@dataclass(frozen=True)
class _File:
    content_type: str
    plain: bytes
    zipped: bytes


@cache
def _files(folder: Path) -> dict[str, _File]:
    """The files of the voting page by name, compressed once for the life of the process."""
    files = {}
    for path in folder.iterdir():
        if path.suffix in TYPES:
            plain = path.read_bytes()
            kind = f"{TYPES[path.suffix]}; charset=utf-8"
            files[path.name] = _File(kind, plain, gzip.compress(plain, mtime=0))
    return files


def _page(request: HttpRequest, name: str) -> HttpResponse:
    file = _files(settings.BASE_DIR / "static" / "ballot").get(name or "index.html")
    if file is None:
        return HttpResponse(status=404)
    zip_it = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response = HttpResponse(
        file.zipped if zip_it else file.plain,
        content_type=file.content_type,
        headers=PAGE_HEADERS,
    )
    if zip_it:
        response["Content-Encoding"] = "gzip"
    return response


# What a phone asks at its fixed pace.


def _polls() -> PollQuerySet:
    """Polls in their own order: their usual one joins a table that the door has no business with."""
    return Poll.objects.order_by("pk")


# Asked by every phone of every hall, so in plain SQL: the model would cost more than the rest of the answer.
# Polls may be opened in another order than planned: the unfinished one is the newest (Poll.is_unfinished).
NEWEST = Statement(
    "newest_poll",
    "SELECT id, round, p, state, confirmed, sealed_sha256, issued FROM ballots_poll WHERE door_key = %s ORDER BY "
    "p IS NOT NULL DESC, "
    "state IN ('issuing', 'casting', 'sealed') OR (state = 'counted' AND NOT confirmed) DESC, "
    "number DESC LIMIT 1",
    "text",
)
SHEET = Statement("sheet", "SELECT sheet FROM ballots_poll WHERE p = %s", "text")


def _phase(request: HttpRequest, door_key: str) -> HttpResponse:
    """The meeting's newest opened poll: its phase, P, ballots issued and, once sealed, the SHA-256 of its list."""
    row = NEWEST.row(door_key)
    if row is None:
        return HttpResponse(status=404)
    poll, number, p, state, confirmed, sealed, issued = row
    opened = {"poll": poll, "round": number, "p": p, "sealed": sealed, "issued": issued}
    if p is None:  # planned, and none opened yet
        state, opened = "none", {"poll": "", "round": 0, "p": "", "sealed": "", "issued": 0}
    answer = {"v": 1, "state": "confirmed" if confirmed else state, **opened}
    return JsonResponse(answer | {"delay": settings.CAST_DELAY_MAX})


def _sheet(request: HttpRequest, p: str) -> HttpResponse:
    sheet = _stored_sheet(p)
    return HttpResponse(status=404) if sheet is None else HttpResponse(sheet, content_type=BYTES)


def _stored_sheet(p: str) -> bytes | None:
    """The sheet whose SHA-256 is P."""
    row = SHEET.row(p)
    return None if row is None else bytes(row[0])


def _list(request: HttpRequest, p: str) -> HttpResponse:
    """The list of ballot hashes, once the box is sealed."""
    poll = _polls().filter(p=p, state__in=[Poll.State.SEALED, Poll.State.COUNTED]).first()
    if poll is None:
        return HttpResponse(status=404)
    return HttpResponse(build_list(bytes.fromhex(p), _sealed_hashes(poll)), content_type=BYTES)


def _sealed_hashes(poll: Poll) -> list[bytes]:
    hashes = Sealed.objects.filter(poll=poll).values_list("hash", flat=True)
    return [bytes(ballot_hash) for ballot_hash in hashes]


# The cast.


def _cast(request: HttpRequest) -> HttpResponse:
    """Take one ballot; always 33 bytes: what became of it, and its hash."""
    try:
        ballot = _read_ballot(request)
    except BadBallot:
        return HttpResponse(bytes([REFUSED]) + bytes(HASH_LENGTH), content_type=BYTES)
    status = _put_in(ballot)
    named = bytes(HASH_LENGTH) if status == REFUSED else ballot.hash
    return HttpResponse(bytes([status]) + named, content_type=BYTES)


def _read_ballot(request: HttpRequest) -> Ballot:
    """The ballot in the body, checked; nothing past P is read unless the length is right to the byte."""
    if request.content_type != BYTES:
        raise BadBallot("not bytes")
    p = request.read(P_LENGTH)
    sheet = _known_sheet(p.hex())
    if request.META.get("CONTENT_LENGTH") != str(sheet.body_length):
        raise BadBallot("wrong length")
    return check_body(p + request.read(sheet.body_length - P_LENGTH), sheet)


@lru_cache(maxsize=64)
def _known_sheet(p: str) -> Sheet:
    """The sheet of P, read once: it never changes. Whether its poll still takes ballots is asked under the lock."""
    sheet = _stored_sheet(p)
    if sheet is None:
        raise BadBallot("no such sheet")
    return parse_sheet(sheet)


def _put_in(ballot: Ballot) -> int:
    """Put a checked ballot in the box if its poll takes ballots; what became of it, after the commit."""
    box_key = keys.read(ballot.p.hex(), keys.BOX)
    if box_key is not None:
        tag, data = encrypt_box(box_key, ballot)
        if _insert(ballot.p.hex(), tag, data):
            return ACCEPTED
    poll = _polls().filter(p=ballot.p.hex()).first()
    if poll is None:
        return REFUSED
    if poll.state not in (Poll.State.ISSUING, Poll.State.CASTING):
        return ACCEPTED if ballot.hash in _sealed_hashes(poll) else CLOSED
    if poll.state == Poll.State.ISSUING or box_key is None:
        raise NotNow
    stored = Box.objects.values_list("data", flat=True).get(tag=tag)
    first = parse_body(decrypt_box(box_key, tag, bytes(stored)), len(ballot.marks))
    return ACCEPTED if first.hash == ballot.hash else NUMBER_USED


# One statement, which is one transaction: lock the poll if it is casting, and add the row if it is new.
# FOR SHARE makes a closing box wait, and a cast that waited for the closing find no poll (the lock of the foreign key
# is too weak, and Django knows no other); on SQLite a writing statement is the lock.
# ON CONFLICT: a refused duplicate would stand in PostgreSQL's log, row and all.
INSERT = Statement(
    "put_in_box",
    "INSERT INTO ballots_box (tag, poll_id, data) "
    "SELECT %s, id, %s FROM ballots_poll WHERE p = %s AND state = 'casting' {share} "
    "ON CONFLICT DO NOTHING",
    "bytea, bytea, text",
)


def _insert(p: str, tag: bytes, data: bytes) -> bool:
    """Whether the row is in the box now, and was not before."""
    return INSERT.changed(tag, data, p) == 1


# What is asked most stands first.
ROUTES: list[tuple[str, str, Callable[..., HttpResponse]]] = [
    ("POST", "/hom/bo-phieu", _cast),
    ("GET", "/hom/([0-9a-f]{32})/luot", _phase),
    ("GET", "/hom/([0-9a-f]{64})/to-phieu", _sheet),
    ("GET", "/hom/([0-9a-f]{64})/danh-sach", _list),
    ("GET", "/phieu/([a-z0-9-]*[.]?[a-z0-9]*)", _page),
]
