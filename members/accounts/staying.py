"""Middleware: a session that nobody uses ends, and who must have a second factor is led to it and to no other page."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from members.accounts import idle, second_factor, sessions

ENDED = (
    "Đồng chí đã được đăng xuất vì lâu không dùng máy này. Xin đăng nhập lại: chữ đang viết dở vẫn còn trên máy, "
    "trang ấy sẽ đưa lại."
)
# What is open to who still has to add the second factor.
ON_THE_WAY = {
    "members:second_factor",
    "members:second_factor_begin",
    "members:second_factor_confirm",
    "members:passkey_begin",
    "members:passkey_new",
    "members:set_password",
    "members:way_back",
    "members:sign_out",
    "members:still_here",
}


class Staying:
    """Asked for every page that knows its officer; phones and the voting page pass it by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """As every middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the page is known, nothing after."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: object,
        kwargs: object,
    ) -> HttpResponse | None:
        """None, and the page goes on; or where the officer is led instead."""
        user = request.user
        if not getattr(view, "login_required", True) or not user.is_authenticated:
            return None
        if _is_over(request):
            return _end(request)
        sessions.note_use(request, user, idle.is_a_press(request, view))
        if settings.IDLE_MINUTES:
            request.idle_seconds = settings.IDLE_MINUTES * 60  # type: ignore[attr-defined]
        if second_factor.is_missing(request, user) and _name_of(request) not in ON_THE_WAY:
            return _lead(request, resolve_url("members:second_factor"))
        return None


def _is_over(request: HttpRequest) -> bool:
    pressed = request.session.get(sessions.PRESSED)
    if pressed is None:
        return False
    left = idle.seconds_left(request.user, pressed, int(timezone.now().timestamp()))  # type: ignore[arg-type]
    return left is not None and left <= 0


def _end(request: HttpRequest) -> HttpResponse:
    sessions.forget(request)
    logout(request)
    messages.warning(request, ENDED)
    asked_again = request.method == "GET" and "HX-Request" not in request.headers
    path = request.get_full_path() if asked_again else _page_before(request)
    response = _lead(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': path})}")
    response["Clear-Site-Data"] = '"cache"'
    return response


def _page_before(request: HttpRequest) -> str:
    """The page on which the form, or the part that renews itself, stands: it gives back what was written there."""
    if getattr(request, "htmx", None) and request.htmx.current_url_abs_path:  # type: ignore[attr-defined]
        return str(request.htmx.current_url_abs_path)  # type: ignore[attr-defined]
    return request.path


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return redirect(address)


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
