"""`make screens` and `make screens-above` leave no page out; the guides show pictures that a command takes again."""

from django.conf import settings

from tests.access_table import PAGES
from tests.pictures import pages_above, pages_of_envelopes
from tests.pictures.guides import PICTURES
from tests.pictures.pages import shots

# Files to be saved, data for scripts, and addresses that only lead on.
NO_PAGES = {
    "api",
    "api_cells",
    "api_nothing",
    "api_schema",
    "api_totals",
    "ballots:ballot_word",
    "ballots:collective_paper",
    "ballots:committee_act_paper",
    "ballots:committee_xlsx",
    "ballots:decision_notice",
    "ballots:decision_paper",
    "ballots:dossier_zip",
    "ballots:guide",
    "ballots:job_file",
    "ballots:meeting_figures",
    "ballots:own_form_pdf",
    "ballots:own_notice",
    "ballots:paper",
    "ballots:paper_draft",
    "ballots:personal_form",
    "ballots:poll_papers",
    "ballots:quota_xlsx",
    "ballots:sheet_errors",
    "ballots:sheet_preview",  # of a file that jobs read; it looks as members:committee_import_preview
    "ballots:turnout",
    "ballots:upward_draft",
    "ballots:upward_paper",
    "members:attachment",
    "members:committee_import_errors",
    "members:committee_sheet",
    "members:member_import_errors",
    "members:member_sheet",
    "live",
    "numbers",
    "ready",
    "members:passkey_new",
    "members:second_factor_confirm",  # with the second factor under way: tests/browser/test_accounts.py
    "members:second_step",
    "members:set_up",  # of an installation in which there is nothing else
    "members:sign_in_to_admin",
    "members:still_here",
    "members:way_back",  # of an account without a password
    "root",
    "short",
}

EVERY = [*shots(), *pages_above.shots(), *pages_of_envelopes.shots()]


def test_every_page_is_looked_at():
    seen = {shot.route for shot in EVERY}
    assert {name for name, *_ in PAGES} - seen == NO_PAGES


def test_no_two_pictures_share_a_name():
    titles = [shot.title for shot in EVERY]
    assert len(titles) == len(set(titles))


def test_every_picture_of_a_guide_is_taken_by_the_command():
    kept = {path.stem for path in (settings.BASE_DIR / "docs/guides/pictures").iterdir()}
    assert kept == PICTURES.keys()
    titles = {shot.title for shot in shots()}
    assert [title for title in PICTURES.values() if title not in titles] == []
