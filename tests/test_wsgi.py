"""Which door serves what: the counter that hands out ballots is the site's own, without its middleware."""

import pytest
from django.urls import get_resolver, reverse

from members.devices.cookies import COOKIE
from partyreview import wsgi
from tests.kit.factories import make_device
from tests.kit.room import Room, ask

VIEWS = ("stamp", "acknowledge", "stamp_slip")


def test_the_counter_has_the_addresses_that_hand_out_ballots_and_no_other():
    assert {reverse(f"ballots:{name}") for name in VIEWS} == wsgi.COUNTER_PATHS


def test_every_view_is_loaded_before_the_first_request():
    assert "url_patterns" in vars(get_resolver())


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(wsgi.COUNTER_PATHS))
def test_the_counter_keeps_the_headers_of_the_site_and_starts_no_session(path):
    room = Room(3).open()
    cookie = f"{COOKIE}={make_device(room.members[0])}"
    answer = ask("POST", path, b"x", HTTP_COOKIE=cookie, SERVER_NAME="localhost")
    assert answer.status == 400
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
def test_the_counter_answers_no_host_that_is_not_ours():
    answer = ask("POST", "/hop/phat-phieu", b"x", HTTP_HOST="elsewhere.example")
    assert answer.status == 400
    assert b"elsewhere" not in answer.body
