"""The rows of access_table.py for committees' own meetings: their officers run them, those above look on."""

from tests.access_table import BOARD, LED, LED_FORM, NO_COMMENT, NO_PAGE, NOT_OWN

RUN = ("checkin", "tellers", "projector", "sitting_polls")
SEEN = ("meeting", "results", "minutes")
# What is of cells alone.
OF_CELLS = (
    *("roster", "report", "comments", "appraisal", "dossier", "sending", "decision", "submission"),
    *("polls", "conclude", "rehearsal_start", "meeting_figures"),
)

PAGES = [
    ("ballots:sittings", "committee", BOARD),
    ("ballots:sitting_polls", "meeting", NO_PAGE),
    *((f"ballots:{page}", "sitting", BOARD) for page in (*RUN, *SEEN)),
    *((f"ballots:{page}", "branch_sitting", NOT_OWN) for page in RUN),
    *((f"ballots:{page}", "branch_sitting", BOARD) for page in SEEN),
    *((f"ballots:{page}", "sitting", NO_COMMENT) for page in OF_CELLS),
]
PRESSES = [
    ("ballots:sittings", "committee", LED_FORM),
    ("ballots:sitting_polls", "sitting", LED_FORM),
    ("ballots:sitting_polls", "branch_sitting", NOT_OWN),
    ("ballots:sitting_renew", "sitting", LED),
    ("ballots:meeting_open", "sitting", LED),
    ("ballots:meeting_open", "branch_sitting", NOT_OWN),
]
