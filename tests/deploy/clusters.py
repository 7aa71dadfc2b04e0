"""A PostgreSQL and its standby on loopback, with the files of deploy/, made for a test and gone with it."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ballots.linkage.memory import descendants
from tests.deploy.units import DEPLOY
from tests.kit.processes import until

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


@dataclass(frozen=True)
class Cluster:
    """One server: its folder, its port, and what stands before a command where it has a network of its own."""

    folder: Path
    port: int
    inside: Sequence[str] = ()

    def run(self, tool: str, *arguments: str, check: bool = True) -> str:
        """A tool of PostgreSQL, as its user; it refuses to be run by root."""
        who = AS_POSTGRES if os.getuid() == 0 else []
        command = [*self.inside, *who, str(BINARIES[-1] / tool), *arguments]
        done = subprocess.run(command, cwd="/", check=False, capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, text: str, database: str = "postgres") -> str:
        """The answer to a statement of its administrator."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]
        return self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *where, "-c", text)

    def configure(self, *files: Path) -> None:
        """Let it read these files of deploy/ after its own, and listen here."""
        own = f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\n"
        text = "\n".join([*(path.read_text("utf-8") for path in files), own])
        (self.folder / "postgresql.auto.conf").open("a").write(text)

    def start(self) -> None:
        """Until it answers."""
        self.run("pg_ctl", "-D", str(self.folder), "-l", f"{self.folder}.log", "-w", "start")

    def answers(self) -> bool:
        """Whether it takes connections now."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        return "accepting" in self.run("pg_isready", *where, check=False)

    def processes(self) -> set[int]:
        """The server and all that it forked."""
        return descendants(int((self.folder / "postmaster.pid").read_text().split()[0]))


@contextmanager
def single(folder: Path, port: int, inside: Sequence[str] = ()) -> Iterator[Cluster]:
    """One server, with what deploy/ says of it; in a network of its own everybody may come in."""
    cluster = Cluster(folder, port, inside)
    if os.getuid() == 0:
        shutil.chown(folder.parent, "postgres", "postgres")
    try:
        _make(cluster)
        if inside:
            (folder / "pg_hba.conf").open("a").write("host all all all trust\n")
            (folder / "postgresql.auto.conf").open("a").write("listen_addresses = '*'\n")
            cluster.run("pg_ctl", "-D", str(folder), "-l", f"{folder}.log", "-w", "restart")
        yield cluster
    finally:
        cluster.run("pg_ctl", "-D", str(folder), "-m", "immediate", "stop", check=False)


def _make(cluster: Cluster) -> None:
    cluster.run(
        "initdb", "-D", str(cluster.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    cluster.configure(DEPLOY / "postgresql.conf")
    cluster.start()


@contextmanager
def pair(folder: Path, primary_port: int, standby_port: int) -> Iterator[tuple[Cluster, Cluster]]:
    """A primary that accepts nothing its standby has not, and that standby."""
    primary = Cluster(folder / "primary", primary_port)
    standby = Cluster(folder / "standby", standby_port)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        _make(primary)
        where = f"host=127.0.0.1 port={primary.port} user=postgres"
        primary.run(
            "pg_basebackup", "-D", str(standby.folder), "-R", "-X", "stream", "-c", "fast", "-d", where,
            "--no-sync",
        )  # fmt: skip
        standby.configure()
        standby.start()
        assert until(lambda: primary.sql("SELECT count(*) FROM pg_stat_replication") == "1")
        primary.configure(DEPLOY / "several-machines" / "synchronous.conf")
        primary.sql("SELECT pg_reload_conf()")
        assert until(lambda: primary.sql("SELECT sync_state FROM pg_stat_replication") == "sync")
        yield primary, standby
    finally:
        for cluster in (primary, standby):
            cluster.run(
                "pg_ctl", "-D", str(cluster.folder), "-m", "immediate", "stop", check=False
            )


def kill(processes: set[int]) -> None:
    """As when their machine loses power: at once, and none says goodbye."""
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
