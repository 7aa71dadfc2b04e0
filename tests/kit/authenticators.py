"""A device that keeps passkeys, in software: it answers the questions of a page as a browser's would, or lies."""

import copy
import json
import re
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256, CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from members.devices import links
from members.models import Passkey, User
from tests.kit.clients import browser, words_of

QUESTION = re.compile(r'<script id="passkey-question" type="application/json">(.*?)</script>')
PASSWORD = "đồng-lòng-2026"
STEP = "/hop/dang-nhap/ma/"
KEY_STEP = STEP + "khoa/"
PAGE = "/hop/tai-khoan-cua-toi/lop-thu-hai/"
KEYS = PAGE + "khoa/"
SITE, ORIGIN = "localhost", "http://localhost"
PRESENT, VERIFIED, ATTESTED = (
    AuthenticatorData.FLAG.UP,
    AuthenticatorData.FLAG.UV,
    AuthenticatorData.FLAG.AT,
)


def question_in(page: HttpResponse) -> dict[str, Any] | None:
    """What the page asks the browser; None where it asks nothing."""
    found = QUESTION.search(page.content.decode())
    return json.loads(found[1]) if found else None


class Authenticator:
    """One device with one key. `counts`: whether it says how often it has signed; who shares keys does not."""

    def __init__(self, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.key_id = secrets.token_bytes(32)
        self.counts, self.signed = counts, 0

    def cloned(self) -> "Authenticator":
        """Another device with the same key, which counts from here on by itself."""
        return copy.copy(self)

    def made(self, page: HttpResponse, **lies: Any) -> str:
        """The answer to the question for a new key; `lies`: site, origin, flags, algorithm."""
        credential = self._credential(lies.get("algorithm", ES256.ALGORITHM))
        flags = lies.get("flags", PRESENT | VERIFIED) | ATTESTED
        shown = self._shown(lies.get("site", SITE), flags, credential)
        statement = AttestationObject.create("none", shown, {})
        told = self._told("webauthn.create", page, lies)
        return self._written(clientDataJSON=told, attestationObject=statement)

    def sign(self, page: HttpResponse, **lies: Any) -> str:
        """The answer to the question of a page that wants a signature."""
        self.signed += self.counts
        told = self._told("webauthn.get", page, lies)
        shown = self._shown(lies.get("site", SITE), lies.get("flags", PRESENT | VERIFIED))
        signature = self.key.sign(shown + told.hash, ec.ECDSA(SHA256()))
        return self._written(clientDataJSON=told, authenticatorData=shown, signature=signature)

    def kept_for(self, user: User) -> Passkey:
        """The server's row of this key, as if it had been added."""
        return Passkey.objects.create(
            user=user,
            key_id=self.key_id,
            credential=self._credential(ES256.ALGORITHM),
            site=SITE,
            name="Máy ở cơ quan",
            added_on=timezone.localdate(),
        )

    def _credential(self, algorithm: int) -> AttestedCredentialData:
        public = dict(ES256.from_cryptography_key(self.key.public_key())) | {3: algorithm}
        return AttestedCredentialData.create(Aaguid.NONE, self.key_id, CoseKey(public))

    def _shown(self, site: str, flags: int, credential: bytes = b"") -> AuthenticatorData:
        hashed = sha256(site.encode()).digest()
        return AuthenticatorData.create(hashed, flags, self.signed, credential)

    def _told(self, what: str, page: HttpResponse, lies: dict[str, Any]) -> CollectedClientData:
        question = question_in(page)
        challenge = question["challenge"] if question else "AAAA"
        return CollectedClientData.create(
            lies.get("what", what), challenge, lies.get("origin", ORIGIN)
        )

    def _written(self, **parts: bytes) -> str:
        named = websafe_encode(self.key_id)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return json.dumps(
            {"id": named, "rawId": named, "type": "public-key", "response": response}
        )


def added(
    client: Client, device: Authenticator, name: str = "Máy ở cơ quan", **lies: Any
) -> HttpResponse:
    """What the server answers to a new key; what has to be shown before was shown."""
    page = client.get(KEYS + "moi/")
    return client.post(KEYS + "moi/", {"name": name, "answer": device.made(page, **lies)})


def enrolled(user: User, counts: bool = True) -> tuple[Client, Authenticator]:
    """The browser in which a first key was added, and the device that has it."""
    client, device = browser(user), Authenticator(counts)
    assert client.post(KEYS, {"password": PASSWORD}).url == KEYS + "moi/"
    assert "Mười mã khôi phục" in words_of(added(client, device))
    return client, device


def asked(user: User, client: Client | None = None) -> Client:
    """A browser that has shown a link, and is asked for a key or a code."""
    client = client or browser()
    assert client.post(links.sign_in_link(user, "")).url == STEP
    return client


def show(client: Client, device: Authenticator, **lies: Any) -> HttpResponse:
    """Answer the question of the step after the password."""
    return client.post(KEY_STEP, {"answer": device.sign(client.get(STEP), **lies)})
