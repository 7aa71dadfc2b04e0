"""Whether an order that an attacker sees names people better than a drawn lot does. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

# How seldom a drawn lot may look like a leak: of the some hundred comparisons of one run, once in ten million runs.
SELDOM = Fraction(1, 10**9)
DEVIATIONS = 6  # of a normal distribution that is as seldom


@dataclass(frozen=True)
class Match:
    """How well orders of ballots agree with orders of people, over all polls that were compared."""

    voters: int
    linked: int  # who stands at the place of the own ballot, in the better of both directions
    chance: Fraction  # how many a drawn lot names on average
    limit: int  # as many and more it names at most once in 10^9 runs
    deviations: (
        float  # by how many standard deviations the pairs in the same order are off half of all
    )

    @property
    def is_chance(self) -> bool:
        """Whether a drawn lot would do as well."""
        return self.linked < self.limit and self.deviations < DEVIATIONS


def match(pairs: Iterable[tuple[Sequence[Hashable], Sequence[Hashable]]]) -> Match:
    """Compare what is seen with what is known, poll by poll; both orders of a poll hold the same things."""
    forward = backward = voters = 0
    chance = Fraction()
    inverted = variance = 0.0
    sizes = set()
    for seen, known in pairs:
        place = {each: number for number, each in enumerate(known)}
        order = [place[each] for each in seen]
        count = len(order)
        sizes.add(count)
        voters += count
        chance += 1
        forward += sum(at == number for number, at in enumerate(order))
        backward += sum(at == number for number, at in enumerate(reversed(order)))
        inverted += sum(a > b for a, b in combinations(order, 2)) - count * (count - 1) / 4
        variance += count * (count - 1) * (2 * count + 5) / 72
    smallest = min(sizes, default=1)
    return Match(
        voters,
        max(forward, backward),
        chance,
        limit_of(voters, Fraction(1, smallest)),
        abs(inverted) / variance**0.5 if variance else 0.0,
    )


def limit_of(voters: int, share: Fraction, seldom: Fraction = SELDOM) -> int:
    """The least number that so many drawn lots, each right with this share, reach so seldom at most (binomial)."""
    tail = Fraction(0)
    for number in range(voters, -1, -1):
        tail += comb(voters, number) * share**number * (1 - share) ** (voters - number)
        if 2 * tail > seldom:  # in either direction
            return number + 1
    return 0
