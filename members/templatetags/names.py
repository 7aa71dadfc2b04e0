"""A member's name as a list writes it: {{ member|as_listed:names }}."""

from django import template

from members.models import Member
from members.rules.names import ListedNames

register = template.Library()


@register.filter
def as_listed(member: Member, names: ListedNames) -> str:
    """The name, with the year of birth where another on the list has it too; no query."""
    return names.label(member)
