"""`make fuzz`: so many seconds for each parser; status 1 where one failed otherwise than it says.

Each parser runs in a process of its own: atheris takes a whole one, and ends it at the first failure, which it prints
with the bytes that led there.
"""

import argparse
import subprocess
import sys

from tests.fuzz.targets import TARGETS


def main() -> int:
    """Fuzz the named parsers, or all."""
    parser = argparse.ArgumentParser(prog="make fuzz ARGS=…", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="default: all")
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    broken = [name for name in asked.targets or TARGETS if _fuzz(name, asked.seconds)]
    print(f"broken: {', '.join(broken)}" if broken else "no parser failed otherwise than it says")
    return int(bool(broken))


def _fuzz(name: str, seconds: int) -> int:
    command = [sys.executable, "-m", "tests.fuzz.worker", name, f"-max_total_time={seconds}"]
    return subprocess.run(
        [*command, "-print_final_stats=1", "-max_len=20000"], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
