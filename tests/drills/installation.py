"""One installation that is there to be killed: a database of its own, a master with workers, signers and a spawner."""

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from django.conf import settings

from ballots.demo import serving
from ballots.linkage.memory import children, descendants
from tests.deploy.clusters import Cluster
from tests.kit.processes import until

APPLICATION = "partyreview.wsgi:application"
# What is killed, and how often in a hundred kills.
TARGETS = {"worker": 70, "signer, counter or spawner": 15, "database": 10, "master": 5}


@dataclass
class Installation:
    """What runs at `url`; `killed` counts by target."""

    url: str
    environ: dict[str, str]
    cluster: Cluster | None
    log: Path
    master: "subprocess.Popen[bytes] | None" = None
    killed: Counter = field(default_factory=Counter)
    _one: Lock = field(default_factory=Lock)

    def start(self) -> None:
        """The server, until it answers."""
        port = self.url.rsplit(":", 1)[1]
        command = [sys.executable, "-m", "gunicorn", APPLICATION, "--bind", f"127.0.0.1:{port}"]
        command += ["--config", str(settings.BASE_DIR / "gunicorn.conf.py")]
        command += ["--workers", "2", "--threads", "4"]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environ, stdout=log, stderr=log
            )
        assert until(lambda: serving._answers(self.url), 60), self.log.read_text()[-2000:]

    def stop(self) -> None:
        """For good."""
        if self.master is not None:
            self.master.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.master.wait(10)
            self.master.kill()
            self.master.wait()

    def kill(self, chance: random.Random) -> None:
        """One process by `kill -9`, drawn by the weights; what nobody starts again is started again."""
        with self._one:
            target = chance.choices([*TARGETS], [*TARGETS.values()])[0]
            if target == "master":
                self._kill_master()
            elif target == "database" and self.cluster:
                self._kill_database(chance)
            elif target == "worker":
                self._kill_one(self._workers(), chance)
            else:
                self._kill_one(descendants(self._pid) - self._workers() - {self._pid}, chance)
            self.killed[target] += 1

    @property
    def _pid(self) -> int:
        assert self.master is not None
        return self.master.pid

    def _workers(self) -> set[int]:
        """The children of the master that serve: the others run without Django."""
        return {pid for pid in children(self._pid) if b"gunicorn" in _line(pid)}

    def _kill_one(self, pids: set[int], chance: random.Random) -> None:
        if pids:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(sorted(pids)), signal.SIGKILL)

    def _kill_master(self) -> None:
        left = self._workers()  # a signer outlives its master: a restart loses nothing
        os.kill(self._pid, signal.SIGKILL)
        assert self.master is not None
        self.master.wait()
        for pid in left:  # as systemd does before it starts the unit again
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert until(lambda: not any(_line(pid) for pid in left), 60)
        self.start()

    def _kill_database(self, chance: random.Random) -> None:
        """The whole server, or one connection's process, after which PostgreSQL recovers by itself."""
        assert self.cluster is not None
        assert until(self.cluster.answers, 60)  # it may be recovering from the kill before
        processes = self.cluster.processes()
        first = int((self.cluster.folder / "postmaster.pid").read_text().split()[0])
        if chance.random() < 0.5:
            self._kill_one(processes - {first}, chance)
            return
        for pid in [first, *processes]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert until(self._is_started_again, 60)

    def _is_started_again(self) -> bool:
        """Not while a process that it forked just then still ends."""
        assert self.cluster is not None
        where = ["-D", str(self.cluster.folder), "-l", f"{self.cluster.folder}.log"]
        self.cluster.run("pg_ctl", *where, "-w", "start", check=False)
        return self.cluster.answers()

    @contextmanager
    def dying(self, chance: random.Random, pause: float) -> Iterator[None]:
        """For the length of the block something is killed every so many seconds, more or less."""
        over = Event()
        broken: list[Exception] = []

        def go_on() -> None:
            try:
                while not over.wait(chance.uniform(0, 2 * pause)):
                    self.kill(chance)
            except (AssertionError, OSError) as error:
                broken.append(error)
                print(f"no more kills: {error!r}", file=sys.stderr)

        thread = Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
        if broken:
            raise broken[0]


def _line(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@contextmanager
def installed(on_sqlite: bool) -> Iterator[Installation]:
    """One with an empty database; everything of it goes again."""
    with tempfile.TemporaryDirectory(prefix="drills-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _database(folder, on_sqlite) as (cluster, url):
            site = f"http://127.0.0.1:{serving.free_port()}"
            environ = dict(os.environ) | {
                "DATABASE_URL": url,
                "VAR_DIR": str(folder / "var"),
                "SECRET_KEY": settings.SECRET_KEY,
                "ALLOWED_HOSTS": "127.0.0.1",
                "HTTPS": "off",
                "CAST_DELAY_MAX": "0",
                "KEY_STORE_URL": "",
            }
            installation = Installation(site, environ, cluster, folder / "server.log")
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=settings.BASE_DIR,
                env=environ,
                check=True,
            )
            try:
                yield installation
            except Exception:
                print(installation.log.read_text()[-4000:], file=sys.stderr)
                raise
            finally:
                installation.stop()


@contextmanager
def _database(folder: Path, on_sqlite: bool) -> Iterator[tuple[Cluster | None, str]]:
    if on_sqlite:
        yield None, f"sqlite:///{folder}/drills.sqlite3"
        return
    from tests.deploy import clusters

    with clusters.single(folder / "cluster", serving.free_port()) as cluster:
        cluster.sql("CREATE DATABASE drills")
        yield cluster, f"postgres://postgres@127.0.0.1:{cluster.port}/drills"
