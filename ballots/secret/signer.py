"""What a web worker asks of the signer of a poll round; it never sees the sign key (secret-ballot.md 3.1)."""

import contextlib
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple
from threading import Lock

from ballots.secret import keys, processes
from ballots.secret.blind_signature import BlindSignatureError
from ballots.secret.processes import Failed
from ballots.secret.signing_process import KEY_LENGTH, READY, REFUSED

__all__ = ["Failed", "NewRound", "end", "new_round", "sign"]

PROCESS = "ballots.secret.signing_process"
# Seconds for a stamp, a signer started again in the midst of it included; and for its end.
PATIENCE = 10
# Lines of this process that are kept for the next stamp; with more rounds at once than that some stamps connect anew.
MOST_KEPT = 256
_starting, _keeping = Lock(), Lock()
# P and a line to its signer on which nothing is under way; the oldest first.
_kept: list[tuple[str, socket.socket]] = []
# A child would read its parent's answers.
os.register_at_fork(after_in_child=_kept.clear)


class NewRound:
    """A round whose keys have been made, and whose sheet is still to be: `n` goes into it, and P comes of it."""

    def __init__(self, pipes: processes.Pipes) -> None:
        """Take n from the signer."""
        self._pipes = pipes
        self.n = int.from_bytes(pipes.read(KEY_LENGTH))

    def begin(self, p_hex: str) -> None:
        """Let the signer keep the three keys under P, and stamp from now on; OSError where it cannot: none stays."""
        keys.note(*(f"{p_hex}.{kind}" for kind in keys.KINDS))
        self._pipes.write(p_hex.encode())
        if trouble := self._pipes.read(len(READY))[0]:
            raise OSError(trouble, os.strerror(trouble))


@contextmanager
def new_round() -> Iterator[NewRound]:
    """Start a signer with fresh keys; unless its round begins within the block, it ends with it and leaves nothing."""
    with processes.running(PROCESS, *astuple(keys.made_place())) as pipes:
        yield NewRound(pipes)


def sign(p_hex: str, blinded: bytes) -> bytes | None:
    """The blind signature under the round's key, 256 bytes in and out; None when the key is dead.

    BlindSignatureError for what may not be signed; Failed where no signer can be brought to answer, OSError where the
    store of keys cannot.
    """
    if len(blinded) != KEY_LENGTH:
        raise BlindSignatureError("unexpected input")
    until = time.monotonic() + PATIENCE
    while keys.holds(p_hex, keys.SIGN):
        answer = _ask(p_hex, blinded)
        if answer == REFUSED:
            raise BlindSignatureError("unexpected input")
        if len(answer) == KEY_LENGTH:
            return answer
        if time.monotonic() > until:
            raise Failed("no signer answers")
        _start_again(p_hex)
    return None


def end(p_hex: str) -> None:
    """Let this machine's signer of a round whose key was unlinked die, and wait until it is dead.

    Again changes nothing. The signers of other machines miss their key by themselves (`signing_process.LOOK`).
    """
    with contextlib.suppress(OSError), _line(p_hex) as line:
        credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        with contextlib.suppress(OSError):  # out of our sight: it will miss its key by itself
            _kill(struct.unpack("3i", credentials)[0])
        # The kernel takes a dead process's memory before it closes its files (exit_mm, exit_files).
        line.recv(1)
    keys.clear_signer(p_hex)


def _kill(pid: int) -> None:
    process = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    finally:
        os.close(process)


def _ask(p_hex: str, blinded: bytes) -> bytes:
    """The signer's answer; nothing when none is there, or it died."""
    try:
        with ExitStack() as closing:
            line = closing.enter_context(_kept_line(p_hex) or _connected(p_hex))
            line.send(blinded)
            if answer := line.recv(KEY_LENGTH):
                # Only now: on any other line an answer may still come, and the next voter would be given it.
                closing.pop_all()
                _keep(p_hex, line)
            return answer
    except OSError:
        return b""


def _kept_line(p_hex: str) -> socket.socket | None:
    with _keeping:
        places = (place for place, (known, _) in enumerate(_kept) if known == p_hex)
        place = next(places, None)
        return None if place is None else _kept.pop(place)[1]


def _keep(p_hex: str, line: socket.socket) -> None:
    with _keeping:
        _kept.append((p_hex, line))
        if len(_kept) > MOST_KEPT:
            _kept.pop(0)[1].close()


@contextmanager
def _line(p_hex: str) -> Iterator[socket.socket]:
    """A line of its own to the round's signer."""
    with _connected(p_hex) as line:
        yield line


def _connected(p_hex: str) -> socket.socket:
    """A new line; by a descriptor, since an address of 107 bytes is too short for some folders."""
    folder = os.open(keys.folder() or "", os.O_PATH | os.O_DIRECTORY)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        # The kernel keeps the time: Python's own timeout costs one more call for each.
        for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            line.setsockopt(socket.SOL_SOCKET, way, struct.pack("ll", PATIENCE, 0))
        line.connect(f"/proc/self/fd/{folder}/{p_hex}.{keys.SOCKET}")
    except OSError:
        line.close()
        raise
    finally:
        os.close(folder)
    return line


def _start_again(p_hex: str) -> None:
    """Start the signer from the stored key, unless there is one by now; of two that are started one gives way."""
    with _starting, contextlib.suppress(Failed):
        with contextlib.suppress(OSError), _line(p_hex):
            return
        with processes.running(PROCESS, *astuple(keys.made_place()), p_hex) as pipes:
            pipes.read(len(READY))
