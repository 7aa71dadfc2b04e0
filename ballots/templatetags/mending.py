"""The strip a cell's secretary sees on every page where something of a returned file is mended."""

from typing import Any

from django import template

from ballots.dossier import returned
from ballots.models import Submission
from cells.models import Campaign, Cell

register = template.Library()


@register.inclusion_tag("ballots/parts/mending.html", takes_context=True)
def mending(context: dict[str, Any], cell: Cell, campaign: Campaign) -> dict[str, Any]:
    """What is to be mended on this page and where it goes on; before the first sending, the way back to its checks."""
    request = context["request"]
    if not request.user.has_perm("cells.plan_meeting", cell):
        return {}
    came_back = returned.returned_file(cell, campaign)
    if came_back is None:
        # The path of the meeting has a stage for it.
        has_path = "path" in context
        return {} if has_path else {"unsent": Submission.objects.awaited(cell, campaign)}
    return {
        "returned": came_back,
        "here": came_back.on(request.path),
        "onward": came_back.after(request.path),
    }
