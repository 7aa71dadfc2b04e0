"""Quyết định: the committee above records what it decides on a cell's file, and answers what members petition."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from ballots.committee.decision import verbs
from ballots.committee.decision.forms import AnswerForm, DecisionForm, Following, proposed_signing
from ballots.core.page import done, overseen_meeting, show
from ballots.models import Decision, Petition, Submission
from ballots.papers.kinds import LIST, RECOGNITION, RERATING, RULINGS
from ballots.results import decisions as decisions_in_force
from ballots.results.concluded import followed, sittings_on
from cells.models import Committee, Meeting
from cells.stale import STALE
from members.models import Attendance
from members.rules.names import ListedNames
from partyreview.http import Request, posted_number


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: Request, pk: int) -> HttpResponse:
    """The levels decided, or those the cell proposes, to be confirmed or changed with a reason; POST decides."""
    meeting = overseen_meeting(request, pk)
    form = form_of(request, meeting, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _decided(request, meeting, form):
        messages.success(request, "Đã ghi và công bố mức xếp loại.")
        return redirect("ballots:decision", pk)
    return show_form(request, meeting, form)


def form_of(request: Request, meeting: Meeting, data: Any = None) -> DecisionForm:
    """The form with what the cell proposes, and with who signed the committee's last decision."""
    sent = Submission.objects.last_of(meeting)
    number, sending = Decision.objects.next_number(meeting), sent.number if sent else 0
    committee = request.user.committee or meeting.cell.committee
    following = _following(meeting, committee, data)
    signing = proposed_signing(committee, following.chosen)
    cases = decisions_in_force.cases_of(meeting)
    return DecisionForm(cases, number, sending, data, signing, following)


def _following(meeting: Meeting, committee: Committee, data: Any) -> Following:
    """Its own meetings on this file; at first the last one, unless a decision rests on it already."""
    sittings = list(sittings_on([meeting.pk]).filter(committee=committee))
    if data is None:
        cited = Decision.objects.filter(meeting=meeting).values_list("sitting", flat=True)
        chosen = next(iter(sittings), None)
        chosen = None if chosen and chosen.pk in cited else chosen
    else:
        chosen = next((row for row in sittings if str(row.pk) == data.get("sitting")), None)
    return Following(sittings, chosen, followed(chosen, meeting) if chosen else {})


def _decided(request: Request, meeting: Meeting, form: DecisionForm) -> bool:
    """Whether it was decided; an old page is refused first of all, and again until it is opened anew."""
    form.is_valid()
    if posted_number(request, "number") != form.number:
        form.errors.clear()  # what else is asked is asked by a page that this officer has not seen
        form.add_error(None, STALE)
    return form.is_valid() and done(
        form, verbs.decide, request.user, meeting, form.act, form.verdicts
    )


def show_form(
    request: Request,
    meeting: Meeting,
    form: DecisionForm,
    refused: tuple[int, AnswerForm] | None = None,
) -> HttpResponse:
    """The page; `refused`: the petition whose answer was not taken, and what was typed."""
    key, typed = refused or (0, AnswerForm())
    petitions = Petition.objects.filter(decision__meeting=meeting)
    rows = petitions.select_related("member").order_by("pk")
    names = Attendance.objects.of(meeting).listed_names()
    decisions = list(Decision.objects.filter(meeting=meeting))
    context = {
        "is_above": Submission.objects.is_above(meeting),
        "last": decisions[-1] if decisions else None,
        "decisions": decisions,
        "papers": [_papers_of(each, names) for each in decisions],
        "drafts": [(k, label) for k, label in RULINGS.items() if k in _drafted(bool(decisions))],
        "endings": [("pdf", "PDF"), ("docx", "Word")],
        "cases": list(form.cases.values()),
        "open": sum(not case.decided for case in form.cases.values()),
        "cap": decisions_in_force.cap_of(meeting, list(form.cases.values())),
        "levels": decisions_in_force.LEVELS.items(),
        "form": form,
        "concluded": any(case.concluded for case in form.cases.values()),
        "number": request.POST.get("number", form.number),
        "lines": list(form.lines()),
        "petitions": [
            (row, names.label(row.member), typed if row.pk == key else AnswerForm())
            for row in rows
        ],
        "tab": "ballots:decision",
    }
    status = 422 if form.errors or typed.errors else 200
    return show(request, "ballots/committee/decision.html", meeting, context, status=status)


def _drafted(again: bool) -> tuple[str, ...]:
    """The kinds of paper that may be drafted: nothing is rated again the first time."""
    return (RECOGNITION, LIST, RERATING) if again else (RECOGNITION, LIST)


def _papers_of(
    decision: Decision, names: ListedNames
) -> tuple[Decision, list[tuple[str, str]], list[tuple[int, str]]]:
    """The kinds of paper that a decision has, and whom it has a notice for.

    A level decided for the first time is recognised, a later one re-rates.
    """
    rows = list(decision.levels.select_related("member").order_by("pk"))
    kinds = [RECOGNITION, LIST] if any(row.supersedes_id is None for row in rows) else []
    kinds += [RERATING] if any(row.supersedes_id for row in rows) else []
    labels = [(kind, RULINGS[kind]) for kind in kinds]
    noticed = [(row.member.pk, names.label(row.member)) for row in rows if row.member]
    return decision, labels, noticed


@require_POST
def petition_answer(request: Request, pk: int) -> HttpResponse:
    """Answer a member's petition, once; a refusal shows the page again with what was typed."""
    rows = Petition.objects.select_related("decision__meeting__cell")
    petition = get_object_or_404(rows, pk=pk, decision__meeting__in=request.user.meetings())
    meeting = overseen_meeting(request, petition.decision.meeting_id)
    form = AnswerForm(request.POST)
    if form.is_valid() and done(
        form, verbs.answer_petition, request.user, petition, form.cleaned_data["answer"]
    ):
        messages.success(
            request, f"Đã trả lời kiến nghị của đồng chí {petition.member.listed_name}."
        )
        return redirect("ballots:decision", meeting.pk)
    return show_form(request, meeting, form_of(request, meeting), (petition.pk, form))
