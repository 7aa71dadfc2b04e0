"""Clients that send or read as slowly as they can: all in one thread, and each comes back when it is cut off."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from threading import Event, Thread
from urllib.parse import urlsplit

# What each kind sends at once; then a byte every second, except the reader, who only does not read.
CAST = (
    b"POST /hom/bo-phieu HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
)
PAGE = b"GET /static/bootstrap/css/bootstrap.css.map HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FIRST = {
    "silent": b"",
    "hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # half of a TLS handshake
    "head": CAST + b"X-Slow: ",
    "body": CAST + b"Content-Length: 569\r\n\r\n",
    "reader": PAGE,
}
DRIPS = {"head", "body"}


class Slow:
    """One slow client of `kind`."""

    def __init__(self, url: str, kind: str) -> None:
        parts = urlsplit(url)
        self.kind = kind
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(3)
        self.line.connect((parts.hostname, parts.port))
        if parts.scheme == "https" and kind not in ("silent", "hello"):
            self.line = ssl._create_unverified_context().wrap_socket(self.line)  # noqa: S323
        self.line.sendall(FIRST[kind])
        self.line.setblocking(False)

    def drip(self) -> bool:
        """Send a byte; whether the server still holds the line."""
        try:
            if self.kind in DRIPS:
                self.line.send(b"a")
            elif self.kind != "reader":
                return bool(self.line.recv(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return True


@contextlib.contextmanager
def crowd(url: str, **kinds: int) -> Iterator[list[Slow]]:
    """Keep so many slow clients of each kind of FIRST at the server for the length of the block."""
    clients = [Slow(url, kind) for kind, number in kinds.items() for _ in range(number)]
    over = Event()

    def keep() -> None:
        while not over.wait(1):
            for place, client in enumerate(clients):
                if not client.drip():
                    client.line.close()
                    with contextlib.suppress(OSError):
                        clients[place] = Slow(url, client.kind)

    keeper = Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield clients
    finally:
        over.set()
        keeper.join(20)
        for client in clients:
            client.line.close()
