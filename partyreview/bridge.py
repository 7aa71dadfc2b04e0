"""The WSGI application inside an event loop: a thread takes a request that is here whole, and leaves with the answer.

Who sends slowly or reads slowly holds a connection, never a thread (docs/decisions.md 30).
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from partyreview.headers import EVERYWHERE, NO_STORE

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Bytes of a body: what a door may be sent, and what the site takes, whose scans are large. A longer one is read to
# its end and thrown away, so that a browser shows why; one that is four times as long is not even that.
SMALL, LARGE, DRAINED = 64 * 1024, 42 * 1024 * 1024, 4
LARGE_PATH = b"/hop/"
# Bytes of all large bodies that wait in this process to become whole.
ALL_LARGE = 256 * 1024 * 1024
# A body has these seconds, and wins one back for each so many bytes that come: a scan over a poor line is in time, and
# nobody sends much at once to hold its memory for an hour.
BODY_SECONDS, BODY_RATE = 20.0, 8 * 1024
# Bytes that a thread makes before the loop sends them: nearly every answer whole, an archive of many cells in parts.
PART = 1024 * 1024


class Bridge:
    """An ASGI application around `application`.

    What is asked under the paths of a group has threads of its own: a ballot waits for no page and no paper, and a
    look at the phase for no stamp.
    """

    def __init__(self, application: Application, threads: int, *groups: tuple[bytes, ...]) -> None:
        """`threads`: at most so many at once for each group of paths, and as many for all the rest."""
        self.application = application
        self.own = [(paths, ThreadPoolExecutor(threads)) for paths in groups]
        self.other = ThreadPoolExecutor(threads)
        self.large = 0

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise RuntimeError("only http")
        body = await self._body(scope, receive)
        if body is None:
            return
        if isinstance(body, HTTPStatus):
            await _refuse(body, send)
            return
        path = scope["raw_path"]
        pool = next((own for paths, own in self.own if path.startswith(paths)), self.other)
        await self._answer(environ_of(scope, body), pool, send)

    async def _body(
        self, scope: HTTPScope, receive: ASGIReceiveCallable
    ) -> bytes | HTTPStatus | None:
        """The whole body; a status of REFUSALS where there is none to be had, None where the client went away."""
        body = Body(self, LARGE if scope["raw_path"].startswith(LARGE_PATH) else SMALL)
        try:
            async with asyncio.timeout_at(body.until) as patience:
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    body.add(message["body"])
                    if body.refusal == HTTPStatus.SERVICE_UNAVAILABLE or body.endless:
                        return body.refusal
                    if not message["more_body"]:
                        return body.refusal or bytes(body.parts)
                    patience.reschedule(body.until)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        finally:
            body.release()

    async def _answer(
        self, environ: dict[str, Any], pool: ThreadPoolExecutor, send: ASGISendCallable
    ) -> None:
        loop = asyncio.get_running_loop()
        answer = Answer(self.application, environ)
        part = await loop.run_in_executor(pool, answer.begin)
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": answer.headers,
                "trailers": False,
            }
        )
        while not answer.ended:
            await send({"type": "http.response.body", "body": part, "more_body": True})
            part = await loop.run_in_executor(pool, answer.more)
        await send({"type": "http.response.body", "body": part, "more_body": False})


class Body:
    """What came of a body so far, and how long to wait for more."""

    def __init__(self, bridge: Bridge, limit: int) -> None:
        """`limit`: bytes that are kept."""
        self.bridge, self.limit = bridge, limit
        self.parts = bytearray()
        self._now = asyncio.get_running_loop().time
        self.until = self._now() + BODY_SECONDS  # when patience ends, on the clock of the loop
        self.received = self.counted = 0
        self.refusal: HTTPStatus | None = None

    def add(self, part: bytes) -> None:
        """Keep the part, or nothing more once there is a refusal."""
        self.received += len(part)
        self.until = min(self.until + len(part) / BODY_RATE, self._now() + BODY_SECONDS)
        if self.received > self.limit:
            self.refusal = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            self.release()
        if self.refusal:
            return
        self.parts += part
        if self.received > SMALL:
            self.bridge.large += self.received - self.counted
            self.counted = self.received
        if self.bridge.large > ALL_LARGE:
            self.refusal = HTTPStatus.SERVICE_UNAVAILABLE

    def release(self) -> None:
        """Keep nothing of it, and count it no more."""
        self.parts.clear()
        self.bridge.large -= self.counted
        self.counted = 0

    @property
    def endless(self) -> bool:
        """Whether it is longer than one throws away."""
        return self.received > DRAINED * self.limit


class Answer:
    """One call of the WSGI application, made in a thread; `ended` once its last part is made."""

    status = 500
    ended = False

    def __init__(self, application: Application, environ: dict[str, Any]) -> None:
        """Nothing is called before `begin`."""
        self.application, self.environ = application, environ
        self.headers: list[tuple[bytes, bytes]] = []
        self._made: Iterable[bytes] = ()
        self._parts: Iterator[bytes] = iter(())

    def begin(self) -> bytes:
        """Call the application; the first part of what it answers."""
        self._made = self.application(self.environ, self._start)
        self._parts = iter(self._made)
        return self.more()

    def more(self) -> bytes:
        """The next part."""
        part = bytearray()
        try:
            for piece in self._parts:
                part += piece
                if len(part) >= PART:
                    return bytes(part)
        except BaseException:
            self._close()
            raise
        self._close()
        return bytes(part)

    def _close(self) -> None:
        self.ended = True
        close = getattr(self._made, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        self.status = int(status[:3])
        self.headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]


def environ_of(scope: HTTPScope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 wants it; a proxy's headers are left to the application (TRUST_PROXY)."""
    server, client = scope["server"] or ("", None), scope["client"] or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:  # it would pass for the one with a hyphen, which a proxy has set
            continue
        key = "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    # As it came, whether it was announced or sent in chunks.
    framed = {environ.pop(key, None) for key in ("HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING")}
    environ["CONTENT_LENGTH"] = str(len(body)) if framed != {None} else ""
    return environ


REFUSALS = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Các tệp gửi lên lớn hơn mức máy chủ nhận trong một lần, nên chưa tệp nào "
    "được nhận. Xin quay lại trang trước, gửi làm nhiều lần.",
    HTTPStatus.REQUEST_TIMEOUT: "Mạng quá chậm nên máy chủ chưa nhận được gì. Xin quay lại trang trước, gửi lại khi "
    "mạng tốt hơn.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nhiều người đang gửi tệp lớn cùng lúc nên máy chủ chưa nhận được gì. Xin đợi "
    "một phút, quay lại trang trước rồi gửi lại.",
}


async def _refuse(status: HTTPStatus, send: ASGISendCallable) -> None:
    """Say why, and end the connection: the rest of the request may still be on its way."""
    title = "Chưa nhận được"
    page = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title><p>{REFUSALS[status]}</p>'
    body = page.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", NO_STORE.encode()),
        (b"connection", b"close"),
        *((name.lower().encode(), value.encode()) for name, value in EVERYWHERE.items()),
    ]
    await send(
        {"type": "http.response.start", "status": status, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
