"""Two machines, a database with a standby, a store of keys, a worker, all from deploy/: the primary dies in mid-cast.

A newcomer's meeting in Chromium goes on: what was accepted is counted, ballots are accepted again soon after the
standby was promoted, and so are jobs.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import pytest
from django.conf import settings
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Route

from ballots.demo.rehearsal.browser import Browser, Stopped
from tests.deploy import clusters, walk
from tests.deploy.clusters import Cluster
from tests.deploy.machines import Machine, balancer, managed, store, texts
from tests.deploy.units import DEPLOY
from tests.kit.ports import quiet_port
from tests.kit.processes import until

pytestmark = [pytest.mark.browser, pytest.mark.key_server, pytest.mark.slow]
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
# Seconds after the order to take over.
SOON = 15
DOOR = "**/hom/bo-phieu"
# Before there are papers, no page offers this.
ASK = """shell --verbosity 0 --command "
from ballots.jobs import asking
from members.models import User
user = User.objects.get(username='thanhson')
asking.ask(user, 'papers', 'Văn bản', {'committee': user.committee_id, 'period': '2026'})
" """


@dataclass
class Installation:
    """What an office has, where phones find it, and the code by which it begins."""

    url: str
    primary: Cluster
    standby: Cluster
    machines: list[Machine]
    files: dict[str, str]
    code: str

    def sees(self, database: Cluster, condition: str) -> bool:
        """Whether the tables come to be so."""
        return until(lambda: database.sql(f"SELECT {condition}", "kiemdiem") == "t", 60)


def addresses(
    url: str, ports: tuple[int, int], keys: dict[str, str], folder: Path
) -> dict[str, str]:
    """The environment files of each machine, by the examples; the same words on all of them."""
    places = f"127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}/kiemdiem"
    common = {
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_URL": url,
        "VAR_DIR": str(folder / "var"),
        "STATIC_ROOT": "",
        "CAST_DELAY_MAX": "0",
        "WEB_CONCURRENCY": "1",
    }
    words = {
        name: {"SECRET_KEY": f"of each {name} of this test, and of nothing else"} for name in keys
    }
    roles = {"site": "kiemdiem", "door": "partyreview_door"}
    return texts(
        {"kiemdiem": common}
        | {
            name: words[name]
            | {"DATABASE_URL": f"postgres://{role}@{places}", "KEY_STORE_URL": keys[name]}
            for name, role in roles.items()
        }
    )


@pytest.fixture
def installation(folder) -> Iterator[Installation]:
    ports = quiet_port(), quiet_port()
    front = quiet_port()
    url = f"https://127.0.0.1:{front}"
    with ExitStack() as stack:
        (folder / "database").mkdir()
        (folder / "var").mkdir()
        primary, standby = stack.enter_context(clusters.pair(folder / "database", *ports))
        keys = stack.enter_context(store(folder))
        files = addresses(url, ports, keys, folder)
        primary.sql("CREATE ROLE kiemdiem LOGIN CREATEDB")
        primary.sql("CREATE DATABASE kiemdiem OWNER kiemdiem")
        managed(files, "migrate --verbosity 0")
        primary.sql((DEPLOY / "door-role.sql").read_text("utf-8"), "kiemdiem")
        machines = [Machine(folder / name, files) for name in ("may1", "may2")]
        for machine in machines:
            stack.enter_context(machine.running())
        stack.enter_context(machines[0].working())
        stack.enter_context(balancer(folder, machines, front))
        assert until(lambda: is_ready(url), 300), (machines[0].folder / "site.log").read_text()
        code = managed(files, "set_up_code").strip()
        yield Installation(url, primary, standby, machines, files, code)


def is_ready(url: str) -> bool:
    """Whether a machine serves, and by its own word could serve everything."""
    try:
        return Browser(url).open("/suc-khoe/san-sang/").response.is_ok
    except (OSError, HTTPException, Stopped):
        return False


def strike(place: Installation, evening: walk.Evening) -> str:
    """Kill the primary while ballots are on their way, and promote the standby; the database's clock just after.

    One ballot is in, one goes with the blow, another just after it; the others are sent unchanged until a door takes
    them, as phones do.
    """
    held: list[Route] = []
    struck: list[set[int]] = []
    for voter in evening.seen:
        voter.phone.route(DOOR, lambda route: route.continue_() if struck else held.append(route))
    first, second, *others = evening.unseen
    evening.open_box()
    first.cast()
    while len(held) < len(evening.seen):
        evening.page.wait_for_timeout(20)
    struck.append(place.primary.processes())
    held[0].continue_()
    clusters.kill(struck[0])
    held[1].continue_()
    with ThreadPoolExecutor() as pool:
        accepted = pool.submit(second.cast)
        promoted = time.monotonic()
        place.standby.run("pg_ctl", "-D", str(place.standby.folder), "promote")
        after = accepted.result() - promoted
    assert 0 < after <= SOON
    for filler in others:
        filler.cast()
    evening.are_in()
    return place.standby.sql("SELECT now()")


if ON_POSTGRESQL:  # its own servers, and once is enough

    def test_a_meeting_in_chromium_outlives_its_database(installation, browser):
        done = f"count(*) = {{}} FROM {DBTaskResult._meta.db_table} WHERE status = 'SUCCESSFUL'"
        with walk.windows(browser, installation.url) as window:
            officer, link = walk.begin(window, installation.code)
            assert installation.sees(installation.primary, "count(*) = 1 FROM ballots_workersign")
            managed(installation.files, ASK)
            evening = walk.gather(window, installation.url, link)
            evening.issue(0)
            assert installation.sees(installation.primary, done.format(1))
            taken_over = strike(installation, evening)
            evening.count()
            evening.hold(1)
            assert walk.holds(evening.finish())
            alive = f"count(*) = 1 FROM ballots_workersign WHERE at > '{taken_over}'"
            assert installation.sees(installation.standby, alive)
            officer.gather_papers()
            assert installation.sees(installation.standby, done.format(2))
        for machine in installation.machines:
            for name in ("door", "proxy"):
                assert (machine.folder / f"{name}.log").read_text() == ""
