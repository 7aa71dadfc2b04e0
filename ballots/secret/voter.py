"""The phone's side of the ballot, in Python: for the rehearsal and the tests."""

import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec

from ballots.secret import blind_signature, sheet


class Phone:
    """One voter's ballot: prepare, accept the stamp, fold; what is kept is what a phone keeps."""

    def __init__(self, sheet_bytes: bytes) -> None:
        """Make a one-time key and the random prefix for this sheet; BadSheet when it is none."""
        self.sheet = sheet.parse_sheet(sheet_bytes)
        self.prefix = secrets.token_bytes(sheet.PREFIX_LENGTH)
        self.stamp = b""
        self.hash = b""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.pub = sheet.public_point(self._key)
        self._blinded, self._r = blind_signature.blind(self.sheet.n, self._input)

    @property
    def _input(self) -> bytes:
        return sheet.token_input(self.sheet.p, self.pub, self.prefix)

    def request(self, code: bytes = b"") -> bytes:
        """What asks for the stamp: P ‖ z (288 bytes), with a drawn slip's code P ‖ z ‖ code (298)."""
        return self.sheet.p + self._blinded + code

    def accept_stamp(self, answer: bytes) -> None:
        """Unblind and keep the stamp; BlindSignatureError when the answer is no stamp of this ballot."""
        self.stamp = blind_signature.finalize(self.sheet.n, self._input, answer, self._r)

    def fold(self, marks: Sequence[int]) -> bytes:
        """The body to cast; one mark per row, 0 none, 1..L level in sheet order. Its hash is kept in `hash`."""
        salt = secrets.token_bytes(sheet.SALT_LENGTH)
        unsigned = sheet.Ballot(self.sheet.p, self.prefix, self.pub, salt, bytes(marks))
        self.hash = unsigned.hash
        signature = sheet.sign_payload(self._key, unsigned.payload)
        return unsigned.payload + self.stamp + signature
