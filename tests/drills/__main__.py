"""`make drills`: meetings while all kinds of things happen; status 1 where a promise was broken."""

import argparse
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from tests.drills.evening import Outcome
    from tests.drills.kinds import Kind

LAW = "lost: 0, counted twice: 0, half-written: 0"


@dataclass
class Report:
    """What one drill came to."""

    name: str
    what: str
    meetings: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Counter[str]] = field(default_factory=dict)
    outcome: "Outcome | None" = None
    minutes: float = 0
    lacks: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the law was, or there was no drill at all though it could be tried."""
        return self.outcome is not None and (bool(self.outcome.broken) or not self.struck.total())

    def __str__(self) -> str:
        if self.outcome is None:
            return f"{self.name} ({self.what}): NOT TRIED here: {self.lacks}"
        lines = [
            f"{self.name} ({self.what}): {self.meetings} meetings, {self.minutes:.1f} minutes",
            f"  {self.struck.total()} times: {_told(self.struck)}",
            *(f"  {name}: {_told(counted)}" for name, counted in self.notes.items()),
            f"  told to people instead of an answer: {_told(self.refused) or 'nothing'}",
            f"  ballots that phones were told are in the box: {self.outcome.accepted};"
            f" papers: {self.outcome.papers}",
            "\n".join(["  BROKEN:", *self.outcome.broken]) if self.outcome.broken else f"  {LAW}",
        ]
        return "\n".join(lines)


def main() -> int:
    """Hold the drills that were asked for, and print what was done to whom and what became of it."""
    parser = argparse.ArgumentParser(prog="make drills ARGS=…", description=__doc__)
    parser.add_argument("drills", nargs="*", help="all of them, unless some are named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--kills", "--times", type=int, help="how often, instead of each one's own"
    )
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--polls", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.4, help="seconds between two blows")
    parser.add_argument(
        "--minutes", type=float, default=60, help="when no meeting of a drill begins"
    )
    parser.add_argument("--posts", default=".", help='of "statements": a pattern of addresses')
    parser.add_argument(
        "--works", nargs="*", default=(), help='of "jobs": some of tests/drills/works.py'
    )
    parser.add_argument("--sqlite", action="store_true", help="instead of a PostgreSQL of its own")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleared away
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
    django.setup()
    from tests.drills.kinds import KINDS

    if unknown := set(asked.drills) - set(KINDS):
        parser.error(f"no such drill: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    reports = []
    for name in asked.drills or KINDS:
        reports.append(_held(name, KINDS[name], asked))
        print(f"{reports[-1]}\n", flush=True)
    print(f"seed {asked.seed}, {'SQLite' if asked.sqlite else 'PostgreSQL'}: {_summary(reports)}")
    return int(any(report.is_broken for report in reports))


def _held(name: str, kind: "Kind", asked: argparse.Namespace) -> Report:
    """Meetings until it has happened often enough, or long enough."""
    from partyreview.databases import on_database
    from tests.drills.evening import Outcome
    from tests.drills.patient import Patient

    report = Report(name, kind.what, lacks=kind.lacks(asked.sqlite))
    if report.lacks:
        return report
    chance, since = random.Random(f"{name} {asked.seed}"), time.monotonic()
    times = kind.times and (asked.kills or kind.times)
    report.outcome, report.refused = Outcome(), Patient.refused
    Patient.refused.clear()
    try:
        with kind.place(asked.sqlite) as place, on_database(place.environ["DATABASE_URL"]):
            report.struck, report.notes = place.struck, place.notes
            while not report.meetings or (
                place.struck.total() < times and time.monotonic() < since + asked.minutes * 60
            ):
                report.meetings += 1
                drill = kind.drill(place, asked.members, asked.polls, f"Đảng bộ {report.meetings}")
                outcome = drill.hold(kind.trouble(place, chance, asked))
                report.outcome.add(outcome)
                print(f"{name}: {place.struck.total()} times: {outcome}", file=sys.stderr)
    except Exception as error:  # noqa: BLE001 - the other drills are held all the same
        traceback.print_exc()
        report.outcome.broken.append(f"the meeting could not go on: {error!r}")
    report.refused, report.minutes = Counter(Patient.refused), (time.monotonic() - since) / 60
    return report


def _told(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())


def _summary(reports: list[Report]) -> str:
    held = [report for report in reports if report.outcome]
    total = sum(report.struck.total() for report in held)
    broken = [report.name for report in held if report.is_broken]
    said = f"BROKEN: {', '.join(broken)}" if broken else LAW
    return f"{len(held)} drills, {total} times, {said}"


if __name__ == "__main__":
    sys.exit(main())
