"""Rows of campaigns for the table of who may open and press what (tests/access_table.py)."""

from tests.access_of_downloads import LED
from tests.access_of_quota import BOARD, LED_FORM

CAMPAIGN_PAGES = [
    ("cells:campaigns", "committee", BOARD),
    ("cells:campaign_version", "committee 2026", BOARD),
    ("cells:campaign", "committee 2026", BOARD),
    ("cells:campaign_clone", "committee 2026", BOARD),
    ("ballots:closing", "committee 2026", BOARD),
]
CAMPAIGN_PRESSES = [
    ("cells:campaigns", "committee", LED_FORM),
    ("cells:campaign_version", "committee 2026", LED_FORM),
    ("cells:campaign", "committee 2026", LED_FORM),
    ("cells:campaign_clone", "committee 2026", LED_FORM),
    ("ballots:closing", "committee 2026", LED_FORM),
    ("ballots:reminder_send", "committee 2026", LED),
    ("ballots:closing_undone", "committee 2026", LED_FORM),
]
