"""Looks for many secrets at once in much content: in raw bytes, in the hex of a dump, in base64. Pure."""

import base64
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

BLOCK = 8
# The shortest piece of which some block of the content lies whole inside, wherever it begins.
SHORTEST = 2 * BLOCK - 1
# So much of the middle of a secret is looked for in memory: an allocator writes over the edges of what was freed.
MIDDLE = 24


class Traces:
    """Pieces by the name of what they betray, made ready for one pass over any content."""

    def __init__(self, pieces: Mapping[str, Iterable[bytes]]) -> None:
        """`pieces`: at least 15 bytes each; ValueError for a shorter one, which could be overlooked."""
        self._windows: dict[bytes, list[tuple[str, bytes, int]]] = defaultdict(list)
        for name, forms in pieces.items():
            for form in forms:
                if len(form) < SHORTEST:
                    raise ValueError(f"too short to be looked for: {name}")
                for offset in range(BLOCK):
                    window = form[offset : offset + BLOCK]
                    self._windows[window].append((name, form, offset))

    def places(self, content: bytes) -> dict[str, tuple[int, int]]:
        """Where each piece that stands there begins for the first and the last time, in bytes; by name."""
        places: dict[str, tuple[int, int]] = {}
        for name, at in self._hits(content):
            first, last = places.get(name, (at, at))
            places[name] = min(first, at), max(last, at)
        return places

    def found_in(self, content: bytes) -> set[str]:
        """The names of which a piece stands there."""
        return {name for name, _ in self._hits(content)}

    def _hits(self, content: bytes) -> Iterator[tuple[str, int]]:
        windows = self._windows
        whole = memoryview(content)[: len(content) - len(content) % BLOCK]
        for number, (block,) in enumerate(struct.iter_unpack(f"{BLOCK}s", whole)):
            if block in windows:
                for name, form, offset in windows[block]:
                    start = number * BLOCK - offset
                    if start >= 0 and content[start : start + len(form)] == form:
                        yield name, start


def in_any_writing(secrets: Mapping[str, bytes]) -> Traces:
    """Traces of secrets of 15 bytes and more as raw bytes, hex digits of either case, and base64 of their own."""
    return Traces({name: _writings(value) for name, value in secrets.items()})


def _writings(value: bytes) -> set[bytes]:
    coded = {base64.b64encode(value), base64.urlsafe_b64encode(value)}
    return {value, value.hex().encode(), value.hex().upper().encode()} | {
        text.rstrip(b"=") for text in coded
    }


def in_memory(secrets: Mapping[str, int | bytes]) -> Traces:
    """Traces of the middles of secrets, of numbers in every form in which a program keeps them."""
    return Traces({name: forms_of(value) for name, value in secrets.items()})


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
    start = max(0, (len(form) - MIDDLE) // 2)
    return form[start : start + MIDDLE]
