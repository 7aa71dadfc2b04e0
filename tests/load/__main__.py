"""`make load`: N meetings of M phones at once against a server, bounded in time; status 1 where it was too slow.

Locust first: it makes threads and sleeps cheap (gevent), and everything imported later must be so.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Never

from locust import User, constant, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import LocalRunner

from tests.bench.own_database import own_database

# What a member waits for, and the seconds within which 95 of 100 have it.
PERSON_WAITS = ("nhận phiếu", "bỏ phiếu")


def main() -> int:
    """Read the command line, prepare the meetings, let them run, and say how long everything took."""
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
    if options.url:
        return _hold(options)
    with tempfile.TemporaryDirectory() as folder, _database(options, folder) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "SECRET_KEY": "for-the-load-only",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "HTTPS": "off",
            "VAR_DIR": folder,
        }
        return _hold(options)


def _database(options: argparse.Namespace, folder: str) -> AbstractContextManager[str]:
    """One that is thrown away."""
    if options.sqlite:
        return nullcontext(f"sqlite:///{folder}/load.sqlite3")
    return own_database(os.environ["DATABASE_URL"], "load")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load ARGS=…", description=__doc__)
    parser.add_argument("--meetings", type=int, default=5)
    parser.add_argument("--phones", type=int, default=20)
    parser.add_argument("--spread", type=float, default=0, help="seconds within which they open")
    parser.add_argument("--minutes", type=float, default=10, help="when everything is stopped")
    parser.add_argument("--sqlite", action="store_true", help="instead of PostgreSQL")
    parser.add_argument("--workers", type=int, default=2, help="of the server that is started")
    parser.add_argument("--url", default="", help="a running server on the same DATABASE_URL")
    parser.add_argument("--bound", type=float, default=1.0, help="seconds, p95 of stamp and cast")
    parser.add_argument("--out", type=Path, help="the figures as JSON")
    return parser.parse_args()


def _hold(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from ballots.demo import serving
    from ballots.secret import keys

    url = options.url or f"http://127.0.0.1:{serving.free_port()}"
    try:
        if options.url:
            return _play(url, options)
        call_command("migrate", verbosity=0)
        with serving.running(url, dict(os.environ), workers=options.workers):
            return _play(url, options)
    finally:
        if not options.url:
            keys.remove_folder()


def _play(url: str, options: argparse.Namespace) -> int:
    from sesame.utils import get_query_string

    from ballots.demo import seeding
    from ballots.management.commands.rehearse import SIGN_IN
    from tests.load import halls

    halls.TimedBrowser.report = staticmethod(lambda *_: None)  # type: ignore[method-assign]
    played = []
    for number in range(1, options.meetings + 1):
        cell = halls.cell_of(options.phones, number)
        seeded = seeding.make_cell(cell)
        link = f"{url}{SIGN_IN}{get_query_string(seeded.secretary)}"
        played.append(halls.Hall(cell, seeded, url, link))
        played[-1].prepare()
        print(f"… {number} hội nghị", end="\r", file=sys.stderr)
    environment = _environment(played, options)
    _count_in(environment)
    runner = environment.create_local_runner()
    people = options.meetings * (options.phones + 1)
    runner.start(people, spawn_rate=people)
    _wait(runner, played, options.minutes * 60)
    runner.quit()
    return _report(environment, played, options)


def _environment(played: list[Any], options: argparse.Namespace) -> Environment:
    """Locust's world: one user for each secretary and each member."""
    import gevent

    waiting = list(played)
    members = [(hall, key) for hall in played for key in hall.scenario.people]

    class Secretary(User):
        """Opens the meeting within the spread, and holds its poll."""

        fixed_count = len(played)
        wait_time = constant(0)

        @task
        def evening(self) -> None:
            hall = waiting.pop()
            gevent.sleep(options.spread * len(waiting) / max(1, len(played)))
            _to_the_end(hall, lambda: (hall.let_in(), hall.poll()))

    class Member(User):
        """Joins, receives, votes and checks."""

        fixed_count = len(members)
        wait_time = constant(0)

        @task
        def evening(self) -> None:
            hall, key = members.pop()
            _to_the_end(hall, lambda: hall.member(key))

    return Environment(user_classes=[Secretary, Member], catch_exceptions=True)


def _count_in(environment: Environment) -> None:
    """Let locust count every request of a phone or a secretary from now on."""
    from tests.load import halls

    def report(kind: str, seconds: float, size: int, fault: str) -> None:
        environment.events.request.fire(
            request_type="",
            name=kind,
            response_time=seconds * 1000,
            response_length=size,
            exception=RuntimeError(fault) if fault else None,
            context={},
        )

    halls.TimedBrowser.report = staticmethod(report)  # type: ignore[method-assign]


def _to_the_end(hall: Any, play: Callable[[], object]) -> Never:
    """Play once; what was refused or broke is told at the end, and nobody begins anew."""
    try:
        play()
    except Exception as error:  # noqa: BLE001 - told in the report, whatever it is
        hall.stopped.append(f"{type(error).__name__}: {error}")
    raise StopUser


def _wait(runner: LocalRunner, played: list[Any], seconds: float) -> None:
    """Until all phones have checked, or the time is up."""
    import gevent

    with gevent.Timeout(seconds, False):
        while not all(hall.stopped or hall.is_over for hall in played):
            gevent.sleep(0.5)


def _report(environment: Environment, played: list[Any], options: argparse.Namespace) -> int:
    """Print a line per kind of request; 1 where something failed, is missing, or was too slow."""
    figures = {}
    for (name, _), entry in sorted(environment.stats.entries.items()):
        figures[name] = {
            "requests": entry.num_requests,
            "failures": entry.num_failures,
            "p50": entry.get_response_time_percentile(0.5) / 1000,
            "p95": entry.get_response_time_percentile(0.95) / 1000,
            "longest": entry.max_response_time / 1000,
        }
        row = figures[name]
        print(
            f"{name:36}{row['requests']:8}{row['failures']:6}"
            f"{row['p50']:9.3f}{row['p95']:9.3f}{row['longest']:9.3f}"
        )
    checked = sum(len(hall.checked) for hall in played)
    people = options.meetings * options.phones
    print(f"{checked} of {people} phones found their ballot")
    slow = [name for name in PERSON_WAITS if figures.get(name, {}).get("p95", 9) > options.bound]
    failed = sum(row["failures"] for row in figures.values())
    for line in sorted({line for hall in played for line in hall.stopped}):
        print(f"stopped: {line}")
    if options.out:
        options.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1))
    if checked < people or failed or slow:
        print(
            f"failed requests: {failed}; slower than {options.bound} s: {', '.join(slow) or '-'}"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
