"""From the right password, or the one-time link, to the session: at once, or by way of the second factor."""

from typing import NamedTuple

import django_otp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_otp.models import Device

from members.accounts import guessing, second_factor, sessions
from members.devices import links
from members.models import Passkey, User

WAITING = "second-step"


class Waiting(NamedTuple):
    """Who has shown a password or a link, and still has to show a code; as it lies in the session."""

    user: int
    backend: str
    goal: str
    hashed: str  # who has been given a new password begins anew; who came by a link that died since, too
    until: int


def let_in(request: HttpRequest, user: User, backend: str, goal: str) -> HttpResponse:
    """Sign in, and know this browser again; an account with a second factor is asked for its code first."""
    if not second_factor.is_on(user):
        return _enter(request, user, backend, goal)
    until = int(timezone.now().timestamp()) + second_factor.LONGEST
    request.session.cycle_key()  # whoever planted the former one must not wait beside its officer
    request.session[WAITING] = Waiting(user.pk, backend, goal, _mark(user, backend), until)
    return redirect("members:second_step")


def _mark(user: User, backend: str) -> str:
    """Changes with the password; for who came by a link with every sign-in too, as the link itself dies then."""
    mark = user.get_session_auth_hash()
    return f"{mark} {user.last_login}" if backend == links.SIGN_IN_BACKEND else mark


def waiting(request: HttpRequest) -> tuple[User, Waiting] | None:
    """Who is asked for a code in this browser; None where nobody is, or no longer."""
    if WAITING not in request.session:
        return None
    step = Waiting(*request.session[WAITING])
    user = User.objects.filter(pk=step.user, is_active=True).first()
    is_late = timezone.now().timestamp() > step.until
    if user is None or is_late or step.hashed != _mark(user, step.backend):
        del request.session[WAITING]
        return None
    return user, step


def go_on(
    request: HttpRequest, user: User, step: Waiting, device: Device | Passkey
) -> HttpResponse:
    """The code, or the key, was right: in; back to the step, which says so, where the link was used up meanwhile."""
    del request.session[WAITING]
    if step.backend == links.SIGN_IN_BACKEND and not links.spend(user):
        return redirect("members:second_step")
    response = _enter(request, user, step.backend, step.goal)
    django_otp.login(request, device)
    return response


def _enter(request: HttpRequest, user: User, backend: str, goal: str) -> HttpResponse:
    sessions.begin(request, user, backend)
    if backend == links.SIGN_IN_BACKEND:
        user.record("user.signed_in_by_link")
    response = redirect(goal)
    guessing.remember(request, response, user)
    return response
