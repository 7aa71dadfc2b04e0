"""Shared by all tests: a served site, Chromium, keys in a RAM folder of the test's own, and the cast."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from ballots.models import Teller
from ballots.papers.press import render
from ballots.secret import processes
from cells.models import Meeting
from members.accounts.set_up import FirstRun
from members.models import Member, Office, User
from partyreview import confined
from tests.kit import factories, key_servers
from tests.kit.clients import browser
from tests.kit.made_once import made_once
from tests.kit.site import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The operator's pages, which are off by default, are tried too. Here, since a conftest below this one that is named on
# the command line imports the addresses before anything is configured.
project_settings.ADMIN = True


def pytest_configure() -> None:
    """Set what is read once, before any test can change it."""
    # How long an example takes is the machine's affair; a loaded one must not fail a property.
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    # Static files from where they lie, on every database; looked up when asked for, not listed for each client.
    project_settings.WHITENOISE_USE_FINDERS = True
    project_settings.WHITENOISE_AUTOREFRESH = True
    # Connections end with their request, so that no server thread holds a table that is to be emptied.
    project_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


def pytest_collection_finish() -> None:
    """Let the collector pass by what stays to the end: thousands of tests, and all modules of the product."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_sessionfinish() -> None:
    """Wait for what forked the signers: its processor time and theirs is the suite's."""
    processes.end()


@pytest.fixture(autouse=True)
def _own_world(settings, monkeypatch) -> Iterator[None]:
    """No test meets the keys or the cache of another one, waits for its files or at random, or hashes slowly."""
    folder = Path(tempfile.mkdtemp(prefix="partyreview-test-", dir="/dev/shm"))
    settings.KEY_DIR, settings.KEY_STORE_URL = folder / folder.name, ""
    settings.CAST_DELAY_MAX = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    monkeypatch.setattr(confined, "FOLDER", folder / "places")
    monkeypatch.setattr(
        FirstRun, "has_begun", True
    )  # but where an empty installation is what is tried
    yield
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def key_server_url(tmp_path_factory) -> Iterator[str]:
    """A server of keys for all tests of this process; each has a name of its own on it (`KEY_DIR`)."""
    with key_servers.key_server(tmp_path_factory.mktemp("key-server")) as (url, _):
        yield url + key_servers.COVER


@pytest.fixture(params=["folder", pytest.param("server", marks=pytest.mark.key_server)])
def key_store(request, settings) -> Iterator[str]:
    """Keys in a folder, then the same test once more with keys on a server."""
    if request.param == "server":
        settings.KEY_STORE_URL = request.getfixturevalue("key_server_url")
    yield request.param
    if settings.KEY_STORE_URL:
        key_servers.forget_all(settings.KEY_STORE_URL)


@pytest.fixture(name="browser", scope="session")
def chromium() -> Iterator["Browser"]:
    """Chromium, once for all tests of this process that drive it."""
    from tests.kit.chromium import running

    # Playwright keeps an event loop in this thread; Django would take every query here for one from a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # While that loop runs, Django gives this thread another connection than before and after it. The one from before
    # would stay open beside it: a forked process, which has no loop, would take that one over and die holding it.
    connections.close_all()
    with running() as browser:
        yield browser
        connections.close_all()


@pytest.fixture
def client() -> Client:
    """A browser on the server's own machine; plain http from elsewhere is only told why that will not do."""
    return browser()


@pytest.fixture
def site(transactional_db) -> Iterator[str]:
    """Serve both doors of partyreview.wsgi in threads, and give the address: "http://127.0.0.1:port"."""
    with served() as address:
        yield address


@pytest.fixture
def undrawn(monkeypatch) -> None:
    """Papers are gathered, written as pages and locked as ever, but not typeset: the page itself stands for its PDF.

    For tests that ask what becomes of papers; what is drawn is asked in tests/ballots/papers and of the whole years.
    """
    monkeypatch.setattr(render, "pdf", lambda page: b"%PDF-" + page.encode())
    monkeypatch.setattr(render, "docx", lambda data: b"PK")


@pytest.fixture
def unconfined(monkeypatch) -> None:
    """Files are opened in this very process: for tests that ask what becomes of them, not what they may cost."""
    monkeypatch.setattr(confined, "run", confined.perform)
    monkeypatch.setattr(confined, "lines", confined.perform_lines)


@pytest.fixture
def meeting(db) -> Meeting:
    """An open meeting of five full members and a probationary one, all present; members 3 and 4 are the tellers."""
    return _open_meeting()


@made_once
def _open_meeting() -> Meeting:
    cell = factories.make_cell()
    factories.make_member(cell, "Lê Thị Vân", status=Member.Status.PROBATIONARY)
    return factories.make_open_meeting(5, cell=cell)


@pytest.fixture
def secretary(meeting) -> User:
    """Who runs the meeting."""
    return factories.secretary_of(meeting)


@pytest.fixture
def teller(meeting) -> Member:
    """The lead of the tellers."""
    return Teller.objects.get(meeting=meeting, lead=True).member


@pytest.fixture
def member(meeting) -> Member:
    """A full member without any duty."""
    return factories.members_of(meeting)[4]


@pytest.fixture
def probationary(meeting) -> Member:
    """Is reviewed, but has no vote."""
    return Member.objects.get(cell=meeting.cell, status=Member.Status.PROBATIONARY)


@pytest.fixture
def officer(meeting) -> User:
    """An officer of the committee above the cell."""
    return factories.make_user(committee=meeting.cell.committee)


@pytest.fixture
def outsider(meeting) -> User:
    """The secretary of a cell under another committee."""
    return factories.make_user(factories.make_member(office=Office.Kind.SECRETARY))


@pytest.fixture
def superuser(db) -> User:
    """Django's superuser, whom no permission stops, and who still has no business in a ballot."""
    return factories.make_user(is_superuser=True, is_staff=True)
