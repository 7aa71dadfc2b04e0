"""The sealed ballots on their way to the tellers' device, readable there alone: both sides (secret-ballot.md)."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ballots.secret.sheet import NONCE_LENGTH, POINT_LENGTH, public_point

RECOUNT_TAG = b"partyreview/recount/1\0"


def is_point(reader: bytes) -> bool:
    """Whether this is the public half of a reader's key: an uncompressed point of P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), reader)
    except ValueError:
        return False
    return len(reader) == POINT_LENGTH


def encrypt_for(reader: bytes, p: bytes, ballots: bytes) -> bytes:
    """One-time point (65) ‖ AES-256-GCM of the ballots, under a key that dies with this call."""
    own = ec.generate_private_key(ec.SECP256R1())
    point = public_point(own)
    key = _key(own, reader, p, reader + point)
    return point + AESGCM(key).encrypt(bytes(NONCE_LENGTH), ballots, p)


class Reader:
    """The tellers' device in Python, for the rehearsal and the tests: asks with `point`, reads what comes."""

    def __init__(self) -> None:
        """Make the key of one recount."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.point = public_point(self._key)

    def open(self, p: bytes, answer: bytes) -> bytes:
        """The ballots, one after the other; cryptography's InvalidTag when the answer is not for this key and P."""
        other = answer[:POINT_LENGTH]
        key = _key(self._key, other, p, self.point + other)
        return AESGCM(key).decrypt(bytes(NONCE_LENGTH), answer[POINT_LENGTH:], p)


def _key(own: ec.EllipticCurvePrivateKey, other: bytes, p: bytes, points: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) of the x-coordinate both sides know; `points`: the reader's, then ours."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), other)
    shared = own.exchange(ec.ECDH(), theirs)
    return HKDF(hashes.SHA256(), 32, salt=None, info=RECOUNT_TAG + p + points).derive(shared)
