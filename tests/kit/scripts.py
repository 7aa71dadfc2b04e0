"""Our scripts without a browser: an engine that knows the language and no pages, with stand-ins for a few names.

Bytes travel in hexadecimal, everything else as JSON. What needs a page, or the real WebCrypto, is for tests/browser.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import quickjs
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

STATIC = Path(__file__).parents[2] / "static"
STAND_INS = (Path(__file__).parent / "stand_ins.js").read_text()
IMPORT = re.compile(r"^import (?:\* as (\w+)|\{([^}]*)\}) from '([^']+)';", re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function |const |class )(\w+)", re.MULTILINE)


class Script:
    """One of our modules and what it imports: `script("return m.double(values.number)", number=2)`."""

    def __init__(self, name: str, **names: Callable[..., str]) -> None:
        """`names` are functions that the script may call, of texts and numbers."""
        self.context, self.path, self.loaded = quickjs.Context(), STATIC / name, set[Path]()
        for known, function in (NAMES | names).items():
            self.context.add_callable(known, function)
        self.context.eval(STAND_INS)
        self._load(self.path)

    def _load(self, path: Path) -> str:
        """Make the module, and before it those it imports; its name among the modules."""
        name = f"modules[{json.dumps(str(path))}]"
        if path in self.loaded:
            return name
        self.loaded.add(path)
        text = path.read_text()

        def take(expected: re.Match) -> str:
            everything, some, where = expected.groups()
            source = self._load((path.parent / where).resolve())
            return f"const {everything or '{' + some.replace(' as ', ': ') + '}'} = {source};"

        body = IMPORT.sub(take, text)
        exported = ", ".join(made for _, made in EXPORT.findall(body))
        body = EXPORT.sub(r"\1\2", body)
        self.context.eval(
            f"{name} = (() => {{ 'use strict'; {body}\nreturn {{ {exported} }}; }})();"
        )
        return name

    def __call__(self, code: str, **values: object) -> object:
        """Run this body of an async function, with the module as `m`; what it returns, or a JSException."""
        arguments = json.dumps(values)
        self.context.eval(
            f"outcome = null; (async (m, values) => {{ {code} }})({self._load(self.path)}, {arguments})"
            ".then((made) => { outcome = { made }; }, (error) => { outcome = { error: String(error) }; });"
        )
        while self.context.execute_pending_job():
            pass
        outcome = json.loads(self.context.eval("JSON.stringify(outcome)"))
        assert outcome is not None, "the script waits for something that does not come"
        if "error" in outcome:
            raise quickjs.JSException(outcome["error"])
        return outcome.get("made")


def _digest(name: str, data: str) -> str:
    return hashlib.new(name.replace("-", "").lower(), bytes.fromhex(data)).hexdigest()


def _verifies(check: Callable[[], None]) -> bool:
    try:
        check()
    except (InvalidSignature, ValueError):
        return False
    return True


def _verify_stamp(n: str, stamp: str, data: str) -> bool:
    """RSA-PSS with SHA-384 and a salt of 48, under the modulus n."""
    key = rsa.RSAPublicNumbers(65537, int(n, 16)).public_key()
    way = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
    signed, stamp_bytes = bytes.fromhex(data), bytes.fromhex(stamp)
    return _verifies(lambda: key.verify(stamp_bytes, signed, way, hashes.SHA384()))


def _verify_ballot(pub: str, signature: str, data: str) -> bool:
    """ECDSA on P-256 with SHA-256; the signature is r and s."""
    r, s = (int(signature[at : at + 64], 16) for at in (0, 64))
    der, signed = utils.encode_dss_signature(r, s), bytes.fromhex(data)

    def check() -> None:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(pub))
        key.verify(der, signed, ec.ECDSA(hashes.SHA256()))

    return _verifies(check)


def _new_key() -> str:
    """The private key as PKCS#8 and the public one as a point, with a space between them."""
    key = ec.generate_private_key(ec.SECP256R1())
    stored = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return f"{stored.hex()} {point.hex()}"


def _sign(expected: str, data: str) -> str:
    key = serialization.load_der_private_key(bytes.fromhex(expected), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    r, s = utils.decode_dss_signature(key.sign(bytes.fromhex(data), ec.ECDSA(hashes.SHA256())))
    return f"{r:064x}{s:064x}"


NAMES: dict[str, Callable] = {
    "py_random": lambda length: os.urandom(length).hex(),
    "py_digest": _digest,
    "py_verify_stamp": _verify_stamp,
    "py_verify_ballot": _verify_ballot,
    "py_new_key": _new_key,
    "py_sign": _sign,
}
