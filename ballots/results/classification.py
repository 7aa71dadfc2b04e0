"""Counts and Rules to proposed levels, their distribution, the cap, and the frozen figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ballots.results import tally
from ballots.results.tally import PollCount, Row
from cells import wording
from cells.law.rules import READINGS, Cap, Rules

# The key of the cell's own row, as packs and scenario files name it, and how addresses and pins do; a member's is
# the number of its row.
CELL = "cell"
LEADERSHIP = "leadership"  # of a poll: on leadership collectives
COLLECTIVE, LEADER = "collective", "leader"  # kinds of rows that no member's level follows from
CELL_ADDRESS = "chi-bo"
COLLECTIVE_ADDRESS = "tap-the-{}"  # with the collective's key


@dataclass(frozen=True)
class Proposal:
    """What one row proposes: the level code or None, and why, in one Vietnamese sentence."""

    level: str | None
    reason: str


@dataclass(frozen=True)
class Distribution:
    """Final results over the rated members: how many of `of` stand at each level."""

    of: int
    counts: Mapping[str, int]
    undecided: int
    unrated: int


@dataclass(frozen=True)
class Reading:
    """One reading of the cap: how many may be excellent, how many are."""

    allowed: int
    used: int

    @property
    def is_exceeded(self) -> bool:
        """Whether more are excellent than this reading allows."""
        return self.used > self.allowed


@dataclass(frozen=True)
class CapCheck:
    """The cap under both readings; `warning` follows the configured one. It never blocks the cell."""

    percent: int
    readings: Mapping[str, Reading]
    warning: bool


def propose(counts: Mapping[str, int], base: int, rules: Rules) -> Proposal:
    """The level a row proposes, by `counts` (ballots per level code) of `base`."""
    if base <= 0:
        return Proposal(None, "Không tính được tỷ lệ: số để tính trên bằng 0.")
    level = tally.proposed(counts, base, rules)
    if level is None:
        return Proposal(None, f"Chưa mức nào đạt tỷ lệ cần thiết ({_thresholds(rules)}).")
    number = counts.get(level, 0)
    share = f"{wording.fraction(number, base)} ({wording.percent_of(number, base)})"
    return Proposal(level, f"Đạt {share}; cần {rules.thresholds[level]}.")


def _thresholds(rules: Rules) -> str:
    """All thresholds in words: one if they are equal, else level by level."""
    words = {level: str(threshold) for level, threshold in rules.thresholds.items()}
    first, *others = dict.fromkeys(words.values())
    if not others:
        return first
    return ", ".join(f"{level} {word}" for level, word in words.items())


def conclude(
    rated: Sequence[str],
    proposals: Iterable[Mapping[str, str | None]],
    conclusions: Mapping[str, str],
) -> dict[str, str | None]:
    """The level of each rated subject: the chair's conclusion, else that of the last poll that proposed one.

    `proposals`: per counted poll, in order, subject → proposed level; None in the answer: chưa kết luận.
    """
    levels: dict[str, str | None] = dict.fromkeys(rated)
    for poll in proposals:
        levels.update({who: level for who, level in poll.items() if level and who in levels})
    levels.update({who: level for who, level in conclusions.items() if who in levels})
    return levels


def distribute(levels: Iterable[str | None], unrated: int, rules: Rules) -> Distribution:
    """Count the final levels of the rated members; None stands for chưa kết luận."""
    per_level = Counter(levels)
    counts = {level: per_level[level] for level in rules.levels}
    return Distribution(per_level.total(), counts, per_level[None], unrated)


def check_cap(counts: Mapping[str, int], rules: Rules) -> CapCheck:
    """Compare the excellent with what both readings of the cap allow (rules.md A.3)."""
    excellent, good = (counts[level] for level in rules.levels[:2])
    bases = {"good": good, "good_or_better": good + excellent}
    readings = {
        reading: Reading(rules.cap.allowed(bases[reading]), excellent) for reading in READINGS
    }
    return CapCheck(rules.cap.percent, readings, readings[rules.cap.reading].is_exceeded)


def cap_statement(check: CapCheck, cap: Cap) -> str:
    """What the cap allows as it is read here, and how many are proposed."""
    reading = check.readings[cap.reading]
    two = wording.two_digits
    over = ", vượt mức trần" if reading.is_exceeded else ""
    return (
        f"Mức trần hoàn thành xuất sắc nhiệm vụ: {check.percent}% {READINGS[cap.reading]}, được "
        f"{two(reading.allowed)} đồng chí; đề nghị {two(reading.used)} đồng chí{over}."
    )


def both_readings(check: CapCheck) -> str:
    """How many may be excellent by each reading of the cap."""
    return "; ".join(
        f"tính trên {READINGS[name]} được {wording.two_digits(reading.allowed)}"
        for name, reading in check.readings.items()
    )


def cap_sentence(check: CapCheck, cap: Cap, verb: str = "đề nghị") -> str:
    """The warning in words, with both readings; "" where there is none. `said`: whether proposed or decided."""
    if not check.warning:
        return ""
    used = wording.two_digits(check.readings[cap.reading].used)
    return (
        f"Số {verb} hoàn thành xuất sắc ({used}) vượt mức trần {check.percent}%: "
        f"{both_readings(check)}. Cấp có thẩm quyền quyết định."
    )


def figures(
    polls: Sequence[PollCount],
    *,
    rated: Sequence[str],
    unrated: int,
    conclusions: Mapping[str, str],
    rules: Rules,
    sealed: Sequence[str],
) -> dict[str, Any]:
    """The frozen figures of a meeting, as ket-qua.json holds them.

    `polls`: counted ones in order, rows with subject keys; `rated`: keys of the rated members;
    `conclusions`: subject key → level code; `sealed`: SHA-256 of each poll's list of ballots, in hex.
    """
    tables = [_poll_table(poll, rules) for poll in polls]
    proposals = [
        {row["subject"]: row["proposed"] for row in table["rows"] if "kind" not in row}
        for table in tables
    ]
    levels = conclude(rated, proposals, conclusions)
    distribution = distribute(levels.values(), unrated, rules)
    return {
        "polls": tables,
        "distribution": _distribution_table(distribution),
        "cap": _cap_table(check_cap(distribution.counts, rules)),
        "sealed_sha256": list(sealed),
    }


def _poll_table(poll: PollCount, rules: Rules) -> dict[str, Any]:
    names = ("title", "summoned", "present", "base", "issued", "collected", "valid", "invalid")
    rows = [_row_table(row, poll.base, rules) for row in poll.rows]
    return {**{name: getattr(poll, name) for name in names}, "rows": rows}


def _row_table(row: Row, base: int, rules: Rules) -> dict[str, Any]:
    counts = {level: row.counts.get(level, 0) for level in rules.levels}
    return {
        "subject": row.subject,
        **({"kind": row.kind} if row.kind else {}),
        "counts": counts,
        "blank": row.blank,
        "percent": {level: wording.percent_of(number, base) for level, number in counts.items()},
        "proposed": tally.proposed(counts, base, rules),
    }


def _distribution_table(result: Distribution) -> dict[str, Any]:
    levels = {
        level: {"count": number, "percent": wording.percent_of(number, result.of)}
        for level, number in result.counts.items()
    }
    return {
        "of": result.of,
        **levels,
        "undecided": result.undecided,
        "unrated": result.unrated,
    }


def _cap_table(check: CapCheck) -> dict[str, Any]:
    readings = {
        name: {"allowed": reading.allowed, "used": reading.used}
        for name, reading in check.readings.items()
    }
    return {"percent": check.percent, "readings": readings, "warning": check.warning}
