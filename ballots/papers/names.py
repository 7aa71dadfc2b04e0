"""Names as a paper writes them: with the year of birth where two members of the list share one."""

from collections import Counter
from collections.abc import Iterable

from ballots.papers.data import Person
from members.models import Attendance, Member
from members.rules import names


class Names:
    """The list of a meeting, asked how each member is written."""

    def __init__(self, listed: Iterable[Attendance]) -> None:
        """`listed`: all attendances of the meeting, members selected along."""
        self._held = Counter(row.member.name for row in listed)

    def of(self, member: Member) -> str:
        """The member's name; the year of birth only where needed."""
        return names.display(member.name, member.born_year, self._held[member.name] > 1)

    def person(self, member: Member) -> Person:
        """The member as the paper introduces one, and as one signs."""
        return Person(self.of(member), member.post, member.name)
