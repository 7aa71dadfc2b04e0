"""Bản in: a member's own form on the own phone, read as a page and taken along as PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from ballots.core.downloads import file_response
from ballots.papers.file_names import file_name
from ballots.papers.personal.data import PersonalData
from ballots.papers.personal.gather import gather_own_copy, meeting_of
from ballots.papers.press import render as press
from cells.law.periods import Period
from cells.models import Meeting
from members.devices.cookies import device_required
from members.models import SelfReviewVersion
from partyreview.http import Request


@device_required
@require_safe
def own_form(request: Request, period: Period) -> HttpResponse:
    """What the member handed in for this period, as the form is printed; 404 where it was a paper, or nothing."""
    _, data = _own(request, period)
    text = press.fragment(data)
    context = {
        "cell": data.head.cell,
        "period": period,
        "is_draft": bool(data.head.mark),
        "paper": mark_safe(text),  # noqa: S308 - made by our own escaping templates
    }
    return render(request, "ballots/phone/own_form.html", context)


@device_required
@require_safe
def own_form_pdf(request: Request, period: Period) -> HttpResponse:
    """The same as PDF, rendered now and kept nowhere."""
    meeting, data = _own(request, period)
    name = f"{'Du thao ' if data.head.mark else ''}Ban kiem diem {data.member}"
    return file_response(press.pdf(press.html(data)), file_name(meeting, name), "pdf")


def _own(request: Request, period: Period) -> tuple[Meeting, PersonalData]:
    """The phone's own member alone: no address names anybody."""
    handed_in = SelfReviewVersion.objects.filter(
        review__member=request.device.member_id,
        review__campaign__year=period.year,
        review__campaign__kind=period.kind,
    ).select_related("review__campaign", "review__member", "review__cell__committee")
    version = handed_in.order_by("at", "number").last()
    if version is None or version.on_paper:
        raise Http404
    meeting = meeting_of(version)
    return meeting, gather_own_copy(meeting, version)
