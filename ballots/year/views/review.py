"""Danh sách kiểm điểm: the cell's list of a year or a quarter, each exclusion with its reason and basis."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ballots.core.guard import sentence
from ballots.core.verbs import Refused
from ballots.meeting import roster
from ballots.results import levels
from ballots.year.forms import LineForm
from cells.law.periods import Period
from cells.models import Campaign, Cell, Meeting
from members.models import Attendance, ReviewLine
from members.rules.names import ListedNames
from partyreview.http import Request

NOT_FOLLOWED = (
    "Hội nghị đã phát phiếu về đảng viên nên danh sách xếp loại của hội nghị giữ nguyên. "
    "Hai danh sách phải khớp nhau mới gửi được hồ sơ."
)


@require_safe
def review_list(request: Request, pk: int, period: Period) -> HttpResponse:
    """Who is reviewed in this period, who is not and why; for who runs the cell, with the way to change it."""
    cell, campaign = _of_period(request, pk, period)
    runs = request.user.has_perm("cells.plan_meeting", cell)
    if runs:
        roster.make_list(request.user, cell, campaign)
    return _show(request, cell, campaign, runs)


def _of_period(request: Request, pk: int, period: Period) -> tuple[Cell, Campaign]:
    """A cell this officer may see, and the campaign of the period that reaches it; 404 without either."""
    cell = get_object_or_404(request.user.cells().select_related("committee"), pk=pk)
    campaign = Campaign.objects.of_cell(cell).of(period).first()
    return cell, get_object_or_404(Campaign, pk=campaign.pk if campaign else None)


def _show(
    request: Request,
    cell: Cell,
    campaign: Campaign,
    runs: bool,
    refused: LineForm | None = None,
) -> HttpResponse:
    lines = list(ReviewLine.objects.of(cell, campaign).standing())
    names = ListedNames(line.member for line in lines)
    in_force = levels.of_review(cell, campaign)
    stages = {who: own.standing for who, own in in_force.items()}
    shown = [
        (line, names.label(line.member), stages.get(line.member_id), _form(line, refused))
        for line in lines
    ]
    eligibility = roster.eligibility_of(campaign)
    context = {
        "cell": cell,
        "campaign": campaign,
        "runs": runs,
        "meeting": Meeting.objects.filter(
            cell=cell, campaign=campaign, kind=Meeting.Kind.MAIN
        ).first(),
        "lines": shown,
        "rated": sum(line.is_rated for line in lines),
        "reasons": eligibility.offered(),
        "still_rated": eligibility.still_rated,
    }
    return render(
        request, "ballots/year/review_list.html", context, status=422 if refused else 200
    )


def _form(line: ReviewLine, refused: LineForm | None) -> LineForm:
    return refused if refused is not None and refused.line == line else LineForm(line)


def _line(request: Request, pk: int) -> ReviewLine:
    """A line of a cell this officer runs; 404 for strangers, 403 for officers who may only see it."""
    lines = ReviewLine.objects.select_related("member", "cell__committee", "campaign")
    line = get_object_or_404(lines, pk=pk, cell__in=request.user.cells())
    if not request.user.has_perm("cells.plan_meeting", line.cell):
        raise PermissionDenied
    return line


@require_POST
def review_line(request: Request, pk: int) -> HttpResponse:
    """Change a line, with its reason; what is wrong is said at the line, and nothing typed is lost."""
    line = _line(request, pk)
    form = LineForm(line, request.POST)
    if form.is_valid():
        try:
            roster.set_line(request.user, line, **form.cleaned_data)
        except (Refused, ValidationError) as error:
            form.add_error("reason", sentence(error))
        else:
            messages.success(request, f"Đã ghi: đồng chí {line.member.listed_name}.")
            return _back(request, line)
    line.refresh_from_db(fields=["status", "reason", "return_on", "basis", "by_hand"])
    return _show(request, line.cell, line.campaign, runs=True, refused=form)


@require_POST
def review_line_reset(request: Request, pk: int) -> HttpResponse:
    """Let the rules decide again."""
    line = _line(request, pk)
    try:
        roster.follow_rules(request.user, line)
    except Refused as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đồng chí {line.member.listed_name}: lại theo quy định chung.")
    return _back(request, line)


def _back(request: Request, line: ReviewLine) -> HttpResponse:
    """To the line; a meeting whose list could not follow any more is named."""
    behind = Attendance.objects.filter(
        member=line.member_id,
        meeting__campaign=line.campaign_id,
        meeting__kind=Meeting.Kind.MAIN,
    ).exclude(rated=line.is_rated)
    if behind.exists():
        messages.warning(request, NOT_FOLLOWED)
    address = reverse("ballots:review_list", args=[line.cell_id, line.campaign.span])
    return redirect(f"{address}#dv-{line.pk}")
