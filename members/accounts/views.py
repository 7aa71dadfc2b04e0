"""Officers sign in and out, by password or by a link that works once; nobody signs up by himself."""

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.accounts.forms import SignInForm
from members.devices import links
from partyreview.http import Request

# Django's own list says "bạn".
CHOOSING = (
    "Ít nhất 8 ký tự, không chỉ toàn chữ số, không giống tên của đồng chí, không quá dễ đoán."
)

sign_in = LoginView.as_view(
    template_name="members/accounts/login.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
)


class SignOut(LogoutView):
    """Sign out, and let the browser forget what it kept for Back: refused forms (partyreview/headers.py)."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """End the session."""
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
    return redirect(
        settings.LOGIN_REDIRECT_URL if user.has_usable_password() else "members:set_password"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: Request) -> HttpResponse:
    """Choose the first password, or change the present one, which must then be typed again."""
    form_class = PasswordChangeForm if request.user.has_usable_password() else SetPasswordForm
    form = form_class(request.user, request.POST or None)
    form.fields["new_password1"].help_text = CHOOSING
    if not form.is_valid():
        return render(request, "members/accounts/set_password.html", {"form": form})
    with transaction.atomic():
        form.save()
        request.user.record("user.password_set")
    update_session_auth_hash(request, request.user)
    return redirect(settings.LOGIN_REDIRECT_URL)
