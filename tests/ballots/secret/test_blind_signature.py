"""RFC 9474 in Python: the published vectors, and everything the signer must refuse."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from unittest import mock

import pytest

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
    "without OpenSSL": mock.patch.object(openssl, "library", return_value=None),
    "OpenSSL refuses": mock.patch.object(openssl.SecretPower, "__call__", side_effect=OSError),
}


@pytest.mark.parametrize("way", WAYS)
def test_published_key_signs_as_published(vector, way):
    key = PrivateKey(*(number(vector[name]) for name in "ndpq"))
    with WAYS[way]:
        signed = blind_signature.blind_sign(key, bytes.fromhex(vector["blinded_msg"]))
    assert signed.hex() == vector["blind_sig"]


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
    assert blind_signature.verify(KEY.n, MESSAGE, signature)


def test_the_same_blinded_message_gets_the_same_answer_and_another_blinding_another():
    z, _ = blind_signature.blind(KEY.n, MESSAGE)
    again, _ = blind_signature.blind(KEY.n, MESSAGE)
    assert blind_signature.blind_sign(KEY, z) == blind_signature.blind_sign(KEY, z)
    assert z != again


def test_fresh_keys_have_2048_bits_and_come_back_from_bytes():
    assert KEY.n.bit_length() == 2048
    assert KEY.p * KEY.q == KEY.n
    assert PrivateKey.from_bytes(KEY.to_bytes()) == KEY


def test_a_key_does_not_show_itself():
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


def test_the_signer_never_answers_with_a_fault():
    faulty = PrivateKey(KEY.n, KEY.d, KEY.p + 2, KEY.q)
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


@pytest.mark.parametrize("change", [spoil, lambda s: s[1:], lambda s: s + b"\0", lambda s: b""])
def test_the_voter_refuses_an_answer_that_is_no_signature(change):
    z, r = blind_signature.blind(KEY.n, MESSAGE)
    with pytest.raises(BlindSignatureError):
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
        blind_signature.emsa_pss_encode(MESSAGE, 511, bytes(48))


def other_keys():
    from cryptography.hazmat.primitives import serialization
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
