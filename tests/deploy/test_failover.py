"""Two machines, a database with its standby and a store of keys, all from deploy/: the primary dies in mid-cast.

What was accepted is counted, and ballots are accepted again soon after the standby was promoted.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import pytest
from django.conf import settings

from ballots.demo import seeding, serving
from ballots.demo.rehearsal.browser import Browser, Stopped
from tests.deploy import clusters
from tests.deploy.clusters import Cluster
from tests.deploy.machines import Machine, balancer, managed, store, texts
from tests.deploy.units import DEPLOY
from tests.kit.processes import until

pytestmark = pytest.mark.slow
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
SEED = Path(seeding.__file__).parent / "scenarios" / "chi-bo-4-2023.json"
# Seconds after the order to take over.
SOON = 15


@dataclass
class Installation:
    """What an office has, and where phones find it."""

    url: str
    primary: Cluster
    standby: Cluster
    machines: list[Machine]
    environ: dict[str, str]


def addresses(primary: int, standby: int, keys: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment files of each machine, by the examples; the same words on all of them."""
    places = f"127.0.0.1:{primary},127.0.0.1:{standby}/kiemdiem"
    common = {
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_URL": "https://127.0.0.1",
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
    ports = serving.free_port(), serving.free_port()
    with ExitStack() as stack:
        (folder / "database").mkdir()
        (folder / "var").mkdir()
        primary, standby = stack.enter_context(clusters.pair(folder / "database", *ports))
        keys = stack.enter_context(store(folder))
        files = addresses(*ports, keys, folder)
        primary.sql("CREATE ROLE kiemdiem LOGIN CREATEDB")
        primary.sql("CREATE DATABASE kiemdiem OWNER kiemdiem")
        managed(files, "migrate --verbosity 0")
        primary.sql((DEPLOY / "door-role.sql").read_text("utf-8"), "kiemdiem")
        machines = [Machine(folder / name, files) for name in ("may1", "may2")]
        for machine in machines:
            stack.enter_context(machine.running())
        url = stack.enter_context(balancer(folder, machines))
        assert until(lambda: is_ready(url), 30)
        lines = "".join(files[f"{name}.env"] for name in ("kiemdiem", "site")).splitlines()
        environ = dict(os.environ) | dict(line.split("=", 1) for line in lines)
        environ |= {"DJANGO_SETTINGS_MODULE": "partyreview.settings"}
        yield Installation(url, primary, standby, machines, environ)


def is_ready(url: str) -> bool:
    """Whether a machine serves, and by its own word could serve everything."""
    try:
        return Browser(url).open("/suc-khoe/san-sang/").response.is_ok
    except (OSError, HTTPException, Stopped):
        return False


if ON_POSTGRESQL:  # its own servers, and once is enough

    def test_ballots_that_were_accepted_outlive_their_database(installation, folder):
        evening = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.deploy.struck",
                str(SEED),
                installation.url,
                str(folder),
            ],
            cwd=settings.BASE_DIR,
            env=installation.environ,
        )
        try:
            assert until(lambda: (folder / "ready").exists() or evening.poll() is not None, 60)
            victims = installation.primary.processes()
            (folder / "now").touch()
            clusters.kill(victims)
            (folder / "struck").touch()
            promoted = time.monotonic()
            installation.standby.run("pg_ctl", "-D", str(installation.standby.folder), "promote")
            assert evening.wait(timeout=60) == 0
        finally:
            evening.kill()
            evening.wait()
        figures = json.loads((folder / "figures.json").read_text())
        assert figures["held"] == figures["expected"]
        accepted = json.loads((folder / "accepted.json").read_text())
        after = [instant - promoted for instant in accepted if instant > promoted]
        assert after
        assert min(after) <= SOON
        for machine in installation.machines:
            for name in ("door", "proxy"):
                assert (machine.folder / f"{name}.log").read_text() == ""
