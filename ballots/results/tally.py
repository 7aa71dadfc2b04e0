"""Marks to counts, the base of the shares, and the sums that must hold. Pure, exact, no floats."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever only counts needs no law
    from cells.law.rules import Rules


@dataclass(frozen=True)
class Row:
    """One subject: valid ballots per level code, and those that left the row blank.

    `kind`: "collective" of a leadership collective, "leader" of a member in a post of leadership, else "".
    """

    counts: Mapping[str, int]
    blank: int
    subject: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Count:
    """What lay in the box: valid + invalid = ballots counted; rows in sheet order."""

    valid: int
    invalid: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Roll:
    """Voters of a meeting: all, those present, those excused for the whole meeting."""

    summoned: int
    present: int
    excused: int


@dataclass(frozen=True)
class PollCount:
    """All numbers of one counted poll; `base` is the one its shares are taken of."""

    title: str
    summoned: int
    present: int
    base: int
    issued: int
    collected: int
    valid: int
    invalid: int
    rows: tuple[Row, ...]


def count(ballots: Iterable[bytes], levels: Sequence[str], rows: int) -> Count:
    """Count ballots: each one byte a row, 0 no mark, else the 1-based place of a level in `levels`.

    A ballot without a single mark is invalid, unless the poll has one level only: there an unmarked row
    means "không đồng ý". Raises ValueError on a ballot of another length or with an unknown mark.
    """
    valid = invalid = 0
    tallies: list[Counter[int]] = [Counter() for _ in range(rows)]
    for marks in ballots:
        if len(marks) != rows or max(marks, default=0) > len(levels):
            raise ValueError("Phiếu không khớp với số dòng hoặc số mức của lượt bỏ phiếu.")
        if not any(marks) and len(levels) > 1:
            invalid += 1
            continue
        valid += 1
        for tally, mark in zip(tallies, marks, strict=True):
            tally[mark] += 1
    return Count(valid, invalid, tuple(_row(tally, levels) for tally in tallies))


def _row(tally: Mapping[int, int], levels: Sequence[str]) -> Row:
    return Row({code: tally[place] for place, code in enumerate(levels, start=1)}, tally[0])


def is_voter(standing: str, attendance: str) -> bool:
    """Whether a member votes: full members, and exempt ones who came (QĐ 24-QĐ/TW, 9.3.2)."""
    return standing == "full" or (standing == "exempt" and attendance == "present")


def roll(entries: Iterable[tuple[str, str]]) -> Roll:
    """The voters among (standing, attendance) of all members, as Member.Status and Attendance.State write them."""
    voters = Counter(
        attendance for standing, attendance in entries if is_voter(standing, attendance)
    )
    return Roll(voters.total(), voters["present"], voters["excused"])


def base_of(kind: str, people: Roll, *, issued: int, collected: int, valid: int) -> int:
    """The base of a poll's shares, by the kind the rules name (Rules.base)."""
    return {
        "summoned": people.summoned - people.excused,
        "full": people.summoned,
        "present": people.present,
        "issued": issued,
        "collected": collected,
        "valid": valid,
    }[kind]


def proposed(counts: Mapping[str, int], base: int, rules: "Rules") -> str | None:
    """The highest level whose own count reaches its own threshold; counts are never added over levels."""
    for level in rules.levels:
        if rules.thresholds[level].is_reached(counts.get(level, 0), base):
            return level
    return None


def problems(poll: PollCount) -> list[str]:
    """One Vietnamese sentence per sum that does not hold, naming the line; empty when all do."""
    sentences = [
        sentence
        for holds, sentence in (
            (
                poll.present <= poll.summoned,
                f"Số có mặt ({poll.present}) nhiều hơn số triệu tập ({poll.summoned}).",
            ),
            (
                poll.issued <= poll.present,
                f"Số phiếu phát ra ({poll.issued}) nhiều hơn số người có mặt ({poll.present}).",
            ),
            (
                poll.collected <= poll.issued,
                f"Số phiếu thu về ({poll.collected}) nhiều hơn số phiếu phát ra ({poll.issued}).",
            ),
            (
                poll.valid + poll.invalid == poll.collected,
                f"Số phiếu thu về ({poll.collected}) không bằng số hợp lệ ({poll.valid}) "
                f"cộng số không hợp lệ ({poll.invalid}).",
            ),
        )
        if not holds
    ]
    return sentences + [
        _row_problem(place, row, poll.valid)
        for place, row in enumerate(poll.rows, start=1)
        if sum(row.counts.values()) + row.blank != poll.valid
    ]


def _row_problem(place: int, row: Row, valid: int) -> str:
    total = sum(row.counts.values()) + row.blank
    name = f" “{row.subject}”" if row.subject else ""
    return (
        f"Dòng {place}{name}: các mức và không có ý kiến cộng lại được {total}, "
        f"không bằng {valid} phiếu hợp lệ."
    )
