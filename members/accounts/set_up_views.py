"""The one page of an empty installation."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cells import wording
from members.accounts import entering, set_up
from members.accounts.forms import SetUpForm
from partyreview.http import Request

MANY_TRIES = (
    "Mã cài đặt vừa bị gõ sai nhiều lần: xin đợi {} rồi gõ lại mã trên màn hình của máy chủ."
)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: Request) -> HttpResponse:
    """Begin: the committee or the one cell, the first officer, the code; afterwards the page is gone."""
    if not set_up.is_empty():
        return redirect(settings.LOGIN_URL)
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form, 422 if form.is_bound else 200)
    if seconds := set_up.must_wait(request):
        form.add_error("code", MANY_TRIES.format(wording.duration(seconds)))
        return _page(request, form, 429)
    try:
        user = set_up.begin(request, form.cleaned_data["code"], form.beginning)
    except set_up.Refused as refusal:
        form.add_error("code", str(refusal))
        return _page(request, form, 422)
    backend = "members.accounts.guessing.PasswordBackend"
    goal = reverse("members:missing", args=[user.committee_id])
    return entering.let_in(request, user, backend, goal)


def _page(request: Request, form: SetUpForm, status: int) -> HttpResponse:
    return render(request, "members/accounts/set_up.html", {"form": form}, status=status)
