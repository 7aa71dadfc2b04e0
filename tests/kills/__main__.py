"""`make kill-phones`: kill phones after every state of the record at every delay, and print what became of them.

Each evening is one phone with a profile of its own, which dies once after each state and must find its ballot in the
box. With --alone it dies once in its evening, so that what is lost after one state hides nothing of the next.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product

from tests.kills import worker

DELAYS = [0, 0.2, 0.5, 1, 2, 5]


@dataclass
class Row:
    """Of one state and one delay: how often a phone died there, and was not afterwards what it had been."""

    kills: int = 0
    lost: int = 0
    alarms: int = 0
    seen: Counter = field(default_factory=Counter)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make kill-phones ARGS=…", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--delays", type=float, nargs="+", default=DELAYS)
    parser.add_argument("--states", nargs="+", default=list(worker.STATES))
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    dying = [[state] for state in asked.states] if asked.alone else [asked.states]
    evenings = [
        (states, delay) for _, delay, states in product(range(asked.runs), asked.delays, dying)
    ]
    folder = tempfile.mkdtemp(prefix="partyreview-kills-")
    rows: dict[tuple[str, float], Row] = {}
    ballots = Counter[bool]()
    try:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(asked.jobs, context, worker.start, (folder,)) as pool:
            for number, outcome in enumerate(pool.map(worker.evening, evenings), 1):
                print(f"{number}/{len(evenings)} {outcome}", file=sys.stderr)
                _note(rows, outcome)
                ballots[outcome.found] += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _print(rows, asked)
    print(f"\nballots found in the box, as they were marked: {ballots[True]} of {ballots.total()}")
    print(f"false alarms: {sum(row.alarms for row in rows.values())}")
    return int(ballots[False] > 0 or any(row.alarms for row in rows.values()))


def _note(rows: dict[tuple[str, float], Row], outcome: worker.Outcome) -> None:
    for state in outcome.died:
        rows.setdefault((state, outcome.delay), Row()).kills += 1
    if not outcome.found:
        row = rows.setdefault((outcome.state, outcome.delay), Row())
        row.lost += 1
        row.alarms += outcome.alarm
        row.seen[outcome.seen] += 1


def _print(rows: dict[tuple[str, float], Row], asked: argparse.Namespace) -> None:
    """How many of how many kills left the phone as it was; under the table what the others said."""
    print("state     " + "".join(f"{delay:>9g} s" for delay in asked.delays))
    for state in asked.states:
        cells = [rows.get((state, delay), Row()) for delay in asked.delays]
        print(f"{state:10}" + "".join(f"{f'{c.kills - c.lost}/{c.kills}':>11}" for c in cells))
    for (state, delay), row in sorted(rows.items()):
        for seen, times in row.seen.items():
            print(f"{state} + {delay:g} s, {times} times: {seen}")


if __name__ == "__main__":
    sys.exit(main())
