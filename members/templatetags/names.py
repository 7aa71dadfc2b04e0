"""A name as a list writes it: {{ member|as_listed:names }}, {{ file.by|as_officer:names }}."""

from django import template

from members.models import Member, User
from members.rules.names import ListedByCell, ListedNames

register = template.Library()


@register.filter
def as_listed(member: Member, names: ListedNames) -> str:
    """The name, with the year of birth where another on the list has it too; no query."""
    return names.label(member)


@register.filter
def in_cell(member: Member, names: ListedByCell) -> str:
    """The name as the list of the member's own cell writes it; no query."""
    return names.label(member, member.cell_id)


@register.filter
def as_officer(user: User, names: ListedNames) -> str:
    """Who signed in: as the list writes that member, or the name and duty of the account; no query."""
    return names.label(user.member) if user.member else user.get_full_name() or user.username
