"""What the rules are about, as a meeting's page groups them."""

import pytest

from cells.law.guidance import Layer, load_pack, pack_names
from cells.law.rules import Rules
from cells.law.topics import by_topic


@pytest.mark.parametrize("name", pack_names())
def test_every_rule_of_every_pack_stands_under_one_topic(name):
    own = Rules.from_pack(load_pack(name), {})
    under = [rule.key for _, stated in by_topic(own) for rule in stated]
    alone = {f"threshold.{level}" for level in own.levels}
    assert sorted(under) == sorted({rule.key for rule in own.stated()} - alone)


def test_a_level_with_a_threshold_of_its_own_is_stated_apart():
    layer = Layer("Đảng ủy", {"threshold.HTXS": ">=2/3"}, {"threshold.HTXS": "HD 1"})
    own = Rules.from_pack(load_pack("2025"), {}, [layer])
    topics = dict(by_topic(own))
    assert [rule.key for rule in topics["Bỏ phiếu và tỷ lệ để đề nghị"]] == [
        "base",
        "min_voters",
        "threshold.*",
        "threshold.HTXS",
        "polls",
    ]
