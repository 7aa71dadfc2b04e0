"""`make drills`: meetings while processes of all kinds are killed at random; status 1 where a promise was broken."""

import argparse
import os
import random
import sys
import time

import django


def main() -> int:
    """Hold meetings until so many kills were made, and print what became of the ballots."""
    parser = argparse.ArgumentParser(prog="make drills ARGS=…", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--polls", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.4, help="seconds between kills")
    parser.add_argument("--minutes", type=float, default=60, help="when no further meeting begins")
    parser.add_argument("--sqlite", action="store_true", help="instead of a PostgreSQL of its own")
    asked = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "partyreview.settings"
    django.setup()
    return _drill(asked)


def _drill(asked: argparse.Namespace) -> int:
    from partyreview.databases import on_database
    from tests.drills.evening import Drill
    from tests.drills.installation import installed

    chance = random.Random(asked.seed)
    accepted = papers = meetings = 0
    broken: list[str] = []
    until = time.monotonic() + asked.minutes * 60
    with (
        installed(asked.sqlite) as installation,
        on_database(installation.environ["DATABASE_URL"]),
    ):
        installation.start()
        while installation.killed.total() < asked.kills and time.monotonic() < until:
            meetings += 1
            drill = Drill(installation, asked.members, asked.polls, f"Đảng bộ {meetings}")
            outcome = drill.hold(chance, asked.pause)
            accepted += outcome.accepted
            papers += outcome.papers
            broken += outcome.broken
            print(f"{installation.killed.total()} kills: {outcome}", file=sys.stderr)
    kills = ", ".join(f"{name} {number}" for name, number in installation.killed.most_common())
    print(f"seed {asked.seed}: {meetings} meetings, {installation.killed.total()} kills ({kills})")
    print(f"ballots that phones were told are in the box: {accepted}; papers: {papers}")
    print(
        "\n".join(["broken:", *broken]) if broken else "lost: 0, counted twice: 0, half-written: 0"
    )
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
