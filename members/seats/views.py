"""Cấp ủy viên of one committee: who sits now, who sat before, one more, a hand-over, and an end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cells.models import Committee
from members.models import Member, Seat
from members.places.verbs import Refused
from members.places.views import FORM, Act, act, seen_committee, sent
from members.seats import verbs
from members.seats.forms import EndSeatForm, SeatForm
from partyreview.http import Request, asked_word

MOST = 20  # found at a time


@require_safe
def seats(request: Request, pk: int) -> HttpResponse:
    """Who sits on the committee, and who sat on it before."""
    committee = seen_committee(request, pk)
    rows = list(Seat.objects.of(committee).ranked())
    context = {
        "committee": committee,
        "seats": [row for row in rows if row.until is None],
        "former": sorted((row for row in rows if row.until is not None), key=_ended, reverse=True),
        "names": Member.objects.filter(seat__in=rows).names_by_cell(),
    }
    return render(request, "members/seats/seats.html", context)


def _ended(seat: Seat) -> tuple[str, int]:
    return str(seat.until), seat.pk


@require_http_methods(FORM)
def seat_give(request: Request, pk: int) -> HttpResponse:
    """Find a member, then say which post is held since when; what is handed over ends by itself."""
    committee = seen_committee(request, pk, "members.seat")
    query = asked_word(request)
    found = verbs.candidates(committee).search(query) if query else Member.objects.none()
    shown = Member.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST]))
    form = SeatForm(sent(request), found=shown.select_related("cell"))
    if form.is_valid() and _given(request, committee, form):
        return redirect("members:seats", committee.pk)
    context = {
        "committee": committee,
        "form": form,
        "asked": query,
        "found": len(shown),
        "most": MOST,
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/seats/seat_give.html", context, status=status)


def _given(request: Request, committee: Committee, form: SeatForm) -> bool:
    try:
        seat = verbs.give(request.user, committee, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    who, post = seat.member.listed_name, seat.get_post_display()
    messages.success(request, f"Đồng chí {who} là {post} từ ngày {seat.since:%d/%m/%Y}.")
    return True


@require_http_methods(FORM)
def seat_end(request: Request, pk: int, seat: int) -> HttpResponse:
    """One seat ends; nobody follows yet."""
    committee = seen_committee(request, pk, "members.seat")
    held = get_object_or_404(Seat.objects.of(committee), pk=seat, until=None)
    form = EndSeatForm(sent(request))
    who = held.member.listed_name
    words = f"Đồng chí {who}, {held.get_post_display()} từ ngày {held.since:%d/%m/%Y}."
    back = reverse("members:seats", args=[committee.pk])
    page = Act("Thôi tham gia cấp ủy", words, "Ghi", back, f"Cấp ủy viên {committee}")

    def do() -> str:
        verbs.end(request.user, held, form.cleaned_data["until"])
        return (
            f"Đồng chí {who} thôi tham gia cấp ủy sau ngày {form.cleaned_data['until']:%d/%m/%Y}."
        )

    return act(request, page, form, do)
