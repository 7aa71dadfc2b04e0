"""What is made for a whole province by jobs: the list of one decision, the notices to members, the members' sheet."""

from django.utils import timezone

from ballots.committee.acts.levels import Basis, seen
from ballots.committee.acts.verbs import Paper, decide_together
from ballots.demo.province import YEAR, Province
from ballots.models import Job
from ballots.results.undecided import files_of, sendings
from cells.law.periods import Period
from tests.bench.jobs import worked
from tests.bench.report import Result

# Files of the longest decision; and of one whose members all get a notice, each a paper of its own.
LONG, FEW = 300, 10
# Megabytes that each may take; the Word copy of the longest list is put together in memory.
MEMORY = {"decision_of_300_files": 400}
USUAL = 300


def measure_on(over: Province) -> dict[str, Result]:
    """Seconds and the most memory of each job, in a worker of its own."""
    long, few = (_decided(over, number, f"{number}-QĐ/TU") for number in (LONG, FEW))
    whole = {"committee": over.committee.pk}
    of = {
        "decision_of_300_files": (Job.Kind.DECISION, {"act": long}, 120),
        "notices_of_10_cells": (Job.Kind.NOTICES, {"act": few}, 60),
        "members_sheet_of_60000": (Job.Kind.MEMBERS, whole, 15),
    }
    results = {}
    for name, (kind, args, bound) in of.items():
        seconds, memory = worked(over.officer, kind, args)
        results[name] = Result("s", seconds, bound)
        results[f"{name}_memory"] = Result("MB", memory, MEMORY.get(name, USUAL))
    return results


def _decided(over: Province, number: int, symbol: str) -> int:
    """The key of a decision on so many of the files that wait, at the levels their cells propose."""
    basis = Basis()
    files = files_of(sendings(over.committee, Period(YEAR))[:number])
    paper = Paper(symbol, timezone.localdate(), "Tỉnh ủy", "Bí thư", "Lê Văn Tâm")
    chosen = [seen(file, basis) for file in files]
    done = decide_together(over.officer, over.committee, Period(YEAR), paper, chosen, basis)
    if done.files != number:
        raise RuntimeError(f"decided {done.files} of {number}")
    return done.act.pk
