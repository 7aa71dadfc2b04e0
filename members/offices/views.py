"""Who runs a cell, the accounts below an officer, and who did what."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts import second_factor
from members.models import Member, Office, User
from members.offices import accounts, audit, verbs
from members.offices.forms import RUNNING, GiveForm, OfficerForm
from members.places.views import FORM, Act, act, arranged_cell, seen_committee, sent
from partyreview.http import Request, asked_word

PAGE = 50
RESET = (
    "Đã đặt lại: {} đăng nhập bằng mật khẩu hoặc liên kết, rồi bật lại lớp xác minh thứ hai. Tài khoản ấy đã được "
    "đăng xuất ở mọi nơi."
)


@require_http_methods(FORM)
def office_hand_over(request: Request, pk: int) -> HttpResponse:
    """An office of the cell goes into other hands."""
    cell = arranged_cell(request, pk)
    form = GiveForm(sent(request), cell=cell)
    words = (
        "Đồng chí nhận chức vụ điều hành chi bộ từ ngày ấy, có tài khoản ngay; bí thư trước thôi giữ "
        "chức vụ và không điều hành "
        "nữa. Xong thì gửi lời mời ở trang “Tài khoản”."
    )
    held = Office.objects.held().filter(member__cell=cell, kind__in=RUNNING)
    if now := [
        f"{row.get_kind_display().lower()} {row.member.listed_name}"
        for row in held.select_related("member")
    ]:
        words = f"Đang giữ: {', '.join(now)}. {words}"
    back = reverse("members:cell_place", args=[cell.pk])
    page = Act("Bàn giao, giao chức vụ", words, "Giao chức vụ", back, str(cell))

    def do() -> str:
        holder = verbs.give(request.user, cell, **form.cleaned_data)
        kind = Office.Kind(form.cleaned_data["kind"]).label
        return f"Đồng chí {holder.listed_name} là {kind} từ ngày {form.cleaned_data['since']:%d/%m/%Y}."

    return act(request, page, form, do)


@require_http_methods(["POST"])
def office_end(request: Request, pk: int, office: int) -> HttpResponse:
    """Nobody follows yet: the office ends today."""
    cell = arranged_cell(request, pk)
    held = Office.objects.held().filter(member__cell=cell, kind__in=RUNNING)
    chosen = get_object_or_404(held.select_related("member"), pk=office)
    verbs.take_back(request.user, cell, chosen, audit.today())
    messages.success(request, f"Đồng chí {chosen.member.listed_name} thôi giữ chức vụ từ hôm nay.")
    return redirect("members:cell_place", cell.pk)


@require_safe
def account_list(request: Request, pk: int) -> HttpResponse:
    """The accounts of a committee, of those below it and of who runs their cells."""
    committee = seen_committee(request, pk)
    query = asked_word(request)
    inside = Q(committee__path__startswith=committee.path)
    inside |= Q(member__cell__committee__path__startswith=committee.path)
    rows = User.objects.filter(inside).select_related("committee", "member__cell")
    rows = rows.annotate(has_second_factor=second_factor.is_on_of_row())
    if query:
        rows = rows.filter(audit.names_like(query))
    page = Paginator(rows.order_by("-committee__path", "username"), PAGE).get_page(
        request.GET.get("page")
    )
    members = Member.objects.filter(user__in=[account.pk for account in page])
    context = {
        "committee": committee,
        "asked": query,
        "page": page,
        "names": members.names_by_cell(),
    }
    return render(request, "members/offices/account_list.html", context)


@require_http_methods(FORM)
def account_add(request: Request, pk: int) -> HttpResponse:
    """An officer of this committee or of one below."""
    committee = seen_committee(request, pk, "cells.found")
    form = OfficerForm(sent(request), user=request.user)
    words = (
        "Cán bộ thấy mọi chi bộ của đảng bộ mình và bên dưới. Tài khoản chưa có mật khẩu: gửi lời mời để "
        "đồng chí ấy tự đặt."
    )
    back = reverse("members:account_list", args=[committee.pk])
    page = Act("Thêm cán bộ", words, "Thêm cán bộ", back, f"Tài khoản {committee}")

    def do() -> str:
        account = accounts.add_officer(request.user, **form.cleaned_data)
        return f"Đã thêm tài khoản {account.username}. Bấm “Gửi lời mời” ở dòng của đồng chí ấy."

    return act(request, page, form, do)


def managed_account(request: Request, pk: int) -> User:
    """An account that this officer looks after; 404 for strangers, and 403 for his own."""
    rows = accounts.below(request.user).select_related("committee", "member__cell__committee")
    account: User = get_object_or_404(rows.distinct(), pk=pk)
    accounts.must_manage(request.user, account)
    return account


def _to_list(request: Request, done: str) -> HttpResponse:
    """Back to the officer's own list, which says what was done."""
    messages.success(request, done)
    return redirect("members:account_list", request.user.committee_id)


@require_POST
def account_lock(request: Request, pk: int) -> HttpResponse:
    """Nobody signs in with it any more."""
    account = managed_account(request, pk)
    accounts.lock(request.user, account)
    return _to_list(request, f"Đã khoá tài khoản {account.username}: không đăng nhập được nữa.")


@require_POST
def account_unlock(request: Request, pk: int) -> HttpResponse:
    """It signs in again."""
    account = managed_account(request, pk)
    accounts.unlock(request.user, account)
    return _to_list(request, f"Đã mở khoá tài khoản {account.username}.")


@require_POST
def second_factor_reset(request: Request, pk: int) -> HttpResponse:
    """For who has lost phone and paper: the password or a link is enough again."""
    account = managed_account(request, pk)
    second_factor.reset(account, by=request.user)
    return _to_list(request, RESET.format(account.username))


@require_safe
def audit_list(request: Request, pk: int) -> HttpResponse:
    """Who did what under a committee, found by whom or what it was about."""
    committee = seen_committee(request, pk)
    query = asked_word(request)
    page = Paginator(audit.entries(committee, query), PAGE).get_page(request.GET.get("page"))
    context = {"committee": committee, "asked": query, "page": page, "lines": audit.lines(page)}
    return render(request, "members/offices/audit_list.html", context)
