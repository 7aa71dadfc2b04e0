"""The cast door over WSGI: what it answers to whom, and what it never says."""

import gzip
import hashlib
import json
import logging
import random
import re
from unittest import mock

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test.utils import CaptureQueriesContext

from ballots.models import Poll
from ballots.secret import door, sheet
from ballots.secret.door import ACCEPTED, CLOSED, NUMBER_USED, REFUSED
from tests.kit import verbs
from tests.kit.factories import make_open_meeting
from tests.kit.room import Room, ask, cast, room_after

pytestmark = pytest.mark.django_db


def phase(room: Room) -> dict:
    answer = ask("GET", f"/hom/{room.meeting.door_key}/luot")
    assert answer.status == 200
    return json.loads(answer.body)


@pytest.fixture
def room():
    return room_after("box")


# The phase, the sheet and the list.


def test_before_any_poll_is_opened_there_is_none():
    room = Room(3)
    assert phase(room) == {
        "v": 1,
        "state": "none",
        "poll": "",
        "round": 0,
        "p": "",
        "sealed": "",
        "issued": 0,
        "delay": 0,
    }


def test_the_phase_follows_the_poll_to_its_end(settings):
    settings.CAST_DELAY_MAX = 8
    room = room_after("open")
    seen = [phase(room)]
    for step in (
        room.stamp,
        room.box,
        lambda: room.cast(1, 2, 2),
        room.seal,
        room.agree,
        room.confirm,
    ):
        step()
        seen.append(phase(room))
    states = [answer["state"] for answer in seen]
    assert states == ["issuing", "issuing", "casting", "casting", "sealed", "counted", "confirmed"]
    assert [answer["sealed"] for answer in seen] == [""] * 4 + [room.poll.sealed_sha256] * 3
    same = {(a["v"], a["poll"], a["round"], a["p"], a["delay"]) for a in seen}
    assert same == {(1, room.poll.pk, 1, room.poll.p, 8)}


def test_a_void_poll_and_a_new_round_are_told():
    room = room_after("open")
    first = phase(room)
    verbs.reissue(room.secretary, room.poll)
    second = phase(room)
    assert (second["round"], second["poll"]) == (2, first["poll"])
    assert second["p"] != first["p"]
    verbs.void(room.secretary, room.poll, "Máy chiếu hỏng")
    assert phase(room)["state"] == "void"


def test_the_newest_poll_is_the_open_one_even_if_it_was_planned_first():
    room = room_after("open")
    second = verbs.plan_poll(room.secretary, room.meeting, "Bình chọn", None, ["HTT"])
    Poll.objects.filter(pk=second.pk).update(state="counted", confirmed=True, p="ab" * 32, round=1)
    assert phase(room)["poll"] == room.poll.pk
    verbs.void(room.secretary, room.poll, "Làm lại")
    assert phase(room)["poll"] == second.pk


def test_the_phase_costs_the_same_however_many_ballots_there_are(room):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            phase(room)
        return len(captured)

    before = queries()
    room.cast(1, 2, 3)
    assert queries() == before == 1


@pytest.mark.parametrize("counter", [False, True])
def test_no_phone_waits_for_a_look_whether_the_database_is_there(room, monkeypatch, counter):
    behind = connections[DEFAULT_DB_ALIAS]
    monkeypatch.setattr(behind, "health_check_enabled", True)
    monkeypatch.setattr(behind, "health_check_done", False)
    with mock.patch.object(behind, "is_usable") as looked:
        ask("POST", "/hop/phat-phieu", b"x", HTTP_COOKIE="may=x") if counter else phase(room)
    assert not looked.called


def test_the_sheet_is_served_verbatim_under_its_own_name():
    room = room_after("open")
    answer = ask("GET", f"/hom/{room.poll.p}/to-phieu")
    assert answer.body == bytes(room.poll.sheet)
    assert hashlib.sha256(answer.body).hexdigest() == room.poll.p
    old = room.poll.p
    verbs.reissue(room.secretary, room.poll)
    assert ask("GET", f"/hom/{old}/to-phieu").status == 404


def test_the_list_is_served_from_the_sealing_on(room):
    path = f"/hom/{room.poll.p}/danh-sach"
    assert ask("GET", path).status == 404
    room.cast(1, 2)
    assert ask("GET", path).status == 404
    room.seal(short_ok=True)
    listed = ask("GET", path).body
    assert hashlib.sha256(listed).hexdigest() == room.poll.sealed_sha256
    hashes = sheet.parse_list(listed, bytes.fromhex(room.poll.p))
    voted = list(room.phones.values())[:2]
    assert hashes == sorted(phone.hash for phone in voted)
    room.agree().confirm()
    assert ask("GET", path).body == listed


def test_a_void_poll_has_no_list():
    room = room_after("box").cast(1)
    verbs.void(room.secretary, room.poll, "Mất điện")
    assert ask("GET", f"/hom/{room.poll.p}/danh-sach").status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/hom/" + "0" * 32 + "/luot", 404),
        ("GET", "/hom/" + "0" * 64 + "/to-phieu", 404),
        ("GET", "/hom/" + "0" * 64 + "/danh-sach", 404),
        ("GET", "/hom/", 404),
        ("GET", "/hom/" + "A" * 32 + "/luot", 404),
        ("GET", "/hom/" + "0" * 31 + "/luot", 404),
        ("GET", "/hom/" + "0" * 32 + "/luot/", 404),
        ("GET", "/hom/" + "0" * 32 + "/luot\n", 404),
        ("POST", "/hom/" + "0" * 32 + "/luot", 405),
        ("GET", "/hom/bo-phieu", 405),
        ("PUT", "/hom/bo-phieu", 405),
        ("POST", "/phieu/", 405),
        ("GET", "/phieu/khong-co.js", 404),
        ("GET", "/phieu/../settings.py", 404),
        ("GET", "/phieu/.htaccess", 404),
        ("GET", "/phieu/a/b.js", 404),
    ],
)
def test_any_other_request_gets_a_bare_status(method, path, status):
    answer = ask(method, path)
    assert (answer.status, answer.body) == (status, b"")
    assert answer.headers["Cache-Control"] == "no-store"


# What no answer and no log may give away.


def test_every_answer_to_a_cast_has_the_same_size_and_headers(room):
    phone, other, _ = room.phones.values()
    bodies = [phone.fold([1]), phone.fold([2]), b"x" * 482, b"", other.fold([1])]
    answers = [ask("POST", "/hom/bo-phieu", body) for body in bodies]
    room.seal(short_ok=True)
    answers.append(ask("POST", "/hom/bo-phieu", room.phones[room.members[2]].fold([1])))
    assert [a.body[0] for a in answers] == [
        ACCEPTED,
        NUMBER_USED,
        REFUSED,
        REFUSED,
        ACCEPTED,
        CLOSED,
    ]
    assert {(a.status, len(a.body), *sorted(a.headers.items())) for a in answers} == {
        (200, 33, *sorted(answers[0].headers.items()))
    }


def every_path(room: Room) -> list[tuple[str, str, bytes]]:
    body = room.phones[room.members[0]].fold([1])
    return [
        ("GET", "/phieu/", b""),
        ("GET", "/phieu/page.js", b""),
        ("GET", f"/hom/{room.meeting.door_key}/luot", b""),
        ("GET", f"/hom/{room.poll.p}/to-phieu", b""),
        ("GET", f"/hom/{room.poll.p}/danh-sach", b""),
        ("POST", "/hom/bo-phieu", body),
        ("POST", "/hom/bo-phieu", b"x"),
        ("GET", "/hom/nowhere", b""),
    ]


def test_no_answer_sets_a_cookie_and_a_cookie_changes_no_answer(room):
    for method, path, body in every_path(room):
        plain = ask(method, path, body)
        marked = ask(
            method, path, body, HTTP_COOKIE="sessionid=secret; may=secret; csrftoken=secret"
        )
        assert plain == marked
        assert "Set-Cookie" not in plain.headers
        assert plain.headers["Cache-Control"] == "no-store"
        assert plain.headers["Content-Length"] == str(len(plain.body))


def test_nothing_of_a_cast_reaches_any_log(room, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    # What psycopg2 and Django's database backends would tell at this level is told to nobody by our settings.
    logging.getLogger("django.db.backends").setLevel(logging.CRITICAL)
    marker = "dau-vet-la-phieu"
    fields = {
        "QUERY_STRING": marker,
        "HTTP_USER_AGENT": marker,
        "HTTP_REFERER": f"http://{marker}/",
        "HTTP_COOKIE": f"may={marker}",
        "HTTP_X_FORWARDED_FOR": marker,
        "REMOTE_ADDR": marker,
        "HTTP_HOST": f"{marker}!",
        "wsgi.url_scheme": "https",  # plain http would be answered before the door
    }
    answers = []
    for method, path, body in every_path(room):
        answers.append(ask(method, path, body, **fields).status)
        ask(method, path, marker.encode() * 20, **fields)
        ask(method, path + marker, body, **fields)
    with mock.patch("ballots.secret.door.check_body", side_effect=RuntimeError(marker)):
        assert ask(*every_path(room)[5], **fields).status == 503
    assert answers == [200, 200, 200, 200, 404, 200, 200, 404]
    assert [r.getMessage() for r in caplog.records if r.name != "django.db.backends"] == []
    assert capfd.readouterr() == ("", "")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert marker not in repr(cursor.fetchall())


# The voting page.


def test_the_voting_page_is_the_same_for_everyone():
    one, other = Room(3).open(), make_open_meeting(3)
    answers = {
        (a.body, *sorted(a.headers.items()))
        for a in [
            ask("GET", "/phieu/"),
            ask("GET", "/phieu/", QUERY_STRING=one.meeting.door_key),
            ask("GET", "/phieu/", HTTP_COOKIE=f"may={other.door_key}", HTTP_USER_AGENT="Zalo"),
            ask("GET", "/phieu/index.html"),
        ]
    }
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/phieu/", "text/html; charset=utf-8"),
        ("/phieu/page.js", "text/javascript; charset=utf-8"),
        ("/phieu/page.css", "text/css; charset=utf-8"),
        ("/phieu/page.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_its_files_come_compressed_to_who_takes_that(path, kind):
    plain = ask("GET", path)
    zipped = ask("GET", path, HTTP_ACCEPT_ENCODING="br, gzip")
    assert plain.headers["Content-Type"] == zipped.headers["Content-Type"] == kind
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.body[4:8] == bytes(
        4
    )  # no time of its compression, which tells when a server was started
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


def test_its_policy_lets_it_load_its_own_files_and_nothing_else():
    headers = ask("GET", "/phieu/").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["worker-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    for name in ("script-src", "style-src", "connect-src", "img-src"):
        assert policy[name] == "'self'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_the_door_asks_to_stay_there(settings):
    assert "Strict-Transport-Security" not in ask("GET", "/phieu/").headers
    settings.SECURE_HSTS_SECONDS = 60
    assert ask("GET", "/phieu/").headers["Strict-Transport-Security"] == "max-age=60"


def test_every_address_of_the_door_is_tried_above(room):
    tried = " ".join(path for _, path, _ in every_path(room))
    for _, pattern, _ in door.ROUTES:
        assert re.search(pattern, tried), pattern


def test_ballots_arrive_in_any_order_and_the_list_shows_none():
    room = room_after("box", 5)
    phones = list(room.phones.values())
    random.shuffle(phones)
    for phone in phones:
        cast(phone.fold([1]))
    room.seal()
    listed = ask("GET", f"/hom/{room.poll.p}/danh-sach").body
    assert sheet.parse_list(listed, bytes.fromhex(room.poll.p)) == sorted(p.hash for p in phones)
