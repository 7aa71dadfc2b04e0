"""Processes that hold secrets for a while: started without Django, and gone with their task (secret-ballot.md 3.1).

What a process knew, the kernel takes back when it ends. A web worker lives for weeks, and so would what it once knew.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Without `site` and its .pth files: the folders of modules are this process's own. Of a library that takes longer to
# load than all the rest, gmpy2 asks its own version, and nothing else.
_START = """\
import sys, types
sys.path[:] = sys.argv.pop(1).splitlines()
sys.modules["importlib.metadata"] = types.SimpleNamespace(version=lambda name: "")
from {} import main
main()
"""
# Seconds for an answer: far more than any takes on a machine that is not at its end.
PATIENCE = 60


class Failed(Exception):
    """The process could not be started, or ended before its answer."""


class Pipes:
    """Input and output of a process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """`process` has both."""
        self._process = process

    def write(self, data: bytes) -> None:
        """Write to its input; Failed when it has ended."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.write(data)
                self._process.stdin.flush()
            except BrokenPipeError as error:
                raise Failed("ended before it was asked") from error

    def read(self, length: int) -> bytes:
        """So many bytes of its output; Failed when it ends before, or takes too long."""
        output, until = self._process.stdout, time.monotonic() + PATIENCE
        if output is None:
            raise Failed("no output")
        # select() knows no file past 1023, and a crowd of phones has opened those.
        readable = select.poll()
        readable.register(output, select.POLLIN)
        answer = b""
        while len(answer) < length:
            if not readable.poll(1000 * max(0.0, until - time.monotonic())):
                raise Failed("no answer")
            part = os.read(output.fileno(), length - len(answer))
            if not part:
                raise Failed("ended before its answer")
            answer += part
        return answer

    def exchange(self, data: bytes) -> bytes:
        """All its output, for all our input; it has ended then. Failed when it ends badly, or takes too long."""
        try:
            answer, _ = self._process.communicate(data, timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            raise Failed("no answer") from error
        if self._process.returncode:
            raise Failed("ended before its answer")
        return answer


@contextmanager
def running(name: str, *arguments: str) -> Iterator[Pipes]:
    """Start `main` of the module `name` with both pipes open; Failed if it cannot be.

    It has a session of its own, so that it may outlive this process; nothing of our environment, open files and
    memory is handed down. Both pipes are closed with the block.
    """
    folders = "\n".join(str(Path(folder or ".").resolve()) for folder in sys.path)
    command = [sys.executable, "-I", "-S", "-c", _START.format(name), folders, *arguments]
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=pipe, stdout=pipe, cwd="/", env={}, start_new_session=True
        )
    except OSError as error:
        raise Failed(str(error)) from error
    with process:
        yield Pipes(process)
