"""The sealed envelope under attack: its key in every form a program has it in, and what lies inside."""

import pyrage
from pyrage import x25519

from ballots.models import Envelope, Poll
from ballots.secret.envelope import HEAD

# The letters of bech32 (BIP 173), by their value.
ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
CHECKSUM, KEY = 6, 32
OPENED = "phong bì niêm phong, mở bằng tờ khoá"


def secrets_of(key: str) -> dict[str, bytes]:
    """A printed key as it is read and as it is reckoned with; nothing where none was printed."""
    if not key:
        return {}
    letters = key.removeprefix(HEAD)
    bits = "".join(f"{ALPHABET.index(letter):05b}" for letter in letters[:-CHECKSUM])
    return {
        "khoá phong bì, chữ in": letters.encode(),
        "khoá phong bì": int(bits[: KEY * 8], 2).to_bytes(KEY),
    }


def opened(poll: Poll, key: str) -> dict[str, bytes]:
    """What who has both the database and the paper reads, by place; nothing where there is no envelope."""
    row = Envelope.objects.sealed().filter(poll=poll).first()
    if row is None or not key:
        return {}
    return {OPENED: pyrage.decrypt(bytes(row.data), [x25519.Identity.from_str(key)])}
