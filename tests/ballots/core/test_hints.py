"""What a page is for: said on every page of the evening and of the year, in one line, until it is put away."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from ballots.core.hints import HINTS
from ballots.core.page import ASIDE
from ballots.core.stages import STAGES
from tests.kit import factories
from tests.kit.clients import browser

ASK = "Trang này để làm gì?"
LONGEST = 100


def sources() -> str:
    """All that may stand on a button."""
    root = settings.BASE_DIR
    files = [*(root / "templates").rglob("*.html"), *(root / "ballots").rglob("*.py")]
    return " ".join(p.read_text() for p in files if p.name != "hints.py")


@pytest.mark.parametrize("page", HINTS)
def test_a_hint_is_three_short_sentences(page):
    sentences = HINTS[page]
    assert len(" ".join(sentences)) <= LONGEST
    assert all(re.fullmatch(r"[^.]+\.", sentence) for sentence in sentences)


def test_what_a_hint_quotes_stands_on_a_button():
    text = sources()
    quoted = {word for each in HINTS.values() for word in re.findall("“([^”]+)”", " ".join(each))}
    assert [word for word in quoted if word not in text] == []


def test_every_page_of_the_evening_has_one():
    pages = {page for page, *_ in STAGES} | {page for page, _ in ASIDE}
    assert pages - set(HINTS) == set()


@pytest.mark.django_db
def test_who_has_put_it_away_sees_it_no_more_but_may_ask_again():
    meeting = factories.make_meeting(5)
    secretary = factories.secretary_of(meeting)
    own, address = browser(secretary), reverse("ballots:checkin", args=[meeting.pk])
    assert ASK in own.get(address).content.decode()
    own.cookies[f"da-ro-{secretary.pk}"] = "ballots:roster.ballots:checkin"
    away = own.get(address).content.decode()
    assert ASK not in away
    assert 'href="?loi-nhac=1"' in away
    assert ASK in own.get(address, {"loi-nhac": "1"}).content.decode()
    assert ASK in own.get(reverse("ballots:tellers", args=[meeting.pk])).content.decode()


@pytest.mark.django_db
def test_another_person_on_the_same_computer_still_sees_it():
    meeting = factories.make_meeting(5)
    secretary = factories.secretary_of(meeting)
    own = browser(secretary)
    own.cookies[f"da-ro-{secretary.pk + 1}"] = "ballots:home"
    assert ASK in own.get("/hop/").content.decode()
