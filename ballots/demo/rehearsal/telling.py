"""What the minutes tell of a scenario's evening, typed into the pages that ask for it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ballots.demo.scenario import CELL, Poll, Scenario
from cells import wording
from members.rules.review_sheet import TEXT

if TYPE_CHECKING:
    from ballots.demo.rehearsal.play import Evening


def report_of(scenario: Scenario) -> dict[str, str]:
    """The fields of the report's page: its sections, what the minutes tell of it, and what the cell claims."""
    fields = claims_of(scenario.cell_self_level, scenario.cell_self_score)
    if scenario.report is None:
        return fields
    texts = {TEXT + key: text for key, text in scenario.report.sections().items()}
    return {**fields, **texts, "text": scenario.report.summary(scenario.campaign.year)}


def claims_of(level: str | None, score: Decimal | None) -> dict[str, str]:
    """The level and the points that a collective gives itself, as the report's page asks for them."""
    return {
        "self_level": level or "",
        "self_score": "" if score is None else wording.score(score),
    }


def talk(evening: "Evening") -> None:
    """The comments, then what each member said of the own work and answered."""
    for comment in evening.scenario.comments:
        on = "" if comment.on == CELL else evening.key_of(comment.on)
        said: dict[str, Any] = {"by": evening.pk_of(comment.by), "on": on, "text": comment.text}
        reserved = {"reserved": "on"} if comment.reserved else {}
        evening.page("gop-y").do("comment", None, **said, kind=comment.kind, **reserved)
    people = evening.scenario.people
    told = {key: p for key, p in people.items() if p.self_review or p.reply}
    if told:
        keys = evening.attendances
        lines = {f"{keys[key]}-self_review": p.self_review for key, p in told.items()}
        lines |= {f"{keys[key]}-reply": p.reply for key, p in told.items()}
        evening.page("tu-kiem-diem").do("set_lines", None, **lines)


def invalid(evening: "Evening", address: str, poll: Poll) -> None:
    """Why ballots of the poll at this address are invalid."""
    if poll.invalid_reasons:
        lines = {
            f"{name}_{place}": value
            for place, pair in enumerate(poll.invalid_reasons.items())
            for name, value in zip(("reason", "count"), pair, strict=True)
        }
        evening.officer.open(f"{address}khong-hop-le/").do("note_invalid", None, **lines)


def leave(evening: "Evening") -> None:
    """Who leaves before the end; a scenario gives polls no hours, so whoever leaves has voted in all of them."""
    for key, person in evening.scenario.people.items():
        if person.left_at is not None:
            here = {"attendance": evening.attendances[key]}
            evening.page("diem-danh").do("leave", here, left=f"{person.left_at:%H:%M}")


def ending(scenario: Scenario) -> dict[str, str]:
    """The fields of the form that passes the minutes."""
    meeting = scenario.meeting
    hours = {"count_starts": meeting.count_starts, "count_ends": meeting.count_ends}
    here = str(len(scenario.staying))
    return {
        "yes": here,
        "of": here,
        "ends_on": f"{meeting.ends:%Y-%m-%d}",
        "ends_time": f"{meeting.ends:%H:%M}",
        "copies": str(meeting.copies or ""),
        "filed": "; ".join(meeting.filed),
        **{name: f"{at:%H:%M}" if at else "" for name, at in hours.items()},
    }
