"""Everything a meeting can do: one verb, one transaction, the actor first, the audit line inside."""

from .base import Refused
from .checkin import admit, admit_all, close_checkin, mark, open_checkin, refuse, set_door
from .counting import agree, confirm, disagree, seal, sealed_ballots
from .issuing import acknowledge, stamp, stamp_paper, stamp_slip
from .meeting import (
    add_guest,
    close_meeting,
    comment,
    conclude,
    name_tellers,
    next_item,
    open_meeting,
    pass_minutes,
    remove_comment,
    remove_guest,
    save_report,
    set_conclusion_text,
)
from .planning import (
    drop_poll,
    plan_meeting,
    plan_poll,
    print_slips,
    set_duty,
    set_review,
    start_rehearsal,
)
from .polling import decline, open_box, open_issuing, reissue, void

__all__ = [
    "Refused",
    "acknowledge",
    "add_guest",
    "admit",
    "admit_all",
    "agree",
    "close_checkin",
    "close_meeting",
    "comment",
    "conclude",
    "confirm",
    "decline",
    "disagree",
    "drop_poll",
    "mark",
    "name_tellers",
    "next_item",
    "open_box",
    "open_checkin",
    "open_issuing",
    "open_meeting",
    "pass_minutes",
    "plan_meeting",
    "plan_poll",
    "print_slips",
    "refuse",
    "reissue",
    "remove_comment",
    "remove_guest",
    "save_report",
    "seal",
    "sealed_ballots",
    "set_conclusion_text",
    "set_door",
    "set_duty",
    "set_review",
    "stamp",
    "stamp_paper",
    "stamp_slip",
    "start_rehearsal",
    "void",
]
