"""Passkeys: in place of a code after the password, and on the officer's own page of the second factor."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cells import wording
from members.accounts import entering, passkeys, second_factor
from members.accounts.second_factor_forms import NewPasskeyForm, PasskeyForm
from members.accounts.second_factor_views import (
    OFF,
    TOO_LATE,
    own_page,
    proof,
    proof_of_factor,
    show_codes,
    step_page,
    tell_of_paper,
)
from members.models import Passkey, User
from members.models.sign_ins import words_for
from partyreview.http import Request

MANY_TRIES = "Mã hoặc khoá vừa bị thử sai nhiều lần: xin đồng chí đợi {} rồi thử lại."


@never_cache
@login_not_required
@require_POST
def passkey_step(request: Request) -> HttpResponse:
    """A key of the account instead of a code: in."""
    asked = entering.waiting(request)
    if asked is None:
        messages.warning(request, TOO_LATE)
        return redirect("members:sign_in")
    user, step = asked
    key, status, refusal = _signed(request, user)
    if key is None:
        return step_page(request, user, status, refusal=refusal)
    return entering.go_on(request, user, step, key)


@require_POST
def begin(request: Request) -> HttpResponse:
    """Before a key is added, what the officer has already, or the password, is shown."""
    is_right, status, form = proof(request)
    if not is_right:
        return own_page(request, status, form=form)
    second_factor.note_proof(request)
    tell_of_paper(request, is_right)
    return redirect("members:passkey_new")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Give the key a name, and let the device make it; with the first one, the codes for paper are shown this once."""
    if not second_factor.is_proved(request) or passkeys.hindrance(request):
        return redirect("members:second_factor")
    initial = {"name": words_for(request.headers.get("User-Agent", ""))}
    form = NewPasskeyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            paper = passkeys.add(request, request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _added(request, paper)
    context = {"form": form, "question": passkeys.question_for_new(request, request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "members/accounts/passkey_new.html", context, status=status)


def _added(request: Request, paper: list[str]) -> HttpResponse:
    if paper:
        return show_codes(request, paper, is_new=True)
    messages.success(request, "Đã thêm khoá truy cập.")
    return redirect("members:second_factor")


@require_POST
def prove(request: Request) -> HttpResponse:
    """A key instead of a code, before changes."""
    key, status, refusal = _signed(request, request.user)
    if key is None:
        return own_page(request, status, refusal=refusal)
    second_factor.note_proof(request)
    return redirect("members:second_factor")


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """This device opens nothing any more."""
    key = get_object_or_404(request.user.passkeys, pk=pk)
    is_right, status, form = proof_of_factor(request)
    if not is_right:
        return own_page(request, status, form=form)
    tell_of_paper(request, is_right)
    try:
        passkeys.remove(request.user, key)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("members:second_factor")
    words = f"Đã bỏ khoá “{key.name}”."
    messages.success(request, words if second_factor.is_on(request.user) else f"{words} {OFF}")
    return redirect("members:second_factor")


def _signed(request: Request, user: User) -> tuple[Passkey | None, int, str]:
    """The key that has signed; else the status of the page and what it says."""
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return None, 422, str(form.errors["answer"][0])
    try:
        return passkeys.check(request, user, form.cleaned_data["answer"]), 200, ""
    except second_factor.MustWait as wait:
        return None, 429, MANY_TRIES.format(wording.duration(wait.seconds))
    except ValidationError as error:
        return None, 422, str(error.message)
