"""Officers sign in and out, by password or by a link that works once; nobody signs up by himself."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cells import wording
from members.accounts import guessing
from members.accounts.forms import CHOOSING, SignInForm
from members.devices import links
from partyreview.http import Request

# In the address of the page for a password: who wanted to sign out comes from there, and may do so all the same.
LEAVING = "dang-xuat"
NO_WAY_BACK = (
    "Chưa đăng xuất: tài khoản này chưa có mật khẩu, đăng xuất rồi đồng chí không tự vào lại được. "
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
        """Sign in, and know this browser again."""
        response = super().form_valid(form)
        guessing.remember(self.request, response, form.get_user())
        return response

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
    if request.method != "POST":
        return render(request, "members/accounts/sign_in_link.html", {"officer": user})
    login(request, user, backend=links.SIGN_IN_BACKEND)
    user.record("user.signed_in_by_link")
    response = redirect(
        settings.LOGIN_REDIRECT_URL if user.has_usable_password() else "members:set_password"
    )
    guessing.remember(request, response, user)
    return response


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
    update_session_auth_hash(request, request.user)
    return redirect(settings.LOGIN_REDIRECT_URL)
