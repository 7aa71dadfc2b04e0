"""Where a member takes part: transfers away and here, stays elsewhere, and the posts held over the years."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from members.guards import own_cell, own_member
from members.models import Member, Office, Transfer
from members.people import transfers
from members.people.transfer_forms import EndStayForm, ReceiveForm, TransferForm
from partyreview.http import Request


def _done(form: forms.Form, verb: Callable[[], object]) -> bool:
    """Whether the verb was carried out; else the form says why not, and keeps what was typed."""
    try:
        verb()
    except transfers.Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
def member_history(request: Request, pk: int) -> HttpResponse:
    """Posts and transfers of a member over the years; POST writes a transfer away or a stay elsewhere."""
    member = own_member(request, pk)
    form = TransferForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data

        def write() -> None:
            if data["kind"] == Transfer.Kind.OUT:
                transfers.leave(request.user, member, data["place"], data["since"])
            else:
                transfers.stay(request.user, member, data["place"], data["since"], data["until"])

        if _done(form, write):
            return redirect("members:member_history", member.pk)
    return _history(request, member, form, EndStayForm())


@require_POST
def member_back(request: Request, pk: int) -> HttpResponse:
    """The member is back from elsewhere."""
    member = own_member(request, pk)
    form = EndStayForm(request.POST)
    if form.is_valid() and _done(
        form, lambda: transfers.end_stay(request.user, member, form.cleaned_data["until"])
    ):
        return redirect("members:member_history", member.pk)
    return _history(request, member, TransferForm(), form)


def _history(
    request: Request, member: Member, form: forms.Form, end_form: forms.Form
) -> HttpResponse:
    moves = Transfer.objects.filter(member=member)
    context = {
        "member": member,
        "form": form,
        "end_form": end_form,
        "moves": moves,
        "away": moves.filter(kind=Transfer.Kind.STAY, until=None).first(),
        "offices": Office.objects.filter(member=member),
    }
    status = 422 if form.errors or end_form.errors else 200
    return render(request, "members/people/member_history.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def member_receive(request: Request, pk: int) -> HttpResponse:
    """Take over a member who comes from another cell of the same tree."""
    cell = own_cell(request, pk)
    form = ReceiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        if _done(
            form,
            lambda: transfers.receive(
                request.user, cell, data["name"], data["number"], data["since"]
            ),
        ):
            messages.success(request, f"Đã nhận đồng chí {data['name']} về chi bộ.")
            return redirect("members:member_list", cell.pk)
    status = 422 if form.errors else 200
    context = {"cell": cell, "form": form}
    return render(request, "members/people/member_receive.html", context, status=status)
