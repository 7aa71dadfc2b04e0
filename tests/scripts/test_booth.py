"""The steps a phone takes by itself, before a door made up here: what it sends, keeps and finds."""

import hashlib
import json
from dataclasses import dataclass, field

import pytest

from ballots.secret import blind_signature, sheet
from cells import codes
from tests.kit.scripts import Script

KEY = blind_signature.generate_key()
POLL, ROWS = "ab" * 16, ["Một", "Hai"]
LEVELS = [("HTXS", "A"), ("HTT", "B")]
FOLD = "for (const row of [0, 1]) await m.mark(row, 1); await m.fold();"
LOOK = "m.poll.phase = (await m.askPhase()) || m.poll.phase; await m.work();"


@dataclass
class Door:
    """The answers of both doors; a test sets the phase, and what is wrong."""

    round: int = 1
    phase: str = "issuing"
    issued: int = 3
    hashes: list[bytes] = field(default_factory=lambda: [bytes([i]) * 32 for i in (1, 2)])
    announced: str = ""
    down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def paper(self) -> bytes:
        return sheet.build_sheet(POLL, self.round, KEY.n, "Lượt", LEVELS, ROWS)

    @property
    def listed(self) -> bytes:
        return sheet.build_list(sheet.digest(self.paper), sorted(self.hashes))

    def answer(self, method: str, path: str, credentials: str, body: str) -> str:
        if self.down:
            return "lost"
        name = path.rsplit("/", 1)[1]
        self.asked.append((name, credentials))
        made = getattr(self, "_" + name.replace("-", "_"))(bytes.fromhex(body))
        by_name = {"status": 200, "type": "application/octet-stream", "bytes": made.hex()}
        return json.dumps(by_name | ({"status": 204} if name == "da-nhan" else {}))

    def _luot(self, _: bytes) -> bytes:
        p = sheet.digest(self.paper).hex()
        word = {"v": 1, "state": self.phase, "poll": POLL, "round": self.round, "p": p}
        word |= {"issued": self.issued, "delay": 0}
        sealed = self.announced or hashlib.sha256(self.listed).hexdigest()
        return json.dumps(word | {"sealed": sealed}).encode()

    def _to_phieu(self, _: bytes) -> bytes:
        return self.paper

    def _phat_phieu(self, body: bytes) -> bytes:
        return blind_signature.blind_sign(KEY, body[32 : 32 + 256])

    def _da_nhan(self, _: bytes) -> bytes:
        return b""

    def _bo_phieu(self, body: bytes) -> bytes:
        ballot = sheet.check_body(body, sheet.parse_sheet(self.paper))
        self.hashes.append(ballot.hash)
        return bytes([0]) + ballot.hash

    def _danh_sach(self, _: bytes) -> bytes:
        return self.listed


class Phone:
    """One page of the voting page without its screen."""

    def __init__(self, door: Door) -> None:
        self.script = Script("ballot/booth.js", py_fetch=door.answer)
        # A wait comes to its end at once, but not the time-outs of requests.
        self.script.context.eval(
            "globalThis.setTimeout = (work, wait) => { if (wait < 1000) work(); };"
        )
        self.do(f"m.address.key = '{'c0' * 16}'")

    def do(self, code: str, **values: object) -> object:
        return self.script(code, **values)

    def look(self) -> "Phone":
        """Ask for the phase, and take its step."""
        self.do(LOOK)
        return self

    def records(self) -> list[dict]:
        stored = self.do(
            "return Object.keys(disk.kept).filter((name) => name.startsWith('phieu/'))"
            ".map((name) => disk.kept[name]);"
        )
        assert isinstance(stored, list)
        return stored

    def state(self) -> str:
        (record,) = self.records()
        return record["state"]

    def result(self) -> object:
        return self.do("return m.poll.result.word")


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def folded(door) -> Phone:
    """A phone whose ballot is folded."""
    phone = Phone(door).look()
    phone.do(FOLD)
    return phone


def test_only_the_two_requests_of_issuing_carry_a_name(door, folded):
    named = {name for name, credentials in door.asked if credentials != "omit"}
    assert named == {"phat-phieu", "da-nhan"}
    door.asked.clear()
    door.phase = "casting"
    folded.look()
    door.phase = "sealed"
    folded.look()
    assert {credentials for _, credentials in door.asked} == {"omit"}
    assert folded.result() == "kept"


def test_a_slips_code_goes_along_as_ten_bytes_and_without_a_name(door):
    bodies, code = [], "zqxrstvbcfghjk3479"
    door._doi_phieu = lambda body: bodies.append(body) or door._phat_phieu(body)
    phone = Phone(door)
    phone.do("Object.assign(m.voter, { who: 'slip', code: values.slip })", slip=code)
    phone.look()
    (body,) = bodies
    assert (len(body), body[288:]) == (298, codes.read(code.upper(), 10))
    assert phone.state() == "STAMPED"
    assert {credentials for _, credentials in door.asked} == {"omit"}


def test_a_ballot_that_was_sent_can_be_sent_again_but_not_made_again(door, folded):
    before = folded.records()[0]
    folded.do("m.poll.phase = Object.assign(await m.askPhase(), { state: 'casting' });")
    door.down = True
    folded.do("await m.work();")
    (record,) = folded.records()
    assert record["state"] == "FOLDED"
    door.down, door.phase = False, "casting"
    folded.look()
    (record,) = folded.records()
    assert (record["state"], record["hash"]) == ("IN_BOX", before["hash"])
    assert {"key", "body", "marks", "stamp"}.isdisjoint(record)


def test_what_the_phone_finds_in_the_sealed_list(door, folded):
    door.phase = "casting"
    folded.look()
    assert folded.state() == "IN_BOX"
    door.phase, door.announced = "sealed", "00" * 32
    folded.look()
    assert folded.result() == "altered"


def test_a_ballot_the_server_took_and_does_not_list_is_missed(door, folded):
    door.phase = "casting"
    folded.look()
    door.phase, door.hashes = "sealed", door.hashes[:2]
    folded.look()
    assert folded.result() == "missing"


@pytest.mark.parametrize(("issued", "word"), [(3, "late"), (2, "overfull")])
def test_a_ballot_that_was_not_sent_in_time(door, folded, issued, word):
    door.phase, door.issued = "sealed", issued
    folded.look()
    assert folded.result() == word


def test_who_never_got_a_ballot_finds_a_sound_list(door):
    door.phase = "sealed"
    assert Phone(door).look().result() == "nothing"


def test_another_sheet_in_the_same_round_stops_everything(door, folded):
    door.asked.clear()
    folded.do(
        "m.poll.phase = Object.assign(await m.askPhase(), { p: '11'.repeat(32) }); await m.work();"
    )
    assert folded.do("return m.trouble.alarm") == "changed"
    assert [name for name, _ in door.asked] == ["luot"]


def test_the_marks_go_over_into_a_new_round_of_the_same_form(door, folded):
    door.round = 2
    folded.look()
    (record,) = folded.records()
    assert (record["round"], record["state"], record["marks"]) == (2, "FOLDED", [1, 1])


def test_an_older_tab_writes_nothing_once_another_has_signed(folded):
    before = folded.records()
    screen = folded.do(
        """
        globalThis.navigator = {};
        await m.claim('tab', () => {});
        disk.kept['phieu-the/tab'] = 'another';
        return m.mark(0, 2).catch(({ screen }) => screen);
        """
    )
    assert (screen, folded.records()) == ("elsewhere", before)


# The phone dies: what is not on its disk is lost.


def test_everything_is_kept_with_strict_durability(door, folded):
    door.phase = "casting"
    folded.look()
    assert set(folded.do("return disk.durability")) == {"strict"}


@pytest.mark.parametrize(
    ("state", "phase", "silent"),
    [
        (None, "issuing", "phat-phieu"),
        ("KEYED", "issuing", "da-nhan"),
        ("FOLDED", "casting", "bo-phieu"),
    ],
)
def test_nothing_is_asked_nor_told_before_the_disk_has_it(door, state, phase, silent):
    """The disk takes its time; a phone that dies meanwhile finds itself where it was, and so does who looks at it."""
    phone = Phone(door)
    if state == "KEYED":
        honest, door._phat_phieu = door._phat_phieu, lambda _: b"no stamp"
        phone.look()
        door._phat_phieu = honest
    if state == "FOLDED":
        phone.look().do(FOLD)
    door.asked.clear()
    door.phase = phase
    phone.do("disk.held = true;")
    with pytest.raises(AssertionError, match="does not come"):
        phone.look()
    assert silent not in {name for name, _ in door.asked}
    assert phone.do("return (m.current().record || { state: null }).state;") == state
    assert [record["state"] for record in phone.records()] == ([state] if state else [])


def test_an_answered_cast_is_told_once_the_disk_has_it(door, folded):
    door.phase = "casting"
    keeps = "const asked = fetch; globalThis.fetch = (path, options) => asked(path, options).then((answer) => {"
    folded.do(keeps + " disk.held = path === '/hom/bo-phieu'; return answer; });")
    with pytest.raises(AssertionError, match="does not come"):
        folded.look()
    assert len(door.hashes) == 3
    assert folded.do("return m.current().record.state;") == folded.state() == "FOLDED"


def test_a_phone_that_died_takes_up_where_its_disk_says(door, folded):
    """The same disk under a new page: the ballot that was sent before it died is sent again, and known again."""
    door.phase = "casting"
    body = folded.records()[0]["body"]
    folded.do("globalThis.before = disk.kept;")
    folded.look()
    folded.do("disk.kept = before; await m.recollect();")
    door.hashes.pop()
    folded.look()
    assert folded.state() == "IN_BOX"
    assert (
        door.hashes[2]
        == hashlib.sha256(b"partyreview/ballot/1\0" + bytes.fromhex(body)[: -256 - 64]).digest()
    )


@pytest.mark.parametrize(
    "spoil",
    [
        "indexedDB = undefined;",
        "indexedDB.open = () => { throw new Error('SecurityError'); };",
        "indexedDB.open = () => { const r = {}; Promise.resolve().then(() => r.onerror()); return r; };",
        "disk.refused = 'QuotaExceededError';",
        "globalThis.setTimeout = (work, wait) => Promise.resolve().then(work); indexedDB.open = () => ({});",
        "const begun = begin; begin = (mode, how) => begun('readonly', how); copy = () => undefined;",
    ],
    ids=["none", "forbidden", "refused", "full", "never answers", "keeps nothing"],
)
def test_a_browser_that_keeps_nothing_is_found_out_before_it_asks_for_anything(door, spoil):
    phone = Phone(door)
    phone.do("globalThis.navigator = {};" + spoil)
    claimed = "await m.recollect(); await m.claim('tab', () => {});"
    screen = phone.do(f"return (async () => {{ {claimed} }})().catch((error) => error.screen);")
    assert (screen, door.asked) == ("forgetful", [])


def test_records_of_the_old_form_are_taken_over_once(door, folded):
    (record,) = folded.records()
    folded.do(
        """
        const [name] = Object.keys(disk.kept).filter((each) => each.startsWith('phieu/'));
        localStorage.setItem(name, JSON.stringify(disk.kept[name]));
        localStorage.setItem('phieu/other/', JSON.stringify({ state: 'VOID' }));
        localStorage.setItem('phieu-da-mo', '1');
        disk.kept[name].acked = 'newer';
        await m.recollect();
        """
    )
    assert folded.records() == [record | {"acked": "newer"}, {"state": "VOID"}]
    assert folded.do("return Object.keys(localStorage)") == ["phieu-da-mo"]
