"""Reads the memory of other processes as root may, and looks for numbers and bytes in whatever form they lie there."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

# So much of the middle of a secret is looked for: an allocator writes over the edges of what was freed.
PIECE = 24


def forms_of(value: int | bytes) -> set[bytes]:
    """A piece of each form: big-endian, little-endian (limbs of gmpy2 and OpenSSL), Python's digits of 30 bits."""
    if isinstance(value, bytes):
        return {_middle(value)}
    size = -(-value.bit_length() // 8)
    digits = b"".join(
        (value >> shift & (1 << 30) - 1).to_bytes(4, "little")
        for shift in range(0, value.bit_length(), 30)
    )
    return {_middle(value.to_bytes(size, order)) for order in ("big", "little")} | {
        _middle(digits)
    }


def _middle(form: bytes) -> bytes:
    start = max(0, (len(form) - PIECE) // 2)
    return form[start : start + PIECE]


def found_in(pid: int, secrets: Mapping[str, int | bytes]) -> set[str]:
    """Which secrets lie in what this process can write to; OSError where we may not look, nothing if it has ended."""
    pieces = {piece: name for name, value in secrets.items() for piece in forms_of(value)}
    found = set()
    for part in _memory(pid):
        found |= {name for piece, name in pieces.items() if piece in part}
    return found


def _memory(pid: int) -> Iterable[bytes]:
    try:
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except (FileNotFoundError, ProcessLookupError):
        return
    try:
        for line in maps:
            where, rights, *_ = line.split()
            start, end = (int(edge, 16) for edge in where.split("-"))
            if rights.startswith("rw"):
                try:
                    yield os.pread(memory, end - start, start)
                except OSError:
                    # A guard page, or the process has ended; that we may look at all `open` has told.
                    continue
    finally:
        os.close(memory)
