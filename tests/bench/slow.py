"""A thousand clients are as slow as they can be, while twenty phones ask for the phase and vote."""

import http.client
import os
import ssl
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from ballots.demo import serving
from ballots.secret.voter import Phone
from tests.bench.report import Result
from tests.bench.voting import open_hall
from tests.kit import factories, slow, verbs
from tests.kit.polls import poll_of

PHONES, SLOW, ROUNDS = 20, 1000, 10
PATIENCE = 5  # seconds until a phone tries again


def measure() -> dict[str, Result]:
    """How long one request of a phone takes, TLS handshake included: 95 of 100 are quicker."""
    meeting, poll, bodies = casting(2 * PHONES)
    phase = f"/hom/{meeting.door_key}/luot"
    with tempfile.TemporaryDirectory() as folder:
        certificate = serving.make_certificate("127.0.0.1", Path(folder))
        url = f"https://127.0.0.1:{serving.free_port()}"
        with serving.running(url, dict(os.environ), certificate=certificate):
            calm = vote(url, phase, bodies[:PHONES])
            kinds = ("hello", "head", "body", "reader")
            with slow.crowd(url, **dict.fromkeys(kinds, SLOW // len(kinds))) as clients:
                hurt = vote(url, phase, bodies[PHONES:])
                if sum(client.drip() for client in clients) < SLOW // 2:
                    raise RuntimeError("the slow clients were not there")
    if poll.box_set.count() != 2 * PHONES:
        raise RuntimeError("a ballot was lost")
    return {f"request_beside_{SLOW}_slow": Result("s", hurt, calm, least=3)}


def casting(voters: int):
    """A meeting whose box is open, its poll, and so many ballots."""
    meeting, tokens = open_hall(voters)
    poll = poll_of(meeting, 2)
    secretary = factories.secretary_of(meeting)
    verbs.open_issuing(secretary, poll)
    poll.refresh_from_db()
    phones = [Phone(bytes(poll.sheet)) for _ in tokens]
    for phone, token in zip(phones, tokens, strict=True):
        phone.accept_stamp(stamped(token, phone.request()))
    verbs.open_box(secretary, poll, short_ok=True)
    return meeting, poll, [phone.fold([2] * poll.subjects.count()) for phone in phones]


def stamped(token: str, request: bytes) -> bytes:
    """The stamp that this device is given."""
    from members.models import Device

    member = Device.objects.get(token_hash=Device.hash(token)).member
    return verbs.stamp(member, request[:32], request[32:])


def vote(url: str, phase: str, bodies: list[bytes]) -> float:
    """Each phone asks for the phase a few times, then casts; the 95th percentile of a request, in seconds."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        times = list(pool.map(partial(evening, url, phase), bodies))
    return quantiles((seconds for phone in times for seconds in phone), n=20)[-1]


def evening(url: str, phase: str, body: bytes) -> list[float]:
    """How long each request of one phone took, trying again until it was answered."""
    asks = [("GET", phase, None)] * ROUNDS + [("POST", "/hom/bo-phieu", body)]
    times = []
    for method, path, content in asks:
        since = time.perf_counter()
        while ask(url, method, path, content) is None:
            pass
        times.append(time.perf_counter() - since)
        time.sleep(0.3)
    return times


def ask(url: str, method: str, path: str, body: bytes | None) -> bytes | None:
    """One request on a connection of its own, as phones at their pace make it; None where nobody answered."""
    host = urlsplit(url).netloc
    line = http.client.HTTPConnection(host, timeout=PATIENCE)
    if url.startswith("https"):
        line = http.client.HTTPSConnection(
            host,
            timeout=PATIENCE,
            context=ssl._create_unverified_context(),  # noqa: S323
        )
    try:
        line.request(method, path, body, {"Content-Type": "application/octet-stream"})
        answer = line.getresponse()
        return answer.read() if answer.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()
