"""One request: what counts as an answer of ours, and that nobody waits for ever."""

import json

import pytest

from tests.kit.scripts import Script

ASK = "const { status, bytes } = await m.ask('/x', m.ANONYMOUS); return [status, m.parse(bytes)];"


def script(answer: str, seen: list | None = None) -> Script:
    """The module, before a server that gives this answer to everything."""

    def fetch(*request: str) -> str:
        if seen is not None:
            seen.append(request)
        return answer

    return Script("ballot/ask.js", py_fetch=fetch)


def said(status: int, kind: str, body: str) -> str:
    return json.dumps({"status": status, "type": kind, "bytes": body.encode().hex()})


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (said(200, "application/json", '{"v": 1}'), [200, {"v": 1}]),
        (said(409, "application/json", '{"error": "Không"}'), [409, {"error": "Không"}]),
        (said(404, "text/html; charset=utf-8", "<h1>Không có</h1>"), [404, {}]),
        # A Wi-Fi asking for its password.
        (said(200, "text/html; charset=utf-8", "<h1>Đăng nhập Wi-Fi</h1>"), [0, {}]),
        (said(200, "application/octet-stream", "\0\1"), [200, {}]),
        ("lost", [0, {}]),
    ],
)
def test_what_counts_as_an_answer(answer, heard):
    assert script(answer)(ASK) == heard


def test_an_answer_that_does_not_come_is_given_up_after_twenty_seconds():
    waiting = script("never")
    heard = waiting(
        """
        const asked = m.ask('/x', {});
        const [{ work, wait }] = timers;
        work();
        return [wait, (await asked).status];
        """
    )
    assert heard == [20_000, 0]


def test_who_asks_without_a_name_sends_no_cookie():
    seen: list = []
    script(said(200, "application/json", "{}"), seen)(ASK)
    assert seen == [("GET", "/x", "omit", "")]
