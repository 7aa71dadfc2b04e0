"""What every answer says to browsers, whichever door it comes from: keep nothing, and let no other site look in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# No page asks for any of these. Screen wake lock and the clipboard stay as browsers give them to the page itself.
EVERYWHERE = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NO_STORE = "no-store"


def answer_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Outermost, so that no page can forget it: after signing out, neither Back nor the disk shows a person.

    A view may say how long its answer is kept; only a refused form does (ballots/core/page.py:show), which Back has to
    find again until its officer signs out. Static files know no person.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", NO_STORE)
        return response

    return middleware
