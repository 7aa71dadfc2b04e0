"""Last year's shortcomings, one by one, to be answered this year: remedied, or not yet and why. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cells.wording import visible

DONE, OPEN = "done", "open"
STATES = {DONE: "Đã khắc phục", OPEN: "Chưa khắc phục"}
ANSWERED = {**STATES, "": "Chưa trả lời"}
STATE, WHY = "answer-", "why-"  # names of the fields, before the number of the item
MOST = 12
LONGEST = 500
NO_ANSWER = "Xin chọn “Đã khắc phục” hoặc “Chưa khắc phục”."
NO_REASON = "Xin ghi vì sao chưa khắc phục được."
# How people mark the items of a list: "- ", "+ ", "• ", "1. ", "2) ", "a) ".
# A number with a figure after its point ("1.5 tỷ") begins a sentence.
MARK = re.compile(r"^(?:[-+–•*]+|\d{1,2}[.)](?!\d)|[a-zđ]\))\s*", re.IGNORECASE)
CAUSE = "nguyên nhân"
NOTHING = re.compile(r"(?:không|chưa)(?: có)?(?: gì)?[.!…]*", re.IGNORECASE)


@dataclass(frozen=True)
class Promise:
    """One shortcoming with its answer: `state` is DONE, OPEN or "" (not answered)."""

    key: str
    item: str
    state: str = ""
    why: str = ""
    problem: str = ""
    why_problem: str = ""

    @property
    def words(self) -> str:
        """The answer as it is read."""
        answer = ANSWERED[self.state]
        return f"{answer}: {self.why}" if self.why else answer


def items_of(weaknesses: str, answers: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """What is still to be remedied: the lines of last year's text, and what was not yet remedied then.

    Marks of a list are left out, and so are empty lines, headings, causes, "Không có" and repeats; at most `MOST`.
    """
    left = [answers[key]["item"] for key in answers if answers[key].get("state") == OPEN]
    told = [line[:LONGEST] for line in _told(weaknesses) if not NOTHING.fullmatch(line)]
    return tuple(dict.fromkeys([*left, *told]))[:MOST]


def _told(weaknesses: str) -> Iterator[str]:
    """The lines that name a shortcoming; a heading "Nguyên nhân:" holds until the next heading."""
    is_under_causes = False
    for line in weaknesses.splitlines():
        told = MARK.sub("", visible(line)).strip()
        is_cause = told.lower().startswith(CAUSE)
        if told.endswith(":") or told.lower() == CAUSE:
            is_under_causes = is_cause
        elif told and not is_cause and not is_under_causes:
            yield told


def typed_of(answers: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is stored, by name of the field."""
    typed = {}
    for key, answer in answers.items():
        typed[STATE + key] = answer.get("state", "")
        typed[WHY + key] = answer.get("why", "")
    return typed


def stored_items(answers: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """The items as they were answered, in order."""
    return tuple(answers[key]["item"] for key in sorted(answers, key=int))


def stored(answers: Mapping[str, Mapping[str, str]]) -> tuple[Promise, ...]:
    """The items with their answers as they are stored."""
    return promises(stored_items(answers), typed_of(answers), {})


def summed(promises_asked: tuple[Promise, ...]) -> str:
    """How many are remedied and how many are not, in words; "" where nothing was to be remedied."""
    counted = Counter(promise.state for promise in promises_asked)
    told = [
        f"{counted[state]} {words.lower()}" for state, words in ANSWERED.items() if counted[state]
    ]
    return f"Hạn chế năm trước: {', '.join(told)}" if told else ""


def names(items: tuple[str, ...]) -> list[str]:
    """Names of the fields that ask about these items, in order."""
    return [name + str(n) for n in range(1, len(items) + 1) for name in (STATE, WHY)]


def promises(
    items: tuple[str, ...], typed: Mapping[str, str], problems: Mapping[str, str]
) -> tuple[Promise, ...]:
    """The items with what was typed about them."""
    return tuple(
        Promise(
            key=str(n),
            item=item,
            state=state if (state := typed.get(f"{STATE}{n}", "")) in STATES else "",
            why=typed.get(f"{WHY}{n}", ""),
            problem=problems.get(f"{STATE}{n}", ""),
            why_problem=problems.get(f"{WHY}{n}", ""),
        )
        for n, item in enumerate(items, start=1)
    )


def missing(promises_asked: tuple[Promise, ...]) -> Iterator[tuple[str, str]]:
    """By name of the field, what is to be answered before it is handed in."""
    for promise in promises_asked:
        if not promise.state:
            yield STATE + promise.key, NO_ANSWER
        elif promise.state == OPEN and not visible(promise.why):
            yield WHY + promise.key, NO_REASON


def answers_of(promises_asked: tuple[Promise, ...]) -> dict[str, dict[str, str]]:
    """As it is stored: with the item's own words, so that nobody has to look them up again."""
    return {
        each.key: {"item": each.item, "state": each.state, "why": each.why}
        for each in promises_asked
        if each.state or each.why
    }
