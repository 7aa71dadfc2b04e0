"""Officers sign in and out, by password or by a link that works once; nobody signs up by himself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cells import wording
from members.accounts import entering, guessing, second_factor, sessions
from members.accounts.forms import CHOOSING, SignInForm
from members.devices import links
from members.models import User
from partyreview.http import Request, site_of
from partyreview.qr import svg_uri

# In the address of the page for a password: who wanted to sign out comes from there, and may do so all the same.
LEAVING = "dang-xuat"
NO_WAY_BACK = (
    "Chưa đăng xuất: tài khoản này chưa có mật khẩu, đăng xuất rồi chỉ vào lại được bằng liên kết đã giữ. "
    "Xin đặt mật khẩu, hoặc bấm “Vẫn đăng xuất”."
)
MANY_TRIES = (
    "Mật khẩu của tài khoản này vừa bị gõ sai nhiều lần: xin đồng chí đợi {} rồi gõ lại, hoặc xin cấp ủy "
    "cấp trên gửi liên kết đăng nhập một lần; liên kết ấy vào được ngay."
)
MANY_FROM_HERE = (
    "Từ mạng này vừa có nhiều lần đăng nhập sai: xin đồng chí đợi {} rồi gõ lại, hoặc xin cấp ủy cấp trên "
    "gửi liên kết đăng nhập một lần; liên kết ấy vào được ngay."
)


class SignIn(LoginView):
    """Name and password; who has no try left is told how long, and which way is open."""

    template_name = "members/accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """In, or on to the second factor."""
        user = form.get_user()
        return entering.let_in(self.request, user, user.backend, self.get_success_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Say what is wrong, or to wait."""
        rate, seconds = getattr(self.request, "must_wait", (None, 0))
        if rate is None:
            return super().form_invalid(form)
        sentence = MANY_FROM_HERE if rate is guessing.BY_ADDRESS else MANY_TRIES
        context = {"sentence": sentence.format(wording.duration(seconds))}
        response = render(self.request, "members/accounts/locked.html", context, status=429)
        response["Retry-After"] = str(seconds)
        return response


sign_in = SignIn.as_view()


class SignOut(LogoutView):
    """Sign out, and let the browser forget what it kept for Back: refused forms (partyreview/headers.py)."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """End the session; who has no password to come back with is asked once."""
        has_password = not request.user.is_authenticated or request.user.has_usable_password()
        if not has_password and request.POST.get("sure") != "1":
            messages.warning(request, NO_WAY_BACK)
            return redirect(f"{reverse('members:set_password')}?{LEAVING}=1")
        sessions.forget(request)
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


sign_out = SignOut.as_view()


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: Request) -> HttpResponse:
    """Show a button, and sign in when it is pressed: the preview of a chat program must not use the link up."""
    user = links.user_of(request.GET.get("sesame", ""))
    if user is None:
        return render(request, "members/accounts/link_dead.html", status=410)
    form = _first_password(user, request.POST if "new_password1" in request.POST else None)
    if request.method != "POST" or (form is not None and form.is_bound and not form.is_valid()):
        context = {"officer": user, "form": form}
        status = 422 if request.method == "POST" else 200
        return render(request, "members/accounts/sign_in_link.html", context, status=status)
    # Before the password, so that of two presses at once one alone sets it; a second factor uses the link up itself.
    if not second_factor.is_on(user) and not links.spend(user):
        return render(request, "members/accounts/link_dead.html", status=410)
    if form is not None and form.is_bound:
        with transaction.atomic():
            form.save()
            user.record("user.password_set")
    goal = settings.LOGIN_REDIRECT_URL if user.has_usable_password() else "members:way_back"
    return entering.let_in(request, user, links.SIGN_IN_BACKEND, goal)


def _first_password(user: User, data: QueryDict | None) -> SetPasswordForm | None:
    """Asked beside the link's own button, which the password may be put off by; not before a second factor."""
    if user.has_usable_password() or second_factor.is_on(user):
        return None
    form = SetPasswordForm(user, data)
    form.fields["new_password1"].help_text = CHOOSING
    return form


@require_safe
def way_back(request: Request) -> HttpResponse:
    """What who has put the password off takes along: a fresh link; who has a password needs none."""
    if request.user.has_usable_password():
        return redirect(settings.LOGIN_REDIRECT_URL)
    link = links.way_back(request.user, site_of(request))
    context = {"link": link, "picture": svg_uri(link)}
    return render(request, "members/accounts/way_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: Request) -> HttpResponse:
    """Choose the first password, or change the present one, which must then be typed again."""
    form_class = PasswordChangeForm if request.user.has_usable_password() else SetPasswordForm
    form = form_class(request.user, request.POST or None)
    form.fields["new_password1"].help_text = CHOOSING
    if not form.is_valid():
        leaving = LEAVING in request.GET and not request.user.has_usable_password()
        context = {"form": form, "leaving": leaving}
        return render(request, "members/accounts/set_password.html", context)
    with transaction.atomic():
        form.save()
        request.user.record("user.password_set")
    sessions.keep_with_new_password(request, request.user)
    return redirect(settings.LOGIN_REDIRECT_URL)
