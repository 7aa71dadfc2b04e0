"""What a web worker asks of the process that sees whole ballots; it never sees one itself (secret-ballot.md 3.1)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ballots.core.verbs import Refused
from ballots.models import Poll
from ballots.secret import keys, processes
from ballots.voting.counting_process import DAMAGED, NO_STORE, NOT_A_KEY, WRONG_KEY
from ballots.voting.counting_process import NO_KEY as KEY_MISSING
from ballots.voting.polling import AGAIN, NO_KEY

PROCESS = "ballots.voting.counting_process"
NOT_DONE = f"Máy chủ chưa làm xong việc kiểm phiếu này, chưa có gì bị đổi. {AGAIN}"

NOT_THE_ONE_READ = (
    "Khoá phong bì ghi trong máy không còn là khoá tổ kiểm phiếu đã đọc lại, nên chưa xác nhận và chưa có gì bị đổi. "
    "Xin bí thư in khoá khác rồi đọc lại; nếu vẫn vậy, báo người quản trị: có người đã sửa dữ liệu."
)
FROM_A_BACKUP = "Xin báo người quản trị lấy lại từ bản sao lưu."
# Why an envelope was not opened; each says what to do.
UNOPENED = {
    NOT_A_KEY: "Khoá chưa đúng: thiếu hoặc sai một chữ. Xin gõ lại đủ các nhóm chữ in trên tờ khoá.",
    WRONG_KEY: "Đây là khoá của một phong bì khác. Xin xem lại tên lượt bỏ phiếu in trên tờ khoá.",
    DAMAGED: f"Khoá đúng nhưng dữ liệu trong phong bì đã hỏng, không mở được. {FROM_A_BACKUP}",
}


@dataclass(frozen=True)
class NewKey:
    """What the database keeps of a new key, and the paper: key and QR code, readable by one device alone."""

    recipient: str
    bond: str
    paper: bytes


@dataclass(frozen=True)
class Opened:
    """The count of an opened envelope or of sealed ballots, row by row: ballots per level, and blank ones."""

    collected: int
    valid: int
    invalid: int
    rows: list[tuple[dict[str, int], int]]


@dataclass(frozen=True)
class SealedBox:
    """What the database keeps of a box: (hash, data) in the order of hashes, and the totals row by row."""

    sealed: list[tuple[bytes, bytes]]
    collected: int
    valid: int
    invalid: int
    rows: list[tuple[dict[str, int], int]]


def seal(poll: Poll) -> SealedBox | None:
    """Check, count and encrypt anew every ballot of the box; None where one of them fails the check.

    Refused (503) where this server does not find the keys, or the process died: nothing is changed then.
    """
    rows = poll.box_set.values_list("tag", "data").iterator()
    answer = _ask(poll, "seal", rows, sheet=bytes(poll.sheet or b"").hex())
    if "problem" in answer:
        return None
    done = answer["done"]
    sealed = [(bytes.fromhex(key), bytes.fromhex(data)) for key, data in done.pop("sealed")]
    return SealedBox(sealed, **done)


def list_for(poll: Poll, reader: bytes) -> bytes:
    """The sealed ballots, encrypted to the reader's point (recounting.py); Refused (503) as above."""
    rows = poll.sealed_set.order_by("hash").values_list("hash", "data")
    return bytes.fromhex(_ask(poll, "list", rows, reader=reader.hex())["done"])


def count_again(poll: Poll) -> Opened | None:
    """The totals of the sealed ballots once more; None where the count key is not found, or its store is silent.

    Refused (503) where the process died.
    """
    rows = poll.sealed_set.values_list("hash", "data")
    answer = _answer(poll, "count_again", rows, sheet=bytes(poll.sheet or b"").hex())
    return None if "problem" in answer else Opened(**answer["done"])


def new_envelope_key(poll: Poll, reader: bytes, address: str) -> NewKey:
    """Draw a key for the poll's envelope; the QR code on its paper leads to `address`. Refused (503) as above."""
    done = _ask(poll, "new_envelope_key", [], reader=reader.hex(), address=address)["done"]
    return NewKey(done["recipient"], done["bond"], bytes.fromhex(done["paper"]))


def read_envelope_key(poll: Poll, recipient: str, bond: str, check: str) -> str | None:
    """The bond that this recipient's key was read back; None where the check is of another one. Refused as above."""
    more = {"recipient": recipient, "bond": bond, "check": check}
    answer = _ask(poll, "read_envelope_key", [], **more)
    return answer.get("done")


def seal_envelope(poll: Poll, recipient: str, bond: str) -> bytes:
    """The marks of the poll's sealed ballots, encrypted; Refused (503) as above, or where one cannot be read.

    Refused as well where the bond does not say that the key of this recipient was read back.
    """
    rows = poll.sealed_set.values_list("hash", "data")
    paper = bytes(poll.sheet or b"").hex()
    more = {"recipient": recipient, "bond": bond, "sheet": paper}
    answer = _ask(poll, "seal_envelope", rows, **more)
    if answer.get("problem") == WRONG_KEY:
        raise Refused(NOT_THE_ONE_READ)
    if answer.get("done", {}).get("collected") != poll.collected:
        raise Refused(NOT_DONE, 503)
    return bytes.fromhex(answer["done"]["data"])


def open_envelope(poll: Poll, recipient: str, key: str, data: bytes) -> Opened:
    """Count the envelope's marks again; Refused in one sentence for a wrong key or damaged bytes, 503 as above."""
    paper = bytes(poll.sheet or b"").hex()
    more = {"recipient": recipient, "key": key, "data": data.hex(), "sheet": paper}
    answer = _ask(poll, "open_envelope", [], **more)
    if problem := answer.get("problem"):
        raise Refused(UNOPENED.get(problem, NOT_DONE))
    return Opened(**answer["done"])


def _ask(poll: Poll, name: str, rows: Iterable[tuple[Any, Any]], **more: str) -> dict[str, Any]:
    """What the process answers; Refused (503) where it did not find a key, or nobody knows."""
    answer = _answer(poll, name, rows, **more)
    if answer.get("problem") == KEY_MISSING:
        raise Refused(NO_KEY, 503)
    if answer.get("problem") == NO_STORE:
        raise Refused(NOT_DONE, 503)
    return answer


def _answer(poll: Poll, name: str, rows: Iterable[tuple[Any, Any]], **more: str) -> dict[str, Any]:
    hexadecimal = [(bytes(key).hex(), bytes(data).hex()) for key, data in rows]
    task = {
        "name": name,
        "p": poll.p,
        "place": asdict(keys.made_place()),
        **more,
        "rows": hexadecimal,
    }
    try:
        with processes.running(PROCESS) as pipes:
            answer: dict[str, Any] = json.loads(pipes.exchange(json.dumps(task).encode()))
    except (processes.Failed, ValueError) as error:  # no answer, or half of one
        raise Refused(NOT_DONE, 503) from error
    return answer
