"""Everything a meeting can do: one verb, one transaction, the actor first, the audit line inside."""

from .answering import save_answers, shortcomings
from .appraising import answer_conditions, confirm_flag, give_reasons, withdraw_flag
from .base import Refused
from .checkin import admit, admit_all, close_checkin, mark, open_checkin, refuse, set_door
from .counting import agree, confirm, disagree, seal, sealed_ballots
from .deciding import Act, Verdict, answer_petition, decide, petition
from .issuing import acknowledge, stamp, stamp_paper, stamp_slip
from .listing import eligibility_of, follow_rules, make_list, set_line, set_review
from .meeting import (
    add_guest,
    close_meeting,
    comment,
    conclude,
    name_tellers,
    next_item,
    open_meeting,
    pass_minutes,
    previous_item,
    remove_comment,
    remove_guest,
    set_conclusion_text,
)
from .planning import (
    drop_poll,
    end_rehearsal,
    fill_rehearsal,
    list_newcomers,
    plan_meeting,
    plan_poll,
    print_slips,
    reschedule,
    set_duty,
    start_rehearsal,
)
from .polling import decline, note_alarm, open_box, open_issuing, reissue, void
from .report import Overtaken, edit_report, save_report
from .returning import return_file
from .sending import send_up

__all__ = [
    "Act",
    "Overtaken",
    "Refused",
    "Verdict",
    "acknowledge",
    "add_guest",
    "admit",
    "admit_all",
    "agree",
    "answer_conditions",
    "answer_petition",
    "close_checkin",
    "close_meeting",
    "comment",
    "conclude",
    "confirm",
    "confirm_flag",
    "decide",
    "decline",
    "disagree",
    "drop_poll",
    "edit_report",
    "eligibility_of",
    "end_rehearsal",
    "fill_rehearsal",
    "follow_rules",
    "give_reasons",
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
    "reissue",
    "remove_comment",
    "remove_guest",
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
    "set_review",
    "shortcomings",
    "stamp",
    "stamp_paper",
    "stamp_slip",
    "start_rehearsal",
    "void",
    "withdraw_flag",
]
