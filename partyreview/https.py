"""Plain http is answered with its reason at every door: nobody votes, or reads a page, in the open."""

import contextlib
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partyreview import HEALTH_PATH

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


def over_plain_http(request: HttpRequest) -> bool:
    """Whether it came unprotected from another machine; this machine itself may, unless HTTPS_URL is for everybody.

    What a proxy says it forwards came from another machine, whatever name the proxy calls us by.
    """
    if request.is_secure():
        return False
    host = request.META.get("HTTP_HOST") or request.META["SERVER_NAME"]
    name = host if host in LOOPBACK else host.rsplit(":", 1)[0]
    here = name in LOOPBACK or name.endswith(".localhost")
    forwarded = "HTTP_X_FORWARDED_PROTO" in request.META
    return not here or forwarded or bool(settings.HTTPS_URL)


def explanation(request: HttpRequest) -> HttpResponse:
    """The page with the reason for https, and the link: browsers refuse WebCrypto over plain http."""
    url = settings.HTTPS_URL
    if not url and settings.HTTPS:
        with contextlib.suppress(DisallowedHost):  # no link to a name that is not ours
            url = f"https://{request.get_host()}"
    link = url and url.rstrip("/") + request.path
    return render(request, "insecure.html", {"https_url": link}, status=426)


def explain_plain_http(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer plain http from another machine with the reason, and with nothing else.

    But for the state of the service, which a proxy asks each server on its own, past https, and which names nobody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.get_host()  # one that is not ours is refused before anything is said
        if over_plain_http(request) and not request.path_info.startswith(HEALTH_PATH):
            return explanation(request)
        return get_response(request)

    return middleware
