"""The doors: the site, its counter for ballots, and the cast door without cookies or logs (secret-ballot.md 3.3)."""

import contextlib
import gc
import os
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection, connections
from django.http import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver
from django.utils.module_loading import import_string

from partyreview import COLLECT, COUNTER_PATHS, DOOR_PATHS, memory
from partyreview.headers import answer_headers
from partyreview.https import explain_plain_http, explanation, over_plain_http

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")


def trust_connection() -> None:
    """Ask no query before each query: where the connection has died the phone asks again, and there is a new one."""
    connection.health_check_done = True  # type: ignore[attr-defined]


class DoorHandler(WSGIHandler):
    """Answers with `ballots.secret.door.serve` alone: no middleware runs, and nothing writes a log line."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the door's one function in place of the middleware chain."""
        self.serve = import_string("ballots.secret.door.serve")

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer without Django's request log, which would write the path and the time of a cast."""
        trust_connection()
        answer = answer_headers(explanation) if over_plain_http(request) else self.serve
        response: HttpResponseBase = answer(request)
        response._resource_closers.append(request.close)  # type: ignore[attr-defined]
        return response


class CounterHandler(WSGIHandler):
    """Hands out ballots by the site's own views, without its middleware: a whole hall asks at once.

    These views know a phone by its cookie, and no session, account or page.
    """

    _view_middleware: ClassVar[list[object]] = []
    _template_response_middleware: ClassVar[list[object]] = []
    _exception_middleware: ClassVar[list[object]] = []

    def load_middleware(self, is_async: bool = False) -> None:
        """Put https, the length and the headers of security, and nothing else, around the views."""
        chain: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]
        for middleware in (
            explain_plain_http,
            CommonMiddleware,
            SecurityMiddleware,
            answer_headers,
        ):
            chain = convert_exception_to_response(middleware(chain))
        self._middleware_chain = chain

    def get_response(self, request: WSGIRequest) -> HttpResponseBase:  # type: ignore[override]
        """Answer a phone, which comes again where it has no answer."""
        trust_connection()
        return super().get_response(request)


def sweep_keys() -> None:
    """Name the folder of keys, and let those die that a crash left behind (secret-ballot.md 3.1).

    No condition of the start.
    """
    # RuntimeError: the tests, which allow no database while they are collected.
    with contextlib.suppress(DatabaseError, OSError, RuntimeError):
        import_string("ballots.secret.keys.folder")(draw=True)
        import_string("ballots.secret.hygiene.sweep")()
    connections.close_all()  # a worker made by fork must not share one


memory.hide()  # workers made by fork are as hidden
site = get_wsgi_application()
counter = CounterHandler()
door = DoorHandler()
get_resolver().url_patterns  # noqa: B018 - loads every view now: a hall must not wait for that at its first request
gc.freeze()  # nor a paper for collections that walk through all that was loaded
gc.set_threshold(*COLLECT)
sweep_keys()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve all doors from one process; in production the cast door may have its own process and database role."""
    path = environ.get("PATH_INFO", "")
    if path.startswith(DOOR_PATHS):
        return door(environ, start_response)
    return (counter if path in COUNTER_PATHS else site)(environ, start_response)
