"""Passwords are guessed against an account and a browser, not the account alone (OWASP, device cookies).

A browser in which this account has signed in before has tries of its own; everybody else shares the account's. So
strangers slow down strangers: the officer's own browser is not locked by them, and a one-time link never is.
"""

import secrets

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from members.models import Count, Rate, RateLimit, User
from partyreview.http import places_of

BY_BROWSER = Rate("password by browser", 10, 90)
BY_STRANGERS = Rate("password by strangers", 10, 300)
# Each try is a third of a second of a processor: who floods is answered without one, whatever the account.
BY_ADDRESS = Rate("password by address", 60, 5)
# Of a million codes three are right at a time: who has the password tries for four years before one is likely.
CODE_BY_BROWSER = Rate("code by browser", 10, 90)
CODE_BY_STRANGERS = Rate("code by strangers", 5, 600)
COOKIE = "may-can-bo"
SALT = "members.accounts.browser"
ONE_YEAR = 365 * 24 * 3600
MOST_ACCOUNTS = 8  # of one browser; the one that has not signed in for longest is forgotten


class PasswordBackend(ModelBackend):
    """Django's own, with few tries; what it refuses takes the same work for every account, and for none."""

    @sensitive_variables()
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: object,
    ) -> User | None:
        """The account; None where the password is wrong; PermissionDenied, and `request.must_wait`, with no try left.

        A try is counted before the password is looked at, so that of many at once none slips through, and given back
        when it was right.
        """
        if request is None or username is None or password is None:
            return None
        counts = _counts(request, username)
        for count in counts:
            if seconds := RateLimit.objects.take(count):
                if count.rate is not BY_ADDRESS:
                    User().set_password(password)  # as long as a look would have taken
                request.must_wait = count.rate, seconds  # type: ignore[attr-defined]
                raise PermissionDenied
        user = super().authenticate(request, username=username, password=password)
        if user is not None:
            RateLimit.objects.give_back(*counts)
        return user


def _counts(request: HttpRequest, username: str) -> list[Count]:
    browser, accounts = _read(request)
    account = _named(username)
    if account in accounts:
        return [Count(BY_BROWSER, f"{browser} {account}")]
    address, _ = places_of(request)
    return [Count(BY_ADDRESS, address), Count(BY_STRANGERS, account)]


def count_of_codes(request: HttpRequest, user: User) -> Count:
    """What a code of this account is counted against: its own browser has tries that no stranger uses up."""
    browser, accounts = _read(request)
    account = _named(user.get_username())
    if account in accounts:
        return Count(CODE_BY_BROWSER, f"{browser} {account}")
    return Count(CODE_BY_STRANGERS, account)


def _named(username: str) -> str:
    """What cookie and counter call an account, whether there is one or not."""
    return salted_hmac(SALT, username.casefold(), algorithm="sha256").hexdigest()[:16]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's random name and the accounts that have signed in there; none without a cookie of ours."""
    try:
        browser, accounts = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=ONE_YEAR
        )
    except signing.BadSignature:
        return "", []
    return browser, accounts


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser have tries of its own from now on: the account has just signed in there."""
    browser, accounts = _read(request)
    account = _named(user.get_username())
    kept = [account, *(each for each in accounts if each != account)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_hex(16), kept], salt=SALT),
        max_age=ONE_YEAR,
        path=settings.SITE_PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
