"""Somebody's browser without a browser: nobody's, an officer's, a member's phone, on the server's own machine."""

import html
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from members.devices import cookies
from members.models import Member, User
from tests.kit import factories


def browser(user: User | None = None, **options: Any) -> Client:
    """An officer's, signed in; without an officer, one in which nobody is. Plain http from elsewhere would not do."""
    client = Client(SERVER_NAME="localhost", **options)
    if user is not None:
        client.force_login(user)
    return client


def words_of(answer: HttpResponse) -> str:
    """What a page says, however it is marked up."""
    return " ".join(html.unescape(strip_tags(answer.content.decode())).split())


def phone(
    member: Member | None = None, token: str = "", strict: bool = False, **device: Any
) -> Client:
    """One with the cookie of a phone: an admitted one of the member's, made now, or that of `token`.

    `strict`: a press without its CSRF token is refused, as in a real browser.
    """
    client = browser(enforce_csrf_checks=strict)
    if member is not None:
        token = factories.make_device(member, **device)
    if token:
        client.cookies[cookies.COOKIE] = token
    return client


def is_in(client: Client) -> bool:
    """Whether somebody is signed in there."""
    return "_auth_user_id" in client.session
