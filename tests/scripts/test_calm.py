"""The calm page: its way to the ballot, and when it must not ask the site."""

import pytest

from tests.kit.scripts import Script

PHASES = ["none", "issuing", "casting", "sealed", "counted", "confirmed", "void", "unknown"]


@pytest.fixture(scope="module")
def calm() -> Script:
    return Script("phone/calm.js")


def test_the_site_is_not_asked_while_a_ballot_can_be_on_its_way(calm):
    first = calm("return values.phases.filter(m.mayAskTheSite)", phases=PHASES)
    assert set(PHASES) - set(first) == {"issuing", "casting", "sealed"}


def test_the_way_to_the_ballot_says_what_is_done_there(calm):
    text = "return values.phases.map((phase) => m.labelOf(phase, values.done))"
    words = dict(zip(PHASES, calm(text, phases=PHASES, done=False), strict=True))
    assert words == dict.fromkeys(PHASES, "") | {
        "issuing": "Mở phiếu",
        "casting": "Mở phiếu",
        "sealed": "Kiểm tra phiếu của tôi",
        "counted": "Kiểm tra phiếu của tôi",
    }
    done = dict(zip(PHASES, calm(text, phases=PHASES, done=True), strict=True))
    assert done == words | {"casting": "✔ Đã bỏ phiếu kín"}
