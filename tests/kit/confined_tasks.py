"""What a confined process is asked to do by its tests. Each takes the bytes of a file, as every task does."""

import os
import signal
import time
from collections.abc import Iterator

from partyreview.confined import Refusal


def surroundings(_: bytes) -> bytes:
    """The environment and what is open beside the three streams."""
    return f"{dict(os.environ)} {[name for name in os.listdir('/proc/self/fd') if int(name) > 2][1:]}".encode()


def write(place: bytes) -> bytes:
    """Try to leave something in a file."""
    try:
        with open(place, "wb") as file:
            file.write(b"x")
    except OSError:
        return b"refused"
    return b"written"


def wait(_: bytes) -> bytes:
    """Take time, but none of the processor's."""
    time.sleep(60)
    return b""


def end_badly(_: bytes) -> bytes:
    """Fall over as a decoder with a hole does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def said(data: bytes) -> Iterator[bytes]:
    """Two lines, then a refusal where the file says so."""
    yield b"one\n"
    yield b"two\n"
    if data:
        raise Refusal(data.decode())


def endless(_: bytes) -> Iterator[bytes]:
    """Line after line."""
    while True:
        yield b"x" * 1000 + b"\n"
