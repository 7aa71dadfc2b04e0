"""Whole ballots are seen here alone: a process that seals and counts a box, or makes the recount's list, and ends.

Started without Django by `ballots/voting/counter.py`. It reads box and count key itself, and hands out nothing but
what the database keeps, or what the tellers' device alone can read (secret-ballot.md 3.1).
"""

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any

from ballots.results import tally
from ballots.secret import recounting, sheet
from ballots.secret.key_store import Place
from ballots.secret.sheet import BadBallot
from partyreview import memory

# Why a task could not be done.
NO_KEY, NO_STORE, SPOILT = "no key", "no store", "spoilt"


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
    except BadBallot:
        answer = {"problem": SPOILT}
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
        bodies[ballot.hash] = body
        marks.append(ballot.marks)
    count = tally.count(marks, [code for code, _ in paper.levels], len(paper.rows))
    return {
        "sealed": [
            [h.hex(), sheet.encrypt_sealed(count_key, h, bodies[h]).hex()] for h in sorted(bodies)
        ],
        "collected": len(marks),
        "valid": count.valid,
        "invalid": count.invalid,
        "rows": [[dict(row.counts), row.blank] for row in count.rows],
    }


def list_for_reader(task: dict[str, Any]) -> str:
    """The sealed ballots for the recount, which misses one that cannot be read: its hash stands in the list."""
    count_key = _key(task, "count")
    bodies = []
    for ballot_hash, data in _rows(task):
        with contextlib.suppress(BadBallot):
            bodies.append(sheet.decrypt_sealed(count_key, ballot_hash, data))
    reader, p = bytes.fromhex(task["reader"]), bytes.fromhex(task["p"])
    return recounting.encrypt_for(reader, p, b"".join(bodies)).hex()


TASKS: dict[str, Callable[[dict[str, Any]], Any]] = {"seal": seal, "list": list_for_reader}


def _key(task: dict[str, Any], kind: str) -> bytes:
    key = Place(**task["place"]).store().read(f"{task['p']}.{kind}")
    if key is None:
        raise NoKey
    return key


def _rows(task: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(bytes.fromhex(key), bytes.fromhex(data)) for key, data in task["rows"]]
