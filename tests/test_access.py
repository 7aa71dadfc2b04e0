"""Who may open and who may press what: one row per address, one column per role. An address without a row fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from ballots import proceedings
from ballots.models import Paper, Poll
from cells.models import Meeting
from members import devices, links
from members.models import AuditEntry, Office, User
from tests import factories

pytestmark = pytest.mark.django_db

# phone: a trusted phone without a duty; above: an officer of the committee over the cell; other: the secretary of the
# cell beside it; beside: an officer of another committee.
ROLES = ("anonymous", "phone", "teller", "secretary", "above", "other", "beside", "superuser")

# Outcomes: a status, or where somebody is sent: to sign in, to the six digits.
LOGIN, JOIN = "login", "join"
ANYBODY = (200,) * 8
OFFICERS = (LOGIN, LOGIN, LOGIN, 200, 200, 200, 200, 200)
SEEN = (LOGIN, LOGIN, LOGIN, 200, 200, 404, 404, 404)  # by the cell and from above
RUN = (LOGIN, LOGIN, LOGIN, 200, 403, 404, 404, 404)  # by who runs the cell
CELL = (LOGIN, LOGIN, LOGIN, 200, 404, 404, 404, 404)  # nobody above knows of it
BOARD = (LOGIN, LOGIN, LOGIN, 404, 200, 404, 404, 404)
COUNT = (JOIN, 403, 200, JOIN, JOIN, JOIN, JOIN, JOIN)  # by tellers, on their own devices

# Name, then what stands in the address, then what each role gets for opening it.
PAGES = [
    ("root", "", (JOIN,) * 8),
    ("short", "code", (JOIN,) * 8),
    ("cells:home", "", (LOGIN, LOGIN, LOGIN, 200, 302, 200, 302, 200)),
    ("cells:committee", "committee", BOARD),
    ("cells:cell", "cell", SEEN),
    ("members:sign_in", "", (200, 200, 200, 302, 302, 302, 302, 302)),
    ("members:sign_in_link", "", (410,) * 8),
    ("members:set_password", "", OFFICERS),
    ("members:join", "", ANYBODY),
    ("members:join_code", "code", (200, 302, 302, 200, 200, 200, 200, 200)),
    ("members:join_code", "000000", (404,) * 8),
    ("members:wait", "", (JOIN, 302, 302, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("members:phone", "", (JOIN, 200, 200, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("members:personal_link", "token", ANYBODY),
    ("members:member_list", "cell", SEEN),
    ("members:member_add", "cell", RUN),
    ("members:member_edit", "member", RUN),
    ("members:member_link", "member", RUN),
    ("ballots:meeting_plan", "cell", RUN),
    ("ballots:meeting", "meeting", SEEN),
    ("ballots:meeting", "rehearsal", CELL),
    ("ballots:roster", "meeting", RUN),
    ("ballots:rehearsal_start", "meeting", RUN),
    ("ballots:projector", "meeting", RUN),
    ("ballots:checkin", "meeting", RUN),
    ("ballots:guests", "meeting", RUN),
    ("ballots:report", "meeting", RUN),
    ("ballots:comments", "meeting", RUN),
    ("ballots:tellers", "meeting", RUN),
    ("ballots:minutes", "meeting", SEEN),
    ("ballots:minutes", "rehearsal", CELL),
    ("ballots:paper_draft", "meeting minutes pdf", SEEN),
    ("ballots:paper", "paper pdf", SEEN),
    ("ballots:paper", "paper docx", SEEN),
    ("ballots:meeting_figures", "meeting", SEEN),
    ("ballots:paper_check_form", "", ANYBODY),
    ("ballots:paper_check", "ABCDEFGHJKLM", ANYBODY),
    ("ballots:committee_zip", "committee 2026", BOARD),
    ("ballots:committee_xlsx", "committee 2026", BOARD),
    ("ballots:polls", "meeting", RUN),
    ("ballots:poll", "poll", RUN),
    ("ballots:poll_papers", "poll", RUN),
    ("ballots:results", "meeting", SEEN),
    ("ballots:results", "rehearsal", CELL),
    ("ballots:conclude", "meeting", RUN),
    ("ballots:count", "", COUNT),
    ("ballots:turnout", "", COUNT),
]

PRESS = (LOGIN, LOGIN, LOGIN, 302, 403, 404, 404, 404)
# Forms that are shown again with what is missing.
TOLD = RUN
ASKED = (LOGIN, LOGIN, LOGIN, 422, 403, 404, 404, 404)

# The same for pressing, with nothing filled in: only the guard is tried, and what a role may do does no harm.
PRESSES = [
    ("members:pick", "code", (409, 302, 302, 409, 409, 409, 409, 409)),
    ("members:sign_in", "", (200, 200, 200, 302, 302, 302, 302, 302)),
    ("members:sign_in_link", "", (410,) * 8),
    ("members:set_password", "", OFFICERS),
    ("members:member_add", "cell", ASKED),
    ("members:member_edit", "member", ASKED),
    ("ballots:meeting_plan", "cell", TOLD),
    ("ballots:roster", "meeting", PRESS),
    ("ballots:duty", "meeting", PRESS),
    ("ballots:rehearsal_start", "meeting", PRESS),
    ("ballots:rehearsal_end", "meeting", PRESS),
    ("ballots:rehearsal_fill", "meeting", PRESS),
    ("ballots:meeting_open", "meeting", PRESS),
    ("ballots:meeting_next", "meeting", PRESS),
    ("ballots:reschedule", "meeting", PRESS),
    ("ballots:list_newcomers", "meeting", PRESS),
    ("ballots:checkin_open", "meeting", PRESS),
    ("ballots:checkin_close", "meeting", PRESS),
    ("ballots:admit", "meeting", PRESS),
    ("ballots:admit_all", "meeting", PRESS),
    ("ballots:refuse", "meeting", PRESS),
    ("ballots:mark", "meeting", PRESS),
    ("ballots:set_door", "meeting", PRESS),
    ("ballots:guests", "meeting", TOLD),
    ("ballots:guest_remove", "meeting", PRESS),
    ("ballots:report", "meeting", TOLD),
    ("ballots:comments", "meeting", TOLD),
    ("ballots:comment_remove", "meeting", PRESS),
    ("ballots:tellers", "meeting", TOLD),
    ("ballots:minutes_pass", "meeting", PRESS),
    ("ballots:meeting_close", "meeting", PRESS),
    ("ballots:polls", "meeting", TOLD),
    ("ballots:poll_open", "poll", PRESS),
    ("ballots:poll_reissue", "poll", PRESS),
    ("ballots:poll_open_box", "poll", PRESS),
    ("ballots:poll_void", "poll", PRESS),
    ("ballots:poll_drop", "poll", PRESS),
    ("ballots:poll_decline", "poll", PRESS),
    ("ballots:poll_door", "poll", PRESS),
    ("ballots:poll_slips", "poll", PRESS),
    ("ballots:conclude", "meeting", PRESS),
    ("ballots:conclusion_text", "meeting", PRESS),
    ("ballots:paper_check_form", "", ANYBODY),
    ("ballots:paper_check", "ABCDEFGHJKLM", ANYBODY),
    ("ballots:seal", "", (JOIN, 403, 302, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("ballots:sealed_ballots", "", (JOIN, 403, 409, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("ballots:agree", "", (JOIN, 403, 400, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("ballots:disagree", "", (JOIN, 403, 400, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("ballots:confirm", "", (JOIN, 403, 302, JOIN, JOIN, JOIN, JOIN, JOIN)),
    ("members:personal_link", "token", (302, 409, 409, 302, 302, 302, 302, 302)),
    ("members:member_link", "member", PRESS),
    ("members:sign_out", "", (LOGIN, LOGIN, LOGIN, 302, 302, 302, 302, 302)),
]

# Bytes as the voting page sends them, here one too few: 400 is past the guard, 403 is not.
PHONES = (403, 400, 400, 403, 403, 403, 403, 403)
BODIES = [
    ("ballots:stamp", "", PHONES),
    ("ballots:acknowledge", "", PHONES),
    ("ballots:stamp_slip", "", (400,) * 8),
    ("ballots:stamp_paper", "", (403, 403, 400, 403, 403, 403, 403, 403)),
]


@dataclass(frozen=True)
class World:
    """One cell with an open meeting, a browser for each role, and what stands in the addresses."""

    browsers: dict[str, Client]
    places: dict[str, object]

    def answers(self, role: str, rows: list, method: str, **options: object) -> dict[str, object]:
        """What this role gets for each row, in the order of the rows."""
        got = {}
        for name, places, _ in rows:
            address = reverse(
                name, args=[self.places.get(place, place) for place in places.split()]
            )
            answer = self.browsers[role].generic(method, address, **options)
            got[f"{name} {places}"] = outcome(answer)
        return got


def outcome(answer) -> object:
    """The status; for who is sent to sign in or to the six digits, that."""
    sent = answer.get("Location", "")
    if sent.startswith("/hop/dang-nhap/"):
        return LOGIN if "?next=" in sent else answer.status_code
    return JOIN if sent.startswith("/hop/vao/") else answer.status_code


def expected(role: str, rows: list) -> dict[str, object]:
    return {f"{name} {places}": row[ROLES.index(role)] for name, places, row in rows}


def browser(user: User | None = None, token: str = "") -> Client:
    client = Client(SERVER_NAME="localhost")
    if user is not None:
        client.force_login(user)
    if token:
        client.cookies[devices.COOKIE] = token
    return client


@pytest.fixture
def world(meeting, secretary, member, teller, probationary, officer, superuser) -> World:
    proceedings.open_checkin(secretary, meeting)
    meeting.refresh_from_db()
    committee = meeting.cell.committee
    neighbour = factories.make_member(factories.make_cell(committee), office=Office.Kind.SECRETARY)
    browsers = {
        "anonymous": browser(),
        "phone": browser(token=factories.make_device(member, meeting=meeting)),
        "teller": browser(token=factories.make_device(teller, meeting=meeting)),
        "secretary": browser(secretary),
        "above": browser(officer),
        "other": browser(factories.make_user(neighbour)),
        "beside": browser(factories.make_user(committee=factories.make_committee())),
        "superuser": browser(superuser),
    }
    places = {
        "code": meeting.code,
        "token": links.personal_link(probationary, "").rstrip("/").rsplit("/", 1)[1],
        "cell": meeting.cell_id,
        "member": probationary.pk,
        "committee": committee.pk,
        "meeting": meeting.pk,
        "rehearsal": _beside(meeting, Meeting.Kind.REHEARSAL).pk,
        "poll": Poll.objects.get(meeting=meeting, number=1).pk,
        "paper": Paper.objects.create(
            meeting=_beside(meeting, Meeting.Kind.EXTRA), kind="minutes", pdf=b"%PDF", docx=b"PK"
        ).pk,
    }
    return World(browsers, places)


def _beside(meeting: Meeting, kind: str) -> Meeting:
    """Another meeting of the same cell."""
    return Meeting.objects.create(
        cell=meeting.cell, campaign=meeting.campaign, kind=kind, starts_at=timezone.now()
    )


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_open(world, role):
    assert world.answers(role, PAGES, "GET") == expected(role, PAGES)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_role_may_press(world, role):
    assert world.answers(role, PRESSES, "POST") == expected(role, PRESSES)


@pytest.mark.parametrize("role", ROLES)
def test_whose_bytes_reach_past_the_guard(world, role):
    got = world.answers(role, BODIES, "POST", data=b"1", content_type="application/octet-stream")
    assert got == expected(role, BODIES)


@pytest.mark.parametrize("role", ["anonymous", "phone", "above", "other", "beside", "superuser"])
def test_who_is_refused_changes_nothing(world, role):
    rows = [row for row in PRESSES if row[0].startswith(("ballots:", "members:member_"))]
    world.answers(role, rows, "POST")
    assert not AuditEntry.objects.filter(pk__gt=_last_line(world)).exists()


def _last_line(world: World) -> int:
    """The audit line with which the world was complete: check-in was opened."""
    line = AuditEntry.objects.filter(verb="meeting.checkin_opened").latest("pk")
    return line.pk


@pytest.mark.parametrize("name", ["members:member_list", "cells:cell", "cells:committee"])
def test_what_does_not_exist_is_not_found(world, name):
    for role in ("secretary", "above", "superuser"):
        for number in (0, 999_999, 10**30):
            address = reverse(name, args=[number])
            assert world.browsers[role].get(address).status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "superuser"])
def test_the_admin_is_for_the_operator_alone(world, role):
    answer = world.browsers[role].get("/hop/quan-tri/members/member/")
    assert answer.status_code == 302
    assert "dang-nhap" in answer.url or "login" in answer.url


def _names(patterns: list, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every address of the site by name, Django's own admin left out."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or "?"])


def test_every_address_has_a_row():
    rows = {name for name, *_ in [*PAGES, *PRESSES, *BODIES]}
    assert set(_names(get_resolver().url_patterns)) == rows
