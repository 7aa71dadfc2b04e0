"""Processes that hold secrets for a while: started without Django, and gone with their task (secret-ballot.md 3.1).

What a process knew, the kernel takes back when it ends. A web worker lives for weeks, and so would what it once knew.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from django.conf import settings

from ballots.secret.spawner import MARK, NUMBER

# Without `site` and its .pth files: the folders of modules are this process's own. Of a library that takes longer to
# load than all the rest, gmpy2 asks its own version, and nothing else.
_START = """\
import importlib, sys, types
sys.path[:] = sys.argv.pop(1).splitlines()
sys.modules["importlib.metadata"] = types.SimpleNamespace(version=lambda name: "")
for name in sys.argv.pop(1).split():
    importlib.import_module(name)
from ballots.secret.spawner import main
main()
"""
# Seconds for an answer: far more than any takes on a machine that is not at its end.
PATIENCE = 60

# The process, and our end of its socket. Who is forked from here gives orders to the same one: each is one message.
_spawner: tuple[subprocess.Popen[bytes], socket.socket] | None = None
_ordering = Lock()


class Failed(Exception):
    """The process could not be started, or ended before its answer."""


class Pipes:
    """Input and output of a process."""

    def __init__(self, line: socket.socket) -> None:
        """`line` is both; the process tells its number as soon as there is one."""
        self._line = line
        self.pid = int.from_bytes(self.read(NUMBER))

    def write(self, data: bytes) -> None:
        """Write to its input; Failed when it has ended."""
        try:
            self._line.sendall(data)
        except OSError as error:
            raise Failed("ended before it was asked") from error

    def read(self, length: int) -> bytes:
        """So many bytes of its output; Failed when it ends before, or takes too long."""
        answer = b""
        while len(answer) < length:
            part = self._receive(length - len(answer))
            if not part:
                raise Failed("ended before its answer")
            answer += part
        return answer

    def exchange(self, data: bytes) -> bytes:
        """All its output, for all our input; it has ended then, well or not. Failed when it takes too long."""
        self.write(data)
        self._line.shutdown(socket.SHUT_WR)
        parts = []
        try:
            while part := self._receive(65536):
                parts.append(part)
        except Failed:
            # It holds the other end of our line, so the number is still its own.
            os.kill(self.pid, signal.SIGKILL)
            raise
        return b"".join(parts)

    def _receive(self, most: int) -> bytes:
        """Some bytes of its output; none when it has ended."""
        try:
            return self._line.recv(most)
        except ConnectionResetError:
            return b""
        except OSError as error:
            raise Failed("no answer") from error


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Pipes]:
    """Start `main` of the module `name` with both pipes open; Failed if it cannot be.

    It has a session of its own, so that it may outlive this process; nothing of our environment, open files and
    memory is handed down. Both pipes are closed with the block.
    """
    ours, its = socket.socketpair()
    with ours:
        with its:
            _order(MARK.join((name, *arguments)).encode(), its)
        ours.settimeout(PATIENCE)
        yield Pipes(ours)


def prepare() -> None:
    """Start the spawner, for this process and all that will be forked from it, unless there is one."""
    with _ordering:
        _ready()


def end() -> None:
    """Let the spawner end and wait until it has; it does not while a process forked from here may give it orders."""
    global _spawner
    if _spawner is not None:
        process, orders = _spawner
        _spawner = None
        orders.close()
        process.wait()


def _order(order: bytes, line: socket.socket) -> None:
    """Let the spawner fork a process at the other end of this line; if it died, let another one do so."""
    with _ordering:
        try:
            try:
                socket.send_fds(_ready(), [order], [line.fileno()])
            except ConnectionError:
                end()
                socket.send_fds(_ready(), [order], [line.fileno()])
        except OSError as error:
            raise Failed(str(error)) from error


def _ready() -> socket.socket:
    """Where the spawner reads its orders."""
    global _spawner
    _spawner = _spawner or _spawn()
    return _spawner[1]


def _spawn() -> tuple[subprocess.Popen[bytes], socket.socket]:
    folders = "\n".join(str(Path(folder or ".").resolve()) for folder in sys.path)
    # What only some processes need, and what takes long to load.
    loaded = "ballots.secret.key_server" if settings.KEY_STORE_URL else ""
    command = [sys.executable, "-I", "-S", "-c", _START, folders, loaded]
    orders, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    orders.settimeout(PATIENCE)
    with its:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            command,
            stdin=its.fileno(),
            stdout=subprocess.DEVNULL,
            cwd="/",
            env={},
            start_new_session=True,
        )
    return process, orders
