"""Who did what to a cell's file: the lines of the audit about its meeting, its polls and its petitions."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ballots.core.page import overseen_meeting, show
from ballots.models import Petition, Poll
from cells.models import Meeting
from members.offices import audit
from partyreview.http import Request

PAGE = 50


@require_safe
def file_record(request: Request, pk: int) -> HttpResponse:
    """The lines, the newest first; none of who came into the hall when, and none of a ballot, for none is written."""
    meeting = overseen_meeting(request, pk)
    page = Paginator(audit.about(_rows_of(meeting)), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": audit.lines(page)}
    return show(request, "ballots/committee/file_record.html", meeting, context)


def _rows_of(meeting: Meeting) -> list[Meeting | Poll | Petition]:
    polls = Poll.objects.filter(meeting=meeting)
    petitions = Petition.objects.filter(decision__meeting=meeting)
    return [meeting, *polls, *petitions]
