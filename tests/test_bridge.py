"""What the bridge makes of a request before a thread sees it, and of an answer before the loop sends it."""

import asyncio
from collections.abc import Iterable
from threading import Event

import pytest

from partyreview import bridge
from partyreview.bridge import Bridge
from tests.kit.threads import run_coroutine

MB = 1024 * 1024


def asked(path: str = "/hop/", method: str = "POST", **headers: str) -> dict:
    """The scope of a request; `x_y` in a name is sent as `x-y`."""
    return {
        "type": "http",
        "method": method,
        "raw_path": path.encode(),
        "query_string": b"a=%20",
        "http_version": "1.1",
        "scheme": "https",
        "server": ("10.0.0.1", 8000),
        "client": ("10.0.0.2", 1234),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }


def call(
    over: Bridge, scope: dict, parts: Iterable[bytes | None] = ()
) -> tuple[int, dict, list[bytes]]:
    """Status, headers and parts of the answer; the body comes in `parts`, and None is that the client went away."""
    parts, sent = list(parts) or [b""], []

    async def receive() -> dict:
        await asyncio.sleep(0)
        part = parts.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: dict) -> None:
        sent.append(message)

    run_coroutine(over(scope, receive, send))
    if not sent:
        return 0, {}, []
    return sent[0]["status"], dict(sent[0]["headers"]), [message["body"] for message in sent[1:]]


class Recorder:
    """An application that keeps what it was asked, and answers with `parts`."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.environ, self.body, self.closed = parts or (b"ok",), {}, b"", False

    def __call__(self, environ, start_response):
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start_response("201 Created", [("X-Kept", "yes")])
        return self

    def __iter__(self):
        return iter(self.parts)

    def close(self) -> None:
        self.closed = True


def test_the_application_sees_the_request_as_a_server_of_wsgi_shows_it():
    app = Recorder(b"o", b"k")
    scope = asked("/hop/%C4%90", host="here:1", content_type="text/x", content_length="4")
    scope["headers"] += [(b"x_forwarded_proto", b"https"), (b"accept", b"a"), (b"accept", b"b")]
    assert call(Bridge(app, 1, ()), scope, [b"ab", b"cd"]) == (201, {b"X-Kept": b"yes"}, [b"ok"])
    assert app.body == b"abcd"
    assert app.closed
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/hop/Đ".encode().decode("latin-1"),
        "QUERY_STRING": "a=%20",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "4",
        "HTTP_HOST": "here:1",
        "HTTP_ACCEPT": "a,b",
        "REMOTE_ADDR": "10.0.0.2",
        "wsgi.url_scheme": "https",
    }
    assert {key: app.environ[key] for key in expected} == expected
    assert {key for key in app.environ if key.startswith("HTTP_")} == {"HTTP_HOST", "HTTP_ACCEPT"}


def test_a_body_in_chunks_has_the_length_that_came():
    app = Recorder()
    call(Bridge(app, 1, ()), asked(transfer_encoding="chunked"), [b"ab", b"c"])
    assert (app.environ["CONTENT_LENGTH"], app.body) == ("3", b"abc")


def test_a_large_answer_is_sent_in_parts_and_closed():
    app = Recorder(*[bytes(MB // 2)] * 5)
    _, _, parts = call(Bridge(app, 1, ()), asked())
    assert [len(part) for part in parts] == [MB, MB, MB // 2]
    assert app.closed


SMALL = ("/hom/bo-phieu", bridge.SMALL)
REFUSED = {
    "longer than a ballot": (*SMALL, [bytes(bridge.SMALL), b"a"], 413),
    "as long as can be": (*SMALL, [bytes(bridge.SMALL)], 201),
    "longer than all scans": ("/hop/", 0, [bytes(bridge.LARGE), b"a", b"b"], 413),
    "gone before the end": ("/hop/", 0, [b"a", None], 0),
}


@pytest.mark.parametrize(("path", "_", "parts", "status"), REFUSED.values(), ids=REFUSED)
def test_a_body_has_its_limit(path, _, parts, status):
    app = Recorder()
    over = Bridge(app, 1, ())
    told, headers, body = call(over, asked(path), parts)
    assert told == status
    assert bool(app.environ) == (status == 201)
    assert over.large == 0
    if status == 413:
        assert "gửi làm nhiều lần" in b"".join(body).decode()
        assert headers[b"connection"] == b"close"
        assert headers[b"cache-control"] == b"no-store"
        assert headers[b"cross-origin-resource-policy"] == b"same-origin"


def test_an_endless_body_is_not_read_to_its_end():
    parts = iter([bytes(bridge.SMALL)] * 5 + [None])
    assert call(Bridge(Recorder(), 1, ()), asked("/hom/bo-phieu"), parts)[0] == 413


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch):
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)

    assert "Mạng quá chậm" in stalled(Bridge(Recorder(), 1, ()), [])[0]


def stalled(over: Bridge, parts: list[bytes]) -> tuple[str, int]:
    """What is told who sends these parts and then nothing more; and the bytes that were counted meanwhile."""
    sent, counted = [], []

    async def receive() -> dict:
        if not parts:
            counted.append(over.large)
            await asyncio.Event().wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": True}

    async def send(message: dict) -> None:
        sent.append(message)

    run_coroutine(asyncio.wait_for(over(asked(), receive, send), 20))
    assert sent[0]["status"] == 408
    return sent[1]["body"].decode(), counted[0]


def test_much_at_once_buys_no_hour_of_silence(monkeypatch):
    """Seven such bodies would keep the memory of all others, and every honest scan out, for as long."""
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    over = Bridge(Recorder(), 1, ())
    assert stalled(over, [bytes(MB)])[1] == MB
    assert over.large == 0


def test_what_is_thrown_away_is_counted_no_more(monkeypatch):
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(bridge, "LARGE", MB)
    assert stalled(Bridge(Recorder(), 1, ()), [bytes(MB), b"a"])[1] == 0


def test_large_bodies_share_the_memory_that_is_theirs(monkeypatch):
    monkeypatch.setattr(bridge, "ALL_LARGE", MB)
    over = Bridge(Recorder(), 1, ())
    over.large = MB // 2
    assert call(over, asked(), [bytes(MB), b"a"])[0] == 503
    assert call(over, asked(), [bytes(1000), b"a"])[0] == 201
    assert over.large == MB // 2


@pytest.mark.parametrize("busy", ["/hop/", "/hop/phat-phieu"], ids=["paper", "stamp"])
def test_a_ballot_waits_for_no_paper_and_no_stamp(busy):
    """All the threads of the others are busy until a ballot was answered."""
    cast = Event()

    def application(environ, start_response):
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/hom/":
            cast.set()
        return [b"" if cast.wait(20) else b"late"]

    over = Bridge(application, 1, (b"/hom/",), (b"/hop/phat-phieu",))

    async def one(path: str) -> bytes:
        sent = []

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        await over(asked(path), receive, send)
        return sent[-1]["body"]

    async def play() -> list[bytes]:
        return await asyncio.gather(*map(one, [busy, busy, "/hom/"]))

    assert run_coroutine(play()) == [b"", b"", b""]


def test_what_fails_before_it_answers_is_closed_and_told_to_the_server():
    app = Recorder()
    app.parts = (1 / number for number in [0])
    with pytest.raises(ZeroDivisionError):
        call(Bridge(app, 1, ()), asked())
    assert app.closed
