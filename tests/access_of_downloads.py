"""Rows of what a committee takes away, by hand or by another program, for tests/access_table.py."""

from tests.access_of_quota import BOARD, LED_FORM, LOGIN

LED = (LOGIN, LOGIN, LOGIN, 404, 302, 404, 404, 404)
MINE = (
    LOGIN,
    LOGIN,
    LOGIN,
    404,
    200,
    404,
    404,
    404,
)  # by officers of the committee that has asked for it
TOKEN = (401,) * 8  # by a token alone, which no browser has

DOWNLOAD_PAGES = [
    ("ballots:committee_act_paper", "act list xlsx", BOARD),
    ("ballots:committee_xlsx", "committee 2026", BOARD),
    ("ballots:job_file", "job", MINE),
    ("api", "", TOKEN),
    ("api_schema", "", (200,) * 8),
    ("api_totals", "committee 2026", TOKEN),
    ("api_cells", "committee 2026", TOKEN),
    ("api_nothing", "nothing", (404,) * 8),
    ("ballots:tokens", "committee", BOARD),
    ("ballots:tokens", "branch", (LOGIN, LOGIN, LOGIN, 404, 403, 404, 404, 404)),
]
DOWNLOAD_PRESSES = [
    ("ballots:upward_draft", "committee 2026 tables xlsx", BOARD),
    ("ballots:committee_zip", "committee 2026", LED),
    ("ballots:committee_summary", "committee 2026", LED),
    ("ballots:committee_members", "committee", LED),
    ("ballots:job_cancel", "job", LED),
    ("ballots:job_run", "job", LED),
    ("ballots:tokens", "committee", LED_FORM),
    ("ballots:token_revoke", "committee", (LOGIN, LOGIN, LOGIN, *(404,) * 5)),  # with none named
]
