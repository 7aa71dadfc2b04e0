"""One gunicorn with its workers and helpers: started, looked at, killed and started again."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ballots.demo import serving
from ballots.linkage.memory import children, descendants
from tests.kit.processes import until

APPLICATION = "partyreview.wsgi:application"
PATIENCE = 300  # seconds for a start, on a machine that has much else to do


@dataclass
class Server:
    """A site with its doors at `url`, as `environ` has it; `code`: the folder of the version that it runs."""

    url: str
    environ: Mapping[str, str]
    log: Path
    code: Path = field(default_factory=lambda: settings.BASE_DIR)
    application: str = APPLICATION
    master: "subprocess.Popen[bytes] | None" = None

    @property
    def site(self) -> str:
        """Where its pages are (tests/kit/hopping.py)."""
        return self.url

    @property
    def door(self) -> str:
        """Where ballots are cast."""
        return self.url

    def start(self) -> None:
        """Until it answers."""
        port = self.url.rsplit(":", 1)[1]
        command = [sys.executable, "-m", "gunicorn", self.application]
        command += ["--bind", f"127.0.0.1:{port}", "--config", str(self.code / "gunicorn.conf.py")]
        command += ["--workers", "2", "--threads", "4"]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(
                command, cwd=self.code, env=dict(self.environ), stdout=log, stderr=log
            )
        assert until(lambda: serving._answers(self.url), PATIENCE), self.log.read_text()[-2000:]

    def stop(self) -> None:
        """For good, with all that it has started."""
        if self.master is None:
            return
        helpers = self.helpers()
        self.master.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.master.wait(10)
        left = helpers | self.workers()
        self.master.kill()
        self.master.wait()
        for pid in left:
            kill(pid)

    def kill_worker(self, chance: random.Random) -> None:
        """One of those that serve."""
        kill_one(self.workers(), chance)

    def kill_helper(self, chance: random.Random) -> None:
        """A signer, a counter, or what forks them."""
        kill_one(self.helpers(), chance)

    def kill_master(self, chance: random.Random) -> None:
        """The master, and its workers as systemd does before it starts the unit again; signers live on."""
        left = self.workers()
        assert self.master is not None
        kill(self.master.pid)
        self.master.wait()
        for pid in left:
            kill(pid)
        assert until(lambda: not any(map(line_of, left)), PATIENCE)
        self.start()

    def workers(self) -> set[int]:
        """The children of the master that serve: the others run without Django."""
        pid = self.master.pid if self.master else 0
        return {child for child in children(pid) if b"gunicorn" in line_of(child)}

    def helpers(self) -> set[int]:
        """What holds a secret for a while, and what forks it."""
        pid = self.master.pid if self.master else 0
        return descendants(pid) - self.workers() - {pid}


def kill(pid: int) -> None:
    """As `kill -9` does; nothing where it is gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def line_of(pid: int) -> bytes:
    """Its command line; nothing of one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def kill_one(pids: set[int], chance: random.Random) -> None:
    """One of these, by chance; nothing where there is none."""
    if pids:
        kill(chance.choice(sorted(pids)))
