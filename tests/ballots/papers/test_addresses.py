"""The address that a paper prints in its QR code is the one phones reach, whichever the officer's browser uses."""

import pytest
from django.urls import reverse

from ballots.papers.press import render
from cells.models import Meeting
from tests.kit import factories, polls, sendings

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "https://hop.example:8443"


@pytest.fixture
def printed(settings, monkeypatch) -> list[str]:
    """The texts of all QR codes drawn, on a site with an https address beside the officer's own."""
    settings.HTTPS_URL = SITE
    texts: list[str] = []
    drawn = render.qr_path

    def keep(text: str) -> dict[str, str]:
        texts.append(text)
        return drawn(text)

    monkeypatch.setattr(render, "qr_path", keep)
    monkeypatch.setattr(render, "pdf", lambda page: b"%PDF")
    return texts


def press(client, meeting: Meeting, name: str, fields: dict[str, str]) -> None:
    """Post a form of the meeting's secretary, and press once more where the page asks whether that is meant."""
    client.force_login(factories.secretary_of(meeting))
    address = reverse(f"ballots:{name}", args=[meeting.pk])
    answer = client.post(address, fields, secure=True)
    if answer.status_code != 302:
        answer = client.post(address, fields | {"sure": answer.context["sure"]}, secure=True)
    assert answer.status_code == 302


def test_minutes_and_count_print_it(client, printed):
    meeting = factories.make_open_meeting(3)
    ending = {"yes": "3", "of": "3", "ends_on": "2026-12-05", "ends_time": "21:30"}
    press(client, meeting, "minutes_pass", ending)
    assert [text.startswith(f"{SITE}/hop/kiem-tra/") for text in printed] == [True, True]


def test_the_papers_of_the_file_print_it(client, printed):
    press(client, sendings.make_ready(), "sending", {"next": "1"})
    assert len(printed) >= 5
    assert all(text.startswith(f"{SITE}/hop/kiem-tra/") for text in printed)


def test_slips_print_it(client, printed):
    meeting = factories.make_open_meeting(3)
    client.force_login(factories.secretary_of(meeting))
    address = reverse("ballots:poll_slips", args=[polls.poll_of(meeting).pk])
    assert client.post(address, {"count": "2"}, secure=True).status_code == 200
    assert [text.startswith(f"{SITE}/phieu/#") for text in printed] == [True, True]
