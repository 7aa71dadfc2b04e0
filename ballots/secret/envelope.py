"""The sealed envelope: the marks of a poll's ballots, encrypted to a key that stands on paper alone. Pure.

An age file (age-encryption.org/v1, X25519), so that the paper opens it even where this program is no more. Only marks
are inside: no number, stamp, signature or hash, so that no phone finds its ballot there (secret-ballot.md 4.1).
"""

import calendar
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyrage
from pyrage import x25519

TAG = b"partyreview/envelope/1\0"
KEY_TAG = b"partyreview/envelope-key/1\0"
BOND_TAG = b"partyreview/envelope-bond/1\0"
# What a bond says once the key was read back, where it says the key's check before.
READ = "read"
# Letters of a bond: 128 bits in hex, so that two stand in one column.
BOND = 32
# What every key begins with, and how many letters follow; none of them is B, I, O or 1.
HEAD, LETTERS = "AGE-SECRET-KEY-1", 58
# Fewer ballots are not kept: their marks would tell whose they are (secret-ballot.md 4).
LEAST = 5
P_LENGTH, NUMBER = 32, 2


class NotAKey(ValueError):
    """What was typed is no key: a letter is wrong or missing."""


class WrongKey(ValueError):
    """A key, but of another envelope."""


class Damaged(ValueError):
    """The bytes are not what was sealed, or not of this poll."""


@dataclass(frozen=True)
class Key:
    """A new key: `secret` for the paper, `recipient` and `check` for the database."""

    secret: str
    recipient: str
    check: str


def new_key() -> Key:
    """Draw a key; nothing keeps it."""
    identity = x25519.Identity.generate()
    secret = str(identity)
    return Key(secret, str(identity.to_public()), check_of(secret))


def check_of(secret: str) -> str:
    """SHA-256 in hex by which a device proves that it has read the key, without sending it."""
    return hashlib.sha256(KEY_TAG + secret.encode()).hexdigest()


def bond(count_key: bytes, p: bytes, recipient: str, said: str) -> str:
    """What ties a recipient to its key's check, or to READ: nobody makes one who does not know the count key."""
    about = b"\0".join([BOND_TAG + p, recipient.encode(), said.encode()])
    return hmac.digest(count_key, about, "sha256").hex()[:BOND]


def letters_of(typed: str) -> str:
    """The letters after HEAD of a typed or scanned key, in capitals: with or without HEAD, spaces, an address."""
    letters = "".join(char for char in typed.rpartition("#")[2].upper() if char.isalnum())
    return letters.removeprefix(HEAD.replace("-", ""))


def seal(recipient: str, p: bytes, marks: Sequence[bytes]) -> bytes:
    """Encrypt the marks of all ballots, one byte a row, sorted by their bytes: no order of casting, none of hashes."""
    rows = len(marks[0])
    content = (
        TAG + p + len(marks).to_bytes(NUMBER) + rows.to_bytes(NUMBER) + b"".join(sorted(marks))
    )
    sealed: bytes = pyrage.encrypt(content, [x25519.Recipient.from_str(recipient)])
    return sealed


def unseal(secret: str, recipient: str, p: bytes, data: bytes) -> list[bytes]:
    """The marks again; NotAKey, WrongKey or Damaged where that cannot be."""
    try:
        identity = x25519.Identity.from_str(secret)
    except pyrage.IdentityError as error:
        raise NotAKey from error
    if str(identity.to_public()) != recipient:
        raise WrongKey
    try:
        content = pyrage.decrypt(data, [identity])
    except pyrage.DecryptError as error:
        raise Damaged from error
    head = TAG + p
    at = len(head) + NUMBER
    count, rows = (int.from_bytes(content[place : place + NUMBER]) for place in (at - NUMBER, at))
    marks = content[at + NUMBER :]
    if not content.startswith(head) or len(marks) != count * rows:
        raise Damaged
    return [marks[place : place + rows] for place in range(0, len(marks), rows)]


def last_day(held: date, months: int) -> date:
    """The last day that an envelope of a meeting of that day is kept; the last of a month that is shorter."""
    year, month = divmod(held.year * 12 + held.month - 1 + months, 12)
    return date(year, month + 1, min(held.day, calendar.monthrange(year, month + 1)[1]))
