"""A network for a database and a store of keys, with one wire to each server: to be cut. As root, on Linux."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Wire:
    """A line between this machine and the space `inside`; `far`: the address at its other end."""

    inside: str
    end: str
    far: str

    @property
    def within(self) -> Sequence[str]:
        """What stands before a command that is to run at the other end."""
        return ("ip", "netns", "exec", self.inside)

    def cut(self) -> None:
        """Lose whatever goes through it, in both directions and without a word to either end."""
        _run("ip", "-n", self.inside, "link", "set", self.end, "down")

    def mend(self) -> None:
        """Let everything through again."""
        _run("ip", "-n", self.inside, "link", "set", self.end, "up")


def is_permitted() -> bool:
    """Whether this machine lets us have such a network."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        return False
    try:
        with wires(1):
            return True
    except subprocess.CalledProcessError:
        return False


def may_mount() -> bool:
    """Whether this machine lets us have a disk of our own."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], check=False, capture_output=True
    )
    return tried.returncode == 0


@contextmanager
def wires(count: int) -> Iterator[list[Wire]]:
    """A space with so many wires; 198.18.0.0/15 is nobody's, it is there for tests (RFC 2544)."""
    inside = f"drills-{os.getpid()}"
    with ExitStack() as stack:
        _run("ip", "netns", "add", inside)
        stack.callback(_run, "ip", "netns", "del", inside)
        _run("ip", "-n", inside, "link", "set", "lo", "up")
        made = []
        for number in range(count):
            here, there = (f"dr{os.getpid()}{side}{number}" for side in "ab")
            third = os.getpid() % 60 * 4 + number
            near, far = f"198.18.{third}.1", f"198.18.{third}.2"
            _run("ip", "link", "add", here, "type", "veth", "peer", there, "netns", inside)
            stack.callback(subprocess.run, ["ip", "link", "del", here], check=False)
            _run("ip", "addr", "add", f"{near}/30", "dev", here)
            _run("ip", "link", "set", here, "up")
            _run("ip", "-n", inside, "addr", "add", f"{far}/30", "dev", there)
            _run("ip", "-n", inside, "link", "set", there, "up")
            made.append(Wire(inside, there, far))
        yield made


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
