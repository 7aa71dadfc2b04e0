"""The request type every view takes, and the address under which its site is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from members.models import Device, User


class Request(HttpRequest):
    """A request past the middleware: `user` is an officer, `device` a member's phone where a view asked for it."""

    user: User
    device: Device
    htmx: HtmxDetails


def site_of(request: HttpRequest) -> str:
    """Where phones and links find this site, without a slash at the end: the https address where it has its own."""
    return (settings.HTTPS_URL or request.build_absolute_uri("/")).rstrip("/")
