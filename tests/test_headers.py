"""What every answer of every door says to browsers: nothing is kept, no other site looks in, nothing goes in the open.

The pages of the site are walked through one by one in test_access.py.
"""

from unittest import mock

import pytest
from django.urls import reverse

from partyreview.headers import EVERYWHERE
from tests.kit.clients import browser
from tests.kit.factories import make_user
from tests.kit.room import ask

pytestmark = pytest.mark.django_db  # a request begins with its connections

BOX, PAGE, COUNTER = "/hom/bo-phieu", "/phieu/", "/hop/phat-phieu"
SENT = {"GET": b"", "POST": b"x"}

# Method, path, what the environment says, the status.
ANSWERS = {
    "a page": ("GET", "/hop/dang-nhap/", {}, 200),
    "who is sent on": ("GET", "/hop/", {}, 302),
    "what is not there": ("GET", "/hop/khong-co/", {}, 404),
    "what is nowhere": ("GET", "/khong-co", {}, 404),
    "a name that is not ours": ("GET", "/hop/", {"HTTP_HOST": "elsewhere.example"}, 400),
    "the counter": ("POST", COUNTER, {}, 403),
    "the voting page": ("GET", PAGE, {}, 200),
    "a script of it": ("GET", "/phieu/page.js", {}, 200),
    "the box": ("POST", BOX, {}, 200),
    "no door at all": ("GET", "/hom/", {}, 404),
    "in the open": ("GET", "/hop/", {"HTTP_HOST": "192.0.2.7"}, 426),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_no_answer_is_kept_or_shown_to_another_site(what, settings):
    method, path, environ, status = ANSWERS[what]
    settings.ALLOWED_HOSTS = ["127.0.0.1", "192.0.2.7"]
    answer = ask(method, path, SENT[method], **environ)
    assert answer.status == status
    assert EVERYWHERE.items() <= answer.headers.items()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_that_fails_says_so_under_the_same_headers():
    with mock.patch("partyreview.middleware.redirect", side_effect=RuntimeError):
        answer = ask("GET", "/")
    assert answer.status == 500
    assert EVERYWHERE.items() <= answer.headers.items()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_static_file_is_kept_but_not_shown_to_another_site():
    answer = ask("GET", "/static/css/tokens.css")
    assert answer.status == 200
    assert EVERYWHERE.items() <= answer.headers.items()
    assert "no-store" not in answer.headers["Cache-Control"]


# Plain http, as a proxy forwards it or a phone reaches the server itself.

PROXIED = {"HTTP_X_FORWARDED_PROTO": "http"}
OPEN = {
    "past a proxy": {"HTTP_HOST": "hop.example"} | PROXIED,
    "past a proxy that calls us by our own name": {"HTTP_HOST": "127.0.0.1:8000"} | PROXIED,
    "to the server itself": {"HTTP_HOST": "192.0.2.7:8000"},
}
SAFE = {
    "through a proxy with https": {"HTTP_HOST": "hop.example", "HTTP_X_FORWARDED_PROTO": "https"},
    "on this machine": {"HTTP_HOST": "127.0.0.1:8000"},
}
DOORS = {
    "site": ("GET", "/hop/dang-nhap/"),
    "counter": ("POST", COUNTER),
    "voting page": ("GET", PAGE),
    "phase": ("GET", "/hom/" + "0" * 32 + "/luot"),
    "cast": ("POST", BOX),
}


@pytest.fixture
def proxy(settings) -> None:
    """A deployment behind a proxy that says how a request came to it."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", OPEN)
def test_nobody_votes_in_the_open(way, door):
    method, path = DOORS[door]
    answer = ask(method, path, SENT[method], **OPEN[way])
    assert answer.status == 426
    assert "Xin mở bằng địa chỉ an toàn (https)" in answer.body.decode()
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.usefixtures("proxy")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", SAFE)
def test_https_and_this_machine_pass_every_door(way, door):
    method, path = DOORS[door]
    assert ask(method, path, SENT[method], **SAFE[way]).status != 426


def test_the_door_links_to_no_name_that_is_not_ours(settings):
    settings.ALLOWED_HOSTS, settings.HTTPS = ["hop.example"], True
    for host, named in (("hop.example", True), ("elsewhere.example", False)):
        answer = ask("GET", PAGE, HTTP_HOST=host)
        assert answer.status == 426
        assert (f"https://{host}{PAGE}" in answer.body.decode()) is named


def test_the_counter_is_told_from_the_site_by_these_addresses():
    assert reverse("ballots:stamp") == COUNTER


def test_signing_out_lets_the_browser_forget_what_back_had_to_find():
    answer = browser(make_user()).post(reverse("members:sign_out"), {"sure": "1"})
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "no-store" in answer["Cache-Control"]
