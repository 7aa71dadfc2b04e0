"""Hội nghị của cấp ủy: those held and planned, one more, and the polls on what cells have sent up."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.sitting import verbs
from ballots.committee.sitting.cases import Offer, cases_of, matching, offers_before
from ballots.committee.sitting.forms import CasesForm, OwnCaseForm, SittingForm
from ballots.core.guard import refusals_as_messages
from ballots.core.page import cleaned, done, run_of_any_body, show
from ballots.models import CaseVote, OwnCase, Poll
from ballots.papers.minutes.case_gather import own_case_words
from cells.models import Campaign, Committee, Level, Meeting
from members.models import Member, Seat
from members.places.views import FORM, seen_committee
from partyreview.http import Request, asked_word

MORNING, NOTICE = time(8, 0), timedelta(days=7)
DECIDED_TOO = "da-quyet-dinh"  # in the address: what is decided already is offered too
SHOWN = 200  # members, and bodies, to choose from at a time; more are found by their cell or name


@require_http_methods(FORM)
def sittings(request: Request, pk: int) -> HttpResponse:
    """The committee's own meetings; who convenes it plans one more."""
    committee = seen_committee(request, pk)
    convenes = request.user.has_perm("cells.convene", committee)
    form = _form(request, committee) if convenes else None
    if request.method == "POST" and form is None:
        return HttpResponse(status=403)
    if form and form.is_valid():
        planned: list[Meeting] = []
        values = dict(form.cleaned_data)
        campaign = values.pop("campaign")
        if done(
            form,
            lambda: planned.append(
                verbs.plan_sitting(request.user, committee, campaign, **values)
            ),
        ):
            messages.success(request, "Đã lập hội nghị. Xin thêm lượt bỏ phiếu trước khi họp.")
            return redirect("ballots:sitting_polls", planned[0].pk)
    context = {
        "committee": committee,
        "form": form,
        "held": Meeting.objects.real()
        .filter(committee=committee)
        .select_related("committee", "campaign"),
    }
    status = 422 if form and form.errors else 200
    return render(request, "ballots/committee/sittings.html", context, status=status)


def _form(request: Request, committee: Committee) -> SittingForm:
    campaigns = Campaign.objects.reaching(committee)
    seats = list(Seat.objects.of(committee).on(timezone.localdate()).ranked())
    heads = {seat.post: seat.member_id for seat in reversed(seats)}
    members = [seat.member for seat in seats]
    return SittingForm(
        request.POST if request.method == "POST" else None,
        campaigns=campaigns,
        members=members,
        names=Member.objects.filter(pk__in=[member.pk for member in members]).listed_names(),
        initial={
            "campaign": campaigns.first(),
            "kind": Meeting.Kind.STANDING,
            "starts_at": datetime.combine(timezone.localdate() + NOTICE, MORNING),
            "chair": heads.get(Seat.Post.SECRETARY),
            "clerk": heads.get(Seat.Post.DEPUTY),
            **own_case_of(Meeting.objects.real().filter(committee=committee).first()),
        },
    )


def own_case_of(meeting: Meeting | None) -> dict[str, object]:
    """How this meeting treats those who vote on their own case, as its form has it."""
    rule = OwnCase.objects.filter(sitting=meeting).first() if meeting else None
    return {"abstains": "1", "basis": rule.basis} if rule and rule.abstains else {"abstains": "0"}


def run_sitting(request: Request, pk: int) -> Meeting:
    """A committee's meeting that this officer runs; 404 for a cell's, and for strangers."""
    meeting = run_of_any_body(request, pk)
    if not meeting.is_sitting:
        raise Http404
    return meeting


@require_http_methods(FORM)
def sitting_polls(request: Request, pk: int) -> HttpResponse:
    """The polls of the meeting, and the form that puts cases on one more."""
    meeting = run_sitting(request, pk)
    decided_too = DECIDED_TOO in request.GET
    offers = offers_before(meeting)
    hidden = () if decided_too else _decided_elsewhere(meeting, offers)
    offers = [offer for offer in offers if offer.key not in hidden]
    form = CasesForm(request.POST if request.method == "POST" else None, offers, _initial(meeting))
    if form.is_valid() and done(form, _plan, request, meeting, form):
        messages.success(request, "Đã thêm lượt bỏ phiếu.")
        return redirect("ballots:sitting_polls", meeting.pk)
    polls = Poll.objects.filter(meeting=meeting).order_by("number").prefetch_related("subjects")
    context = {
        "form": form,
        "polls": polls,
        "planned": [poll for poll in polls if poll.state == Poll.State.PLANNED],
        **_offered(meeting, offers, asked_word(request)),
        "chosen": set(request.POST.getlist("cases")),
        "levels": set(form["levels"].value() or []),
        "most": verbs.MOST,
        "hidden": len(hidden),
        "decided_too": decided_too,
        "own_case": own_case_words(meeting),
        "own_case_form": None if polls else OwnCaseForm(initial=own_case_of(meeting)),
    }
    status = 422 if form.errors else 200
    return show(request, "ballots/committee/sitting_polls.html", meeting, context, status=status)


def _offered(meeting: Meeting, offers: list[Offer], query: str) -> dict[str, object]:
    """What to choose from: whom the committee looks at first, or with a word who is called so; few bodies all."""
    first = matching(meeting, offers, query) if query else [o for o in offers if o.stands_out]
    members = [offer for offer in first if offer.member]
    bodies = [offer for offer in offers if not offer.member]
    some = bodies if len(bodies) <= SHOWN else [offer for offer in first if not offer.member]
    return {
        "bodies": cases_of(meeting, some[:SHOWN]),
        "bodies_left": len(bodies) - len(some[:SHOWN]),
        "members": cases_of(meeting, members[:SHOWN]),
        "left": max(0, len(members) - SHOWN),
        "asked": query,
    }


def _decided_elsewhere(meeting: Meeting, offers: list[Offer]) -> set[str]:
    """Cases that are decided: not offered unless asked for, or on a ballot of this meeting that is repeated."""
    voted = {
        row.key
        for row in CaseVote.objects.filter(subject__poll__meeting=meeting).select_related(
            "subject"
        )
    }
    return {offer.key for offer in offers if offer.is_decided} - voted


@require_POST
@refusals_as_messages("ballots:sitting_polls")
def sitting_own_case(request: Request, pk: int) -> HttpResponse:
    """Say whether those who vote take a ballot on their own case."""
    typed = cleaned(OwnCaseForm(request.POST))
    verbs.set_own_case(request.user, run_sitting(request, pk), **typed)
    messages.success(request, "Đã ghi cách bỏ phiếu về trường hợp của chính mình.")
    return redirect("ballots:sitting_polls", pk)


@require_http_methods(FORM)
@refusals_as_messages("ballots:meeting")
def sitting_rehearse(request: Request, pk: int) -> HttpResponse:
    """Họp thử: explain, then start one on a copy."""
    meeting = run_sitting(request, pk)
    if request.method != "POST":
        # Without the bar: its button would open the check-in of the real meeting.
        return show(request, "ballots/meeting/rehearsal_start.html", meeting, {"note": ""})
    copy = verbs.start_rehearsal(request.user, meeting)
    return redirect("ballots:meeting", copy.pk)


def _initial(meeting: Meeting) -> dict[str, object]:
    return {
        "title": f"Xếp loại chất lượng {meeting.campaign.period}",
        "levels": list(Level.values),
    }


def _plan(request: Request, meeting: Meeting, form: CasesForm) -> None:
    typed = form.cleaned_data
    cases = cases_of(meeting, form.chosen())
    verbs.plan_case_poll(request.user, meeting, typed["title"], cases, typed["levels"])


@require_POST
@refusals_as_messages("ballots:meeting")
def sitting_renew(request: Request, pk: int) -> HttpResponse:
    """Summon who sits on the committee on the day it now meets."""
    verbs.renew_list(request.user, run_sitting(request, pk))
    messages.success(request, "Đã cập nhật danh sách dự họp.")
    return redirect("ballots:meeting", pk)
