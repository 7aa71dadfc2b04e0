"""The ballot in bytes, on the phone's side: what it refuses, and that the server reads what it makes."""

import json

import pytest

from ballots.secret import blind_signature, sheet
from tests.kit.scripts import Script

LEVELS = [("HTXS", "Hoàn thành xuất sắc nhiệm vụ"), ("HTT", "Hoàn thành tốt nhiệm vụ")]
ROWS = ["Nguyễn Thị Hạnh", "Đặng Văn Đức", "Chi bộ 4"]
READ = "return m.readSheet(m.unhex(values.paper), values.p).then(() => true, () => false);"


@pytest.fixture(scope="module")
def key():
    return blind_signature.generate_key()


@pytest.fixture(scope="module")
def paper(key) -> bytes:
    return sheet.build_sheet("ab" * 16, 1, key.n, "Xếp loại", LEVELS, ROWS)


@pytest.fixture(scope="module")
def ballot() -> Script:
    return Script("ballot/ballot.js")


def is_read(ballot: Script, paper: bytes, p: str = "") -> object:
    return ballot(READ, paper=paper.hex(), p=p or sheet.digest(paper).hex())


def test_the_server_reads_what_the_phone_folds(ballot, key, paper):
    by_name = {"paper": paper.hex(), "p": sheet.digest(paper).hex()}
    record = ballot(
        "return m.prepare(await m.readSheet(m.unhex(values.paper), values.p));", **by_name
    )
    answer = blind_signature.blind_sign(key, bytes.fromhex(record["z"]))
    folded = ballot(
        """
        const opened = await m.readSheet(m.unhex(values.paper), values.p);
        const stamp = m.unblind(opened, values.record, m.unhex(values.answer));
        return m.fold(opened.p, Object.assign({ stamp }, values.record), [2, null, 0]);
        """,
        record=record,
        answer=answer.hex(),
        **by_name,
    )
    read = sheet.check_body(bytes.fromhex(folded["body"]), sheet.parse_sheet(paper))
    assert (list(read.marks), read.hash.hex()) == ([2, 0, 0], folded["hash"])


def test_an_answer_that_is_no_signature_is_refused(ballot, key):
    refused = ballot(
        """
        const [n, z] = [m.unhex(values.n), m.unhex(values.z)];
        try { return m.finalize(n, z, z, m.unhex('02')); } catch (error) { return error.message; }
        """,
        n=f"{key.n:x}",
        z="05" * 256,
    )
    assert refused == "invalid signature"


def test_two_folds_of_the_same_marks_have_different_hashes(ballot, paper):
    hashes = ballot(
        """
        const opened = await m.readSheet(m.unhex(values.paper), values.p);
        const record = Object.assign({ stamp: '00'.repeat(256) }, await m.prepare(opened));
        const folds = await Promise.all([1, 2].map(() => m.fold(opened.p, record, [1, 1, 1])));
        return folds.map(({ hash }) => hash);
        """,
        paper=paper.hex(),
        p=sheet.digest(paper).hex(),
    )
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "gA" * 128),  # 192 bytes
        ("n", "f" + "_" * 340 + "8"),  # the top bit is not set
        ("n", "_" * 341 + "g"),  # even
        ("n", 17),
        ("v", 2),
        ("levels", [["M", "Mức"]] * 10),
    ],
)
def test_a_sheet_that_is_not_sound_is_refused_even_under_its_own_name(ballot, paper, name, value):
    assert not is_read(ballot, json.dumps(json.loads(paper) | {name: value}).encode())


def test_a_sheet_is_refused_under_another_name(ballot, paper):
    assert is_read(ballot, paper)
    assert not is_read(ballot, paper, "00" * 32)


def test_the_digits_are_those_of_the_server(ballot, paper):
    read = sheet.parse_sheet(paper)
    assert ballot("return m.digitsOf(values.p)", p=read.p.hex()) == read.digits


def test_the_sealed_list_is_read_as_the_server_writes_it(ballot):
    p, hashes = bytes(range(32)), [bytes([i]) * 32 for i in (1, 7, 200)]
    listed = sheet.build_list(p, hashes)
    swapped = listed[:55] + hashes[1] + hashes[0] + hashes[2]
    cases = [listed, swapped, listed[:-1], listed[:-32], listed + bytes(32), b"<!doctype html>"]
    made = ballot(
        "return Promise.all(values.cases.map((each) => m.readList(m.unhex(each), values.p)));",
        p=p.hex(),
        cases=[case.hex() for case in cases],
    )
    assert made[0]["hashes"] == [each.hex() for each in hashes]
    assert made[0]["sha256"] == sheet.digest(listed).hex()
    assert [each["sha256"] for each in made[1:5]] == [False] * 4
    assert made[5] is None
