"""Raw http load: as little work as possible on this side, for both sides share the machine."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

CONNECTIONS = 8


def post(path: str, body: bytes, cookie: str = "") -> bytes:
    """One request as bytes, ready to send on a kept connection."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
    head += f"Cookie: {cookie}\r\n" if cookie else ""
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str, cookie: str = "", more: str = "") -> bytes:
    """A request without a body; `more` are whole lines of its head."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}"
    head += f"Cookie: {cookie}\r\n" if cookie else ""
    return f"{head}\r\n".encode()


def send(port: int, requests: list[bytes]) -> tuple[float, list[bytes]]:
    """Send all over eight kept connections; returns requests per second and the bodies, all of status 200."""
    shares = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        since = time.perf_counter()
        answered = list(pool.map(lambda share: _in_turn(port, share), shares))
        seconds = time.perf_counter() - since
    bodies: list[bytes] = [b""] * len(requests)
    for start, share in enumerate(answered):
        bodies[start::CONNECTIONS] = share
    return len(requests) / seconds, bodies


def _in_turn(port: int, requests: list[bytes]) -> list[bytes]:
    bodies = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in requests:
            connection.sendall(request)
            bodies.append(_body(connection))
    return bodies


def _body(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(received.decode(errors="replace")[:500])
    length = next(
        int(line[15:])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += _more(connection)
    return body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise RuntimeError("the server closed the connection")
    return part
