"""Files of strangers are opened in a process of their own, with little time and memory, and nothing of ours in reach.

Knows no Django: the process starts in a twentieth of a second, reads its order and the file, answers, and ends.
"""

import contextlib
import fcntl
import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partyreview import RUNTIME_DIR

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a task may take; `memory` is address space: what is asked for, not only what is used."""

    memory: int
    seconds: int  # of the processor
    answer: int
    patience: float  # seconds by the clock, where the machine has other things to do


# Photographs of 52 million dots and sheets of 20,000 members take less; what takes more is made to.
USUAL = Limits(512 * MEGABYTE, 10, 32 * MEGABYTE, 40.0)
# The sheet of a whole committee, 100,000 members, which a job has read line by line.
LONG = Limits(768 * MEGABYTE, 120, 512 * MEGABYTE, 300.0)
# At once, of all workers of this machine. As many more wait, for a while: who waits keeps a thread of the site.
AT_ONCE = 2
WAIT = 10.0
WAIT_OF_A_JOB = 300.0
FOLDER = RUNTIME_DIR / "files"
ROOT = Path(__file__).resolve().parent.parent
MAIN = "from partyreview.confined import main; main()"
REFUSED, EXHAUSTED = 3, 4  # how the process ends


class Refusal(Exception):
    """What a task refuses a file with; the message is one Vietnamese sentence that says what to do."""


class Costly(Exception):
    """The file needs more time or memory than any honest one; whoever asked says so in words."""


class Busy(Refusal):
    """Too many files at once, or a machine too busy for this one."""

    def __init__(self) -> None:
        """There is one sentence."""
        super().__init__(
            "Máy chủ đang bận xử lý nhiều tệp nên chưa nhận tệp này. Xin gửi lại sau một phút."
        )


def run(task: str, data: bytes, *arguments: Any) -> bytes:
    """What the pure function `task` ("module:name") makes of these bytes; the arguments are plain JSON.

    Raises Refusal with the sentence the task refused the file with, Busy, or Costly.
    """
    with _place("waiting", 2 * AT_ONCE, 0), _place("running", AT_ONCE, WAIT):
        process = _process()
        try:
            order = _order(USUAL, task, arguments)
            answer, _ = process.communicate(order + data, timeout=USUAL.patience)
        except subprocess.TimeoutExpired:
            raise Busy from None
        finally:
            process.kill()
            process.wait()
    return _answered(process.returncode, answer)


def lines(task: str, data: bytes, *arguments: Any) -> Iterator[bytes]:
    """The same of a task that answers line by line, each handed on as it comes: for a job, and one at a time.

    What it refuses it may refuse after some of its lines.
    """
    with _place("long", 1, WAIT_OF_A_JOB):
        process = _process()
        clock = threading.Timer(LONG.patience, process.kill)
        feeding = threading.Thread(
            target=_feed, args=(process, _order(LONG, task, arguments), data), daemon=True
        )
        try:
            clock.start()
            feeding.start()
            last = b""
            for last in process.stdout or ():
                if last.endswith(b"\n"):
                    yield last
            process.wait()
        finally:
            clock.cancel()
            process.kill()
            process.wait()
            feeding.join()
    _answered(process.returncode, last)


def _process() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - ourselves; no secret of the site is in its surroundings
        [sys.executable, "-c", MAIN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
    )


def _order(limits: Limits, task: str, arguments: Sequence[Any]) -> bytes:
    numbers = limits.memory, limits.seconds, limits.answer
    order = json.dumps([numbers, task, arguments]).encode()
    return len(order).to_bytes(4) + order


def _feed(process: subprocess.Popen[bytes], order: bytes, data: bytes) -> None:
    """Hand the file over while the answer is being read."""
    with contextlib.suppress(OSError), process.stdin as stream:  # type: ignore[union-attr]
        stream.write(order)
        stream.write(data)


def perform(task: str, data: bytes, *arguments: Any) -> bytes:
    """The same in this very process, without limits."""
    module, name = task.split(":")
    answer: bytes = getattr(importlib.import_module(module), name)(data, *arguments)
    return answer


def perform_lines(task: str, data: bytes, *arguments: Any) -> Iterator[bytes]:
    """The same of a task that answers line by line."""
    yield from perform(task, data, *arguments)  # type: ignore[misc]


def _answered(code: int, answer: bytes) -> bytes:
    if code == 0:
        return answer
    if code == REFUSED:
        raise Refusal(answer.decode())
    if code not in (EXHAUSTED, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT):
        logging.getLogger(__name__).error("A confined task ended with %s.", code)
    raise Costly


@contextmanager
def _place(name: str, places: int, patience: float) -> Iterator[None]:
    """Hold one of so many places of this machine; Busy when none becomes free. A killed process holds none."""
    held = _taken(name, places, patience)
    try:
        yield
    finally:
        os.close(held)


def _taken(name: str, places: int, patience: float) -> int:
    FOLDER.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    until = time.monotonic() + patience
    while True:
        for number in range(places):
            place = os.open(FOLDER / f"{name}-{number}", os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(place)
            else:
                return place
        if time.monotonic() >= until:
            raise Busy
        time.sleep(0.05)


def main() -> None:
    """Read an order and a file from standard input, and answer, within the limits."""
    length = int.from_bytes(sys.stdin.buffer.read(4))
    (memory, seconds, most), task, arguments = json.loads(sys.stdin.buffer.read(length))
    # Our own code, before the limits: it may be compiled, and what was compiled is kept in a file.
    importlib.import_module(task.split(":")[0])
    _confine(memory, seconds)
    try:
        answer = perform(task, sys.stdin.buffer.read(), *arguments)
        for part in [answer] if isinstance(answer, bytes) else answer:
            most -= len(part)
            if most < 0:
                _leave(EXHAUSTED)
            sys.stdout.buffer.write(part)
    except Refusal as refusal:
        _leave(REFUSED, str(refusal).encode())
    except MemoryError:
        _leave(EXHAUSTED)
    _leave(0)


def _confine(memory: int, seconds: int) -> None:
    """From here on: little memory, little time, not a byte into any file, and after everybody else."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))
    os.nice(5)


def _leave(code: int, answer: bytes = b"") -> None:
    """End at once: what was made of the file is not taken apart first."""
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(code)
