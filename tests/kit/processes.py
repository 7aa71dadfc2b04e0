"""Processes that hold secrets, as the kernel sees them; and keys laid where the signer would have written them."""

import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

from ballots.linkage.memory import children, read
from ballots.secret import keys, signer


def lay_key(p_hex: str, kind: str, secret: bytes) -> None:
    """Write a key as the signer of the round does; it goes again with a transaction that fails."""
    name = f"{p_hex}.{kind}"
    keys.made_store().write({name: secret})
    keys.note(name)


def signer_of(p_hex: str) -> int:
    """The process that listens for this round; OSError when none does."""
    with signer._line(p_hex) as line:
        return struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]


def status(pid: int) -> dict[str, str]:
    """/proc/<pid>/status; nothing once the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def spawner_of(pid: int) -> int:
    """The spawner that this process has started; what it is called can be read a moment after its start."""
    assert until(lambda: len(_spawners(pid)) == 1)
    return _spawners(pid).pop()


def _spawners(pid: int) -> set[int]:
    names = {child: read(Path(f"/proc/{child}/cmdline")) for child in children(pid)}
    return {child for child, name in names.items() if b"ballots.secret.spawner" in name}


def is_gone(pid: int) -> bool:
    """Whether the kernel has taken its memory back: who is about to end has none any more."""
    return "VmSize" not in status(pid)


def until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for a condition; whether it held in time."""
    last = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < last:
        time.sleep(0.01)
    return held
