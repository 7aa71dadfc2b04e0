"""RFC 9474 in Python: the published vectors, and everything the signer must refuse."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import FrozenInstanceError
from math import gcd
from pathlib import Path
from unittest import mock

import gmpy2
import pytest
from cryptography.hazmat.primitives import serialization

from ballots.secret import blind_signature, openssl
from ballots.secret.blind_signature import BlindSignatureError, PrivateKey

VECTORS = json.loads((Path(__file__).parents[2] / "kit" / "vectors" / "rfc9474.json").read_text())
KEY = blind_signature.generate_key()
MESSAGE = blind_signature.prepare(b"message")


def number(text):
    return int(text, 16)


@pytest.fixture(params=VECTORS, ids=[vector["name"] for vector in VECTORS])
def vector(request):
    return request.param


@pytest.fixture
def message(vector):
    prefix, text = bytes.fromhex(vector["msg_prefix"]), bytes.fromhex(vector["msg"])
    return blind_signature.prepare(text, prefix)


def test_all_four_variants_of_the_appendix_are_here():
    names = {
        f"RSABSSA-SHA384-{a}-{b}"
        for a in ("PSS", "PSSZERO")
        for b in ("Randomized", "Deterministic")
    }
    assert {vector["name"] for vector in VECTORS} == names


def test_published_message_is_encoded_as_published(vector, message):
    bits = number(vector["n"]).bit_length() - 1
    encoded = blind_signature.emsa_pss_encode(message, bits, bytes.fromhex(vector["salt"]))
    # The first set is published without it; there the blinded message proves the encoding.
    assert encoded.hex() == vector.get("encoded_msg", encoded.hex())


def test_published_message_is_blinded_as_published(vector, message):
    n = number(vector["n"])
    r = pow(number(vector["inv"]), -1, n)
    z, stored = blind_signature.blind(n, message, bytes.fromhex(vector["salt"]), r)
    assert (z.hex(), stored) == (vector["blinded_msg"], r)


# Who makes the secret power: OpenSSL, or GMP where the system has none of it, or where it refuses.
WAYS = {
    "OpenSSL": nullcontext(),
    "without OpenSSL": mock.patch.object(openssl, "libcrypto", return_value=None),
    "OpenSSL refuses": mock.patch.object(openssl.SecretPower, "__call__", side_effect=OSError),
}


@pytest.mark.parametrize("way", WAYS)
def test_published_key_signs_as_published(vector, way):
    key = PrivateKey(*(number(vector[name]) for name in "ndpq"))
    with WAYS[way]:
        signed = blind_signature.blind_sign(key, bytes.fromhex(vector["blinded_msg"]))
    assert signed.hex() == vector["blind_sig"]


def test_the_secret_power_is_openssls_where_the_system_has_it():
    z, _ = blind_signature.blind(KEY.n, MESSAGE)
    with mock.patch.object(gmpy2, "powmod_sec", wraps=gmpy2.powmod_sec) as own:
        blind_signature.blind_sign(PrivateKey(KEY.n, KEY.d, KEY.p, KEY.q), z)
    assert own.called == (openssl.libcrypto() is None)


def test_openssl_is_given_the_halves_of_the_power_and_not_left_to_do_without():
    given = []
    with mock.patch.object(blind_signature, "SecretPower", given.append):
        _ = PrivateKey(KEY.n, KEY.d, KEY.p, KEY.q)._openssl
    numbers = serialization.load_der_private_key(given[0], None).private_numbers()
    assert (numbers.p, numbers.q, numbers.d) == (KEY.p, KEY.q, KEY.d)
    assert numbers.dmp1 == KEY.d % (KEY.p - 1)
    assert numbers.dmq1 == KEY.d % (KEY.q - 1)
    assert numbers.iqmp * KEY.q % KEY.p == 1


def test_published_answer_is_finalized_as_published(vector, message):
    n, salt_length = number(vector["n"]), len(vector["salt"]) // 2
    r = pow(number(vector["inv"]), -1, n)
    answer = bytes.fromhex(vector["blind_sig"])
    signature = blind_signature.finalize(n, message, answer, r, salt_length)
    assert signature.hex() == vector["sig"]
    assert blind_signature.verify(n, message, signature, salt_length)
    assert not blind_signature.verify(n, message, signature, 48 - salt_length)
    assert not blind_signature.verify(n, message + b"!", signature, salt_length)


def test_a_fresh_key_stamps_what_its_owner_cannot_recognise():
    z, r = blind_signature.blind(KEY.n, MESSAGE)
    answer = blind_signature.blind_sign(KEY, z)
    signature = blind_signature.finalize(KEY.n, MESSAGE, answer, r)
    assert (len(z), len(answer), len(signature)) == (256, 256, 256)
    assert len({z, answer, signature}) == 3
    # 32 random bytes before the message, 48 of salt (RFC 9474, 5): said here once more.
    assert len(blind_signature.prepare(b"message")) == 32 + len(b"message")
    assert blind_signature.verify(KEY.n, MESSAGE, signature, 48)


def test_a_blinding_is_any_number_below_the_key_that_can_be_undone():
    drawn = {blind_signature._invertible(15) for _ in range(1000)}
    assert drawn == {number for number in range(1, 15) if gcd(number, 15) == 1}


def test_nothing_is_blinded_for_a_key_that_shares_a_factor_with_it():
    with pytest.raises(BlindSignatureError, match="factor"):
        blind_signature.blind(KEY.n + 1, MESSAGE)  # even, as every encoded message is


def test_the_same_blinded_message_gets_the_same_answer_and_another_blinding_another():
    z, _ = blind_signature.blind(KEY.n, MESSAGE)
    again, _ = blind_signature.blind(KEY.n, MESSAGE)
    assert blind_signature.blind_sign(KEY, z) == blind_signature.blind_sign(KEY, z)
    assert z != again


def test_fresh_keys_have_2048_bits_and_come_back_from_bytes():
    assert KEY.n.bit_length() == 2048
    assert KEY.p * KEY.q == KEY.n
    assert PrivateKey.from_bytes(KEY.to_bytes()) == KEY
    assert KEY.to_bytes() == KEY.p.to_bytes(128) + KEY.q.to_bytes(128)


def test_a_key_does_not_show_itself_and_is_changed_by_nobody():
    with pytest.raises(FrozenInstanceError):
        KEY.d = 1
    assert str(KEY.d) not in repr(KEY)
    assert str(KEY.p) not in f"{KEY}"


@pytest.mark.parametrize(
    "blinded",
    [
        b"",
        bytes(256),
        (1).to_bytes(256),
        (KEY.n - 1).to_bytes(256),
        KEY.n.to_bytes(256),
        (KEY.n + 2).to_bytes(256),
        b"\xff" * 256,
        (2).to_bytes(255),
        (2).to_bytes(257),
        (3 * KEY.p).to_bytes(256),
    ],
    ids=["nothing", "0", "1", "n-1", "n", "n+2", "2^2048-1", "short", "long", "a factor"],
)
def test_the_signer_refuses_what_would_say_something(blinded):
    with pytest.raises(BlindSignatureError):
        blind_signature.blind_sign(KEY, blinded)


def test_the_signer_answers_the_least_and_the_greatest_that_say_nothing():
    for z in (2, KEY.n - 2):
        signed = int.from_bytes(blind_signature.blind_sign(KEY, z.to_bytes(256)))
        assert pow(signed, 65537, KEY.n) == z


def test_the_signer_never_answers_with_a_fault():
    faulty = PrivateKey(KEY.n, KEY.d, KEY.p + 2, KEY.q)
    for _ in range(12):  # whether what comes out is too small or too large
        z, _ = blind_signature.blind(KEY.n, MESSAGE)
        with pytest.raises(BlindSignatureError, match="failure"):
            blind_signature.blind_sign(faulty, z)


def test_a_fault_of_openssl_is_no_answer_either():
    power = openssl.SecretPower.__call__
    z, _ = blind_signature.blind(KEY.n, MESSAGE)
    with (
        mock.patch.object(openssl.SecretPower, "__call__", lambda *args: spoil(power(*args))),
        pytest.raises(BlindSignatureError, match="failure"),
    ):
        blind_signature.blind_sign(KEY, z)


def spoil(data):
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (spoil, "invalid"),
        (lambda s: s[1:], "size"),
        (lambda s: s + b"\0", "size"),
        (lambda s: b"\0" + s, "size"),
        (lambda s: b"", "size"),
    ],
)
def test_the_voter_refuses_an_answer_that_is_no_signature(change, why):
    z, r = blind_signature.blind(KEY.n, MESSAGE)
    with pytest.raises(BlindSignatureError, match=why):
        blind_signature.finalize(KEY.n, MESSAGE, change(blind_signature.blind_sign(KEY, z)), r)


def test_no_signature_is_made_of_two_others():
    made = []
    for message in (MESSAGE, blind_signature.prepare(b"other")):
        z, r = blind_signature.blind(KEY.n, message)
        answer = blind_signature.blind_sign(KEY, z)
        made.append(int.from_bytes(blind_signature.finalize(KEY.n, message, answer, r)))
    product = (made[0] * made[1] % KEY.n).to_bytes(256)
    larger = (made[0] + KEY.n).to_bytes(257)
    assert not blind_signature.verify(KEY.n, MESSAGE, product)
    assert not blind_signature.verify(KEY.n, MESSAGE, larger)


def test_a_key_shorter_than_the_salt_is_refused():
    with pytest.raises(BlindSignatureError, match="short"):
        blind_signature.emsa_pss_encode(MESSAGE, 8 * (98 - 1), bytes(48))
    # The hash, a salt and two bytes around them just fit.
    assert len(blind_signature.emsa_pss_encode(MESSAGE, 8 * 98, bytes(48))) == 98


@pytest.mark.parametrize("n", [0, 1, 4, KEY.n + 1], ids=["0", "1", "4", "even"])
def test_what_is_no_key_has_signed_nothing(n):
    assert not blind_signature.verify(n, MESSAGE, bytes(256))


E_DIVIDES = (2**1024 // 65537 - 1) * 65537


def other_keys():
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    keys = [
        rsa.generate_private_key(65537, 3072),
        rsa.generate_private_key(3, 2048),
        ec.generate_private_key(ec.SECP256R1()),
    ]
    form = (
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return [
        b"",
        b"no key at all",
        KEY.to_bytes()[:-1],
        KEY.to_bytes()[:128] + b"\0" + KEY.to_bytes()[128:],
        (3).to_bytes(128) + (5).to_bytes(128),
        (E_DIVIDES + 1).to_bytes(128) + KEY.to_bytes()[128:],
        *(key.private_bytes(*form) for key in keys),
    ]


@pytest.mark.parametrize("data", other_keys())
def test_only_rsa_2048_with_65537_is_our_key(data):
    with pytest.raises(BlindSignatureError):
        PrivateKey.from_bytes(data)


def test_signatures_made_at_once_in_many_threads_are_all_right():
    key = blind_signature.generate_key()
    first = [blind_signature.blind(key.n, bytes([number]) * 149) for number in range(32)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda each: blind_signature.blind_sign(key, each[0]), first))
    for number, (answer, (_, r)) in enumerate(zip(made, first, strict=True)):
        blind_signature.finalize(key.n, bytes([number]) * 149, answer, r)
