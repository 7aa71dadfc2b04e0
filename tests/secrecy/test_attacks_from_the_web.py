"""From other sites, with planted cookies, guessed codes and hostile texts: nothing is won."""

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from ballots.committee.sitting.verbs import conclude_case
from ballots.models import Issue
from ballots.results.concluded import concluded_at
from ballots.secret.voter import Phone
from members.devices import cookies, links
from members.models import Device
from tests.kit import factories, verbs, walk
from tests.kit.clients import browser, phone
from tests.kit.room import Room
from tests.kit.sittings import BODIES, make_open_sitting

pytestmark = pytest.mark.django_db

BYTES = "application/octet-stream"
OWN = "http://localhost"


# Stamp and acknowledgement take no CSRF token: the voting page has no cookie to read one from.


@pytest.fixture(params=BODIES.values(), ids=BODIES)
def room(request) -> Room:
    return Room(meeting=request.param(3)).open()


@pytest.fixture
def token(room) -> str:
    return factories.make_device(room.members[2])


FOREIGN = {
    "another site": ({"origin": "https://evil.example"}, BYTES),
    "the same name under http": ({"origin": "https://localhost"}, BYTES),
    "another port": ({"origin": "http://localhost:8001"}, BYTES),
    "a name that begins alike": ({"origin": "http://localhost.evil.example"}, BYTES),
    "a sandboxed frame": ({"origin": "null"}, BYTES),
    "an empty origin": ({"origin": ""}, BYTES),
    "a form": ({"origin": OWN}, "application/x-www-form-urlencoded"),
    "a form with files": ({"origin": OWN}, "multipart/form-data; boundary=x"),
    "a text form": ({"origin": OWN}, "text/plain"),
    "JSON": ({"origin": OWN}, "application/json"),
    "no type": ({"origin": OWN}, ""),
}


@pytest.mark.parametrize(("headers", "kind"), FOREIGN.values(), ids=FOREIGN.keys())
def test_nobody_takes_a_members_ballot_from_another_page(room, token, headers, kind):
    voter = Phone(bytes(room.poll.sheet))
    for path, body in (
        ("/hop/phat-phieu", voter.request()),
        ("/hop/da-nhan", voter.request()[:32]),
    ):
        answer = phone(token=token).generic("POST", path, body, kind, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["error"]
    assert not Issue.objects.filter(stamped=True).exists()


@pytest.mark.parametrize("state", ["pending", "revoked", "no cookie", "a made-up cookie"])
def test_only_a_phone_that_was_admitted_takes_its_members_ballot(room, state):
    member = room.members[2]
    admitted = {"no cookie": "", "a made-up cookie": Device.new_token()}
    token = admitted.get(state)
    if token is None:
        token = factories.make_device(member, state=state)
    request = Phone(bytes(room.poll.sheet)).request()
    answer = phone(token=token).generic("POST", "/hop/phat-phieu", request, BYTES)
    assert answer.status_code == 403
    assert not Issue.objects.filter(stamped=True).exists()


def test_the_phones_own_page_takes_the_ballot_once_and_gets_are_refused(room, token):
    voter, client = Phone(bytes(room.poll.sheet)), phone(token=token, strict=True)
    for _ in range(2):
        answer = client.generic(
            "POST", "/hop/phat-phieu", voter.request(), BYTES, headers={"origin": OWN}
        )
        assert answer.status_code == 200
    voter.accept_stamp(answer.content)
    assert answer.headers["Cache-Control"].count("no-store")
    assert not answer.cookies
    assert client.generic("POST", "/hop/da-nhan", voter.request()[:32], BYTES).status_code == 204
    assert Issue.objects.filter(received=True).count() == 1
    for path in ("/hop/phat-phieu", "/hop/da-nhan", "/hop/doi-phieu"):
        assert client.get(path).status_code == 405


def test_the_phones_cookie_travels_with_no_other_sites_post_and_is_no_scripts_business(room):
    verbs.open_checkin(room.secretary, room.meeting)
    room.meeting.refresh_from_db()
    client = browser()
    path = reverse("members:pick", args=[room.meeting.code])
    tapped = {"member": room.members[2].pk, "q": room.members[2].name}
    cookie = client.post(path, tapped).cookies[cookies.COOKIE]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/hop/")
    assert len(cookie.value) >= 43


# Sessions.


def test_a_planted_session_is_not_the_one_that_signs_in_by_link():
    user = factories.make_user()
    client = browser()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    client.post(links.sign_in_link(user, ""))
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != planted.session_key
    thief = browser()
    thief.cookies["sessionid"] = planted.session_key
    assert "_auth_user_id" not in thief.session


# Codes of slips.


@pytest.mark.parametrize("code", ["00000000000000000000", "A" * 10, "%00", "../" * 4])
def test_a_slip_of_another_code_buys_nothing(room, code):
    verbs.print_slips(room.secretary, room.poll, 3)
    request = Phone(bytes(room.poll.sheet)).request(code.encode()[:10].ljust(10, b"\0"))
    answer = browser().generic("POST", "/hop/doi-phieu", request, BYTES)
    assert answer.status_code == 404


# Texts: whatever stands in the database, no page takes it for its own markup.

EVIL = "\"'><x-evil>"
# Written by the program alone, or checked by it.
OURS = {
    *("username", "password", "door_key", "code", "token_hash", "link_nonce", "name_sort"),
    *("name_search", "p", "id", "sealed_sha256", "sha256", "check_code", "code_hash", "pack"),
    *("verb", "subject", "path", "session_key", "kind", "key"),
}


def poison() -> None:
    """Put hostile text in whatever somebody typed."""
    for label in ("cells", "members", "ballots"):
        for model in apps.get_app_config(label).get_models():
            typed = [f for f in model._meta.concrete_fields if is_typed(f)]
            for row in model.objects.all() if typed else ():
                values = {
                    f.name: f"{EVIL}{row.pk}"[: f.max_length]
                    for f in typed
                    if getattr(row, f.name)
                }
                model.objects.filter(pk=row.pk).update(**values)


def is_typed(field: models.Field) -> bool:
    text = isinstance(field, models.CharField | models.TextField)
    return text and not field.choices and field.name not in OURS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hostile_texts_are_shown_as_text_on_every_page_at_every_stage(undrawn):
    room = Room(3)
    verbs.open_checkin(room.secretary, room.meeting)
    committee = room.meeting.cell.committee
    browsers = {
        "anonymous": browser(),
        "phone": phone(room.members[0], meeting=room.meeting),
        "teller": phone(room.teller, meeting=room.meeting),
        "secretary": browser(room.secretary),
        "above": browser(factories.make_user(committee=committee)),
    }
    shown = set()
    for stage, go_on in walk.STAGES.items():
        go_on(room)
        poison()
        looks = [
            (browsers[role], *page) for role, *page in walk.addresses(room) if role in browsers
        ]
        for client, name, address in [*looks, (knocking(room), "wait", "/hop/cho/")]:
            content = client.get(address).content
            assert b"<x-evil" not in content.lower(), (stage, name)
            shown |= {name} if b"x-evil" in content else set()
    assert len(shown) > 25


SITTING = (
    *("meeting", "checkin", "guests", "tellers", "projector", "results", "minutes"),
    *("sitting_polls", "sitting_comments", "sitting_conclude"),
)


@pytest.mark.django_db(transaction=True)
def test_hostile_texts_are_shown_as_text_at_a_committees_meeting(undrawn):
    room = Room(meeting=make_open_sitting(3))
    case = concluded_at(room.meeting)[0]
    verbs.add_guest(room.secretary, room.meeting, "Khách", "Trưởng ban")
    verbs.comment(room.secretary, room.meeting, room.members[1], None, "Tốt", of=case.of)
    room.open().stamp().box().cast(2, 2, 2).seal().agree().confirm()
    about = room.meeting, case.key, "HT", "Lý do"
    conclude_case(room.secretary, *about)
    verbs.set_conclusion_text(room.secretary, room.meeting, "Kết luận")
    poison()
    client, shown = browser(room.secretary), set()
    for name in SITTING:
        content = client.get(reverse(f"ballots:{name}", args=[room.meeting.pk])).content
        assert b"<x-evil" not in content.lower(), name
        shown |= {name} if b"x-evil" in content else set()
    assert shown == set(SITTING)


def knocking(room: Room) -> Client:
    Device.objects.filter(number=47).delete()
    late = factories.make_member(room.meeting.cell, EVIL)
    return phone(late, state="pending", meeting=room.meeting, number=47)
