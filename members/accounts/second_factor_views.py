"""The second factor: the step after the password, adding a phone, codes on paper, turning it off."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from cells import wording
from members.accounts import entering, second_factor
from members.accounts.second_factor_forms import CodeForm, DigitsForm, PasswordForm
from members.models import User
from partyreview.http import Request
from partyreview.qr import svg_uri

Result = TypeVar("Result")

STEP = "members/accounts/second_step.html"
PAGE = "members/accounts/second_factor.html"
WRONG = (
    "Mã không đúng, hoặc đã dùng rồi. Xin đợi ứng dụng hiện sáu số mới rồi gõ lại; đồng hồ của điện thoại phải để "
    "tự động."
)
MANY_TRIES = "Mã vừa bị gõ sai nhiều lần: xin đồng chí đợi {} rồi gõ lại."
TOO_LATE = "Xin đăng nhập lại: đã quá 10 phút, hoặc mật khẩu vừa được đổi."
WRONG_PASSWORD = "Mật khẩu không đúng. Xin xem lại bộ gõ tiếng Việt rồi gõ lại."  # noqa: S105 - words
DEMANDED = "Nơi này yêu cầu lớp xác minh thứ hai, nên không tắt được. Đổi điện thoại thì bấm “Đổi điện thoại”."
ONE_USED = "Đồng chí vừa dùng một mã khôi phục, còn {} mã. Điện thoại mất hoặc đã đổi thì xin bấm “Đổi điện thoại”."


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: Request) -> HttpResponse:
    """The code, after the right password or the link: nobody is signed in before it."""
    asked = entering.waiting(request)
    if asked is None:
        messages.warning(request, TOO_LATE)
        return redirect("members:sign_in")
    user, step = asked
    form = CodeForm(request.POST if request.method == "POST" else None)
    device, status = _checked(request, user, form)
    if device is None:
        return render(request, STEP, {"form": form, "officer": user}, status=status)
    response = entering.go_on(request, user, step, device)
    _tell_of_paper(request, user, device)
    return response


@require_http_methods(["GET", "HEAD"])
def page(request: Request) -> HttpResponse:
    """What there is, and what can be done."""
    return _page(request, request.user)


@require_POST
def begin(request: Request) -> HttpResponse:
    """Make a key for a phone; who has one already shows a code first, else the password."""
    user = request.user
    form: Form
    if second_factor.is_on(user):
        form = CodeForm(request.POST)
        is_right, status = _checked(request, user, form)
    else:
        form = PasswordForm(request.POST)
        is_right, status = _password(request, user, form)
    if not is_right:
        return _page(request, user, status, form=form)
    second_factor.begin(user)
    _tell_of_paper(request, user, is_right)
    return redirect("members:second_factor_confirm")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """The key as a picture and in letters; its first code turns it on, and the codes for paper are shown this once."""
    user = request.user
    device = second_factor.begun(user)
    if device is None:
        return redirect("members:second_factor")
    form, status = DigitsForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        paper, status = _guarded(form, lambda code: second_factor.confirm(request, user, code))
        if paper:
            return _show_codes(request, paper, is_new=True)
    context = {
        "form": form,
        "key": second_factor.written_key(device),
        "picture": svg_uri(device.config_url),
    }
    return render(request, "members/accounts/second_factor_begin.html", context, status=status)


@require_POST
def renew_codes(request: Request) -> HttpResponse:
    """Ten other codes for paper."""
    form = CodeForm(request.POST)
    is_right, status = _checked(request, request.user, form)
    if not is_right:
        return _page(request, request.user, status, form=form)
    return _show_codes(request, second_factor.renew_codes(request.user), is_new=False)


@require_POST
def turn_off(request: Request) -> HttpResponse:
    """The password alone again, where this installation leaves it to the officer."""
    form = CodeForm(request.POST)
    if second_factor.is_demanded(request.user):
        messages.error(request, DEMANDED)
        return redirect("members:second_factor")
    is_right, status = _checked(request, request.user, form)
    if not is_right:
        return _page(request, request.user, status, form=form)
    second_factor.turn_off(request.user)
    messages.success(request, "Đã tắt lớp xác minh thứ hai.")
    return redirect("members:account")


def _page(
    request: Request, user: User, status: int = 200, form: Form | None = None
) -> HttpResponse:
    is_on = second_factor.is_on(user)
    asks_password = not is_on and user.has_usable_password()
    context = {
        "is_on": is_on,
        "is_demanded": second_factor.is_demanded(user),
        "left": second_factor.codes_left(user),
        "form": form or (CodeForm() if is_on else PasswordForm() if asks_password else None),
    }
    return render(request, PAGE, context, status=status)


def _show_codes(request: Request, paper: list[str], is_new: bool) -> HttpResponse:
    context = {"codes": paper, "is_new": is_new, "officer": request.user}
    return render(request, "members/accounts/recovery_codes.html", context)


def _checked(request: Request, user: User, form: Form) -> tuple[Device | None, int]:
    return _guarded(form, lambda code: second_factor.check(request, user, code))


def _guarded(form: Form, verb: Callable[[str], Result]) -> tuple[Result | None, int]:
    """What the verb makes of the code, and the status of the page where that is nothing."""
    if not form.is_valid():
        return None, 422 if form.is_bound else 200
    try:
        result = verb(form.cleaned_data["code"])
    except second_factor.MustWait as wait:
        form.add_error("code", MANY_TRIES.format(wording.duration(wait.seconds)))
        return None, 429
    if not result:
        form.add_error("code", WRONG)
    return result, 422


def _password(request: Request, user: User, form: Form) -> tuple[bool, int]:
    """Whether the password is right, where the account has one; its tries are those of signing in."""
    if not user.has_usable_password():
        return True, 200
    if not form.is_valid():
        return False, 422
    try:
        known = authenticate(
            request, username=user.get_username(), password=form.cleaned_data["password"]
        )
    except PermissionDenied:
        known = None
    if known is None:
        _, seconds = getattr(request, "must_wait", (None, 0))
        words = (
            f"Mật khẩu vừa bị gõ sai nhiều lần: xin đợi {wording.duration(seconds)} rồi gõ lại."
        )
        form.add_error("password", words if seconds else WRONG_PASSWORD)
        return False, 429 if seconds else 422
    return True, 200


def _tell_of_paper(request: Request, user: User, shown: object) -> None:
    """Who has used up a code on paper is told how many are left."""
    if isinstance(shown, StaticDevice):
        messages.warning(request, ONE_USED.format(second_factor.codes_left(user)))
