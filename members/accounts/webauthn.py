"""What the site and a device say to each other about a passkey (W3C, WebAuthn), by the library: loaded on first use.

Pure: what is asked and what was answered come in, what it proves comes out. Attestation, which tells the make of a
device, is not asked for.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

PATIENCE = 5 * 60 * 1000  # milliseconds that the browser waits for its officer
NAME = "Kiểm điểm chi bộ"
# A device that lost its screen lock must not open the account to who holds it.
VERIFIED = UserVerificationRequirement.REQUIRED
# Kept where the officer's other passkeys are, so that a new phone has it too; a device that cannot may do without.
KEPT = ResidentKeyRequirement.PREFERRED


class Wrong(Exception):
    """What was answered proves nothing."""


class Made(NamedTuple):
    """A key that a device has just made."""

    key_id: bytes
    credential: bytes
    counter: int


class Signed(NamedTuple):
    """Which key has signed, and how often it says it has."""

    key_id: bytes
    counter: int


def _server(host: str, origin: str) -> Fido2Server:
    site = PublicKeyCredentialRpEntity(id=host, name=NAME)
    server = Fido2Server(site, verify_origin=lambda shown: shown == origin)
    server.timeout = PATIENCE  # type: ignore[assignment]
    return server


def _read(credentials: Sequence[bytes]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(each) for each in credentials]


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": VERIFIED}


def ask_to_make(
    host: str, origin: str, handle: bytes, name: str, known: Sequence[bytes]
) -> tuple[dict[str, Any], str]:
    """What the browser is asked for a new key, which none of the known devices makes; and the challenge in it."""
    user = PublicKeyCredentialUserEntity(id=handle, name=name, display_name=name)
    options, state = _server(host, origin).register_begin(user, _read(known), KEPT, VERIFIED)
    return dict(options)["publicKey"], state["challenge"]


def ask_to_sign(host: str, origin: str, known: Sequence[bytes]) -> tuple[dict[str, Any], str]:
    """What the browser is asked so that one of these keys signs; and the challenge in it."""
    options, state = _server(host, origin).authenticate_begin(_read(known), VERIFIED)
    return dict(options)["publicKey"], state["challenge"]


def made(host: str, origin: str, challenge: str, answer: dict[str, Any]) -> Made:
    """The new key; Wrong where the answer is of another site, question or officer's absence."""
    server = _server(host, origin)
    try:
        shown = server.register_complete(_state(challenge), answer)
        credential = shown.credential_data
        if credential is None or credential.public_key.ALGORITHM not in [
            each.alg for each in server.allowed_algorithms
        ]:
            raise Wrong
        return Made(credential.credential_id, bytes(credential), shown.counter)
    except Exception as error:  # a stranger's bytes: whatever is tripped over, they prove nothing
        raise Wrong from error


def signed(
    host: str, origin: str, challenge: str, known: Sequence[bytes], answer: dict[str, Any]
) -> Signed:
    """Which of the known keys has signed this question; Wrong where none has."""
    try:
        credential = _server(host, origin).authenticate_complete(
            _state(challenge), _read(known), answer
        )
        shown = AuthenticationResponse.from_dict(answer).response.authenticator_data
        return Signed(credential.credential_id, shown.counter)
    except Exception as error:
        raise Wrong from error
