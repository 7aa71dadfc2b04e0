"""The rows of access_table.py for committees' own meetings: their officers run them, those above look on."""

from tests.access_table import BOARD, LED, LED_FORM, NO_COMMENT, NO_PAGE, NOT_OWN

RUN = (
    *("checkin", "tellers", "projector", "sitting_polls", "sitting_comments", "sitting_conclude"),
    "sitting_rehearse",
)
SEEN = ("meeting", "results", "minutes")
# What is of cells alone.
OF_CELLS = (
    *("roster", "report", "comments", "appraisal", "dossier", "sending", "decision", "submission"),
    *("polls", "conclude", "rehearsal_start", "meeting_figures"),
)

PAGES = [
    ("ballots:sittings", "committee", BOARD),
    *(
        (f"ballots:{page}", "meeting", NO_PAGE)
        for page in ("sitting_polls", "sitting_comments", "sitting_conclude", "sitting_rehearse")
    ),
    ("ballots:sitting_comment_edit", "sitting comment", NO_COMMENT),
    ("ballots:sitting_comment_edit", "sitting sitting_comment", BOARD),
    ("ballots:sitting_comment_edit", "branch_sitting sitting_comment", NOT_OWN),
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
    ("ballots:sitting_own_case", "sitting", LED),
    ("ballots:sitting_own_case", "branch_sitting", NOT_OWN),
    ("ballots:sitting_rehearse", "branch_sitting", NOT_OWN),
    ("ballots:sitting_rehearse", "sitting", LED),
    ("ballots:sitting_conclude", "branch_sitting", NOT_OWN),
    ("ballots:sitting_conclude", "sitting", LED),
    ("ballots:sitting_comments", "branch_sitting", NOT_OWN),
    ("ballots:sitting_comments", "sitting", LED_FORM),
    ("ballots:sitting_comment_edit", "sitting sitting_comment", LED_FORM),
    ("ballots:sitting_comment_remove", "sitting", LED),
    ("ballots:sitting_comment_remove", "branch_sitting", NOT_OWN),
    ("ballots:sitting_conclusion_text", "sitting", LED),
    ("ballots:sitting_conclusion_text", "branch_sitting", NOT_OWN),
    ("ballots:meeting_open", "sitting", LED),
    ("ballots:meeting_open", "branch_sitting", NOT_OWN),
]
