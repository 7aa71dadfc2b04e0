"""Middleware: login required everywhere, and a clear page for plain http."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Login required, except where a view says otherwise; an expired htmx request reloads the whole page."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Send to the sign-in page; htmx would otherwise swap that page into a fragment of the old one."""
        response = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False) and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response


def explain_plain_http(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer plain http from another machine with the reason and the https link: browsers refuse WebCrypto there.

    This machine itself is let through, unless HTTPS_URL names an https address for everybody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        host = request.get_host()
        name = host if host in LOOPBACK else host.rsplit(":", 1)[0]
        here = name in LOOPBACK or name.endswith(".localhost")
        if request.is_secure() or (here and not settings.HTTPS_URL):
            return get_response(request)
        if request.path.startswith(settings.STATIC_URL):
            return get_response(request)  # the style of the page below
        url = settings.HTTPS_URL or (f"https://{host}" if settings.HTTPS else "")
        return render(
            request,
            "insecure.html",
            {"https_url": url and url.rstrip("/") + request.path},
            status=426,
        )

    return middleware


@never_cache
@login_not_required
@require_safe
def to_site(request: HttpRequest, code: str = "") -> HttpResponse:
    """Lead the short address, with or without a meeting's six digits, to the page where one joins."""
    return redirect("members:join_code", code) if code else redirect("members:join")
