"""`make mutants`: the modules of targets.toml spoilt in one place at a time; status 1 where too few are noticed.

Names each mutant that no test noticed: mend the tests, or say in survivors.toml why nobody could notice. They are made
in a copy of the tree, so that whoever works here meets none.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT, HERE = Path(__file__).parents[2], Path(__file__).parent
TARGETS: dict[str, list[str]] = tomllib.loads((HERE / "targets.toml").read_text())
EXPLAINED = tomllib.loads((HERE / "survivors.toml").read_text())
ENOUGH = 95  # per cent of those that somebody could notice


@dataclass
class Outcome:
    """What became of the mutants of one module, or of some `lines` of it; `whole`: all of them were tried."""

    module: str
    lines: list[int] = field(default_factory=list)
    killed: int = 0
    late: int = 0  # of the killed: those that were not done in time, as an endless loop is not
    explained: list[tuple[str, str]] = field(default_factory=list)
    unexplained: list[dict] = field(default_factory=list)
    whole: bool = False

    def take(self, told: dict) -> None:
        """Count one mutant."""
        named = told["was"], told["now"]
        if told["killed"]:
            self.killed += 1
            self.late += told["late"]
        elif named in reasons(self.module):
            self.explained.append(named)
        else:
            self.unexplained.append(told)
            print(f"{self.module}:{told['line']}\n- {told['was']}\n+ {told['now']}\n", flush=True)

    @property
    def percent(self) -> float:
        """Killed of those that are not explained."""
        return 100 * self.killed / max(self.killed + len(self.unexplained), 1)

    @property
    def stale(self) -> list[tuple[str, str]]:
        """Explanations of what does not survive."""
        return (
            sorted(reasons(self.module) - set(self.explained))
            if self.whole and not self.lines
            else []
        )

    @property
    def is_enough(self) -> bool:
        """Whether the tests of this module hold."""
        return self.whole and self.percent >= ENOUGH and not self.stale

    def __str__(self) -> str:
        all_ = self.killed + len(self.explained) + len(self.unexplained)
        cut = "" if self.whole else ", NOT ALL TRIED"
        return (
            f"{self.module}: {all_} mutants, {self.killed} killed ({self.late} by the clock), "
            f"{len(self.explained)} explained, "
            f"{len(self.unexplained)} not explained: {self.percent:.1f} %{cut}"
        )


def reasons(module: str) -> set[tuple[str, str]]:
    """The mutants of a module that survive with a reason: the line, and what it becomes."""
    told = EXPLAINED.get(module, [])
    return {(entry["was"], now) for entry in told for now in entry["now"]}


def main() -> int:
    """Attack the named modules, or all."""
    parser = argparse.ArgumentParser(prog="make mutants ARGS=…", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*TARGETS, []], help="default: all")
    parser.add_argument("--minutes", type=float, default=20, help="at most, for each module")
    parser.add_argument("--lines", type=int, nargs="+", default=[], help="these lines alone")
    asked = parser.parse_args()
    outcomes = [
        _attacked(module, asked.minutes, asked.lines) for module in asked.modules or TARGETS
    ]
    for outcome in outcomes:
        print(outcome)
        for was, now in outcome.stale:
            print(f"  survivors.toml explains what does not survive: {was} → {now}")
    return int(not all(outcome.is_enough for outcome in outcomes))


def _attacked(module: str, minutes: float, lines: list[int]) -> Outcome:
    outcome = Outcome(module, lines)
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        _copy(Path(folder))
        limits = [str(60 * minutes), json.dumps(lines)]
        command = [sys.executable, "-m", "tests.mutants.worker", module, *limits]
        with subprocess.Popen(
            ["nice", "-n", "19", *command, *TARGETS[module]],
            cwd=folder,
            env=_environment(),
            stdout=subprocess.PIPE,
        ) as worker:
            for line in worker.stdout:
                outcome.take(json.loads(line))
        outcome.whole = worker.returncode == 0
    return outcome


def _environment() -> dict[str, str]:
    """As for the suite on SQLite, where the empty database can be handed to a fork."""
    left_out = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
    here = {name: text for name, text in os.environ.items() if name not in left_out}
    return here | {"DJANGO_SETTINGS_MODULE": "partyreview.settings"}


def _copy(folder: Path) -> None:
    """The tree as it is being worked on."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


if __name__ == "__main__":
    sys.exit(main())
