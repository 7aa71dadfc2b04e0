"""Several application servers on one database and one store of keys hold a meeting as one; without the store, none."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ballots.demo import scenario, seeding
from ballots.demo.rehearsal.browser import Browser, Stopped
from ballots.demo.rehearsal.play import Evening
from ballots.models import Poll, RowTally
from ballots.secret import keys
from ballots.secret.workers import MARK
from members.devices import links
from tests.kit import key_servers
from tests.kit.hopping import Machine, hopping, machines
from tests.kit.processes import until
from tests.kit.servers import workers_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.key_server]
SEED = Path(seeding.__file__).parent / "scenarios" / "chi-bo-4-2023.json"


@pytest.fixture
def ram() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="partyreview-test-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def stores(tmp_path) -> Iterator[tuple[str, str]]:
    """The store of keys by deploy/valkey.conf, for the sites and for the doors."""
    with key_servers.key_server(tmp_path, config=str(key_servers.deployed(tmp_path))) as (url, _):
        yield key_servers.accounts(url)


def evening(case: scenario.Scenario, site: str) -> Evening:
    seeded = seeding.make_cell(case)
    return Evening(case, seeded, site, links.sign_in_link(seeded.secretary, site))


def watched(browser: type[Browser], halls: list[Machine], seen: list[list[int]]) -> type[Browser]:
    """Notes how many signers live on each machine when "Mở hòm" is pressed, and awaits that none does soon after."""

    class Watched(browser):
        def do(self, verb, where=None, **fields):
            if verb == "open_box":
                seen.append([len(machine.signers()) for machine in halls])
            after = super().do(verb, where, **fields)
            if verb == "open_box" and Poll.objects.filter(state=Poll.State.CASTING).exists():
                assert until(lambda: not any(machine.signers() for machine in halls))
            return after

    return Watched


def test_a_meeting_is_held_on_two_machines_with_phones_hopping_between_them(
    ram, settings, stores, monkeypatch
):
    """The doors' account on the store of keys reads the box key alone."""
    settings.KEY_DIR, settings.KEY_STORE_URL = None, stores[0]
    monkeypatch.setattr(keys, "_folders", {})
    case, seen = scenario.load(SEED.read_bytes()), []
    with machines(ram, ("a", "b"), stores) as halls:
        before = [workers_of(master) for machine in halls for master in machine.masters]
        monkeypatch.setattr(Evening, "opens", watched(hopping(halls), halls, seen))
        files = evening(case, halls[0].site).play()
        figures = json.loads(files["ket-qua.json"])
        del figures["sealed_sha256"]
        assert figures == scenario.expected(case)
        assert [1, 1] in seen, "a round was stamped by a signer on each machine"
        masters = [master for machine in halls for master in machine.masters]
        assert until(
            lambda: all(
                not workers_of(master) & old for master, old in zip(masters, before, strict=True)
            )
        ), "a worker that saw ballots stays"
        assert keys.store().names() == {MARK}
        left = {path.suffix for machine in halls for path in machine.ram.glob("*/*")}
        assert not left & {f".{kind}" for kind in keys.KINDS}, "no key lies on a machine"


def test_without_a_common_store_the_step_that_lacks_the_key_says_so_and_nothing_is_counted(
    ram, monkeypatch
):
    case = scenario.load(SEED.read_bytes())
    with machines(ram, ("a", "b"), ("", "")) as halls:
        monkeypatch.setattr(Evening, "opens", hopping(halls))
        with pytest.raises(Stopped, match="không tìm thấy khoá"):
            evening(case, halls[0].site).play()
    states = set(Poll.objects.values_list("state", flat=True))
    assert Poll.State.ISSUING in states
    assert states <= {Poll.State.PLANNED, Poll.State.ISSUING}
    assert not RowTally.objects.exists()
