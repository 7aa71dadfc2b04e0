"""What the files of deploy/systemd/ say, and their command lines as they run here: other places, other ports."""

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

DEPLOY = settings.BASE_DIR / "deploy"
SYSTEMD = DEPLOY / "systemd"
HOME = "/opt/kiemdiem/current"


@dataclass(frozen=True)
class Unit:
    """One file: its lines by key, in order."""

    name: str
    lines: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        """Every value of a key that may stand several times."""
        return [value for name, value in self.lines if name == key]

    def environment(self, files: Mapping[str, str]) -> dict[str, str]:
        """What the process is given: its own lines, then those of its files; `files`: their texts by name."""
        own = [word for line in self.all("Environment") for word in shlex.split(line)]
        read = [
            line
            for path in self.all("EnvironmentFile")
            for line in files[Path(path).name].splitlines()
        ]
        return dict(line.split("=", 1) for line in [*own, *read] if line and line[0] != "#")

    def command(self, environment: Mapping[str, str], places: Mapping[str, Path]) -> list[str]:
        """ExecStart with its variables, `places` in the place of the paths they are named by."""
        (line,) = self.all("ExecStart")
        line = re.sub(r"\$\{(\w+)\}", lambda name: environment[name[1]], line)
        return [placed(word, places) for word in shlex.split(line)]


def read(name: str) -> Unit:
    """The unit of this name."""
    text = (SYSTEMD / name).read_text("utf-8")
    pairs = (line.split("=", 1) for line in text.splitlines() if re.match(r"\w+=", line))
    return Unit(name, tuple((key, value) for key, value in pairs))


def placed(text: str, places: Mapping[str, Path]) -> str:
    """The text with our own folders in the place of an installation's, and with `places`."""
    own = {f"{HOME}/.venv": Path(sys.prefix), HOME: settings.BASE_DIR}
    for path, here in (*places.items(), *own.items()):
        text = text.replace(path, str(here))
    return text
