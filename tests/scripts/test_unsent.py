"""What becomes of the words that a form was left with, when it is drawn again."""

import pytest

from tests.kit.scripts import Script

DRAWN = [["by", ""], ["text", "Đã lưu"]]


@pytest.fixture(scope="module")
def unsent() -> Script:
    return Script("phone/unsent.js")


@pytest.mark.parametrize(
    ("text", "sent", "stored", "refused", "fate"),
    [
        ("Mới viết", False, False, False, "offer"),  # left, reloaded, killed
        ("Mới viết", False, True, False, "offer"),  # another form of the page was stored meanwhile
        (
            "Mới viết",
            True,
            False,
            False,
            "offer",
        ),  # an old page, a lost network, a page to sign in
        ("Mới viết", True, False, True, "offer"),  # refused on another page
        ("Mới viết", True, True, False, "forget"),  # stored; a form that adds is empty again
        (" Đã lưu\r\n", True, True, False, "forget"),
        ("Đã lưu", False, False, False, "forget"),
        (
            "Đã lưu",
            True,
            False,
            False,
            "keep",
        ),  # the answer to the press itself shows what was typed
        ("Đã lưu", False, False, True, "keep"),
    ],
)
def test_words_are_offered_until_they_are_stored(unsent, text, sent, stored, refused, fate):
    draft = {"values": [["by", ""], ["text", text]], "sent": sent}
    arrived = {"stored": stored, "refused": refused}
    told = unsent(
        "return m.fateOf(values.draft, values.drawn, values.arrived)",
        draft=draft,
        drawn=DRAWN,
        arrived=arrived,
    )
    assert told == fate
