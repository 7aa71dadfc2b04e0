"""Which lines a phone speaks on: none that has named it carries its ballot, so that no proxy joins the two."""

import pytest

from tests.browser.hands import CAST, FOLDED, GOOD, KEPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMED, ANONYMOUS = {"phat-phieu", "da-nhan"}, {"bo-phieu", "luot", "to-phieu", "danh-sach"}


def test_the_ballot_goes_on_no_line_that_has_carried_the_phones_cookie(hall):
    """One browser's habit, and so measured here: requests without credentials have connections of their own."""
    page, lines = hall.hand.page, {}

    def note(told: dict) -> None:
        response = told["response"]
        lines.setdefault(response["url"].rsplit("/", 1)[1], set()).add(response["connectionId"])

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", note)
    hall.open().fill(GOOD, GOOD, GOOD).fold().sees(FOLDED)
    hall.box()
    hall.hand.sees(CAST)
    hall.others_cast()
    hall.room.seal().agree().confirm()
    hall.hand.sees(KEPT)
    assert lines.keys() >= NAMED | ANONYMOUS
    named, anonymous = (
        set().union(*(lines[each] for each in names)) for names in (NAMED, ANONYMOUS)
    )
    assert all(named | anonymous), "each was answered on a line of its own number"
    assert not named & anonymous
