"""Guards of the views: a refusal becomes one sentence on the page, or one JSON answer for a phone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from ballots.core.verbs import Refused
from cells.models import InvalidTransition
from members.devices.cookies import UNKNOWN, owner
from partyreview import storage

View = Callable[..., HttpResponse]


def sentence(error: Exception) -> str:
    """The one Vietnamese sentence of a refusal."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def voter_of(request: HttpRequest) -> int:
    """The key of the member whose phone asks; Refused (403) for a phone that nobody has let in."""
    voter = owner(request)
    if voter is None:
        raise Refused(UNKNOWN, 403)
    return voter


def refusals_as_messages(back: str) -> Callable[[View], View]:
    """Turn a refusal into a message on the page named `back`, which takes the view's own `pk` or `poll`.

    A disk that is full becomes a page that says so.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (Refused, InvalidTransition, ValidationError) as error:
                messages.error(request, sentence(error))
                return redirect(reverse(back, args=args, kwargs=kwargs))
            except (Error, OSError) as error:
                # Not a message: that would have to be stored, too.
                return storage.page(_trouble(error))

        return guarded

    return decorate


def refusals_as_json(view: View) -> View:
    """Turn a refusal into {"error": sentence} with its status, for scripts on phones."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Refused, InvalidTransition, ValidationError) as error:
            status = error.status if isinstance(error, Refused) else 409
            return JsonResponse({"error": sentence(error)}, status=status)
        except (Error, OSError) as error:
            trouble = _trouble(error)
            said = {"error": trouble.sentence}
            return JsonResponse(said, status=trouble.status, headers=storage.headers(trouble))

    return guarded


def _trouble(error: Exception) -> storage.Trouble:
    """Why nothing could be stored; any other error is raised again."""
    trouble = storage.trouble_of(error)
    if trouble is None:
        raise error
    return trouble
