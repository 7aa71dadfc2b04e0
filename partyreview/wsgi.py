"""The doors: the site, its counter for ballots, and the cast door without cookies or logs (secret-ballot.md 3.3)."""

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.template.loader import render_to_string
from django.urls import get_resolver, resolve
from django.utils.module_loading import import_string

from partyreview import COLLECT, COUNTER_PATHS, DOOR_PATHS, HEALTH_PATH, memory, schema
from partyreview.headers import answer_headers
from partyreview.https import explain_plain_http, explanation, over_plain_http

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Door:
    """What a whole hall asks at once: no middleware, no session, no signal, and nobody who writes a log line."""

    def __init__(self, serve: Callable[[HttpRequest], Any], **headers: str) -> None:
        """`serve` answers a request whole (HttpResponse), whatever happens; `headers` go with each answer."""
        self.serve, self.headers = serve, tuple(headers.items())

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a phone, which comes again where it has no answer."""
        # Ask no query before each query: where the connection has died, the phone's next try has a new one.
        database = connections[DEFAULT_DB_ALIAS]
        database.health_check_done = True  # type: ignore[attr-defined]
        try:
            response: HttpResponse = self.serve(WSGIRequest(environ))
        finally:
            database.close_if_unusable_or_obsolete()
        content = response.content
        length = ("Content-Length", str(len(content)))
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, [*response.items(), *self.headers, length])
        return [content]


def cast_door() -> Door:
    """The cast door: its one function, and plain http refused before it."""
    serve = import_string("ballots.secret.door.serve")
    return Door(
        lambda request: explanation(request) if over_plain_http(request) else serve(request),
        **import_string("ballots.secret.door.HEADERS"),
    )


def counter_door() -> Door:
    """Hands out ballots by the site's own views, which know a phone by its cookie, and no session, account or page."""
    views = {path: resolve(path).func for path in COUNTER_PATHS}
    serve: Any = explain_plain_http(lambda request: views[request.path_info](request))
    for layer in (convert_exception_to_response, SecurityMiddleware, answer_headers):
        serve = layer(serve)
    return Door(serve)


def refuse_unfit_key_store() -> None:
    """End here, with one sentence, where the store of keys might save what it is told, or lose it."""
    if fault := import_string("ballots.secret.keys.fault")():
        sys.exit(fault)


def sweep_keys() -> None:
    """Name the folder of keys, and let those die that a crash left behind (secret-ballot.md 3.1).

    No condition of the start.
    """
    # RuntimeError: the tests, which allow no database while they are collected.
    with contextlib.suppress(DatabaseError, OSError, RuntimeError):
        import_string("ballots.secret.keys.folder")(draw=True)
        import_string("ballots.secret.hygiene.sweep")()


def closed() -> Application:
    """What stands in for every door over tables that are not of this version: one page, its style, and its health."""
    page = Door(
        answer_headers(lambda request: HttpResponse(render_to_string("closed.html"), status=503))
    )
    whole, open_paths = site, (settings.STATIC_URL, HEALTH_PATH)
    return lambda environ, start_response: (
        whole if environ.get("PATH_INFO", "").startswith(open_paths) else page
    )(environ, start_response)


memory.hide()  # workers made by fork are as hidden
site: Application = get_wsgi_application()
refuse_unfit_key_store()
# Every view, address and pack of guidance is read now: no hall and no fresh worker waits for it at a first request.
get_resolver().reverse_dict  # noqa: B018 - reads all of them
import_string("cells.law.guidance.known_rules")()
counter: Application = counter_door()
door: Application = cast_door()
gc.freeze()  # nor a paper for collections that walk through all that was loaded
gc.set_threshold(COLLECT)
if schema_refusal := schema.refusal():
    schema.at_start = schema_refusal
    sys.stderr.write(f"{schema_refusal}\n")
    site = counter = door = closed()
else:
    sweep_keys()
connections.close_all()  # a worker made by fork must not share one


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve all doors from one process; in production the cast door may have its own process and database role."""
    path = environ.get("PATH_INFO", "")
    if path.startswith(DOOR_PATHS):
        return door(environ, start_response)
    return (counter if path in COUNTER_PATHS else site)(environ, start_response)
