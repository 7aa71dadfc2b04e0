"""The signer of one poll round: a process of its own, alive as long as the sign key (secret-ballot.md 3.1).

Started without Django by `ballots/secret/signer.py`: for a new round it makes the three keys and tells n alone; after
its death, and on every other machine, it is started from the key in the store. It stamps what comes to its socket in
the folder of its machine.
"""

import contextlib
import errno
import fcntl
import os
import select
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from ballots.secret import blind_signature
from ballots.secret.blind_signature import BlindSignatureError, PrivateKey
from ballots.secret.key_store import Place, Store
from partyreview import memory

KEY_LENGTH = 256
P_HEX_LENGTH = 64
# The answer to P; any other byte is the errno why its keys cannot be kept.
READY = b"\0"
# The one answer that is no signature.
REFUSED = b"-"
# Seconds after which it looks for its key again while nobody asks.
LOOK = 0.5
# Lines that it keeps open; one more ends the oldest. A worker has one for each thread that has asked.
LINES = 500


def main() -> None:
    """`sys.argv`: the place of the keys (`key_store.Place`), and P of the round, if its key is already there."""
    memory.hide()
    memory.lock()
    place, named = Place(*sys.argv[1:3]), sys.argv[3:]
    store, key = place.store(), None
    if not named:
        key = blind_signature.generate_key()
        named = [_make_keys(store, key)]
    os.chdir(place.folder)
    serve(store, named[0], key)


def _make_keys(store: Store, key: PrivateKey) -> str:
    """Tell n, be told P, and write the round's three keys under it: all of them, or none."""
    os.write(1, key.n.to_bytes(KEY_LENGTH))
    p_hex = os.read(0, P_HEX_LENGTH).decode()
    if len(p_hex) != P_HEX_LENGTH:
        sys.exit()  # the round was not to be
    secrets = {"sign": key.to_bytes(), "box": os.urandom(32), "count": os.urandom(32)}
    try:
        store.write({f"{p_hex}.{kind}": secret for kind, secret in secrets.items()})
    except OSError as error:
        os.write(1, bytes([error.errno or errno.EIO]))
        sys.exit()
    return p_hex


def serve(store: Store, p_hex: str, key: PrivateKey | None = None) -> None:
    """Stamp for whoever asks, here in the folder of keys, until the key is gone; at once if another does."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    try:
        fcntl.flock(os.open(f"{p_hex}.lock", flags, 0o600), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    os.umask(0o177)
    name = f"{p_hex}.signer"
    # Bound before the key is read: who lets the key die finds either this socket, or us before we have it.
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    Path(name).unlink(missing_ok=True)
    listener.bind(name)
    listener.listen(1024)
    life = Life(store, f"{p_hex}.sign")
    life.end_without_key()
    key = key or PrivateKey.from_bytes(store.read(life.key_name) or b"")
    os.write(1, READY)
    _let_go()
    _answer_all(listener, key, life)


@dataclass(frozen=True)
class Life:
    """What a signer lives by: the key's name in the store, the same for the signers of all machines."""

    store: Store
    key_name: str

    def end_without_key(self) -> None:
        """Die once the key has lost its name, or the store does not answer; a worker starts it again if need be.

        Nothing is closed before: to whoever awaits our end a closed line means that our memory is given back.
        """
        try:
            if self.store.holds(self.key_name):
                return
        except OSError:
            pass
        os._exit(0)


def _answer_all(listener: socket.socket, key: PrivateKey, life: Life) -> None:
    """Answer each message of each line in turn, and wait for nobody; see `serve` for the end."""
    listener.setblocking(False)
    ready, lines = select.poll(), {listener.fileno(): listener}
    ready.register(listener, select.POLLIN)

    def end(number: int) -> None:
        ready.unregister(number)
        lines.pop(number).close()

    while True:
        for number, _ in ready.poll(1000 * LOOK):
            life.end_without_key()
            if number == listener.fileno():
                with contextlib.suppress(OSError):  # whoever came is gone
                    line, _ = listener.accept()
                    line.setblocking(False)
                    lines[line.fileno()] = line
                    ready.register(line, select.POLLIN)
            elif number in lines and not _is_answered(lines[number], key):
                end(number)
            if len(lines) > LINES:
                end(list(lines)[1])  # the oldest; the first is the listener
        life.end_without_key()


def _is_answered(line: socket.socket, key: PrivateKey) -> bool:
    """Whether there was a message, and room for its answer; on such a line there may be more."""
    with contextlib.suppress(OSError):
        if blinded := line.recv(KEY_LENGTH + 1):
            line.send(_answer(key, blinded))
            return True
    return False


def _let_go() -> None:
    """Close input, output and errors: whoever started us may wait for their end."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _answer(key: PrivateKey, blinded: bytes) -> bytes:
    try:
        return blind_signature.blind_sign(key, blinded)
    except BlindSignatureError:
        return REFUSED
