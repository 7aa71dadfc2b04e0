"""What a web worker asks of the signer of a poll round; it never sees the sign key (secret-ballot.md 3.1)."""

import contextlib
import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ballots.secret import keys, processes
from ballots.secret.blind_signature import BlindSignatureError
from ballots.secret.processes import Failed
from ballots.secret.signing_process import KEY_LENGTH, READY, REFUSED

__all__ = ["Failed", "NewRound", "end", "new_round", "sign"]

PROCESS = "ballots.secret.signing_process"
# Seconds for a stamp, a signer started again in the midst of it included; and for its end.
PATIENCE = 10
_starting = Lock()


class NewRound:
    """A round whose keys have been made, and whose sheet is still to be: `n` goes into it, and P comes of it."""

    def __init__(self, pipes: processes.Pipes) -> None:
        """Take n from the signer."""
        self._pipes = pipes
        self.n = int.from_bytes(pipes.read(KEY_LENGTH))

    def begin(self, p_hex: str) -> None:
        """Let the signer keep the three keys under P, and stamp from now on; OSError where it cannot: none stays."""
        here = keys.made_folder()
        keys.note(*(here / f"{p_hex}.{kind}" for kind in keys.KINDS))
        self._pipes.write(p_hex.encode())
        if trouble := self._pipes.read(len(READY))[0]:
            raise OSError(trouble, os.strerror(trouble))


@contextmanager
def new_round() -> Iterator[NewRound]:
    """Start a signer with fresh keys; unless its round begins within the block, it ends with it and leaves nothing."""
    with processes.running(PROCESS, str(keys.made_folder())) as pipes:
        yield NewRound(pipes)


def sign(p_hex: str, blinded: bytes) -> bytes | None:
    """The blind signature under the round's key, 256 bytes in and out; None when the key is dead.

    BlindSignatureError for what may not be signed; Failed where no signer can be brought to answer.
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
    """Let the signer of a round whose key was unlinked die, and wait until it is dead; again changes nothing."""
    with contextlib.suppress(OSError), _line(p_hex) as line:
        credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        with contextlib.suppress(OSError):  # out of our sight: it will miss its key by itself
            _kill(struct.unpack("3i", credentials)[0])
        # The kernel takes a dead process's memory before it closes its files (exit_mm, exit_files).
        line.recv(1)
    keys.unlink(p_hex, keys.SOCKET)


def _kill(pid: int) -> None:
    process = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(process, signal.SIGKILL)
    finally:
        os.close(process)


def _ask(p_hex: str, blinded: bytes) -> bytes:
    """The signer's answer; nothing when none is there, or it died."""
    try:
        with _line(p_hex) as line:
            line.send(blinded)
            return line.recv(KEY_LENGTH)
    except OSError:
        return b""


@contextmanager
def _line(p_hex: str) -> Iterator[socket.socket]:
    """A line to the round's signer; by a descriptor, since an address of 107 bytes is too short for some folders."""
    folder = os.open(keys.folder() or "", os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.settimeout(PATIENCE)
            line.connect(f"/proc/self/fd/{folder}/{p_hex}.{keys.SOCKET}")
            yield line
    finally:
        os.close(folder)


def _start_again(p_hex: str) -> None:
    """Start the signer from the key in RAM, unless there is one by now; of two that are started one gives way."""
    with _starting, contextlib.suppress(Failed):
        with contextlib.suppress(OSError), _line(p_hex):
            return
        with processes.running(PROCESS, str(keys.made_folder()), p_hex) as pipes:
            pipes.read(len(READY))
