"""The hint of the page, for the frame of all officers' pages."""

from typing import Any

from django import template

from ballots.core.hints import Hint, hint_of

register = template.Library()


@register.simple_tag(takes_context=True)
def page_hint(context: dict[str, Any]) -> Hint | None:
    """What this page is for, and whether this person has put it away; None where nobody asks."""
    return hint_of(context["request"]) if "request" in context else None
