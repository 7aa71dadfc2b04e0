"""The key of a sealed envelope is on paper alone: not in a process, a file, a row or a line of a log."""

import json
from pathlib import Path

import pytest
import requests
from django.urls import reverse

from ballots.linkage import copies, traces
from ballots.linkage.envelopes import secrets_of
from ballots.linkage.memory import descendants, found_in
from ballots.models import Envelope, EnvelopeOpening, Poll
from ballots.secret import envelope
from ballots.secret.recounting import Reader
from members.devices.cookies import COOKIE
from tests.kit import envelopes as kit
from tests.kit import polls
from tests.kit.clients import browser
from tests.kit.factories import make_device, secretary_of
from tests.kit.processes import until
from tests.kit.servers import deadly_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BYTES = {"Content-Type": "application/octet-stream"}
MIXED = [[2], [1], [0], [2], [3]]


class Person:
    """A browser or phone that presses over http, with its CSRF token."""

    def __init__(self, site: str, name: str, cookie: str) -> None:
        self.site, self.line = site, requests.Session()
        self.line.cookies[name] = cookie
        self.line.cookies["csrftoken"] = "x" * 32

    def press(self, name: str, *args: object, **sent) -> requests.Response:
        headers = {"X-CSRFToken": "x" * 32} | sent.pop("headers", {})
        path = self.site + reverse(f"ballots:{name}", args=args)
        answer = self.line.post(path, headers=headers, **sent)
        assert answer.status_code == 200, answer.text
        return answer


def officer(site: str, user) -> Person:
    return Person(site, "sessionid", browser(user).cookies["sessionid"].value)


def printed(secretary: Person, poll: Poll) -> str:
    """The key, as the secretary's page prints it."""
    reader = Reader()
    paper = secretary.press("envelope_key", poll.pk, data=reader.point, headers=BYTES).content
    key = json.loads(reader.open(bytes.fromhex(poll.p), paper))["key"]
    letters = secrets_of(key)["khoá phong bì, chữ in"]
    assert envelope.HEAD + letters.decode() == key
    return key


def test_the_key_is_nowhere_but_on_the_paper_and_after_an_opening_nowhere_again(
    tmp_path, settings
):
    settings.SECRET_KEY = "of this test"
    since = copies.write_ahead()
    poll = kit.count(polls.poll_of(kit.make_keeping()), MIXED)
    above = kit.officer_above(poll)
    with deadly_server(tmp_path, workers=2, threads=4) as (site, master):
        secretary = officer(site, secretary_of(poll.meeting))
        teller = Person(site, COOKIE, make_device(polls.teller_of(poll.meeting)))
        key = printed(secretary, poll)
        secrets = secrets_of(key)

        def holders() -> set[str]:
            found = (found_in(pid, secrets) for pid in descendants(master.pid))
            return set().union(*found)

        def stored() -> set[str]:
            looked_for = traces.in_any_writing(secrets)
            logs = [path.read_bytes() for path in Path(tmp_path).rglob("*") if path.is_file()]
            places = [*copies.files(since).values(), *logs]
            places += ["\n".join(table).encode() for table in copies.dump().values()]
            return set().union(*map(looked_for.found_in, places))

        assert (holders(), stored()) == (set(), set())
        teller.press("envelope_read", json={"check": envelope.check_of(key)})
        teller.press("confirm", data={"poll": poll.pk})
        assert Envelope.objects.get().is_sealed
        assert (holders(), stored()) == (set(), set())

        opener = officer(site, above)
        opener.press("envelope_ask", poll.pk, data={"reason": kit.REASON, "basis": kit.BASIS})
        opening = {"opening": EnvelopeOpening.objects.get().pk}
        secretary.press("envelope_witness", poll.pk, data=opening)
        shown = opener.press("envelope_open", poll.pk, data=opening | {"key": key})
        assert "đúng bằng kết quả" in shown.text
        # A worker has seen it: all are replaced, and what they knew goes with them.
        assert until(lambda: not holders())
        assert stored() == set()


def test_the_searches_see_a_key_that_does_lie_there():
    key = envelope.new_key().secret
    pieces = secrets_of(key)
    assert traces.in_any_writing(pieces).found_in(b"....." + key.encode() + b".....") == {
        "khoá phong bì, chữ in"
    }
    raw = pieces["khoá phong bì"]
    assert traces.in_any_writing(pieces).found_in(b"." * 9 + raw + b"." * 9) == {"khoá phong bì"}
