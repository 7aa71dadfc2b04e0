"""The evening as a path over every page of a meeting: what is done, where the meeting is, what comes."""

from collections.abc import Callable
from dataclasses import dataclass

from ballots.core.steps import Facts, is_done
from cells.models import AgendaItem, Meeting

Kind = AgendaItem.Kind


@dataclass(frozen=True)
class Stage:
    """One part of the evening and the page that serves it; at most one of a path `is_now`."""

    page: str
    label: str
    is_done: bool = False
    is_now: bool = False


def _is_past(*kinds: str) -> Callable[[Facts], bool]:
    """Whether the agenda has left all its items of these kinds behind."""
    return lambda facts: (
        facts.state == Meeting.State.CLOSED
        or (facts.state == Meeting.State.OPEN and not facts.ahead.intersection(kinds))
    )


TALKS = (Kind.COMMENTS, Kind.MEMBERS, Kind.GUESTS)
STAGES: tuple[tuple[str, str, tuple[str, ...], Callable[[Facts], bool]], ...] = (
    ("ballots:meeting", "Chương trình", (Kind.TALK,), lambda facts: False),
    ("ballots:roster", "Danh sách", (), lambda facts: facts.claimed),
    ("ballots:checkin", "Điểm danh", (), lambda facts: facts.state != Meeting.State.PLANNED),
    ("ballots:report", "Báo cáo", (Kind.REPORT,), _is_past(Kind.REPORT)),
    ("ballots:comments", "Góp ý", TALKS, _is_past(*TALKS)),
    ("ballots:tellers", "Tổ kiểm phiếu", (Kind.TELLERS,), lambda facts: facts.tellers),
    ("ballots:polls", "Bỏ phiếu", (Kind.POLL,), lambda facts: is_done(Kind.POLL, facts)),
    ("ballots:results", "Kết quả", (Kind.RESULT,), lambda facts: facts.conclusion),
    ("ballots:minutes", "Biên bản", (Kind.MINUTES,), lambda facts: facts.passed),
    ("ballots:sending", "Gửi cấp trên", (), lambda facts: facts.sent and not facts.returned),
)

# Of a committee's own meeting, which reviews nobody: it votes on what cells have sent up.
OF_SITTINGS = (
    *(row for row in STAGES if row[0] in ("ballots:meeting", "ballots:checkin")),
    ("ballots:sitting_comments", "Ý kiến", TALKS, _is_past(*TALKS)),
    *(row for row in STAGES if row[0] == "ballots:tellers"),
    ("ballots:sitting_polls", "Bỏ phiếu", (Kind.POLL,), lambda facts: is_done(Kind.POLL, facts)),
    ("ballots:results", "Kết quả", (Kind.RESULT,), lambda facts: facts.conclusion),
    *(row for row in STAGES if row[0] == "ballots:minutes"),
)


def stages(facts: Facts) -> list[Stage]:
    """The path of a meeting, in the order of the evening; the agenda, first, is never done."""
    now = _now(facts)
    return [
        Stage(page, label, is_done=test(facts), is_now=page == now)
        for page, label, _kinds, test in _path(facts)
    ]


def page_of_polls(meeting: Meeting) -> str:
    """Where the polls of a meeting are planned: of a cell, or of a committee."""
    return "ballots:sitting_polls" if meeting.is_sitting else "ballots:polls"


def _path(facts: Facts) -> tuple[tuple[str, str, tuple[str, ...], Callable[[Facts], bool]], ...]:
    return OF_SITTINGS if facts.sitting else STAGES


def _now(facts: Facts) -> str:
    """The page of the stage the meeting is in, "" where it has no agenda."""
    if facts.state == Meeting.State.PLANNED:
        return "ballots:checkin"
    if facts.state == Meeting.State.CLOSED:
        return "ballots:minutes" if facts.sitting else "ballots:sending"
    if facts.passed:
        return "ballots:minutes"
    return next((page for page, _label, kinds, _test in _path(facts) if facts.kind in kinds), "")
