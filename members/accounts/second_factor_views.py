"""The second factor: the step after the password, adding a phone, codes on paper, turning it off."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from cells import wording
from members.accounts import entering, passkeys, second_factor
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
WRONG_PAPER = "Mã không đúng, hoặc đã dùng rồi. Mỗi mã khôi phục dùng một lần."
MANY_TRIES = "Mã vừa bị gõ sai nhiều lần: xin đồng chí đợi {} rồi gõ lại."
TOO_LATE = "Xin đăng nhập lại: đã quá 10 phút, hoặc mật khẩu vừa được đổi."
WRONG_PASSWORD = "Mật khẩu không đúng. Xin xem lại bộ gõ tiếng Việt rồi gõ lại."  # noqa: S105 - words
OFF = "Đã tắt lớp xác minh thứ hai."
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
    form = _code_form(user, request.POST if request.method == "POST" else None)
    device, status = _checked(request, user, form)
    if device is None:
        return step_page(request, user, status, form=form)
    response = entering.go_on(request, user, step, device)
    tell_of_paper(request, device)
    return response


def step_page(
    request: Request, user: User, status: int = 200, form: Form | None = None, refusal: str = ""
) -> HttpResponse:
    """What is asked after the password: a code, and a passkey where there is one."""
    context = {
        "form": form or _code_form(user),
        "officer": user,
        "has_phone": second_factor.has_phone(user),
        "question": passkeys.question(request, user),
        "hindrance": passkeys.hindrance_of(request, user),
        "refusal": refusal,
    }
    return render(request, STEP, context, status=status)


@require_http_methods(["GET", "HEAD"])
def page(request: Request) -> HttpResponse:
    """What there is, and what can be done."""
    return own_page(request)


@require_POST
def begin(request: Request) -> HttpResponse:
    """Make a key for a phone; who has a second factor already shows it first, else the password."""
    is_right, status, form = proof(request)
    if not is_right:
        return own_page(request, status, form=form)
    second_factor.begin(request, request.user)
    tell_of_paper(request, is_right)
    return redirect("members:second_factor_confirm")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """The key as a picture and in letters; its first code turns it on, and the codes for paper are shown this once."""
    user = request.user
    device = second_factor.begun(user)
    if device is None or not second_factor.is_beginning(request):
        return redirect("members:second_factor")
    form, status = DigitsForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        paper, status = _guarded(form, lambda code: second_factor.confirm(request, user, code))
        if paper:
            return show_codes(request, paper, is_new=True)
    context = {
        "form": form,
        "key": second_factor.written_key(device),
        "picture": svg_uri(device.config_url),
    }
    return render(request, "members/accounts/second_factor_begin.html", context, status=status)


@require_POST
def renew_codes(request: Request) -> HttpResponse:
    """Ten other codes for paper."""
    is_right, status, form = proof_of_factor(request)
    if not is_right:
        return own_page(request, status, form=form)
    return show_codes(request, second_factor.renew_codes(request.user), is_new=False)


@require_POST
def turn_off(request: Request) -> HttpResponse:
    """The password alone again, where this installation leaves it to the officer."""
    if second_factor.is_demanded(request.user):
        messages.error(request, DEMANDED)
        return redirect("members:second_factor")
    is_right, status, form = proof_of_factor(request)
    if not is_right:
        return own_page(request, status, form=form)
    second_factor.turn_off(request.user)
    messages.success(request, OFF)
    return redirect("members:account")


def own_page(
    request: Request, status: int = 200, form: Form | None = None, refusal: str = ""
) -> HttpResponse:
    """The officer's page; `form` and `refusal`: what was typed, or shown by a passkey, and not taken."""
    user = request.user
    is_on, is_proved = second_factor.is_on(user), second_factor.is_proved(request)
    asks_password = not is_on and user.has_usable_password()
    wanted = _code_form(user) if is_on else PasswordForm() if asks_password else None
    context = {
        "is_on": is_on,
        "is_demanded": second_factor.is_demanded(user),
        "is_proved": is_proved,
        "has_phone": second_factor.has_phone(user),
        "left": second_factor.codes_left(user),
        "form": form or (None if is_proved else wanted),
        "keys": user.passkeys.all(),
        "question": None if is_proved else passkeys.question(request, user),
        "hindrance": passkeys.hindrance(request),
        "refusal": refusal,
    }
    return render(request, PAGE, context, status=status)


def proof(request: Request) -> tuple[object, int, Form | None]:
    """What the officer shows before a change: a code, or the password while there is no second factor.

    Whether it is right, the status and the form of the page where it is not. After a right one, and after a passkey,
    nothing more is asked for some minutes.
    """
    user = request.user
    if second_factor.is_on(user):
        return proof_of_factor(request)
    form = PasswordForm(request.POST)
    is_right = second_factor.is_proved(request)
    return (True, 200, None) if is_right else (*_password(request, user, form), form)


def proof_of_factor(request: Request) -> tuple[object, int, Form | None]:
    """The same where only the second factor itself will do."""
    if second_factor.is_on(request.user) and second_factor.is_proved(request):
        return True, 200, None
    form = _code_form(request.user, request.POST)
    return *_checked(request, request.user, form), form


def _code_form(user: User, data: QueryDict | None = None) -> CodeForm:
    return CodeForm(data, has_phone=second_factor.has_phone(user) or not user.passkeys.exists())


def show_codes(request: Request, paper: list[str], is_new: bool) -> HttpResponse:
    """The codes for paper, this once."""
    context = {"codes": paper, "is_new": is_new, "officer": request.user}
    return render(request, "members/accounts/recovery_codes.html", context)


def _checked(request: Request, user: User, form: CodeForm) -> tuple[Device | None, int]:
    return _guarded(form, lambda code: second_factor.check(request, user, code))


def _guarded(
    form: CodeForm | DigitsForm, verb: Callable[[str], Result]
) -> tuple[Result | None, int]:
    """What the verb makes of the code, and the status of the page where that is nothing."""
    if not form.is_valid():
        return None, 422 if form.is_bound else 200
    try:
        result = verb(form.cleaned_data["code"])
    except second_factor.MustWait as wait:
        form.add_error("code", MANY_TRIES.format(wording.duration(wait.seconds)))
        return None, 429
    if not result:
        form.add_error("code", WRONG if form.has_phone else WRONG_PAPER)
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


def tell_of_paper(request: Request, shown: object) -> None:
    """Who has used up a code on paper is told how many are left."""
    if isinstance(shown, StaticDevice):
        messages.warning(request, ONE_USED.format(second_factor.codes_left(shown.user)))
