"""The request type every view takes, the number a page was drawn from, and addresses: the site's, the visitor's."""

from __future__ import annotations

import contextlib
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from members.models import Device, User


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Request(HttpRequest):
    """A request past the middleware: `user` is an officer, `device` a member's phone where a view asked for it."""

    user: User
    device: Device
    htmx: HtmxDetails


def site_of(request: HttpRequest) -> str:
    """Where phones and links find this site, without a slash at the end: the https address where it has its own."""
    return (settings.HTTPS_URL or request.build_absolute_uri("/")).rstrip("/")


def excel(content: bytes, name: str) -> HttpResponse:
    """An Excel file to be saved as `name`, which has no accents and no ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def places_of(request: HttpRequest) -> tuple[str, str]:
    """Where a request comes from: its address, for IPv6 the /64 that one subscriber has whole; and the /24 or /48."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    try:
        place = ip_address(address)
    except ValueError:  # a socket without an address
        return address, address
    place = getattr(place, "ipv4_mapped", None) or place
    near, wide = (64, 48) if place.version == 6 else (32, 24)
    return str(ip_network((place, near), strict=False)), str(
        ip_network((place, wide), strict=False)
    )


def asked_word(request: HttpRequest) -> str:
    """What is searched for; without the sign NUL, which no name has and PostgreSQL does not take."""
    return request.GET.get("q", "").replace("\0", "").strip()


_NUMBER = forms.IntegerField(min_value=0, max_value=2**31 - 1)


def posted_number(request: HttpRequest, name: str) -> int:
    """The number that a page was drawn from, as its form sends it back; 0, which is no row's, where it sent none."""
    return next(iter(posted_numbers(request, name)), 0)


def posted_numbers(request: HttpRequest, name: str) -> list[int]:
    """All numbers that were posted under this name; what is none is left out."""
    return _numbers(request.POST.getlist(name))


def asked_number(request: HttpRequest, name: str) -> int:
    """The number under this name in the address; 0 where there is none."""
    return next(iter(_numbers(request.GET.getlist(name))), 0)


def _numbers(texts: list[str]) -> list[int]:
    numbers = []
    for text in texts:
        with contextlib.suppress(ValidationError):
            numbers.append(int(_NUMBER.clean(text)))
    return numbers
