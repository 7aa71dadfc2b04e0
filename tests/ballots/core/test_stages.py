"""The path of the evening over the pages of a meeting."""

import pytest

from ballots.core.stages import stages
from ballots.core.steps import Facts, PollFact
from ballots.models import Poll
from cells.models import AgendaItem, Meeting

Kind, State = AgendaItem.Kind, Meeting.State
PLANNED, OPEN, CLOSED = State.PLANNED, State.OPEN, State.CLOSED
AGENDA = (
    Kind.TALK,
    Kind.REPORT,
    Kind.COMMENTS,
    Kind.MEMBERS,
    Kind.TELLERS,
    Kind.POLL,
    Kind.RESULT,
    Kind.MINUTES,
)
COUNTED = PollFact("1", "Xếp loại", Poll.State.COUNTED, confirmed=True)
CASTING = PollFact("1", "Xếp loại", Poll.State.CASTING)


def at(kind: str, **values) -> Facts:
    """An open meeting at this item of AGENDA."""
    place = AGENDA.index(kind)
    return Facts(1, state=OPEN, kind=kind, ahead=frozenset(AGENDA[place:]), **values)


@pytest.mark.parametrize(
    ("facts", "now", "done"),
    [
        (Facts(1, state=PLANNED, ahead=frozenset(AGENDA)), "Điểm danh", ""),
        (at(Kind.TALK), "Chương trình", "Điểm danh"),
        (at(Kind.REPORT, claimed=True), "Báo cáo", "Danh sách, Điểm danh"),
        (at(Kind.COMMENTS), "Góp ý", "Điểm danh, Báo cáo"),
        (at(Kind.MEMBERS), "Góp ý", "Điểm danh, Báo cáo"),
        (at(Kind.TELLERS), "Tổ kiểm phiếu", "Điểm danh, Báo cáo, Góp ý"),
        (
            at(Kind.POLL, tellers=True, polls=(CASTING,)),
            "Bỏ phiếu",
            "Điểm danh, Báo cáo, Góp ý, Tổ kiểm phiếu",
        ),
        (
            at(Kind.RESULT, tellers=True, polls=(COUNTED,)),
            "Kết quả",
            "Điểm danh, Báo cáo, Góp ý, Tổ kiểm phiếu, Bỏ phiếu",
        ),
        (
            at(Kind.MINUTES, tellers=True, polls=(COUNTED,), conclusion=True, passed=True),
            "Biên bản",
            "Điểm danh, Báo cáo, Góp ý, Tổ kiểm phiếu, Bỏ phiếu, Kết quả, Biên bản",
        ),
        (
            Facts(1, state=CLOSED, sent=True, returned=True),
            "Gửi cấp trên",
            "Điểm danh, Báo cáo, Góp ý",
        ),
        (
            Facts(1, state=CLOSED, sent=True),
            "Gửi cấp trên",
            "Điểm danh, Báo cáo, Góp ý, Gửi cấp trên",
        ),
    ],
)
def test_the_path_says_what_is_done_and_where_the_meeting_is(facts, now, done):
    path = stages(facts)
    assert [stage.label for stage in path if stage.is_now] == [now]
    assert ", ".join(stage.label for stage in path if stage.is_done) == done
