"""What stands for a value on a page drawn from it."""

from cells.stale import STALE, Stale, fingerprint


def test_equal_values_have_one_fingerprint_whatever_the_order_of_their_keys():
    assert fingerprint({"a": ["x", 1], "b": None}) == fingerprint({"b": None, "a": ["x", 1]})


def test_values_that_differ_anywhere_have_others():
    values = ["", "a", "a ", ["a"], [["a"]], {"a": ""}, {"a": "b"}, ["a", "b"], ["ab"], ["b", "a"]]
    assert len({fingerprint(value) for value in values}) == len(values)


def test_the_refusal_says_the_one_sentence():
    assert str(Stale()) == STALE
