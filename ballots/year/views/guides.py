"""The printed guides: one page each, for who sits in the hall and who prepares it."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from ballots.core.downloads import file_response
from ballots.papers.guides import GUIDES, guide_for
from ballots.papers.press import render
from partyreview.http import Request


@require_safe
def guide(request: Request, whom: str) -> HttpResponse:
    """The guide for the secretary, a member or a teller, as PDF of one page."""
    if whom not in GUIDES:
        raise Http404
    return file_response(render.pdf(render.html(guide_for(whom))), f"huong-dan-{whom}", "pdf")
