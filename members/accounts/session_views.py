"""The officer's own account: password, second factor, letters, and where it is signed in."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts import idle, second_factor, sessions
from members.accounts.forms import MailForm
from members.models import SignIn, User
from partyreview.http import Request


@require_safe
def account(request: Request) -> HttpResponse:
    """What the account is protected by, where letters go, and the browsers in which it is signed in."""
    own = {"email": request.user.email, "by_mail": request.user.by_mail}
    return _page(request, MailForm(initial=own))


@require_POST
def account_mail(request: Request) -> HttpResponse:
    """Keep the address for letters, and whether any are wanted; the record does not name the address."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    with transaction.atomic():
        User.objects.filter(pk=request.user.pk).update(**form.cleaned_data)
        request.user.record("user.mail_set")
    messages.success(request, "Đã ghi nơi nhận thư.")
    return redirect("members:account")


def _page(request: Request, form: MailForm) -> HttpResponse:
    sign_ins = request.user.sign_ins.lasting()
    context = {
        "sign_ins": sign_ins,
        "here": request.session.session_key,
        "second_factor": second_factor.is_on(request.user),
        "codes_left": second_factor.codes_left(request.user),
        "is_demanded": second_factor.is_demanded(request.user),
        "idle_minutes": settings.IDLE_MINUTES,
        "mail_form": form if settings.NEWS_MAIL or request.user.email else None,
    }
    status = 422 if form.errors else 200
    return render(request, "members/accounts/account.html", context, status=status)


@require_POST
def session_end(request: Request, pk: int) -> HttpResponse:
    """End the session in one other browser."""
    sign_in = get_object_or_404(sessions.others(request, request.user), pk=pk)
    SignIn.objects.filter(pk=sign_in.pk).end()
    request.user.record("user.session_ended")
    messages.success(request, f"Đã đăng xuất ở {sign_in.browser}.")
    return redirect("members:account")


@require_POST
def sessions_end(request: Request) -> HttpResponse:
    """End the sessions in all other browsers."""
    number = sessions.keep_only_this(request, request.user)
    request.user.record("user.sessions_ended")
    messages.success(request, f"Đã đăng xuất ở {number:02} nơi khác. Máy này vẫn đăng nhập.")
    return redirect("members:account")


@idle.renews_itself
@require_http_methods(["GET", "POST"])
def still_here(request: Request) -> HttpResponse:
    """How many seconds the session has; POST says that somebody has pressed or typed (static/officer/idle.js)."""
    pressed, now = request.session[sessions.PRESSED], int(timezone.now().timestamp())
    return JsonResponse({"left": idle.seconds_left(request.user, pressed, now)})
