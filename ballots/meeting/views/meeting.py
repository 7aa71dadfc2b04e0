"""The meeting itself: planning it, its page with the next step, the agenda, opening and closing, the rehearsal."""

from datetime import datetime, time, timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.core.guard import refusals_as_messages
from ballots.core.page import (
    Work,
    done,
    run_meeting,
    run_of_any_body,
    runs,
    seen_of_any_body,
    show,
)
from ballots.core.steps import Facts, facts_of, is_done
from ballots.meeting import planning, running
from ballots.meeting import roster as roster_verbs
from ballots.meeting.forms import DutyForm, PlaceForm, PlanForm, ReviewForm
from ballots.meeting.views.checkin import quorum_of
from ballots.models import Poll
from cells.law.guidance import load_pack
from cells.law.review_forms import forms_of
from cells.law.topics import by_topic
from cells.models import AgendaItem, Campaign, Cell, Meeting
from cells.wording import two_digits
from members.models import Attendance, Member, Office
from members.reviews.views import choices_of
from members.rules.names import ListedNames
from partyreview.http import Request, posted_number

# When a cell has never met in this program: an evening a week from now.
EVENING = time(19, 30)
NOTICE = timedelta(days=7)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_plan(request: Request, pk: int) -> HttpResponse:
    """Plan the cell's meeting of a campaign; chair, clerk, place and hour are proposed."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    if not request.user.has_perm("cells.plan_meeting", cell):
        raise PermissionDenied
    campaigns = _open_campaigns(cell)
    members = list(Member.objects.in_cell(cell).exclude(status=Member.Status.SUSPENDED))
    form = PlanForm(
        request.POST or None,
        campaigns=campaigns,
        members=members,
        names=Member.objects.in_cell(cell).listed_names(),
        initial=_proposal(cell, members) | _asked_for(request, campaigns),
    )
    if request.method == "POST" and form.is_valid():
        planned: list[Meeting] = []
        if done(form, lambda: planned.append(_plan(request, cell, form))):
            messages.success(request, "Đã lập hội nghị. Xin rà danh sách xếp loại trước khi họp.")
            return redirect("ballots:meeting", planned[0].pk)
    context = {"cell": cell, "form": form, "campaigns": campaigns}
    return render(request, "ballots/meeting/meeting_plan.html", context)


def _asked_for(request: Request, campaigns: QuerySet[Campaign]) -> dict[str, object]:
    """The campaign that the link came from, if it still waits for its meeting."""
    matching = [c for c in campaigns if str(c.span) == request.GET.get("ky")]
    return {"campaign": matching[0]} if matching else {}


def _plan(request: Request, cell: Cell, form: PlanForm) -> Meeting:
    values = dict(form.cleaned_data)
    return planning.plan_meeting(request.user, cell, values.pop("campaign"), **values)


def _open_campaigns(cell: Cell) -> QuerySet[Campaign]:
    """Campaigns that reach the cell, are not closed, and in which it has no meeting yet."""
    meetings = Meeting.objects.filter(cell=cell, kind=Meeting.Kind.MAIN)
    running = Campaign.objects.of_cell(cell).filter(closed_at=None)
    return running.exclude(pk__in=meetings.values("campaign"))


def _proposal(cell: Cell, members: list[Member]) -> dict[str, object]:
    """What the form starts with: the officers in office, and place, hour and clerk of the last meeting."""
    heads = Office.objects.held().filter(member__in=members)
    officers = {office.kind: office.member_id for office in heads}
    last = Meeting.objects.filter(cell=cell).real().first()
    hour = timezone.localtime(last.starts_at).time() if last else EVENING
    former = Attendance.objects.filter(
        meeting=last, duty=Attendance.Duty.CLERK, member__in=members
    )
    clerk = former.first() if last else None
    return {
        "campaign": _open_campaigns(cell).first(),
        "starts_at": datetime.combine(timezone.localdate() + NOTICE, hour),
        "venue": last.venue if last else "",
        "chair": officers.get(Office.Kind.SECRETARY),
        "presenter": officers.get(Office.Kind.SECRETARY),
        "clerk": clerk.member_id if clerk else officers.get(Office.Kind.DEPUTY),
    }


@require_safe
def meeting(request: Request, pk: int) -> HttpResponse:
    """The meeting's page: where it stands, the agenda, and the next step."""
    shown = seen_of_any_body(request, pk)
    return _meeting(request, shown, _place_form(request, shown))


def _meeting(request: Request, shown: Meeting, place_form: PlaceForm | None) -> HttpResponse:
    items = list(shown.items.all())
    rows = list(Attendance.objects.of(shown))
    names = ListedNames(row.member for row in rows)
    by_duty = sorted((row for row in rows if row.duty), key=lambda row: row.duty)
    facts = facts_of(shown)
    context = {
        "items": items,
        "undone": _passed_over(facts, items),
        "item": next((item for item in items if item.position == shown.step), None),
        "duties": [(row, names.label(row.member)) for row in by_duty],
        "polls": Poll.objects.filter(meeting=shown),
        "quorum": quorum_of(shown, rows),
        "rehearsal": _rehearsal_of(shown),
        "place_form": place_form,
        "duty_form": _duty_form(request, shown, rows, names),
        "tab": "ballots:meeting",
    }
    status = 422 if place_form and place_form.errors else 200
    return show(
        request, "ballots/meeting/meeting.html", shown, context, status=status, facts=facts
    )


def _duty_form(
    request: Request, shown: Meeting, rows: list[Attendance], names: ListedNames
) -> DutyForm | None:
    """On a committee's own meeting, which has no page of who is rated, as long as it is not over."""
    if not shown.is_sitting or shown.is_closed or not runs(request, shown):
        return None
    duties = {row.duty: row.member_id for row in rows if row.duty}
    return DutyForm(None, _may_serve(rows), names, duties).without_presenter()


def _passed_over(facts: Facts, items: list[AgendaItem]) -> list[AgendaItem]:
    """The items left behind without what they are for."""
    behind = [item for item in items if item.position < facts.position]
    return [item for item in behind if not is_done(item.kind, facts)]


def _place_form(request: Request, meeting: Meeting) -> PlaceForm | None:
    """The form for another hour or place, while there is still time for it."""
    planned = meeting.state == Meeting.State.PLANNED
    if not planned or not runs(request, meeting):
        return None
    starts_at = timezone.localtime(meeting.starts_at)
    return PlaceForm(initial={"starts_at": starts_at, "venue": meeting.venue})


@require_POST
def reschedule(request: Request, pk: int) -> HttpResponse:
    """Change the hour and the place; what is refused is said in the form."""
    meeting = run_of_any_body(request, pk)
    form = PlaceForm(request.POST)
    if form.is_valid() and done(
        form, partial(planning.reschedule, **form.cleaned_data), request.user, meeting
    ):
        messages.success(request, "Đã đổi giờ và địa điểm họp.")
        return redirect("ballots:meeting", pk)
    return _meeting(request, meeting, form)


@require_safe
def meeting_rules(request: Request, pk: int) -> HttpResponse:
    """By which rules the meeting is held, and where each of them comes from."""
    row = seen_of_any_body(request, pk)
    rules = row.rules
    forms = forms_of(load_pack(rules.version), rules)
    context = {
        "topics": by_topic(rules),
        "version": rules.version,
        "scored": [form for form in forms if form.groups],
        "flags": rules.flags,
        "asked": [(form.label, choices_of(form)) for form in forms if form.conditions],
    }
    return show(request, "ballots/meeting/meeting_rules.html", row, context)


def _rehearsal_of(meeting: Meeting) -> Meeting | None:
    """The rehearsal that is under way in this cell or committee, if any."""
    rehearsals = Meeting.objects.of_same_body(meeting).filter(kind=Meeting.Kind.REHEARSAL)
    return rehearsals.exclude(state=Meeting.State.CLOSED).first()


@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: Request, pk: int) -> HttpResponse:
    """The list of members: who is rated, why not, the level each one claims; and who chairs and writes."""
    meeting = run_meeting(request, pk)
    listed = list(Attendance.objects.of(meeting).select_related("meeting"))
    names = ListedNames(row.member for row in listed)
    forms = [ReviewForm(row, names.label(row.member), request.POST) for row in listed]
    saved = [_save_review(request, form) for form in forms]
    if request.method == "POST" and all(saved):
        messages.success(request, "Đã lưu danh sách.")
        return redirect("ballots:roster", pk)
    duties: dict[str, object] = {row.duty: row.member_id for row in listed if row.duty}
    duties["presenter"] = next((row.member_id for row in listed if row.presents), None)
    return _roster(request, meeting, forms, DutyForm(None, _may_serve(listed), names, duties))


def _may_serve(listed: list[Attendance]) -> list[Member]:
    """Who may chair or write."""
    return [row.member for row in listed if row.standing != Member.Status.SUSPENDED]


def _roster(
    request: Request, meeting: Meeting, forms: list[ReviewForm], duty_form: DutyForm
) -> HttpResponse:
    in_cell = Member.objects.in_cell(meeting.cell).listed_names()
    missing = Member.objects.missing_from(meeting)
    context = {
        "forms": forms,
        "missing": [in_cell.label(member) for member in missing],
        "reasons": roster_verbs.eligibility_of(meeting.campaign).offered(),
        "duty_form": duty_form,
        "voted": Poll.objects.naming_members(meeting).exists(),
        "work": Work("Lưu danh sách", done=True) if forms and not meeting.is_closed else None,
    }
    status = 422 if duty_form.errors else 200
    return show(request, "ballots/meeting/roster.html", meeting, context, status=status)


def _save_review(request: Request, form: ReviewForm) -> bool:
    """Whether the line is in order: not sent, not changed, or changed and taken over."""
    if not form.is_bound or not form.has_changed():
        return True
    if not form.is_valid():
        return False
    values = form.cleaned_data
    return done(
        form,
        roster_verbs.set_review,
        request.user,
        form.attendance,
        values["rated"],
        values["unrated_reason"],
        values["self_level"],
    )


@require_POST
@refusals_as_messages("ballots:roster")
def list_newcomers(request: Request, pk: int) -> HttpResponse:
    """Put the cell's new members on the list."""
    count = planning.list_newcomers(request.user, run_meeting(request, pk))
    messages.success(request, f"Đã thêm {two_digits(count)} đồng chí vào danh sách.")
    return redirect("ballots:roster", pk)


@require_POST
def duty(request: Request, pk: int) -> HttpResponse:
    """Name chair, clerk and presenter; what is refused is said in the form."""
    meeting = run_of_any_body(request, pk)
    listed = list(Attendance.objects.of(meeting).select_related("meeting"))
    names = ListedNames(row.member for row in listed)
    form = DutyForm(request.POST, _may_serve(listed), names, {})
    if form.is_valid() and done(
        form, partial(planning.set_duty, **form.cleaned_data), request.user, meeting
    ):
        messages.success(request, "Đã ghi chủ trì, thư ký và người trình bày báo cáo.")
        return redirect("ballots:meeting" if meeting.is_sitting else "ballots:roster", pk)
    if meeting.is_sitting:
        messages.error(request, "Xin chọn chủ trì và thư ký là hai đồng chí khác nhau.")
        return redirect("ballots:meeting", pk)
    lines = [ReviewForm(row, names.label(row.member)) for row in listed]
    return _roster(request, meeting, lines, form)


@require_POST
@refusals_as_messages("ballots:meeting")
def meeting_open(request: Request, pk: int) -> HttpResponse:
    """Khai mạc."""
    running.open_meeting(request.user, run_of_any_body(request, pk))
    return redirect("ballots:meeting", pk)


@require_POST
@refusals_as_messages("ballots:meeting")
def meeting_next(request: Request, pk: int) -> HttpResponse:
    """Go on from the agenda item `step`, which the page named when it was drawn."""
    running.next_item(request.user, run_of_any_body(request, pk), posted_number(request, "step"))
    return redirect("ballots:meeting", pk)


@require_POST
@refusals_as_messages("ballots:meeting")
def meeting_previous(request: Request, pk: int) -> HttpResponse:
    """Go back from the agenda item `step`, which the page named when it was drawn."""
    running.previous_item(
        request.user, run_of_any_body(request, pk), posted_number(request, "step")
    )
    return redirect("ballots:meeting", pk)


@require_POST
@refusals_as_messages("ballots:meeting")
def meeting_close(request: Request, pk: int) -> HttpResponse:
    """Bế mạc."""
    running.close_meeting(request.user, run_of_any_body(request, pk))
    messages.success(request, "Hội nghị đã bế mạc. Xin cảm ơn các đồng chí.")
    return redirect("ballots:meeting", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_messages("ballots:meeting")
def rehearsal_start(request: Request, pk: int) -> HttpResponse:
    """Họp thử: explain, then start one on a copy."""
    meeting = run_meeting(request, pk)
    if request.method != "POST":
        # Without the bar: its button would open the check-in of the real meeting.
        context = {"note": ""}
        return show(request, "ballots/meeting/rehearsal_start.html", meeting, context)
    copy = planning.start_rehearsal(request.user, meeting)
    return redirect("ballots:meeting", copy.pk)


@require_POST
@refusals_as_messages("ballots:meeting")
def rehearsal_end(request: Request, pk: int) -> HttpResponse:
    """End a rehearsal, wherever it stands, and go back to the real meeting."""
    rehearsal = run_of_any_body(request, pk)
    planning.end_rehearsal(request.user, rehearsal)
    messages.success(request, "Đã kết thúc họp thử. Hội nghị thật không bị thay đổi.")
    return redirect("ballots:meeting", rehearsal.rehearses_id or rehearsal.pk)
