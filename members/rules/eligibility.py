"""Who is reviewed in a period and who is not, by the guidance pack. Pure: members come as values."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cells.law.guidance import CERTAINTIES, Origin, sentences
from cells.law.periods import Period

NEW, NOT_LEADER, NEW_LEADER = "new", "not_leader", "new_leader"


@dataclass(frozen=True)
class ReviewedPerson:
    """What the rules ask of a member; `leads_since`: the first day ever in office, None for who holds none now."""

    standing: str
    admitted_on: date | None = None
    leads_since: date | None = None


@dataclass(frozen=True)
class Exclusion:
    """One case in which a member is not reviewed, or not rated.

    `case` is a standing; or "new", in the Party for less than `months`; "not_leader", without office; "new_leader",
    in the first office for less than `months`.
    """

    case: str
    status: str  # "not_subject" or "unrated"
    reason: str
    basis: str
    months: int = 0

    def covers(self, person: ReviewedPerson, on: date) -> bool:
        """Whether it is the case of this member, as counted on `on`."""
        if self.case == NOT_LEADER:
            return person.leads_since is None
        if self.case == NEW_LEADER:
            return self._is_short(person.leads_since, on)
        if self.case == NEW:
            return self._is_short(person.admitted_on, on)
        return person.standing == self.case

    def _is_short(self, since: date | None, on: date) -> bool:
        return since is not None and months_after(since, self.months) > on


@dataclass(frozen=True)
class Eligibility:
    """A pack's exclusions, the reasons offered to choose from, and the day of the period that counts."""

    exclusions: tuple[Exclusion, ...]
    reasons: tuple[str, ...]
    month: int
    day: int
    # Who is away for long and yet rated, a sentence as each label.
    still_rated: tuple[Origin, ...] = ()

    @classmethod
    def from_pack(cls, pack: Mapping[str, Any]) -> "Eligibility":
        """Read the pack's [[exclusions]], [reasons] and [counted_on]."""
        return cls(
            exclusions=tuple(
                Exclusion(
                    case=each["case"],
                    status=each["status"],
                    reason=each["reason"],
                    basis=f"{each['source']} ({CERTAINTIES[each['certainty']]})",
                    months=each.get("months", 0),
                )
                for each in pack["exclusions"]
            ),
            reasons=tuple(pack["reasons"]),
            month=pack["counted_on"]["month"],
            day=pack["counted_on"]["day"],
            still_rated=tuple(sentences(pack.get("still_rated", ()))),
        )

    def offered(self) -> tuple[str, ...]:
        """Reasons to choose from: those of the rules, and those that people decide."""
        return (*(each.reason for each in self.exclusions), *self.reasons)

    def exclusion(self, person: ReviewedPerson, period: Period) -> Exclusion | None:
        """The first case that covers the member in the review of this period, or None: reviewed and rated."""
        on = period.day(self.month, self.day)
        return next((each for each in self.exclusions if each.covers(person, on)), None)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that one is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
