"""The tellers' device over HTTP: who is let in, the presses, what a stale tab or a broken recount can do (nothing)."""

import json
import re

import pytest
from cryptography.exceptions import InvalidTag
from django.test import Client
from django.urls import reverse

from ballots.core.verbs import ABSENT_TELLER
from ballots.models import Poll, RowTally, Sealed, Slip
from ballots.secret import sheet
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from cells.models import Meeting
from cells.stale import STALE
from members.models import Attendance, Door
from tests.kit import polls, verbs
from tests.kit.clients import phone
from tests.kit.factories import make_open_meeting, members_of, secretary_of

pytestmark = pytest.mark.django_db

GOOD = 2
BYTES = "application/octet-stream"


@pytest.fixture
def device(teller) -> Client:
    return phone(teller)


@pytest.fixture
def poll(meeting) -> Poll:
    return polls.poll_of(meeting)


def url(name: str) -> str:
    return reverse(f"ballots:{name}")


def page(device: Client, query: str = "") -> str:
    answer = device.get(url("count") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def press(device: Client, name: str, **data) -> str:
    """Press a button; the page it leads to."""
    return device.post(url(name), data, follow=True).content.decode()


def send(device: Client, name: str, value: object, query: str = ""):
    """What the page's script sends."""
    body = value if isinstance(value, str) else json.dumps(value)
    return device.post(url(name) + query, body, content_type="application/json")


def totals(poll: Poll) -> dict[str, object]:
    rows = [[*row.counts.values(), row.blank] for row in RowTally.objects.filter(poll=poll)]
    return {"list_sha256": poll.sealed_sha256, "rows": rows}


def test_the_poll_from_the_tellers_side(device, poll):
    assert "Chưa mở lượt bỏ phiếu nào" in page(device)
    phones = polls.issue(poll)
    assert sheet.parse_sheet(bytes(poll.sheet)).digits in page(device)
    polls.cast(poll, phones, [[GOOD]] * 5)
    assert 'data-do="seal"' in page(device)
    assert 'id="recount"' in press(device, "seal", poll=poll.pk)
    poll.refresh_from_db()
    assert "05" not in page(device).split('id="recount"')[1].split("<form hidden")[0]
    reader = Reader()
    bodies = device.post(url("sealed_ballots"), reader.point, content_type=BYTES)
    p = bytes.fromhex(poll.p)
    assert len(reader.open(p, bodies.content)) == 5 * (481 + 1)
    assert p not in bodies.content  # with which every ballot begins
    with pytest.raises(InvalidTag):
        Reader().open(p, bodies.content)
    for no_point in (b"", b"\4" * 65, reader.point + b"\0"):
        refused = device.post(url("sealed_ballots"), no_point, content_type=BYTES)
        assert refused.status_code == 400
    assert bodies.headers["Content-Type"] == BYTES
    assert "no-store" in bodies.headers["Cache-Control"]
    assert send(device, "agree", totals(poll)).json() == {"state": "counted"}
    assert "HTT <strong>05</strong>" in page(device)
    assert "HTT: hoàn thành tốt nhiệm vụ;" in page(device)
    assert "Đã xác nhận" in press(device, "confirm", poll=poll.pk)
    assert not Sealed.objects.exclude(data=b"").exists()


def test_closing_the_box_asks_again_and_says_how_many_are_missing(device, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 3)
    response = press(device, "seal", poll=poll.pk)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CASTING
    assert "Còn 02 phiếu chưa vào hòm" in response
    assert re.findall('class="(.*)" href="/hop/kiem-phieu/">Chờ thêm', response) == ["button main"]
    assert 'name="short_ok" value="1"' in response
    press(device, "seal", poll=poll.pk, short_ok="1")
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED


@pytest.mark.parametrize("who", ["expected", "excused", "absent"])
def test_a_teller_who_is_not_here_presses_nothing_and_reads_why(
    device, teller, meeting, poll, who
):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    own = Attendance.objects.filter(meeting=meeting, member=teller)
    own.update(state=who, reason="Ốm")
    answers = [device.get(url("count")), device.post(url("seal"), {"poll": poll.pk})]
    for answer in answers:
        assert answer.status_code == 403
        assert ABSENT_TELLER in answer.content.decode()
    presses = (
        lambda: verbs.seal(teller, poll),
        lambda: verbs.sealed_ballots(teller, poll, Reader().point),
        lambda: verbs.agree(teller, poll, "", [[0] * 5]),
        lambda: verbs.disagree(teller, poll, "Sai."),
        lambda: verbs.confirm(teller, poll),
    )
    for press_it in presses:
        with pytest.raises(verbs.Refused, match="điểm danh có mặt"):
            press_it()
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CASTING
    own.update(state="present")
    press(device, "seal", poll=poll.pk)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED


NOT_A_RECOUNT = [
    "",
    "[]",
    "{",
    "[" * 100_000,
    '{"rows": [[0, 5, 0, 0, 0]]}',
    '{"list_sha256": "x"}',
    '{"list_sha256": "x", "rows": []}',
    '{"list_sha256": "x", "rows": [[0, 5, 0, 0]]}',
    '{"list_sha256": "x", "rows": [[0, 5, 0, 0, 0.0]]}',
    '{"list_sha256": "x", "rows": [[true, 5, 0, 0, 0]]}',
    '{"list_sha256": "x", "rows": [[NaN, 5, 0, 0, 0]]}',
]


def test_what_is_no_recount_at_all_voids_nothing(device, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    polls.seal(poll)
    for body in NOT_A_RECOUNT:
        assert send(device, "agree", body).status_code == 400, body
    hidden = [f'{{"what": "Sai\\u{code}."}}' for code in ("0000", "0001", "d800", "202e")]
    for body in ("", "{}", '{"what": " "}', '{"what": 1}', *hidden):
        assert send(device, "disagree", body).status_code == 400, body
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED


def test_a_stale_tab_touches_no_other_poll(device, meeting, poll):
    second = polls.poll_of(meeting, 2)
    polls.play(second, *[[GOOD] * 6] * 5)
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    assert STALE in press(device, "seal", poll=second.pk)
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CASTING
    polls.seal(poll)
    stale = f"?luot={second.pk}"
    for answer in (
        send(device, "agree", totals(second), stale),
        send(device, "disagree", {"what": "Sai."}, stale),
        device.post(url("sealed_ballots") + stale, bytes(65), content_type=BYTES),
    ):
        assert answer.status_code == 409
        assert STALE in answer.json()["error"]
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.SEALED


def test_a_poll_opened_after_a_later_one_is_the_last_one_also_when_void(device, meeting, poll):
    later = verbs.plan_poll(secretary_of(meeting), meeting, "Bình chọn", None, ["HTT"])
    polls.play(later, *[[1]] * 5)
    polls.issue(poll)
    verbs.void(secretary_of(meeting), poll, "Mất điện.")
    poll.refresh_from_db()
    assert poll.number == later.number + 1
    assert "Mất điện." in page(device)


ADDRESSES = ["seal", "sealed_ballots", "agree", "disagree", "confirm", "turnout", "count"]


@pytest.mark.parametrize("who", ["member", "probationary", "nobody", "secretary"])
def test_only_tellers_get_in(meeting, poll, request, who):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    if who == "secretary":
        device = phone(members_of(meeting)[0])
    else:
        device = phone(None if who == "nobody" else request.getfixturevalue(who))
    for name in ADDRESSES:
        send_it = device.get if name in ("count", "turnout") else device.post
        assert send_it(url(name)).status_code == (302 if who == "nobody" else 403), name
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CASTING


def test_a_teller_of_a_closed_meeting_is_no_teller_any_more(device, meeting):
    Meeting.objects.filter(pk=meeting.pk).update(
        state="closed", closed_at=meeting.opened_at, code=None
    )
    assert device.get(url("count")).status_code == 403


def test_turnout_is_counts_only(device, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 3)
    assert device.get(url("turnout")).json() == {"issued": 5, "collected": 3, "papers": 0}


def test_presses_need_the_csrf_token(teller, poll):
    polls.cast(poll, polls.issue(poll), [[GOOD]] * 5)
    device = phone(teller, strict=True)
    for name in ("seal", "sealed_ballots", "agree", "disagree", "confirm"):
        assert device.post(url(name)).status_code == 403, name
    assert Poll.objects.get(pk=poll.pk).state == Poll.State.CASTING


@pytest.fixture
def paper_poll() -> Poll:
    """A poll being issued in a meeting of six: the last three voters take paper."""
    meeting = make_open_meeting(6)
    for member in members_of(meeting)[3:]:
        Attendance.objects.filter(meeting=meeting, member=member).update(door=Door.PAPER)
    poll = polls.poll_of(meeting)
    polls.issue(poll)
    return poll


def ask_for_stamp(device: Client, poll: Poll) -> tuple[Phone, int, bytes]:
    phone = Phone(bytes(poll.sheet))
    answer = device.post(url("stamp_paper"), phone.request(), content_type=BYTES)
    return phone, answer.status_code, answer.content


def test_paper_gets_one_stamp_per_entry_and_no_more(paper_poll):
    device = phone(polls.teller_of(paper_poll.meeting))
    assert 'id="paper"' in page(device)
    for _ in range(3):
        voter, status, stamp = ask_for_stamp(device, paper_poll)
        assert status == 200
        voter.accept_stamp(stamp)
    _, status, refusal = ask_for_stamp(device, paper_poll)
    assert status == 409
    assert "đủ số phiếu giấy" in json.loads(refusal)["error"]
    assert Slip.objects.filter(poll=paper_poll, kind=Slip.Kind.PAPER).count() == 3


def test_one_or_two_papers_are_refused_with_the_reason(paper_poll):
    secretary = secretary_of(paper_poll.meeting)
    last = members_of(paper_poll.meeting)[5]
    verbs.set_door(secretary, Attendance.objects.get(member=last), Door.PHONE)
    device = phone(polls.teller_of(paper_poll.meeting))
    assert "Ít hơn 3 phiếu giấy thì lộ người viết" in page(device)
    _, status, refusal = ask_for_stamp(device, paper_poll)
    assert status == 409
    assert "lộ người viết" in json.loads(refusal)["error"]


@pytest.mark.parametrize(
    ("body", "content_type", "origin", "status"),
    [
        (b"\0" * 287, BYTES, "http://localhost", 400),
        (b"\0" * 289, BYTES, "http://localhost", 400),
        (b"\0" * 288, BYTES, "http://localhost", 410),
        (b"\0" * 288, "text/plain", "http://localhost", 403),
        (b"\0" * 288, BYTES, "https://elsewhere.example", 403),
    ],
)
def test_malformed_or_foreign_requests_for_a_stamp(paper_poll, body, content_type, origin, status):
    device = phone(polls.teller_of(paper_poll.meeting))
    headers = {"Origin": origin}
    answer = device.post(url("stamp_paper"), body, content_type=content_type, headers=headers)
    assert answer.status_code == status
    assert "error" in answer.json()
