"""What may happen to an installation while a meeting is held: each a `Blow`, which is over when it returns."""

import errno
import random
import signal
import sqlite3
import time

import psycopg2

from tests.drills.installation import Installation
from tests.drills.servers import PATIENCE, kill, kill_one
from tests.kit.processes import until

# How clocks are moved, as libfaketime reads it; the first is none.
CLOCKS = ("+0", "+50m", "-50m", "+5h", "-1d", "-9d")  # within the fortnight that a session lasts


def worker(place: Installation, chance: random.Random) -> None:
    """One of those that serve is killed."""
    chance.choice(place.servers).kill_worker(chance)


def helper(place: Installation, chance: random.Random) -> None:
    """A signer, a counter or a spawner is killed."""
    chance.choice(place.servers).kill_helper(chance)


def master(place: Installation, chance: random.Random) -> None:
    """A whole server is killed, and started again."""
    chance.choice(place.servers).kill_master(chance)


def database(place: Installation, chance: random.Random) -> None:
    """The whole of PostgreSQL, or one connection's process, after which it recovers by itself.

    SQLite has no process: a worker.
    """
    if place.cluster is None:
        worker(place, chance)
        return
    assert until(place.cluster.answers, PATIENCE)  # it may be recovering from the blow before
    processes = place.cluster.processes()
    first = int((place.cluster.folder / "postmaster.pid").read_text().split()[0])
    if chance.random() < 0.5:
        kill_one(processes - {first}, chance)
        return
    for pid in [first, *processes]:
        kill(pid)
    revive(place)


def revive(place: Installation) -> None:
    """Start PostgreSQL again, unless it runs; not while a process that it forked just then still ends."""
    cluster = place.cluster
    assert cluster is not None
    where = ["-D", str(cluster.folder), "-l", f"{cluster.folder}.log"]

    def answers() -> bool:
        if not cluster.answers():
            cluster.run("pg_ctl", *where, "-w", "start", check=False)
        return cluster.answers()

    assert until(answers, PATIENCE)


def silence(place: Installation, chance: random.Random) -> None:
    """The store of keys says nothing for a while; what it holds is still there when it goes on."""
    assert place.keys is not None
    place.keys.send_signal(signal.SIGSTOP)
    time.sleep(chance.uniform(0.2, 4))
    place.keys.send_signal(signal.SIGCONT)


def cut(place: Installation, chance: random.Random) -> None:
    """One server's line to the database and the store of keys is cut for a while."""
    wire = chance.choice(place.wires)
    wire.cut()
    time.sleep(chance.choice([0.5, 1, 2, 8]))  # the longest is more than connections bear
    wire.mend()


def fill_disk(place: Installation, chance: random.Random) -> None:
    """The disk of the database is full for a while; who died of it is started again."""
    ballast = place.folder / "data" / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
    time.sleep(chance.uniform(0.5, 3))
    ballast.unlink()
    if place.cluster:
        revive(place)


def take_connections(place: Installation, chance: random.Random) -> None:
    """Somebody else has all connections of PostgreSQL, or the one pen of SQLite, and lets them go after a while."""
    if place.cluster is None:
        with sqlite3.connect(place.folder / "data" / "drills.sqlite3", timeout=30) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(chance.uniform(0.5, 8))
            other.rollback()
        return
    taken = [psycopg2.connect(place.environ["DATABASE_URL"])]
    try:
        with taken[0].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        while True:
            taken.append(psycopg2.connect(place.environ["DATABASE_URL"]))
    except psycopg2.OperationalError:
        time.sleep(chance.uniform(0.5, 3))
    finally:
        for line in taken:
            line.close()


def move_clock(place: Installation, chance: random.Random) -> None:
    """The clock of the server jumps, forward or back, under processes that go on."""
    other = place.folder / "clock.new"
    other.write_text(chance.choice(CLOCKS))
    other.rename(place.folder / "clock")
