"""Two doors: the site, and the cast door without session, auth, CSRF, cookies or logs (secret-ballot.md 3.3)."""

import contextlib
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections
from django.http import HttpResponseBase
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")

# The voting page and its files; the box (hòm phiếu).
DOOR_PATHS = ("/phieu/", "/hom/")


class DoorHandler(WSGIHandler):
    """Answers with `ballots.door.serve` alone: no middleware runs, and nothing writes a log line."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the door's one function in place of the middleware chain."""
        self.serve = import_string("ballots.door.serve")

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer without Django's request log, which would write the path and the time of a cast."""
        response: HttpResponseBase = self.serve(request)
        response._resource_closers.append(request.close)  # type: ignore[attr-defined]
        return response


def sweep_keys() -> None:
    """Let the keys die that a crash left behind (secret-ballot.md 3.1); no condition of the start."""
    # RuntimeError: the tests, which allow no database while they are collected.
    with contextlib.suppress(DatabaseError, OSError, RuntimeError):
        import_string("ballots.hygiene.sweep")()
    connections.close_all()  # a worker made by fork must not share one


site = get_wsgi_application()
door = DoorHandler()
sweep_keys()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve both doors from one process; in production each may have its own process and database role."""
    serve = door if environ.get("PATH_INFO", "").startswith(DOOR_PATHS) else site
    return serve(environ, start_response)
