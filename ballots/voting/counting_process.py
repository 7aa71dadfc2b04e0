"""Whole ballots are seen here alone: a process that counts a box, lists it for the recount, or seals its envelope.

Started without Django by `ballots/voting/counter.py`. It reads box and count key itself, and hands out nothing but
what the database keeps, or what one device alone can read (secret-ballot.md 3.1). It ends with its task.
"""

import contextlib
import hmac
import json
import sys
from collections.abc import Callable
from typing import Any

from ballots.results import tally
from ballots.secret import envelope, recounting, sheet
from ballots.secret.key_store import Place
from ballots.secret.sheet import BadBallot
from partyreview import memory

# Why a task could not be done.
NO_KEY, NO_STORE, SPOILT = "no key", "no store", "spoilt"
NOT_A_KEY, WRONG_KEY, DAMAGED = "not a key", "wrong key", "damaged"
PROBLEMS = {
    BadBallot: SPOILT,
    envelope.NotAKey: NOT_A_KEY,
    envelope.WrongKey: WRONG_KEY,
    envelope.Damaged: DAMAGED,
}


class NoKey(Exception):
    """This server does not find a key of the round."""


def main() -> None:
    """Read a task from input, and write what comes of it: {"done": …} or {"problem": …}; bytes in hexadecimal."""
    memory.hide()
    memory.lock()
    task = json.load(sys.stdin)
    try:
        answer = {"done": TASKS[task["name"]](task)}
    except NoKey:
        answer = {"problem": NO_KEY}
    except OSError:
        answer = {"problem": NO_STORE}
    except tuple(PROBLEMS) as error:
        answer = {"problem": PROBLEMS[type(error)]}
    json.dump(answer, sys.stdout)


def seal(task: dict[str, Any]) -> dict[str, Any]:
    """Check and count the rows of the box, and encrypt them under the count key, in the order of hashes."""
    box_key, count_key = _key(task, "box"), _key(task, "count")
    paper = sheet.parse_sheet(bytes.fromhex(task["sheet"]))
    bodies: dict[bytes, bytes] = {}
    marks: list[bytes] = []
    for tag, data in _rows(task):
        body = sheet.decrypt_box(box_key, tag, data)
        ballot = sheet.check_body(body, paper)
        if sheet.box_tag(box_key, ballot.number) != tag:
            raise BadBallot("a number that may stand in the box a second time")
        bodies[ballot.hash] = body
        marks.append(ballot.marks)
    sealed = [
        [h.hex(), sheet.encrypt_sealed(count_key, h, bodies[h]).hex()] for h in sorted(bodies)
    ]
    return {"sealed": sealed, **_totals(marks, paper)}


def count_again(task: dict[str, Any]) -> dict[str, Any]:
    """The totals of the sealed ballots, once more before they are deleted; one that cannot be read is missing."""
    count_key = _key(task, "count")
    paper = sheet.parse_sheet(bytes.fromhex(task["sheet"]))
    marks = []
    for ballot_hash, data in _rows(task):
        with contextlib.suppress(BadBallot):
            body = sheet.decrypt_sealed(count_key, ballot_hash, data)
            marks.append(sheet.parse_body(body, len(paper.rows)).marks)
    return _totals(marks, paper)


def list_for_reader(task: dict[str, Any]) -> str:
    """The sealed ballots for the recount, which misses one that cannot be read: its hash stands in the list."""
    count_key = _key(task, "count")
    bodies = []
    for ballot_hash, data in _rows(task):
        with contextlib.suppress(BadBallot):
            bodies.append(sheet.decrypt_sealed(count_key, ballot_hash, data))
    reader, p = bytes.fromhex(task["reader"]), bytes.fromhex(task["p"])
    return recounting.encrypt_for(reader, p, b"".join(bodies)).hex()


def new_envelope_key(task: dict[str, Any]) -> dict[str, str]:
    """Draw the key of an envelope: its public half, its bond, and for the printing device alone key and QR code."""
    import segno  # in the one task that draws

    key = envelope.new_key()
    code = segno.make(task["address"] + key.secret, error="m", micro=False)
    paper = {"key": key.secret, "modules": [row.hex() for row in code.matrix]}
    reader, p = bytes.fromhex(task["reader"]), bytes.fromhex(task["p"])
    locked = recounting.encrypt_for(reader, p, json.dumps(paper).encode())
    return {
        "recipient": key.recipient,
        "bond": _bond(task, key.recipient, key.check),
        "paper": locked.hex(),
    }


def read_envelope_key(task: dict[str, Any]) -> str:
    """The bond that the recipient's key was read back; WrongKey unless the check that was sent is of that key."""
    _must_be(task["bond"], _bond(task, task["recipient"], task["check"]))
    return _bond(task, task["recipient"], envelope.READ)


def seal_envelope(task: dict[str, Any]) -> dict[str, Any]:
    """The marks of all sealed ballots, encrypted to the recipient, and how many ballots that is.

    WrongKey where the recipient is another than the one whose key was read back: no row alone decides who reads them.
    """
    _must_be(task["bond"], _bond(task, task["recipient"], envelope.READ))
    count_key = _key(task, "count")
    paper = sheet.parse_sheet(bytes.fromhex(task["sheet"]))
    marks = [
        sheet.check_body(sheet.decrypt_sealed(count_key, ballot_hash, data), paper).marks
        for ballot_hash, data in _rows(task)
    ]
    data = envelope.seal(task["recipient"], bytes.fromhex(task["p"]), marks)
    return {"data": data.hex(), "collected": len(marks)}


def open_envelope(task: dict[str, Any]) -> dict[str, Any]:
    """Count the marks of an envelope again: totals leave this process, no ballot does."""
    p = bytes.fromhex(task["p"])
    marks = envelope.unseal(task["key"], task["recipient"], p, bytes.fromhex(task["data"]))
    return _totals(marks, sheet.parse_sheet(bytes.fromhex(task["sheet"])))


TASKS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "seal": seal,
    "list": list_for_reader,
    "count_again": count_again,
    "new_envelope_key": new_envelope_key,
    "read_envelope_key": read_envelope_key,
    "seal_envelope": seal_envelope,
    "open_envelope": open_envelope,
}


def _key(task: dict[str, Any], kind: str) -> bytes:
    key = Place(**task["place"]).store().read(f"{task['p']}.{kind}")
    if key is None:
        raise NoKey
    return key


def _totals(marks: list[bytes], paper: sheet.Sheet) -> dict[str, Any]:
    count = tally.count(marks, [code for code, _ in paper.levels], len(paper.rows))
    rows = [[dict(row.counts), row.blank] for row in count.rows]
    return {"collected": len(marks), "valid": count.valid, "invalid": count.invalid, "rows": rows}


def _bond(task: dict[str, Any], recipient: str, said: str) -> str:
    return envelope.bond(_key(task, "count"), bytes.fromhex(task["p"]), recipient, said)


def _must_be(bond: str, right: str) -> None:
    if not hmac.compare_digest(bond.encode(), right.encode()):
        raise envelope.WrongKey


def _rows(task: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(bytes.fromhex(key), bytes.fromhex(data)) for key, data in task["rows"]]
