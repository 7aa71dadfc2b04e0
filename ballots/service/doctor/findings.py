"""One line of `manage.py doctor`, and what the looks at database and machine share."""

import shutil
import subprocess
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a line is marked; whatever is BAD keeps a meeting from being safe, or will."""

    GOOD = "tốt"
    NOTE = "lưu ý"
    BAD = "phải sửa"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was seen there, and for all but GOOD what to do."""

    about: str
    state: State
    seen: str
    cure: str = ""


def told_by(*command: str) -> str:
    """What a command of the machine prints, "" where it is not there or fails."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
