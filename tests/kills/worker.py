"""A process of `make kill-phones`: its own site on a database of its own, and one evening after another."""

import atexit
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

# After each of these a phone may die. VOID comes before FOLDED: the marks of a void poll go into its repeat.
# SENT is FOLDED, the server has the ballot, and its answer is on the way; so is the stamp's in KEYED.
STATES = ("KEYED", "STAMPED", "MARKING", "VOID", "FOLDED", "SENT", "IN_BOX", "CHECKED")
_site: dict[str, Any] = {}


@dataclass
class Outcome:
    """An evening: after which states its phone died; if its ballot was lost, after which death and what it said."""

    delay: float
    died: list[str] = field(default_factory=list)
    found: bool = False
    state: str = ""
    seen: str = ""
    alarm: bool = False


def start(folder: str) -> None:
    """Migrate a database in a folder of this process, serve both doors, and start Playwright."""
    place = tempfile.mkdtemp(dir=folder)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "partyreview.settings",
        "DATABASE_URL": f"sqlite:///{place}/kills.sqlite3",
        "SECRET_KEY": "for-killed-phones-only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "VAR_DIR": place,
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.test.testcases import QuietWSGIRequestHandler
    from playwright.sync_api import sync_playwright

    settings.CAST_DELAY_MAX = 0
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    call_command("migrate", verbosity=0)
    from partyreview.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(application)
    Thread(target=server.serve_forever, daemon=True).start()
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    _site.update(
        url=f"http://127.0.0.1:{server.server_port}", place=place, kind=playwright.chromium
    )


def evening(case: tuple[list[str], float]) -> Outcome:
    """One phone's evening, in which it dies after these states, so many seconds later."""
    from playwright.sync_api import Error, expect

    from tests.kills.phone import Evening, MortalPhone
    from tests.kit.polls import poll_of
    from tests.kit.room import Room

    states, delay = case
    outcome = Outcome(delay)
    expect.set_options(timeout=30_000)
    room = Room(3)
    room.poll = poll_of(room.meeting, 2)
    profile = Path(tempfile.mkdtemp(dir=_site["place"]))
    phone = MortalPhone(_site["kind"], profile, _site["url"], room)
    one = Evening(phone, room)
    try:
        one.live(set(states), delay)
        outcome.found = True
    except (AssertionError, Error) as error:
        outcome.state = one.died[-1] if one.died else "alive"
        outcome.seen = str(error).splitlines()[0]
        with suppress(Error):
            woken, (heading, outcome.alarm) = one.shown()[0], one.sealed_as_it_is()
            outcome.seen = f"“{woken}”; sealed: “{heading}”"
    finally:
        outcome.died = one.died
        phone.close()
    return outcome
