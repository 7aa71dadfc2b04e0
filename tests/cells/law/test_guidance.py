"""The guidance packs as published: frozen, each value with its source, and what committees set over them."""

import hashlib
from datetime import date
from types import MappingProxyType

import pytest

from cells.law.guidance import (
    CERTAINTIES,
    PACKS,
    Layer,
    Origin,
    load_pack,
    origins,
    pack_names,
    versions,
)
from cells.law.rules import Rules


def test_a_published_pack_is_never_changed():
    sums = dict(reversed(line.split()) for line in (PACKS / "SHA256SUMS").read_text().splitlines())
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in PACKS.glob("*.toml")
    }
    assert files == sums


@pytest.mark.parametrize("name", pack_names())
def test_every_rule_has_its_label_its_source_and_how_certain_it_is(name):
    pack, known = load_pack(name), origins(name)
    for outer, value in pack["rules"].items():
        inner = value if outer in ("cap", "deadline") else {"": value}
        for key in inner:
            origin = known[f"rules.{outer}.{key}".removesuffix(".")]
            assert origin.label
            assert origin.source
            assert origin.certainty in CERTAINTIES


@pytest.mark.parametrize("name", pack_names())
def test_a_name_means_the_newest_version_and_a_version_itself(name):
    newest = versions(name)[-1]
    assert load_pack(name) == load_pack(newest)
    assert load_pack(newest)["version"] == newest


@pytest.mark.parametrize("name", pack_names())
def test_nobody_can_change_what_everybody_reads(name):
    def walk(node):
        assert isinstance(node, MappingProxyType | tuple | str | int | bool | date | float)
        for inner in node.values() if isinstance(node, MappingProxyType) else ():
            walk(inner)
        for inner in node if isinstance(node, tuple) else ():
            walk(inner)

    walk(load_pack(name))
    assert load_pack(name) is load_pack(name)


PROVINCE = Layer(
    "Tỉnh ủy Gia Lai", {"cap.percent": 25, "base": "present"}, {"base": "HD 03-HD/TU"}
)
WARD = Layer(
    "Đảng ủy phường", {"base": "issued", "threshold.HTXS": ">=2/3"}, {"base": "CV 12-CV/ĐU"}
)


def test_the_nearest_committee_wins_and_is_named_with_its_basis():
    rules = Rules.from_pack(load_pack("2025"), {}, [PROVINCE, WARD])
    assert (rules.base, rules.cap.percent) == ("issued", 25)
    assert str(rules.thresholds["HTXS"]) == "từ 2/3 trở lên"
    assert rules.origins["base"].words == "Đảng ủy phường quy định: CV 12-CV/ĐU"
    assert rules.origins["cap.percent"].set_by == "Tỉnh ủy Gia Lai"
    assert rules.origins["threshold.HTXS"].label == rules.origins["threshold"].label


def test_what_nobody_has_set_comes_from_the_pack_with_its_certainty():
    rules = Rules.from_pack(load_pack("2025"), {}, [PROVINCE])
    assert rules.origins["cap.rounding"].set_by == ""
    assert "chưa thấy quy định, cấp ủy quyết định" in rules.origins["cap.rounding"].words


def test_an_origin_says_how_certain_the_source_is():
    assert (
        Origin("Mức trần", "QĐ 366-QĐ/TW", "certain").words
        == "QĐ 366-QĐ/TW (chắc chắn, đọc trong văn bản)"
    )


@pytest.mark.parametrize("values", [{"cap.percents": 1}, {"bases": 1}, {"threshold.GIOI": ">1/2"}])
def test_a_layer_with_an_unknown_key_is_refused(values):
    with pytest.raises(ValueError, match="Không có khoá"):
        Rules.from_pack(load_pack("2025"), {}, [Layer("Đảng ủy", values)])
