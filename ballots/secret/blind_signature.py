"""Blind RSA signatures, RFC 9474, both sides: bytes in, bytes out; knows nothing of ballots."""

import contextlib
import hashlib
import math
import secrets
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ballots.secret.openssl import SecretPower

E = 65537
KEY_BITS = 2048
PREFIX_LENGTH = 32
SALT_LENGTH = 48
_HASH_LENGTH = 48
_HALF = KEY_BITS // 16


class BlindSignatureError(Exception):
    """A key, a blinded message or a signature that the protocol refuses."""


def prepare(message: bytes, prefix: bytes | None = None) -> bytes:
    """PrepareRandomize (RFC 9474, 4.1): prefix ‖ message; 32 fresh random bytes unless given."""
    return (secrets.token_bytes(PREFIX_LENGTH) if prefix is None else prefix) + message


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-384 (RFC 8017, B.2.1)."""
    blocks = range(-(-length // _HASH_LENGTH))
    return b"".join(hashlib.sha384(seed + i.to_bytes(4)).digest() for i in blocks)[:length]


def emsa_pss_encode(message: bytes, em_bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE with SHA-384 (RFC 8017, 9.1.1): ⌈em_bits ÷ 8⌉ bytes."""
    length = -(-em_bits // 8)
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    padding_length = length - len(salt) - _HASH_LENGTH - 2
    if padding_length < 0:
        raise BlindSignatureError("key too short for this salt")
    block = bytes(padding_length) + b"\x01" + salt
    masked = int.from_bytes(block) ^ int.from_bytes(_mask(digest, len(block)))
    masked &= (1 << (em_bits - 8 * (length - len(block)))) - 1
    return masked.to_bytes(len(block)) + digest + b"\xbc"


def _length(n: int) -> int:
    return -(-n.bit_length() // 8)


def blind(
    n: int, input_message: bytes, salt: bytes | None = None, r: int | None = None
) -> tuple[bytes, int]:
    """Blind (RFC 9474, 4.2): what is sent to the signer, as long as `n`, and the number that undoes it.

    `salt` and `r` are random unless test vectors give them.
    """
    salt = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    m = int.from_bytes(emsa_pss_encode(input_message, n.bit_length() - 1, salt))
    if math.gcd(m, n) != 1:
        raise BlindSignatureError("message shares a factor with the key")
    r = _invertible(n) if r is None else r
    return (m * pow(r, E, n) % n).to_bytes(_length(n)), r


def _invertible(n: int) -> int:
    """Uniform in 1 … n - 1 and invertible, by rejection."""
    while math.gcd(r := secrets.randbelow(n - 1) + 1, n) != 1:
        pass
    return r


def finalize(
    n: int, input_message: bytes, blind_signature: bytes, r: int, salt_length: int = SALT_LENGTH
) -> bytes:
    """Finalize (RFC 9474, 4.4): the signature, as long as `n`; BlindSignatureError unless it verifies."""
    if len(blind_signature) != _length(n):
        raise BlindSignatureError("unexpected input size")
    s = int.from_bytes(blind_signature) * pow(r, -1, n) % n
    signature = s.to_bytes(_length(n))
    if not verify(n, input_message, signature, salt_length):
        raise BlindSignatureError("invalid signature")
    return signature


def verify(n: int, input_message: bytes, signature: bytes, salt_length: int = SALT_LENGTH) -> bool:
    """RSASSA-PSS-VERIFY with SHA-384 and exactly this salt length (RFC 8017, 8.1.2)."""
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), salt_length)
    try:
        _public_key(n).verify(signature, input_message, scheme, hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(n: int) -> rsa.RSAPublicKey:
    """The key to verify with, made once for all ballots under it; it is public."""
    return rsa.RSAPublicNumbers(E, n).public_key()


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """An RSA key as numbers, n = p·q, with e = 65537; the product makes none but 2048-bit ones."""

    n: int
    d: int
    p: int
    q: int

    def to_bytes(self) -> bytes:
        """p ‖ q, 128 bytes each: for the directory in RAM and nowhere else."""
        return self.p.to_bytes(_HALF) + self.q.to_bytes(_HALF)

    @classmethod
    def from_bytes(cls, data: bytes) -> "PrivateKey":
        """Read what `to_bytes` wrote; BlindSignatureError unless it makes an RSA key with 2048 bits and e = 65537.

        Whether p and q are primes is not asked: each signature is checked before it leaves; a spoilt key does no harm.
        """
        p, q = int.from_bytes(data[:_HALF]), int.from_bytes(data[_HALF:])
        n = p * q
        if len(data) != 2 * _HALF or n.bit_length() != KEY_BITS:
            raise BlindSignatureError("not an RSA key with 2048 bits")
        try:
            return cls(n, pow(E, -1, math.lcm(p - 1, q - 1)), p, q)
        except ValueError as error:
            raise BlindSignatureError("e is not 65537") from error

    @cached_property
    def _openssl(self) -> SecretPower | None:
        """OpenSSL's power under this key; None where the system has no OpenSSL that takes it."""
        p, q, d = self.p, self.q, self.d
        public = rsa.RSAPublicNumbers(E, self.n)
        halves = d % (p - 1), d % (q - 1), pow(q, -1, p)
        try:
            private = rsa.RSAPrivateNumbers(p, q, d, *halves, public)
            key = private.private_key(unsafe_skip_rsa_key_validation=True)
            return SecretPower(
                key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
            )
        except (OSError, ValueError):
            return None

    @cached_property
    def _halves(self) -> tuple[Any, ...]:
        """p, q, d mod p - 1, d mod q - 1 and 1/q mod p, as gmpy2 computes with them (RFC 8017, 3.2)."""
        p, q, d = self.p, self.q, self.d
        return tuple(gmpy2().mpz(part) for part in (p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)))


def generate_key() -> PrivateKey:
    """A fresh key for one poll round, used for nothing else: n has exactly 256 bytes with the top bit set."""
    numbers = rsa.generate_private_key(E, KEY_BITS).private_numbers()
    return PrivateKey(numbers.public_numbers.n, numbers.d, numbers.p, numbers.q)


def blind_sign(key: PrivateKey, blinded: bytes) -> bytes:
    """BlindSign (RFC 9474, 4.3): sign without seeing; as long as `n`, in and out.

    BlindSignatureError for another length and for 0, 1, n - 1 and above, whose signatures say something.
    """
    mp = gmpy2()
    n, z = mp.mpz(key.n), mp.mpz(int.from_bytes(blinded))
    if len(blinded) != _length(key.n) or not 1 < z < n - 1 or mp.gcd(z, n) != 1:
        raise BlindSignatureError("unexpected input")
    # Base blinding: the time of the secret power tells nothing about z (RFC 9474, 7.1).
    b = _invertible(key.n)
    s = _secret_power(key, z * mp.powmod(b, E, n) % n) * mp.invert(b, n) % n
    # A fault in one half of the power would give away a factor of n.
    if mp.powmod(s, E, n) != z:
        raise BlindSignatureError("signing failure")
    return int(s).to_bytes(_length(key.n))


def _secret_power(key: PrivateKey, base: Any) -> Any:
    """base^d mod n in constant time, by its halves mod p and mod q (RFC 8017, 5.2.1): OpenSSL's, else GMP's."""
    if (power := key._openssl) is not None:
        with contextlib.suppress(OSError):
            return gmpy2().mpz(int.from_bytes(power(int(base).to_bytes(_length(key.n)))))
    mp, (p, q, d_p, d_q, inverse) = gmpy2(), key._halves
    half_p = mp.powmod_sec(base % p, d_p, p)
    half_q = mp.powmod_sec(base % q, d_q, q)
    return half_q + q * ((half_p - half_q) * inverse % p)


@cache
def gmpy2() -> Any:
    """The library of the secret power, for whoever signs; nobody else loads it."""
    import gmpy2

    return gmpy2
