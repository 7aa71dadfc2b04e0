"""What `make mutants` goes by is there: attacked modules, their tests, and lines whose survivors are explained."""

import pytest

from tests.mutants.__main__ import EXPLAINED, ROOT, TARGETS, Outcome


@pytest.mark.parametrize("module", TARGETS)
def test_every_attacked_module_and_its_tests_are_there(module):
    assert all((ROOT / path).is_file() for path in [module, *TARGETS[module]])


@pytest.mark.parametrize("module", EXPLAINED)
def test_every_explained_line_still_stands_in_its_module_and_has_a_reason(module):
    written = " ".join(line.strip() for line in (ROOT / module).read_text().splitlines())
    for entry in EXPLAINED[module]:
        assert entry["was"] in written
        assert entry["reason"].endswith(".")


def told(killed, was="a", now="b"):
    return {"killed": killed, "late": False, "line": 1, "was": was, "now": now}


@pytest.mark.parametrize(
    ("killed", "alive", "explained", "whole", "enough"),
    [
        (19, 1, 0, True, True),
        (18, 1, 1, True, False),
        (19, 0, 1, True, True),
        (19, 1, 0, False, False),
        (0, 0, 1, True, False),
    ],
)
def test_fewer_than_95_in_100_of_those_not_explained_are_not_enough(
    monkeypatch, killed, alive, explained, whole, enough
):
    reason = {"reason": "Nobody can.", "was": "a", "now": ["b"]}
    monkeypatch.setitem(EXPLAINED, "any.py", [reason] if explained else [])
    outcome = Outcome("any.py", whole=whole)
    for one in [told(True)] * killed + [told(False, now="c")] * alive + [told(False)] * explained:
        outcome.take(one)
    assert outcome.is_enough is enough


def test_what_is_explained_and_noticed_all_the_same_is_named(monkeypatch):
    reason = {"reason": "Nobody can.", "was": "a", "now": ["b"]}
    monkeypatch.setitem(EXPLAINED, "any.py", [reason])
    outcome = Outcome("any.py", whole=True)
    outcome.take(told(True))
    assert (outcome.stale, outcome.is_enough) == ([("a", "b")], False)
