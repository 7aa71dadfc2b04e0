"""The cell's list of members: found without accents, in the order of given names, edited by who runs the cell."""

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cells.models import Cell, Meeting
from members.devices import links
from members.guards import own_cell, own_member
from members.imports.asking import compared
from members.models import Device, Member, Office, Transfer
from members.people.forms import MemberForm
from members.reviews.asked import campaigns_of
from partyreview.http import Request, asked_word, site_of

PAGE = 50


@require_safe
def member_list(request: Request, pk: int) -> HttpResponse:
    """Members of one cell, searched by any part of the name without accents, or by last digits."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    query = asked_word(request)
    gone = "da-chuyen" in request.GET
    phones = Device.objects.filter(member=OuterRef("pk"), state=Device.State.ADMITTED)
    members = (
        Member.objects.filter(cell=cell, left_on__isnull=not gone)
        .search(query)
        .annotate(has_phone=Exists(phones))
        .prefetch_related(
            Prefetch("office_set", Office.objects.held(), to_attr="offices"),
            Prefetch(
                "transfer_set",
                Transfer.objects.filter(kind=Transfer.Kind.STAY, until=None),
                to_attr="stays",
            ),
        )
    )
    return render(
        request,
        "members/people/member_list.html",
        {
            "cell": cell,
            "names": Member.objects.in_cell(cell).listed_names(),
            "page": Paginator(members, PAGE).get_page(request.GET.get("page")),
            "asked": query,
            "gone": gone,
            "may_edit": request.user.has_perm("members.edit_members", cell),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_add(request: Request, pk: int) -> HttpResponse:
    """Add a member to a cell this officer runs."""
    return _edit(request, Member(cell=own_cell(request, pk)), "member.added")


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: Request, pk: int) -> HttpResponse:
    """Change a member of a cell this officer runs."""
    return _edit(request, own_member(request, pk), "member.edited")


def _edit(request: Request, member: Member, verb: str) -> HttpResponse:
    with transaction.atomic():
        if (
            request.method == "POST"
        ):  # two at once, and an import beside them, go one after the other
            cells = Cell.objects.select_for_update(no_key=True).filter(pk=member.cell_id)
            list(cells.values_list("pk"))
        form = MemberForm(request.POST or None, instance=member)
        if form.is_valid():
            request.user.record(verb, form.save())
            return redirect("members:member_list", member.cell_id)
    status = 200 if request.method != "POST" else 422
    context = {"form": form, "cell": member.cell, "member": member} | _beside(form)
    return render(request, "members/people/member_edit.html", context, status=status)


def _beside(form: MemberForm) -> dict[str, object]:
    """What was typed beside those of whom it may be told, too."""
    if not form.rivals:
        return {}
    heads = ["Đang ghi", *("Đang có" for _ in form.rivals)]
    return {"heads": heads, "compared": compared([form.told, *(x.told for x in form.rivals)])}


@require_http_methods(["GET", "HEAD", "POST"])
def member_link(request: Request, pk: int) -> HttpResponse:
    """The message with the member's personal link, ready for Zalo; POST makes a new link and ends the former one."""
    member = own_member(request, pk)
    if request.method == "POST":
        with transaction.atomic():
            links.renew(member)
            request.user.record("member.link_made", member)
        return redirect("members:member_link", member.pk)
    base_url = site_of(request)
    coming = Meeting.objects.filter(cell=member.cell).real().exclude(state=Meeting.State.CLOSED)
    return render(
        request,
        "members/people/member_link.html",
        {
            "member": member,
            "link": links.personal_link(member, base_url) if member.link_nonce else "",
            "campaign": next(iter(campaigns_of(member, timezone.localdate())), None),
            "meeting": coming.select_related("campaign").order_by("starts_at").first(),
        },
    )
