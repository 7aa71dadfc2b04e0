"""The six digits that open a meeting's name list: only wrong ones are limited, never the right one.

A whole hall has one address, and a mobile network has one for thousands. So nobody is shut out for the mistakes
of others: past the limit a wrong code is answered with "wait", and the right one still works, but the list of
names, which is all that guessing could win, is then shown only to who types a full name of it.
"""

import re

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cells.models import Meeting

MISTAKES = 60
SECONDS = 600


def meeting_of(code: str) -> Meeting | None:
    """The meeting whose check-in is open under these digits; spaces and dots between them do not matter."""
    digits = re.sub(r"[\s.\-]", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    return Meeting.objects.joinable(digits).select_related("cell", "campaign").first()


def note_mistake(request: HttpRequest) -> None:
    """Count one wrong code against the address it came from, for ten minutes."""
    key = _key(request)
    if not cache.add(key, 1, SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.set(key, 1, SECONDS)


def too_many_mistakes(request: HttpRequest) -> bool:
    """Whether more wrong codes came from this address than a hall full of people would make."""
    return int(cache.get(_key(request), 0)) > MISTAKES


def _key(request: HttpRequest) -> str:
    """Name the counter by a keyed hash: no address is kept, not even in memory."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return "wrong-codes-" + salted_hmac("members.codes", address).hexdigest()
