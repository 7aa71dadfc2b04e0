"""No log tells of a ballot: not Python's, not the error stream, not PostgreSQL's even if it writes all statements."""

import logging
from unittest import mock

import pytest
from django.conf import settings as project_settings

from ballots.linkage import copies
from ballots.models import Box
from ballots.secret import sheet
from ballots.secret.door import ACCEPTED, NUMBER_USED, REFUSED
from ballots.secret.voter import Phone
from tests.kit import factories
from tests.kit.room import Answer, Room, ask, cast
from tests.kit.sittings import BODIES

pytestmark = pytest.mark.django_db(transaction=True)
OF_ANY_BODY = pytest.mark.parametrize("made", BODIES.values(), ids=BODIES)

MARKER = "dau-vet-cua-phieu"
# Everything a browser, a proxy or an attacker may send along. Not the host: a wrong one is turned away before
# anything is read, and whoever sets up the server must be told of it.
FIELDS = {
    "QUERY_STRING": f"x={MARKER}",
    "HTTP_USER_AGENT": MARKER,
    "HTTP_REFERER": f"http://{MARKER}/",
    "HTTP_ACCEPT": MARKER,
    "HTTP_ACCEPT_LANGUAGE": MARKER,
    "HTTP_X_FORWARDED_FOR": MARKER,
    "HTTP_X_REQUEST_ID": MARKER,
    "REMOTE_ADDR": MARKER,
    "REMOTE_USER": MARKER,
}
ISSUE = ("/hop/phat-phieu", "/hop/da-nhan", "/hop/doi-phieu")


@pytest.fixture
def written(caplog, capfd):
    """All that was written since: by loggers as our settings let them, and to the two streams."""
    caplog.set_level(logging.NOTSET)
    for name, logger in project_settings.LOGGING["loggers"].items():
        logging.getLogger(name).setLevel(logger["level"])
    # Told to nobody by our settings; PostgreSQL's own log is read below.
    logging.getLogger("django.db.backends").setLevel(logging.CRITICAL)

    def read() -> str:
        out, err = capfd.readouterr()
        told = [record for record in caplog.records if record.levelno >= logging.WARNING]
        return "\n".join([out, err, *map(logging.Formatter().format, told)])

    return read


def issue(path: str, body: bytes, **fields: str) -> Answer:
    told = {"SERVER_NAME": "localhost", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    return ask("POST", path, body, **(told | fields))


@OF_ANY_BODY
def test_a_marker_in_any_field_of_an_issue_reaches_no_log(written, made):
    room = Room(meeting=made(3)).open()
    token = factories.make_device(room.members[0])
    phone = Phone(bytes(room.poll.sheet))
    for cookie in (f"may={token}; {MARKER}={MARKER}", f"may={MARKER}"):
        for path in ISSUE:
            for body in (phone.request(), phone.request()[:32], MARKER.encode() * 20, b""):
                issue(path, body, HTTP_COOKIE=cookie, **FIELDS)
            issue(path, phone.request(), HTTP_ORIGIN=f"http://{MARKER}")
            issue(path, phone.request(), CONTENT_TYPE=MARKER)
            issue(path, phone.request(), CONTENT_LENGTH=MARKER)
            issue(path + MARKER, phone.request(), HTTP_COOKIE=cookie)
    with mock.patch("ballots.voting.issuing.stamp", side_effect=OSError("no")):
        assert issue(ISSUE[0], phone.request(), HTTP_COOKIE=f"may={token}").status == 500
    told = written()
    assert "Internal Server Error" in told
    assert MARKER not in told
    assert token not in told
    assert phone.request()[32:].hex() not in told


def secrets_of(phone: Phone, body: bytes) -> list[bytes]:
    ballot = sheet.parse_body(body, 1)
    return [phone.prefix, phone.pub, ballot.salt, phone.stamp, ballot.signature, ballot.number]


@OF_ANY_BODY
def test_a_ballot_reaches_no_log_even_where_every_statement_is_written_down(written, made):
    since = len(copies.log())
    with copies.statements_logged():
        room = Room(meeting=made(3)).open().stamp().box()
        phone, late, _ = room.phones.values()
        body, second = phone.fold([1]), phone.fold([2])
        answers = [cast(b)[0] for b in (body, body, second, b"x" * len(body))]
        with mock.patch("ballots.secret.door._insert", side_effect=RuntimeError(MARKER)):
            assert ask("POST", "/hom/bo-phieu", body, **FIELDS).status == 503
        ask("POST", "/hom/bo-phieu", body + MARKER.encode(), **FIELDS)
        assert answers == [ACCEPTED, ACCEPTED, NUMBER_USED, REFUSED]
        log, told = copies.log(since), written()
        secret = [*secrets_of(phone, body), phone.hash, sheet.ballot_hash(body[:162])]
        assert not any(piece.hex() in told for piece in secret)
        assert not any(piece in log or piece.hex().encode() in log for piece in secret)
        assert MARKER not in told
        assert MARKER.encode() not in log
        assert b"ERROR" not in b"".join(
            line for line in log.splitlines() if b"ballots_box" in line
        )
        room.seal(short_ok=True).agree().confirm()
        cast(late.fold([1]))
    log = copies.log(since)
    assert not log or bytes(Box._meta.db_table, "ascii") in log
    secret = [*secrets_of(phone, body), *secrets_of(phone, second)]
    assert not any(piece in log or piece.hex().encode() in log for piece in secret)
