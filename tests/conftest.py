"""Shared by all tests: a served site, keys in a RAM folder of the test's own, and the cast."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Condition, Thread

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler


def pytest_configure() -> None:
    """Set what is read once, before any test can change it."""
    # Static files from where they lie, on every database; looked up when asked for, not listed for each client.
    project_settings.WHITENOISE_USE_FINDERS = True
    project_settings.WHITENOISE_AUTOREFRESH = True
    # Connections end with their request, so that no server thread holds a table that is to be emptied.
    project_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(autouse=True)
def _own_world(settings) -> Iterator[None]:
    """No test meets the keys or the cache of another one, waits at random, or hashes passwords slowly."""
    folder = Path(tempfile.mkdtemp(prefix="partyreview-test-", dir="/dev/shm"))
    settings.KEY_DIR = folder / "keys"
    settings.CAST_DELAY_MAX = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    shutil.rmtree(folder)


class Gate:
    """The application while the test runs; after `close` nobody enters, and who was inside has left."""

    def __init__(self, application) -> None:
        self.application, self.inside, self.closed = application, 0, False
        self.changed = Condition()

    def __call__(self, environ, start_response) -> list[bytes]:
        with self.changed:
            if self.closed:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return []
            self.inside += 1
        try:
            response = self.application(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                getattr(response, "close", lambda: None)()
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.wait_for(lambda: not self.inside, timeout=30)


@pytest.fixture
def site(transactional_db) -> Iterator[str]:
    """Serve both doors of partyreview.wsgi in threads, and give the address: "http://127.0.0.1:port"."""
    from partyreview.wsgi import application

    gate = Gate(application)
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(gate)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    gate.close()
