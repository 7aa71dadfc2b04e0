"""Who may open and who may press what, by the rows of access_table.py. An address without a row fails."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from ballots.demo import serving
from ballots.jobs import asking
from ballots.models import (
    CommitteeDecision,
    CommitteeFile,
    Decision,
    Envelope,
    Job,
    Pin,
    QuotaDraft,
    Submission,
)
from cells.law.post_groups import USUAL
from cells.models import Cell, Committee, Meeting, Setting
from members.devices import links
from members.models import (
    AuditEntry,
    Comment,
    Guest,
    Member,
    Office,
    ReviewLine,
    SelfReview,
    SelfReviewVersion,
    User,
)
from partyreview.headers import EVERYWHERE
from tests import access_sittings, access_table
from tests.access_bodies import BODIES
from tests.access_table import JOIN, LOGIN, ROLES
from tests.kit import factories, verbs
from tests.kit.addresses import names_of
from tests.kit.clients import browser, phone
from tests.kit.polls import poll_of

pytestmark = pytest.mark.django_db

PAGES = [*access_table.PAGES, *access_sittings.PAGES]
PRESSES = [*access_table.PRESSES, *access_sittings.PRESSES]


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
            assert keeps_nothing(answer), f"{name} {places}: {dict(answer.headers)}"
            got[f"{name} {places}"] = outcome(answer)
        return got


def keeps_nothing(answer) -> bool:
    """Whether no browser keeps the answer and no other site may look in; a refused form is kept until signing out."""
    cached = answer["Cache-Control"]
    refused = answer.wsgi_request.method == "POST" and cached == "private, no-cache"
    return EVERYWHERE.items() <= answer.headers.items() and ("no-store" in cached or refused)


def outcome(answer) -> object:
    """The status; for who is sent to sign in or to the six digits, that."""
    sent = answer.get("Location", "")
    if sent.startswith("/hop/dang-nhap/"):
        return LOGIN if "?next=" in sent else answer.status_code
    return JOIN if sent.startswith("/hop/vao/") else answer.status_code


def expected(role: str, rows: list) -> dict[str, object]:
    return {f"{name} {places}": row[ROLES.index(role)] for name, places, row in rows}


@pytest.fixture
def world(meeting, secretary, member, teller, probationary, officer, superuser) -> World:
    verbs.open_checkin(secretary, meeting)
    meeting.refresh_from_db()
    committee = meeting.cell.committee
    neighbour = factories.make_member(factories.make_cell(committee), office=Office.Kind.SECRETARY)
    browsers = {
        "anonymous": browser(),
        "phone": phone(member, meeting=meeting),
        "teller": phone(teller, meeting=meeting),
        "secretary": browser(secretary),
        "above": browser(officer),
        "other": browser(factories.make_user(neighbour)),
        "beside": browser(factories.make_user(committee=factories.make_committee())),
        "superuser": browser(superuser),
    }
    verbs.let_confirm(meeting)
    places = {
        "code": meeting.code,
        "token": links.personal_link(probationary, "").rstrip("/").rsplit("/", 1)[1],
        "cell": meeting.cell_id,
        "member": probationary.pk,
        "committee": committee.pk,
        "meeting": meeting.pk,
        "rehearsal": _beside(meeting, Meeting.Kind.REHEARSAL).pk,
        **_set_above(meeting),
        "line": ReviewLine.objects.get(member=member).pk,
        "collective": meeting.collectives.create(name="Chi ủy", size=3).pk,
        "post": _post_of(probationary).pk,
        "seat": factories.make_seat(committee, member).pk,
        "review": _submitted(meeting, member).pk,
        "writer": member.pk,
        "comment": verbs.comment(secretary, meeting, member, None, "Nhất trí.").pk,
        "attachment": factories.make_attachment(meeting.cell, secretary).pk,
        "poll": poll_of(meeting).pk,
        "kept": Envelope.objects.create(poll=poll_of(meeting, 2), left_out="Máy in hỏng").pk,
        "paper": factories.make_paper(_beside(meeting, Meeting.Kind.EXTRA), "minutes").pk,
    }
    places |= _petitioned(meeting, member, officer) | _below(committee)
    places |= _works(meeting, member, officer, secretary)
    return World(browsers, places)


def _below(committee: Committee) -> dict[str, int]:
    """What an officer of the committee arranges and looks after."""
    branch = factories.make_committee(parent=committee)
    account = factories.make_user(committee=branch)
    file = CommitteeFile.objects.create(committee=branch, year=2026, kind="year", by=account)
    locked = file.papers.create(kind="report", ending="pdf", content=b"%PDF", sha256="0" * 64)
    places = {"branch": branch, "account": account, "file": file, "locked": locked}
    places |= {"sitting": factories.make_sitting(committee)}
    places |= {"branch_sitting": factories.make_sitting(branch)}
    places |= {"sitting_comment": _said_at(places["sitting"])}
    return {name: row.pk for name, row in places.items()}


def _said_at(sitting: Meeting) -> Comment:
    guest = Guest.objects.create(meeting=sitting, name="Lê Văn Khách")
    return Comment.objects.create(meeting=sitting, guest=guest, text="Nhất trí.")


def _set_above(meeting: Meeting) -> dict[str, int]:
    """What the committee above asks to be answered for, and what the cell has set."""
    prompt = factories.make_prompt(meeting)
    return {"prompt": prompt.pk, "setting": _setting_of(meeting.cell).pk}


def _petitioned(meeting: Meeting, member: Member, officer: User) -> dict[str, int]:
    """What was decided on another meeting by a paper on many files, and what the member says to it."""
    petition = factories.make_petition(_beside(meeting, Meeting.Kind.EXTRA), member, officer)
    act = _act_of(officer, petition.decision)
    return {"petition": petition.pk, "decision": petition.decision_id, "act": act.pk}


def _act_of(officer: User, decision: Decision) -> CommitteeDecision:
    """The paper on many files that the decision is a part of."""
    paper = {"symbol": decision.symbol, "dated": decision.dated, "by": officer}
    act = CommitteeDecision.objects.create(
        committee=officer.committee, year=2026, kind="year", **paper
    )
    Decision.objects.filter(pk=decision.pk).update(act=act)
    act.papers.create(kind="list", pdf=b"%PDF", docx=b"PK", sha256="0" * 64)
    return act


def _setting_of(cell: Cell) -> Setting:
    return Setting.objects.create(cell=cell, key="base", value="full", basis="NQ 05")


def _job_of(officer: User) -> Job:
    """What an officer has had made."""
    args = {"committee": officer.committee_id, "period": "2026"}
    return asking.ask(officer, Job.Kind.PAPERS, "Văn bản", args)


def _works(meeting: Meeting, member: Member, officer: User, secretary: User) -> dict[str, object]:
    """What the officer works at: a job, a pin, a draft."""
    pin, draft = _pin_of(meeting, secretary), _drafted(meeting, member, officer)
    return {"job": _job_of(officer).pk, "pin": pin.pk, **draft}


def _drafted(meeting: Meeting, member: Member, officer: User) -> dict[str, int]:
    """A draft of the officer's committee, and a case in it."""
    about = {"committee": meeting.cell.committee, "by": officer, "groups": USUAL.stored}
    draft = QuotaDraft.objects.create(**about, year=2026, kind="year", name="Lần 1")
    file = draft.files.create(meeting=meeting, sending=1)
    about = {"member": member, "proposed": "HTT", "level": "HTT"}
    return {"draft": draft.pk, "case": draft.lines.create(file=file, name="An", **about).pk}


def _post_of(member: Member) -> Office:
    return Office.objects.create(
        member=member, kind="agency", title="Trưởng phòng", since=date(2020, 1, 1)
    )


def _submitted(meeting: Meeting, member: Member) -> SelfReview:
    """What the member has handed in."""
    review = SelfReview.objects.create(
        cell=member.cell,
        member=member,
        campaign=meeting.campaign,
        kind="member",
        state=SelfReview.State.SUBMITTED,
        submitted_at=timezone.now(),
    )
    SelfReviewVersion.objects.create(review=review, number=1, pack="2025.1", kind="member")
    return review


def _pin_of(meeting: Meeting, secretary: User) -> Pin:
    """On the file of another meeting that was returned to the cell."""
    other = _beside(meeting, Meeting.Kind.EXTRA)
    sent = Submission.objects.create(
        meeting=other, by=secretary, returned_by=secretary, returned_at=timezone.now()
    )
    return sent.pins.create(place="other", about="Việc khác", text="Xem lại")


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
    rows = [
        row
        for row in PRESSES
        if row[0].startswith(
            (
                "ballots:",
                "members:member_",
                "members:committee_",
                "members:as",
                "members:at",
                "members:e",
            )
        )
        and row[2][ROLES.index(role)] not in (200, 302)
    ]
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    world.answers(role, rows, "POST")
    assert set(AuditEntry.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("name", ["members:member_list", "cells:cell", "ballots:committee"])
def test_what_does_not_exist_is_not_found(world, name):
    for role in ("secretary", "above", "superuser"):
        for number in (0, 999_999, 10**30):
            address = reverse(name, args=[number])
            assert world.browsers[role].get(address).status_code == 404


@pytest.mark.parametrize(
    "text", ["luot/{}/", "phong-bi/{}/", "kiem-tra/{}/", "vao/{}/", "toi/{}/"]
)
def test_an_address_with_a_sign_that_no_database_takes_is_not_found(client, superuser, text):
    client.force_login(superuser)
    for method in ("GET", "POST"):
        assert client.generic(method, f"/hop/{text.format('a%00b')}").status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "superuser"])
def test_the_admin_is_for_the_operator_alone(world, role):
    answer = world.browsers[role].get("/hop/quan-tri/members/member/")
    assert answer.status_code == 302
    assert "dang-nhap" in answer.url or "login" in answer.url


def test_the_admin_is_off_unless_a_deployment_turns_it_on(tmp_path):
    tell = (
        "import django; django.setup(); from django.urls import resolve; resolve('/hop/quan-tri/')"
    )
    for admin, answer in (("off", 1), ("on", 0)):
        environ = serving.embedded_environ(
            tmp_path, ADMIN=admin, DJANGO_SETTINGS_MODULE="partyreview.settings"
        )
        run = subprocess.run(
            [sys.executable, "-c", tell],
            cwd=settings.BASE_DIR,
            env=environ,
            capture_output=True,
            check=False,
        )
        assert run.returncode == answer


def test_every_address_has_a_row():
    rows = {name for name, *_ in [*PAGES, *PRESSES, *BODIES]}
    assert set(names_of(get_resolver().url_patterns)) == rows
