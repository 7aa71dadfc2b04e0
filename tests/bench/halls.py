"""Whole halls at once: how long a phone waits for its phase, its stamp and its cast, with the officers' pages beside.

Phones ask as theirs do: one connection each, the phase every three seconds, a stamp as soon as they see the issuing.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from ballots.demo import serving
from tests.bench import load
from tests.bench.report import Result

MEETINGS, PHONES, WORKERS, THREADS = 30, 20, 2, 8
ALONE = 60
# Phones of each of ten meetings, then of each of a hundred.
SMALL = 5
PACE, ROUNDS, SECONDS_TO_CAST = 3.0, 5, 8.0


def measure() -> dict[str, Result]:
    """Thirty meetings on PostgreSQL, fifty larger ones, and one on SQLite in a program of its own."""
    many = held(MEETINGS, PHONES, dict(os.environ), WORKERS)
    fifty = held(50, 30, dict(os.environ), WORKERS)
    ten, hundred = (held(n, SMALL, dict(os.environ), WORKERS)["cpu"] / n for n in (10, 100))
    with tempfile.TemporaryDirectory() as folder:
        environ = serving.embedded_environ(Path(folder), HTTPS="off")
        command = [sys.executable, "-m", "tests.bench.halls"]
        run = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environ, check=True, stdout=subprocess.PIPE
        )
    alone = json.loads(run.stdout)
    return {
        "phase_30_meetings": Result("s, p95", many["phase"], 0.3),
        "stamp_30_meetings": Result("s, p95", many["stamp"], 1),
        "cast_30_meetings": Result("s, p95", many["cast"], 1),
        "officer_30_meetings": Result("s, p95", many["officer"], 1),
        "cpu_30_meetings": Result("cores", many["cpu"], 2, least=0.75),
        "stamp_50_meetings": Result("s, p95", fifty["stamp"], 1),
        "cast_50_meetings": Result("s, p95", fifty["cast"], 1),
        "phase_bytes": Result("bytes", many["phase bytes"], 300),
        "cpu_of_one_in_100_meetings": Result("cores", hundred, ten, least=1.3),
        "phase_60_sqlite": Result("s, p95", alone["phase"], 0.1),
        "stamp_60_sqlite": Result("s, p95", alone["stamp"], 0.1),
        "cast_60_sqlite": Result("s, p95", alone["cast"], 0.1),
    }


@dataclass
class Hall:
    """One meeting: what its phones and its officers' pages ask, and when each answer came."""

    key: str
    stamps: list[list[bytes]]
    casts: list[bytes] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)


class Waits:
    """How long each kind of request waited for its answer, in seconds."""

    def __init__(self) -> None:
        self.of: defaultdict[str, list[float]] = defaultdict(list)
        self.longest: defaultdict[str, int] = defaultdict(int)  # bytes of an answer

    def p95(self, kind: str) -> float:
        """What one of twenty waited longer than."""
        waits = sorted(self.of[kind])
        return waits[int(len(waits) * 0.95)]


class Asking:
    """A kept connection that asks one thing at a time."""

    def __init__(self, port: int, waits: Waits) -> None:
        self.port, self.waits = port, waits

    async def __aenter__(self) -> "Asking":
        await self._connect()
        return self

    async def _connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def ask(self, kind: str, request: bytes) -> bytes:
        """The body of the answer, of status 200 or 204."""
        since = time.perf_counter()
        try:
            head = await self._head(request)
        except (ConnectionError, asyncio.IncompleteReadError):  # it was idle too long
            await self._connect()
            head = await self._head(request)
        lines = head.lower().split(b"\r\n")
        length = next((int(one[15:]) for one in lines if one.startswith(b"content-length:")), 0)
        body = await self.reader.readexactly(length)
        self.waits.of[kind].append(time.perf_counter() - since)
        self.waits.longest[kind] = max(self.waits.longest[kind], length)
        if not lines[0].startswith((b"http/1.1 200", b"http/1.1 204")):
            raise RuntimeError(f"{kind}: {head!r} {body[:200]!r}")
        return body

    async def _head(self, request: bytes) -> bytes:
        self.writer.write(request)
        return await self.reader.readuntil(b"\r\n\r\n")


async def phone(port: int, waits: Waits, hall: Hall, number: int, answers: dict) -> None:
    """One phone for five rounds: what it sees there to do, it does once."""
    phase, waiting = load.get(f"/hom/{hall.key}/luot"), True
    await asyncio.sleep(random.uniform(0, PACE))
    async with Asking(port, waits) as asking:
        for _ in range(ROUNDS):
            since = time.perf_counter()
            state = json.loads(await asking.ask("phase", phase))["state"]
            if waiting and state == "issuing":
                stamp, acknowledgement, sheet = hall.stamps[number]
                await asking.ask("sheet", sheet)
                answers[hall.key, number] = await asking.ask("stamp", stamp)
                await asking.ask("acknowledgement", acknowledgement)
                waiting = False
            if waiting and state == "casting":
                await asyncio.sleep(random.uniform(0, SECONDS_TO_CAST))
                answers[hall.key, number] = await asking.ask("cast", hall.casts[number])
                waiting = False
            await asyncio.sleep(max(0.0, since + PACE - time.perf_counter()))


async def officer(port: int, waits: Waits, page: bytes) -> None:
    """A page that renews itself."""
    await asyncio.sleep(random.uniform(0, PACE))
    async with Asking(port, waits) as asking:
        for _ in range(ROUNDS):
            since = time.perf_counter()
            await asking.ask("officer", page)
            await asyncio.sleep(max(0.0, since + PACE - time.perf_counter()))


async def _evening(port: int, waits: Waits, halls: list[Hall]) -> dict[tuple[str, int], bytes]:
    answers: dict[tuple[str, int], bytes] = {}
    phones = (
        phone(port, waits, hall, n, answers) for hall in halls for n in range(len(hall.stamps))
    )
    pages = (officer(port, waits, page) for hall in halls for page in hall.pages)
    await asyncio.gather(*phones, *pages)
    return answers


def held(meetings: int, phones: int, environ: dict[str, str], workers: int) -> dict[str, float]:
    """Open all polls, let all phones have a stamp, open all boxes, let them cast: the p95 of each kind of request."""
    from tests.bench import playing  # its models need the settings

    played = [playing.Played(phones) for _ in range(meetings)]
    halls = [Hall(one.meeting.door_key, one.stamps(), pages=one.pages()) for one in played]
    url, waits = f"http://127.0.0.1:{serving.free_port()}", Waits()
    port = int(url.rsplit(":", 1)[1])
    with serving.running(url, environ, workers=workers, threads=THREADS) as process:
        for _ in range(2 * workers * THREADS):  # every thread has its connection to the database
            load.send(port, [load.get(f"/hom/{halls[0].key}/luot")] * 16)
        before = _spent(process.pid)
        stamps = asyncio.run(_evening(port, waits, halls))
        issuing = _spent(process.pid) - before
        for hall, one in zip(halls, played, strict=True):
            hall.casts = one.casts([stamps[hall.key, n] for n in range(phones)])
        before = _spent(process.pid)
        answers = asyncio.run(_evening(port, waits, halls))
        casting = _spent(process.pid) - before
    if {answer[0] for answer in answers.values()} != {0} or len(answers) != meetings * phones:
        raise RuntimeError("the door refused ballots")
    # Not by the clock: on a machine that is busy with other things the same rounds take longer.
    cpu = max(issuing, casting) / (ROUNDS * PACE)
    told = {"cpu": cpu, "phase bytes": waits.longest["phase"]}
    return {kind: waits.p95(kind) for kind in waits.of} | told


def _spent(master: int) -> float:
    """Processor seconds that the server has used so far, with its workers; not the database."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    stats = [Path(f"/proc/{pid}/stat").read_text() for pid in (master, *children)]
    ticks = (int(tick) for stat in stats for tick in stat.rpartition(")")[2].split()[11:13])
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """One large meeting on the database of this environment; prints the p95 of each kind as JSON."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(held(1, ALONE, dict(os.environ), 1)))


if __name__ == "__main__":
    main()
