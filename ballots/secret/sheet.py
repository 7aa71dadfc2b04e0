"""The byte formats of the ballot, both directions (secret-ballot.md, appendix); no network, no database."""

import base64
import hashlib
import hmac
import itertools
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ballots.secret import blind_signature

TOKEN_TAG = b"partyreview/token/1\0"
BALLOT_TAG = b"partyreview/ballot/1\0"
SEALED_TAG = b"partyreview/sealed/1\0"

P_LENGTH = HASH_LENGTH = 32
KEY_LENGTH = STAMP_LENGTH = 256
PREFIX_LENGTH = blind_signature.PREFIX_LENGTH
POINT_LENGTH = 65
SALT_LENGTH = 32
SIGNATURE_LENGTH = 64
CODE_LENGTH = 10
# What asks for a stamp: P ‖ z, and of a drawn slip its code behind them.
BLINDED_LENGTH = KEY_LENGTH
REQUEST_LENGTH = P_LENGTH + BLINDED_LENGTH
# A body without its marks: one more byte per row.
FIXED_LENGTH = (
    P_LENGTH + PREFIX_LENGTH + POINT_LENGTH + SALT_LENGTH + STAMP_LENGTH + SIGNATURE_LENGTH
)
MAX_LEVELS = 9
NONCE_LENGTH = 12
_ECDSA = ec.ECDSA(hashes.SHA256())


class BadSheet(ValueError):
    """Bytes that are no sheet, or parts of which none can be made."""


class BadBallot(ValueError):
    """A ballot that no box takes: malformed, not stamped, not signed, or not to be decrypted."""


class BadList(ValueError):
    """Bytes that are no sealed list of this poll."""


def digest(sheet: bytes) -> bytes:
    """P, the name of a sheet: SHA-256 of its bytes."""
    return hashlib.sha256(sheet).digest()


# The sheet (tờ phiếu): what is voted on, and the key that stamps it.


@dataclass(frozen=True)
class Sheet:
    """Tờ phiếu: one poll round's public key, title, levels from the highest down, and subjects by name."""

    p: bytes
    poll: str
    round: int
    n: int
    title: str
    levels: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]

    @property
    def digits(self) -> str:
        """Eight digits of P for people to compare: "1067 5017"."""
        number = f"{int.from_bytes(self.p[:8]) % 10**8:08}"
        return f"{number[:4]} {number[4:]}"

    @property
    def body_length(self) -> int:
        """How many bytes a ballot on this sheet has: 481 + rows."""
        return FIXED_LENGTH + len(self.rows)


def build_sheet(
    poll: str,
    round: int,
    n: int,
    title: str,
    levels: Iterable[tuple[str, str]],
    rows: Iterable[str],
) -> bytes:
    """UTF-8 JSON in NFC, stored and served verbatim from then on; BadSheet when a part is out of range.

    `poll`: 32 hexadecimal digits; `n`: the RSA modulus; `levels`: (code, label), 1 to 9; `rows`: labels.
    """
    sheet = _write(poll, round, n, title, levels, rows)
    parse_sheet(sheet)
    return sheet


def parse_sheet(sheet: bytes) -> Sheet:
    """Read a sheet; BadSheet unless every byte is as `build_sheet` would write it."""
    try:
        parts = json.loads(sheet)
        made = Sheet(
            p=digest(sheet),
            poll=parts["poll"],
            round=parts["round"],
            n=int.from_bytes(base64.urlsafe_b64decode(parts["n"] + "==")),
            title=parts["title"],
            levels=tuple((code, label) for code, label in parts["levels"]),
            rows=tuple(parts["rows"]),
        )
        # Written once more: no key too many or twice, no other order, spelling or Unicode form.
        again = _write(made.poll, made.round, made.n, made.title, made.levels, made.rows)
        sound = again == sheet and _is_sound(made)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadSheet("malformed sheet") from error
    if not sound:
        raise BadSheet("malformed sheet")
    return made


def _is_sound(made: Sheet) -> bool:
    """Types and ranges; nothing but RSA with 2048 bits (e = 65537 stands in the code)."""
    texts = [made.title, *sum(made.levels, ()), *made.rows]
    return (
        type(made.round) is int
        and made.round > 0
        and re.fullmatch("[0-9a-f]{32}", made.poll) is not None
        and all(type(text) is str and text for text in texts)
        and 1 <= len(made.levels) <= MAX_LEVELS
        and bool(made.rows)
        and (made.n.bit_length(), made.n % 2) == (8 * KEY_LENGTH, 1)
    )


def _write(
    poll: str,
    round: int,
    n: int,
    title: str,
    levels: Iterable[tuple[str, str]],
    rows: Iterable[str],
) -> bytes:
    parts = {
        "v": 1,
        "poll": poll,
        "round": round,
        "n": _base64url(n),
        "title": title,
        "levels": [list(level) for level in levels],
        "rows": list(rows),
    }
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    try:
        return unicodedata.normalize("NFC", text).encode()
    except UnicodeEncodeError as error:
        raise BadSheet("not Unicode text") from error


def _base64url(n: int) -> str:
    """The 256 bytes of a modulus, without padding, as JSON Web Keys have it."""
    try:
        return base64.urlsafe_b64encode(n.to_bytes(KEY_LENGTH)).rstrip(b"=").decode()
    except OverflowError as error:
        raise BadSheet("not a modulus of 2048 bits") from error


# The token: what is stamped blindly, and its number.


def token_message(p: bytes, pub: bytes) -> bytes:
    """The message under the stamp: tag ‖ P ‖ one-time public key (117 bytes)."""
    return TOKEN_TAG + p + pub


def token_input(p: bytes, pub: bytes, prefix: bytes) -> bytes:
    """The prepared message of RFC 9474: prefix ‖ message (149 bytes)."""
    return blind_signature.prepare(token_message(p, pub), prefix)


def token_number(p: bytes, pub: bytes, prefix: bytes) -> bytes:
    """The ballot's number: SHA-256 of the prepared message."""
    return hashlib.sha256(token_input(p, pub, prefix)).digest()


# The ballot (phiếu).


@dataclass(frozen=True, repr=False)
class Ballot:
    """Phiếu: marks, one byte per row (0 none, 1..L level in sheet order), under a stamp and a one-time key."""

    p: bytes
    prefix: bytes
    pub: bytes
    salt: bytes
    marks: bytes
    stamp: bytes = b""
    signature: bytes = b""

    @property
    def payload(self) -> bytes:
        """What is hashed and signed: 161 + rows bytes."""
        return self.p + self.prefix + self.pub + self.salt + self.marks

    @property
    def body(self) -> bytes:
        """What is cast: payload ‖ stamp ‖ signature, 481 + rows bytes."""
        return self.payload + self.stamp + self.signature

    @cached_property
    def hash(self) -> bytes:
        """H, by which the phone finds the ballot in the sealed list; the signature is no part of it."""
        return ballot_hash(self.payload)

    @property
    def number(self) -> bytes:
        """The number that may be used once."""
        return token_number(self.p, self.pub, self.prefix)


def ballot_hash(payload: bytes) -> bytes:
    """H = SHA-256(tag ‖ payload)."""
    return hashlib.sha256(BALLOT_TAG + payload).digest()


def parse_body(body: bytes, rows: int) -> Ballot:
    """Cut a body into its parts, unchecked; BadBallot unless it has exactly 481 + rows bytes."""
    if len(body) != FIXED_LENGTH + rows:
        raise BadBallot("wrong length")
    lengths = (P_LENGTH, PREFIX_LENGTH, POINT_LENGTH, SALT_LENGTH, rows, STAMP_LENGTH)
    ends = [0, *itertools.accumulate(lengths), len(body)]
    return Ballot(*(body[start:end] for start, end in itertools.pairwise(ends)))


def check_body(body: bytes, sheet: Sheet) -> Ballot:
    """Take a ballot as the box and the count do: form, marks, stamp and signature; BadBallot otherwise."""
    ballot = parse_body(body, len(sheet.rows))
    if ballot.p != sheet.p:
        raise BadBallot("another sheet's ballot")
    if max(ballot.marks) > len(sheet.levels):
        raise BadBallot("a mark beyond the last level")
    stamped = token_input(ballot.p, ballot.pub, ballot.prefix)
    if not blind_signature.verify(sheet.n, stamped, ballot.stamp):
        raise BadBallot("not our stamp")
    if not verify_signature(ballot.pub, ballot.payload, ballot.signature):
        raise BadBallot("not signed by its own key")
    return ballot


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as an uncompressed P-256 point, 65 bytes."""
    numbers = key.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


def sign_payload(key: ec.EllipticCurvePrivateKey, payload: bytes) -> bytes:
    """ECDSA P-256/SHA-256 over tag ‖ payload, raw r ‖ s as WebCrypto has it, 64 bytes."""
    r, s = decode_dss_signature(key.sign(BALLOT_TAG + payload, _ECDSA))
    return r.to_bytes(32) + s.to_bytes(32)


def verify_signature(pub: bytes, payload: bytes, signature: bytes) -> bool:
    """Whether this uncompressed point signed tag ‖ payload."""
    if len(pub) != POINT_LENGTH or len(signature) != SIGNATURE_LENGTH:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pub)
        key.verify(encode_dss_signature(r, s), BALLOT_TAG + payload, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


# The box (hòm phiếu) and the sealed list.


def box_tag(box_key: bytes, number: bytes) -> bytes:
    """Primary key of a box row: tells nothing without the box key."""
    return hmac.digest(box_key, number, "sha256")


def encrypt_box(box_key: bytes, ballot: Ballot) -> tuple[bytes, bytes]:
    """A box row: tag (32) and data (509 + rows)."""
    tag = box_tag(box_key, ballot.number)
    return tag, _encrypt(box_key, ballot.body, tag)


def decrypt_box(box_key: bytes, tag: bytes, data: bytes) -> bytes:
    """The body in a box row; BadBallot when key, tag and data do not belong together."""
    return _decrypt(box_key, data, tag)


def encrypt_sealed(count_key: bytes, ballot_hash: bytes, body: bytes) -> bytes:
    """The data of a sealed row, bound to its hash."""
    return _encrypt(count_key, body, ballot_hash)


def decrypt_sealed(count_key: bytes, ballot_hash: bytes, data: bytes) -> bytes:
    """The body in a sealed row; BadBallot when key, hash and data do not belong together."""
    return _decrypt(count_key, data, ballot_hash)


def _encrypt(key: bytes, body: bytes, aad: bytes) -> bytes:
    """nonce (12) ‖ AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_LENGTH)
    return nonce + AESGCM(key).encrypt(nonce, body, aad)


def _decrypt(key: bytes, data: bytes, aad: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:NONCE_LENGTH], data[NONCE_LENGTH:], aad)
    except (InvalidTag, ValueError) as error:
        raise BadBallot("cannot be decrypted") from error


def build_list(p: bytes, ballot_hashes: Sequence[bytes]) -> bytes:
    """The sealed list: tag ‖ P ‖ count (2) ‖ hashes, ascending; BadList when a hash stands twice."""
    ascending = sorted(ballot_hashes)
    if len(set(ascending)) != len(ascending):
        raise BadList("a hash stands twice")
    return SEALED_TAG + p + len(ascending).to_bytes(2) + b"".join(ascending)


def parse_list(data: bytes, p: bytes) -> list[bytes]:
    """The hashes of a sealed list of P, ascending; BadList unless every byte is as `build_list` wrote it."""
    listed = data[len(SEALED_TAG) + P_LENGTH + 2 :]
    hashes = [listed[at : at + HASH_LENGTH] for at in range(0, len(listed), HASH_LENGTH)]
    if data != build_list(p, hashes) or len(listed) % HASH_LENGTH:
        raise BadList("malformed list")
    return hashes
