"""The request type every view takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from members.models import Device, User


class Request(HttpRequest):
    """A request past the middleware: `user` is an officer, `device` a member's phone where a view asked for it."""

    user: User
    device: Device
    htmx: HtmxDetails
