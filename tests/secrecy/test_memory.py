"""The memory of every process of the installation after each phase: keys and ballots are gone when they should be."""

import contextlib
import os
from pathlib import Path

import pytest
import requests
from django.conf import settings as ours
from django.urls import reverse
from redis import Redis

from ballots.linkage.memory import descendants, found_in
from ballots.models import RowTally
from ballots.secret import keys
from ballots.secret.blind_signature import PrivateKey
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from cells.models import Meeting
from members.devices.cookies import COOKIE
from tests.kit.clients import browser
from tests.kit.factories import make_device
from tests.kit.processes import signer_of, spawner_of, until
from tests.kit.room import Room
from tests.kit.servers import cast, deadly_server, workers_of
from tests.kit.sittings import BODIES
from tests.kit.verbs import let_confirm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BYTES = "application/octet-stream"


class Evening:
    """A poll of three, all of it over http; nothing of it is done in this process."""

    def __init__(self, site: str, meeting: Meeting) -> None:
        self.site, self.room = site, Room(meeting=meeting)
        self.secretary = requests.Session()
        self.secretary.cookies["sessionid"] = (
            browser(self.room.secretary).cookies["sessionid"].value
        )
        self.tokens = {member: make_device(member) for member in self.room.members}
        self.teller = requests.Session()
        self.teller.cookies[COOKIE] = self.tokens[self.room.teller]
        self.phones: list[Phone] = []
        self.secrets: dict[str, int | bytes] = {}

    def press(self, who: requests.Session, name: str, *args: str, **sent) -> requests.Response:
        token = "x" * 32
        who.cookies["csrftoken"] = token
        headers = {"X-CSRFToken": token} | sent.pop("headers", {})
        address = self.site + reverse(f"ballots:{name}", args=args)
        answer = who.post(address, headers=headers, timeout=60, allow_redirects=False, **sent)
        assert answer.status_code in (200, 204, 302), answer.text
        self.room.poll.refresh_from_db()
        return answer

    def issue(self) -> None:
        let_confirm(self.room.meeting)  # with the phones that were made since
        self.press(self.secretary, "poll_open", self.room.poll.pk)
        p = self.room.poll.p
        key = PrivateKey.from_bytes(keys.read(p, "sign"))
        self.secrets |= {"p": key.p, "q": key.q, "d": key.d, "d mod p-1": key.d % (key.p - 1)}
        self.secrets |= {"d mod q-1": key.d % (key.q - 1), "1/q": pow(key.q, -1, key.p)}
        self.secrets |= {f"{kind} key": keys.read(p, kind) for kind in ("box", "count")}
        for member in self.room.members:
            phone = Phone(bytes(self.room.poll.sheet))
            for name, body in (("stamp", phone.request()), ("acknowledge", bytes.fromhex(p))):
                own = requests.Session()
                own.cookies[COOKIE] = self.tokens[member]
                answer = self.press(own, name, data=body, headers={"Content-Type": BYTES})
                if name == "stamp":
                    phone.accept_stamp(answer.content)
            self.phones.append(phone)

    def cast(self) -> None:
        for number, phone in enumerate(self.phones):
            body = phone.fold([2])
            # The salt is in payload and body alone; the signature, in the body.
            self.secrets |= {f"salt {number}": body[129:161], f"signature {number}": body[-64:]}
            assert cast(self.site, body) == b"\0" + phone.hash

    def count(self) -> None:
        poll = self.room.poll
        self.press(self.teller, "seal", data={"poll": poll.pk})
        reader = Reader()
        sent = {"data": reader.point, "headers": {"Content-Type": BYTES}}
        answer = self.press(self.teller, "sealed_ballots", **sent)
        assert len(reader.open(bytes.fromhex(poll.p), answer.content)) == 3 * 482
        rows = [[*row.counts.values(), row.blank] for row in RowTally.objects.filter(poll=poll)]
        self.press(
            self.teller, "agree", json={"list_sha256": self.room.poll.sealed_sha256, "rows": rows}
        )


def installation(master: int) -> set[int]:
    """The master, what it or its children forked, who was told this test's folder of keys, and their server."""
    known = descendants(master)
    for folder in Path("/proc").glob("[0-9]*"):
        # PermissionError: another user's. Whoever may not look into the installation fails below.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            told = b"".join((folder / kind).read_bytes() for kind in ("cmdline", "environ"))
            told += os.readlink(folder / "cwd").encode()
            if str(ours.KEY_DIR).encode() in told:
                known.add(int(folder.name))
    return known | server_of_keys() - {os.getpid()}


def server_of_keys() -> set[int]:
    if not ours.KEY_STORE_URL:
        return set()
    with Redis.from_url(ours.KEY_STORE_URL) as client:
        return {client.info("server")["process_id"]}


@pytest.mark.usefixtures("key_store")
@pytest.mark.parametrize("made", BODIES.values(), ids=BODIES)
def test_keys_and_ballots_leave_the_memory_of_every_process_with_their_phase(
    tmp_path, settings, made
):
    settings.SECRET_KEY = "of this test"  # the server's, which a session is signed with
    with deadly_server(tmp_path, workers=2, threads=4) as (site, master):
        evening = Evening(site, made(3))

        def holders(*names: str) -> dict[int, set[str]]:
            looked_for = {
                name: value
                for name, value in evening.secrets.items()
                if name.partition(" ")[0] in names or name in names
            }
            assert looked_for
            found = {pid: found_in(pid, looked_for) for pid in installation(master.pid)}
            return {pid: names for pid, names in found.items() if names}

        sign = ("p", "q", "d", "1/q")
        evening.issue()
        signer = signer_of(evening.room.poll.p)
        assert {signer, spawner_of(master.pid)} < installation(master.pid)
        held = holders(*sign, "count key")
        assert set(held) == {signer}
        assert {"p", "q"} <= held[signer]
        evening.press(evening.secretary, "poll_open_box", evening.room.poll.pk)
        assert holders(*sign, "count key") == {}
        evening.cast()
        served = workers_of(master)
        # The door's workers must see them; it also shows that this scan finds them.
        held = holders("box key", "salt", "signature")
        assert held
        assert set(held) <= served
        evening.count()
        assert holders("count key") == {}
        evening.press(evening.teller, "confirm", data={"poll": evening.room.poll.pk})
        assert until(lambda: not workers_of(master) & served and len(workers_of(master)) == 2)
        assert holders(*sign, "box key", "count key", "salt", "signature") == {}
