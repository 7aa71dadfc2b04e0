"""What a web worker asks of the process that sees whole ballots; it never sees one itself (secret-ballot.md 3.1)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ballots.core.verbs import Refused
from ballots.models import Poll
from ballots.secret import keys, processes
from ballots.voting.counting_process import NO_KEY as KEY_MISSING
from ballots.voting.counting_process import NO_STORE
from ballots.voting.polling import NO_KEY

PROCESS = "ballots.voting.counting_process"
NOT_DONE = (
    "Máy chủ chưa làm xong việc kiểm phiếu này, chưa có gì bị đổi. Xin bấm lại; "
    "nếu vẫn không được, xin báo người quản trị máy chủ."
)


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


def _ask(poll: Poll, name: str, rows: Iterable[tuple[Any, Any]], **more: str) -> dict[str, Any]:
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
    if answer.get("problem") == KEY_MISSING:
        raise Refused(NO_KEY, 503)
    if answer.get("problem") == NO_STORE:
        raise Refused(NOT_DONE, 503)
    return answer
