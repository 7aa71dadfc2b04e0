"""The request type every view takes, the number a page was drawn from, and the address of the site."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
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


_NUMBER = forms.IntegerField(min_value=0, max_value=2**31 - 1)


def posted_number(request: HttpRequest, name: str) -> int:
    """The number that a page was drawn from, as its form sends it back; 0, which is no row's, where it sent none."""
    return next(iter(posted_numbers(request, name)), 0)


def posted_numbers(request: HttpRequest, name: str) -> list[int]:
    """All numbers that were posted under this name; what is none is left out."""
    numbers = []
    for text in request.POST.getlist(name):
        with contextlib.suppress(ValidationError):
            numbers.append(int(_NUMBER.clean(text)))
    return numbers
