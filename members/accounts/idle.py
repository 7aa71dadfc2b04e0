"""How long a session lasts without its officer: what counts as a press, and why a meeting is borne longer."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from cells.models import Meeting
from members.models import User

# While a meeting of the own cell, or of the own committee, is open: people speak for an hour while nobody touches the
# laptop. Not for ever: a meeting that nobody closed must not keep a shared laptop open over night.
IN_A_MEETING = 4 * 3600
WARNED = 120  # seconds before the end

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def renews_itself(view: View) -> View:
    """Mark a page that a browser asks for again without anybody's press, even without a script."""
    view.renews_itself = True  # type: ignore[attr-defined]
    return view


def is_a_press(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    """Whether a person asked: a page or a form; not what a page asks for by itself (htmx, HEAD, the projector)."""
    if request.method == "POST":
        return True
    by_itself = "HX-Request" in request.headers or getattr(view, "renews_itself", False)
    return request.method == "GET" and not by_itself


def seconds_left(user: User, pressed: int, now: int) -> int | None:
    """Until the session ends, counted from the last press; None where none ends."""
    if not settings.IDLE_MINUTES:
        return None
    since = now - pressed
    left = int(settings.IDLE_MINUTES) * 60 - since
    if left <= WARNED and _is_in_a_meeting(user):
        return max(left, IN_A_MEETING - since)
    return left


def _is_in_a_meeting(user: User) -> bool:
    own = Q(cell__in=user.own_cells())
    if user.committee_id is not None:
        own |= Q(committee=user.committee_id)
    return Meeting.objects.filter(own, state=Meeting.State.OPEN).exists()
