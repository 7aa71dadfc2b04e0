"""Rows of the quota room for the table of who may open and press what (tests/access_table.py)."""

LOGIN = "login"
BOARD = (LOGIN, LOGIN, LOGIN, 404, 200, 404, 404, 404)
LED_FORM = (LOGIN, LOGIN, LOGIN, 404, 422, 404, 404, 404)

QUOTA_PAGES = [
    ("ballots:quota", "committee 2026", BOARD),
    ("ballots:quota_draft", "draft", BOARD),
    ("ballots:quota_xlsx", "draft", BOARD),
    ("ballots:quota_compare", "draft", (LOGIN, LOGIN, LOGIN, *(404,) * 5)),  # with no other draft
    ("cells:committee_groups", "committee", BOARD),
]
QUOTA_PRESSES = [
    ("ballots:quota", "committee 2026", LED_FORM),
    ("ballots:quota_xlsx", "draft", BOARD),
    ("ballots:quota_refresh", "draft", LED_FORM),
    ("ballots:quota_raise", "draft", LED_FORM),
    ("ballots:quota_place", "draft", LED_FORM),
    ("ballots:quota_copy", "draft", LED_FORM),
    ("ballots:quota_move", "case", LED_FORM),
    ("ballots:quota_delete", "draft", (LOGIN, LOGIN, LOGIN, 404, 302, 404, 404, 404)),
    ("cells:committee_groups", "committee", LED_FORM),
]
