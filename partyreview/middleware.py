"""Middleware: login required everywhere, no address with the sign NUL; and where the short address leads."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.core.exceptions import DisallowedRedirect
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Login required, except where a view says otherwise; an expired htmx request reloads the whole page."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """Send to the sign-in page; htmx would otherwise swap that page into a fragment of the old one."""
        try:
            response = super().handle_no_permission(request, view_func)
        except DisallowedRedirect:  # an address too long to come back to
            response = redirect(settings.LOGIN_URL)
        if getattr(request, "htmx", False) and isinstance(response, HttpResponseRedirect):
            return HttpResponseClientRedirect(response.url)
        return response


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """404 for an address with the sign NUL: no row is named so, and PostgreSQL takes none even to look for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware


@never_cache
@login_not_required
@require_safe
def to_site(request: HttpRequest, code: str = "") -> HttpResponse:
    """Lead the short address, with or without what opens a meeting, to the page where one joins."""
    return redirect("members:join_code", code) if code else redirect("members:join")
