"""The strip a cell's secretary sees on every page where something of a returned file is mended."""

from typing import Any

from django import template

from ballots import returned
from cells.models import Campaign, Cell

register = template.Library()


@register.inclusion_tag("ballots/mending.html", takes_context=True)
def mending(context: dict[str, Any], cell: Cell, campaign: Campaign) -> dict[str, Any]:
    """What is to be mended on this page and where it goes on; nothing for others, nor where nothing was returned."""
    request = context["request"]
    if not request.user.has_perm("cells.plan_meeting", cell):
        return {}
    came_back = returned.of(cell, campaign)
    if came_back is None:
        return {}
    return {
        "returned": came_back,
        "here": came_back.on(request.path),
        "onward": came_back.after(request.path),
    }
