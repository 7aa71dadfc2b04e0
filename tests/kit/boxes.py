"""A sealed box made up with its key, so that a test can stamp and sign what it likes."""

import hashlib

from ballots.secret import blind_signature, sheet
from ballots.secret.voter import Phone

LEVELS = [("HTXS", "A"), ("HTT", "B"), ("HT", "C"), ("KHT", "D")]
POLL = "ab" * 16


def flipped(body: bytes, at: int) -> bytes:
    """The same bytes with one bit changed."""
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


class MadeUpBox:
    """A sealed box with its key, so that a test can stamp and sign what it likes."""

    def __init__(self, *ballots: list[int], levels=LEVELS) -> None:
        self.key = blind_signature.generate_key()
        self.sheet = sheet.build_sheet(POLL, 1, self.key.n, "Lượt", levels, ["Một", "Hai"])
        self.bodies = [self.ballot(marks) for marks in ballots]

    def ballot(self, marks: list[int], stamped: bool = True) -> bytes:
        phone = Phone(self.sheet)
        phone.accept_stamp(blind_signature.blind_sign(self.key, phone.request()[32:]))
        body = phone.fold(marks)
        return body if stamped else body[:-320] + b"\1" * 256 + body[-64:]

    def published(self, **changes) -> dict[str, object]:
        """What the recount is given; the list is made of the true bodies unless told otherwise."""
        p = sheet.digest(self.sheet)
        listed = sheet.build_list(p, [sheet.parse_body(body, 2).hash for body in self.bodies])
        box = {
            "p": p.hex(),
            "poll": POLL,
            "round": 1,
            "issued": len(self.bodies),
            "sheet": self.sheet,
            "list": listed,
            "bodies": b"".join(self.bodies),
        } | changes
        box.setdefault("announced", hashlib.sha256(box["list"]).hexdigest())
        return {k: v.hex() if isinstance(v, bytes) else v for k, v in box.items()}

    def relisted(self, bodies: list[bytes], **changes) -> dict[str, object]:
        """The box with other bodies, and everything published made to fit them."""
        hashes = sorted({sheet.ballot_hash(body[:-320]) for body in bodies})
        listed = sheet.build_list(sheet.digest(self.sheet), hashes)
        return self.published(bodies=b"".join(bodies), list=listed, **changes)
