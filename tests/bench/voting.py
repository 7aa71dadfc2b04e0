"""Issuing and casting over http against a bare view that inserts one row: same server, same workers, by turns."""

import os
from statistics import median

from django.db import connection

from ballots.demo import serving
from ballots.secret.voter import Phone
from cells.models import Meeting
from members.devices.cookies import COOKIE
from members.models import Attendance, Device, Member
from tests.bench import load
from tests.bench.report import Result
from tests.kit import factories, verbs
from tests.kit.polls import poll_of

# More slices make the ratio of the medians steadier; longer ones hardly do.
VOTERS, SLICES, WORKERS, THREADS = 3000, 20, 2, 8


def measure() -> dict[str, Result]:
    """Play one poll of many voters on two servers side by side; rates are the median of the slices."""
    meeting, tokens = open_hall(VOTERS)
    poll = poll_of(meeting, 2)
    secretary = factories.secretary_of(meeting)
    verbs.open_issuing(secretary, poll)
    poll.refresh_from_db()
    phones = [Phone(bytes(poll.sheet)) for _ in tokens]
    stamps = [
        load.post("/hop/phat-phieu", phone.request(), f"{COOKIE}={token}")
        for phone, token in zip(phones, tokens, strict=True)
    ]
    environ = dict(os.environ)
    ours, bound = (f"http://127.0.0.1:{serving.free_port()}" for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_row (tag bytea PRIMARY KEY, data bytea NOT NULL)")
    size = {"workers": WORKERS, "threads": THREADS}
    with (
        serving.running(ours, environ, **size),
        serving.running(bound, environ, "tests.bench.bare:application", **size),
    ):
        for url, path in ((ours, f"/hom/{meeting.door_key}/luot"), (bound, "/")):
            load.send(
                _port(url), [load.get(path)] * 200
            )  # every thread is up and has its database connection
        issue, row_of_issue, answers = _by_turns(ours, stamps, bound, [b"x" * 256] * VOTERS)
        for phone, answer in zip(phones, answers, strict=True):
            phone.accept_stamp(answer)
        verbs.open_box(secretary, poll, short_ok=True)
        bodies = [phone.fold([2] * poll.subjects.count()) for phone in phones]
        casts = [load.post("/hom/bo-phieu", body) for body in bodies]
        cast, row_of_cast, answers = _by_turns(ours, casts, bound, bodies)
    if {answer[0] for answer in answers} != {0}:
        raise RuntimeError("the door refused ballots")
    return {
        "cast": Result("requests/s", cast, row_of_cast, "higher", least=0.85),
        "issue": Result("requests/s", issue, row_of_issue, "higher", least=0.45),
    }


def _by_turns(
    ours: str, requests: list[bytes], bound: str, rows: list[bytes]
) -> tuple[float, float, list[bytes]]:
    """Send both loads in alternating slices; returns both median rates, and our answers."""
    inserts = [load.post("/", row) for row in rows]
    rates: tuple[list[float], list[float]] = ([], [])
    answers: list[bytes] = []
    step = len(requests) // SLICES
    for start in range(0, step * SLICES, step):
        rate, bodies = load.send(_port(ours), requests[start : start + step])
        answers += bodies
        rates[0].append(rate)
        rates[1].append(load.send(_port(bound), inserts[start : start + step])[0])
    return median(rates[0]), median(rates[1]), answers


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def open_hall(voters: int) -> tuple[Meeting, list[str]]:
    """An open meeting of very many voters, each with an admitted phone; also the phones' cookies."""
    cell = factories.make_cell()
    meeting = factories.make_meeting(5, cell=cell)
    members = Member.objects.bulk_create(
        Member(cell=cell, name=f"Người thứ {number}") for number in range(voters)
    )
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            member=member,
            standing=member.status,
            rated=False,
            unrated_reason="đo tốc độ",
        )
        for member in members
    )
    factories.arrive(meeting)
    secretary = factories.secretary_of(meeting)
    verbs.open_meeting(secretary, meeting)
    tellers = factories.members_of(meeting)[2:4]
    verbs.name_tellers(secretary, meeting, tellers, yes=voters, of=voters)
    tokens = [Device.new_token() for _ in members]
    Device.objects.bulk_create(
        Device(member=member, token_hash=Device.hash(token), state=Device.State.ADMITTED)
        for member, token in zip(members, tokens, strict=True)
    )
    return meeting, tokens
