"""Index of the verbs of all wings, for tests; the product imports each from its own wing."""

from ballots.appraisal.verbs import (
    answer_conditions,
    confirm_flag,
    give_reasons,
    withdraw_flag,
)
from ballots.committee.acts.verbs import decide_together
from ballots.committee.decision.verbs import (
    Act,
    LevelDecision,
    answer_petition,
    decide,
    petition,
)
from ballots.committee.reopening.verbs import ReopeningAct, reopen
from ballots.committee.review.verbs import (
    approve,
    return_file,
)
from ballots.core.verbs import (
    Refused,
)
from ballots.dossier.answering import answer_pin
from ballots.dossier.sending import (
    send_up,
)
from ballots.meeting.checkin import (
    admit,
    admit_all,
    change_code,
    close_checkin,
    leave,
    mark,
    open_checkin,
    refuse,
    refuse_all,
)
from ballots.meeting.collectives import add_collective, drop_collective
from ballots.meeting.planning import (
    end_rehearsal,
    fill_rehearsal,
    list_newcomers,
    plan_meeting,
    reschedule,
    set_duty,
    start_rehearsal,
)
from ballots.meeting.roster import (
    eligibility_of,
    follow_rules,
    make_list,
    set_line,
    set_review,
)
from ballots.meeting.running import (
    add_guest,
    close_meeting,
    comment,
    conclude,
    edit_comment,
    name_tellers,
    next_item,
    open_meeting,
    pass_minutes,
    previous_item,
    remove_comment,
    remove_guest,
    set_conclusion_text,
    set_lines,
)
from ballots.models import Poll, Teller
from ballots.report.answers import save_answers
from ballots.report.verbs import (
    Overtaken,
    edit_report,
    save_report,
)
from ballots.results.former_years import shortcomings
from ballots.voting import polling
from ballots.voting.counting import (
    agree,
    confirm,
    disagree,
    seal,
    sealed_ballots,
)
from ballots.voting.differences import decide as decide_difference
from ballots.voting.doors import set_door
from ballots.voting.issuing import (
    acknowledge,
    stamp,
    stamp_paper,
    stamp_slip,
)
from ballots.voting.planning import drop_poll, plan_poll, print_slips
from ballots.voting.polling import (
    decline,
    note_alarm,
    open_box,
    void,
)
from ballots.voting.roll import confirm_roll, roll_of
from cells.models import Meeting
from members.models import Attendance, User


def let_confirm(meeting: Meeting) -> None:
    """Let a teller who is here confirm the roll as it stands, where nobody has."""
    meeting.refresh_from_db()
    roll = roll_of(meeting)
    here = Attendance.objects.filter(meeting=meeting).present().values("member")
    teller = Teller.objects.filter(meeting=meeting, member__in=here).first()
    if teller is not None and meeting.state == Meeting.State.OPEN and not roll.confirmed:
        confirm_roll(teller.member, meeting, roll.digest)


def open_issuing(user: User, poll: Poll) -> None:
    """Mở lượt bỏ phiếu, the roll confirmed; the press alone is `polling.open_issuing`."""
    let_confirm(poll.meeting)
    polling.open_issuing(user, poll)


def reissue(user: User, poll: Poll) -> None:
    """Phát lại cho tất cả, the roll confirmed; the press alone is `polling.reissue`."""
    let_confirm(poll.meeting)
    polling.reissue(user, poll)


__all__ = [
    "Act",
    "LevelDecision",
    "Overtaken",
    "Refused",
    "ReopeningAct",
    "acknowledge",
    "add_collective",
    "add_guest",
    "admit",
    "admit_all",
    "agree",
    "answer_conditions",
    "answer_petition",
    "answer_pin",
    "approve",
    "change_code",
    "close_checkin",
    "close_meeting",
    "comment",
    "conclude",
    "confirm",
    "confirm_flag",
    "confirm_roll",
    "decide",
    "decide_difference",
    "decide_together",
    "decline",
    "disagree",
    "drop_collective",
    "drop_poll",
    "edit_comment",
    "edit_report",
    "eligibility_of",
    "end_rehearsal",
    "fill_rehearsal",
    "follow_rules",
    "give_reasons",
    "leave",
    "let_confirm",
    "list_newcomers",
    "make_list",
    "mark",
    "name_tellers",
    "next_item",
    "note_alarm",
    "open_box",
    "open_checkin",
    "open_issuing",
    "open_meeting",
    "pass_minutes",
    "petition",
    "plan_meeting",
    "plan_poll",
    "previous_item",
    "print_slips",
    "refuse",
    "refuse_all",
    "reissue",
    "remove_comment",
    "remove_guest",
    "reopen",
    "reschedule",
    "return_file",
    "save_answers",
    "save_report",
    "seal",
    "sealed_ballots",
    "send_up",
    "set_conclusion_text",
    "set_door",
    "set_duty",
    "set_line",
    "set_lines",
    "set_review",
    "shortcomings",
    "stamp",
    "stamp_paper",
    "stamp_slip",
    "start_rehearsal",
    "void",
    "withdraw_flag",
]
