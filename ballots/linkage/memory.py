"""Reads the memory of other processes, as root may."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ballots.linkage import traces
from ballots.linkage.traces import Traces

PATIENCE = 30  # seconds that a process may take to end after a phase


def found_in(pid: int, secrets: Mapping[str, int | bytes]) -> set[str]:
    """Which secrets lie in what this process can write to; OSError where we may not look, nothing if it has ended."""
    return looked_through(pid, traces.in_memory(secrets))


def looked_through(pid: int, looked_for: Traces, shared: bool = True) -> set[str]:
    """The same for traces that are ready; `shared`: also in memory that other processes write to."""
    found = set()
    for part in _memory(pid, shared):
        found |= looked_for.found_in(part)
    return found


def found_among(processes: set[int], looked_for: Traces) -> set[str]:
    """The same for several processes: memory that they share is read in the first of them only."""
    found: set[str] = set()
    for number, pid in enumerate(sorted(processes)):
        found |= looked_through(pid, looked_for, shared=not number)
    return found


def left_in(processes: Callable[[], set[int]], looked_for: Traces) -> set[str]:
    """What is still in their memory when those that were to end have had their time."""
    last = time.monotonic() + PATIENCE
    while (found := found_among(processes(), looked_for)) and time.monotonic() < last:
        time.sleep(0.2)
    return found


def _memory(pid: int, shared: bool) -> Iterator[bytes]:
    try:
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except (FileNotFoundError, ProcessLookupError):
        return
    try:
        for line in maps:
            where, rights, *_ = line.split()
            start, end = (int(edge, 16) for edge in where.split("-"))
            if rights.startswith("rw") and (shared or not rights.endswith("s")):
                try:
                    yield os.pread(memory, end - start, start)
                except OSError:
                    # A guard page, or the process has ended; that we may look at all `open` has told.
                    continue
    finally:
        os.close(memory)


def descendants(pid: int) -> set[int]:
    """The process, its children, and theirs."""
    return {pid}.union(*map(descendants, children(pid)))


def children(pid: int) -> set[int]:
    """The processes it has started or forked, of all its threads, that have not been waited for.

    None of one that has ended, which may be at any moment: `Path.glob` raises where a folder goes while it looks.
    """
    try:
        threads = [Path(f"/proc/{pid}/task", name) for name in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return set()
    return {int(child) for thread in threads for child in read(thread / "children").split()}


def called(*words: str) -> set[int]:
    """The processes whose command line has one of these words; those of another user, too."""
    lines = {int(path.parent.name): read(path) for path in Path("/proc").glob("[0-9]*/cmdline")}
    return {pid for pid, line in lines.items() if any(word.encode() in line for word in words)}


def read(path: Path) -> bytes:
    """What the kernel tells of a process or thread; nothing of one that has ended meanwhile."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
