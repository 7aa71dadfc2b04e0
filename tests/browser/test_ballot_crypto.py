"""The phone's cryptography in Chromium, by its own WebCrypto: the published vectors, and the server's side.

What needs no WebCrypto: tests/scripts/test_ballot.py.
"""

import json
from pathlib import Path

import pytest

from ballots.secret import blind_signature, sheet
from tests.browser.hands import leave

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "static" / "ballot" / "ballot.js"
VECTORS = json.loads((Path(__file__).parents[1] / "kit" / "vectors" / "rfc9474.json").read_text())
LEVELS = [("HTXS", "Hoàn thành xuất sắc nhiệm vụ"), ("HTT", "Hoàn thành tốt nhiệm vụ")]
ROWS = ["Nguyễn Thị Hạnh", "Đặng Văn Đức", "Chi bộ 4"]
WITH_MODULE = "async (values) => {{ const b = await import('/ballot.js'); {} }}"


@pytest.fixture(scope="module")
def key():
    return blind_signature.generate_key()


@pytest.fixture(scope="module")
def run(browser):
    """Run JavaScript with the ballot module as `b` and the arguments as `values`; bytes travel in hexadecimal."""
    context = browser.new_context()
    # localhost, because cryptography wants a secure context; nothing listens there.
    context.route(
        "**/", lambda route: route.fulfill(content_type="text/html", body="<!doctype html>")
    )
    context.route("**/ballot.js", lambda route: route.fulfill(path=SCRIPT))
    page = context.new_page()
    page.goto("http://localhost/")
    yield lambda code, **values: page.evaluate(WITH_MODULE.format(code), values)
    leave(context)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_published_vectors_pass_in_the_browser(run, vector):
    n = int(vector["n"], 16)
    values = {
        "n": vector["n"],
        "message": vector["msg_prefix"] + vector["msg"],
        "salt": vector["salt"],
        "r": f"{pow(int(vector['inv'], 16), -1, n):0{len(vector['n'])}x}",
        "answer": vector["blind_sig"],
    }
    made = run(
        """
        const [n, message, salt, r, answer] = ['n', 'message', 'salt', 'r', 'answer'].map((k) => b.unhex(values[k]));
        const blinded = await b.blind(n, message, salt, r);
        return [b.hex(blinded.z), b.hex(blinded.r), b.hex(b.finalize(n, answer, blinded.z, r))];
        """,
        **values,
    )
    assert made == [vector["blinded_msg"], values["r"], vector["sig"]]


def test_blinding_is_random_and_can_be_undone(run, key):
    made = run(
        """
        const [n, message] = [b.unhex(values.n), b.utf8('lá phiếu')];
        return Promise.all([1, 2].map(async () => {
          const { z, r } = await b.blind(n, message);
          return [b.hex(z), b.hex(r)];
        }));
        """,
        n=f"{key.n:x}",
    )
    for z, r in made:
        assert len(z) == len(r) == 512
        blinded = blind_signature.blind_sign(key, bytes.fromhex(z))
        message = "lá phiếu".encode()
        assert blind_signature.finalize(key.n, message, blinded, int(r, 16))
    assert made[0][0] != made[1][0]


@pytest.mark.parametrize("marks", [[1, 2, 0], [None, None, None]], ids=["marked", "empty"])
def test_a_ballot_made_in_the_browser_is_sound_for_the_server(run, key, marks):
    paper = sheet.build_sheet("ab" * 16, 1, key.n, "Xếp loại", LEVELS, ROWS)
    made = run(
        """
        const opened = await b.readSheet(b.unhex(values.paper), values.p);
        return [await b.prepare(opened), b.digitsOf(opened.p), opened.title, opened.levels, opened.rows];
        """,
        paper=paper.hex(),
        p=sheet.digest(paper).hex(),
    )
    record = made[0]
    read = sheet.parse_sheet(paper)
    assert made[1:] == [read.digits, read.title, [list(level) for level in LEVELS], ROWS]
    answer = blind_signature.blind_sign(key, bytes.fromhex(record["z"]))
    folded = run(
        """
        const opened = await b.readSheet(b.unhex(values.paper), values.p);
        const stamp = b.unblind(opened, values.record, b.unhex(values.answer));
        return b.fold(opened.p, Object.assign({ stamp }, values.record), values.marks);
        """,
        paper=paper.hex(),
        p=read.p.hex(),
        record=record,
        answer=answer.hex(),
        marks=marks,
    )
    ballot = sheet.check_body(bytes.fromhex(folded["body"]), read)
    assert list(ballot.marks) == [mark or 0 for mark in marks]
    assert ballot.hash.hex() == folded["hash"]
