"""How a list writes the names of its members."""

from collections import Counter
from collections.abc import Iterable

from members.models import Member
from members.rules import names


def labels(members: Iterable[Member]) -> dict[int, str]:
    """How each member is written in a list: with the year of birth where two share a name."""
    listed = list(members)
    twins = Counter(member.name for member in listed)
    return {m.pk: names.display(m.name, m.born_year, twins[m.name] > 1) for m in listed}
