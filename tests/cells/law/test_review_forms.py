"""The forms of self-reviews as the packs have them: complete, adding up to 100, and scored exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.law.guidance import CERTAINTIES, Layer, load_pack, pack_names
from cells.law.review_forms import COLLECTIVE, LEADER, PERSONAL, SCALE, ReviewForm, kinds
from cells.law.rules import Rules

KINDS = (*PERSONAL, COLLECTIVE)


def form_of(pack: str, kind: str, **values) -> ReviewForm:
    """The form of this pack and kind, with what a committee has set over it."""
    layers = [Layer("Đảng ủy", values)]
    return ReviewForm.from_pack(
        load_pack(pack), kind, Rules.from_pack(load_pack(pack), {}, layers)
    )


EVERY = [(pack, kind) for pack in pack_names() for kind in kinds(load_pack(pack))]
SCORED = [(pack, kind) for pack, kind in EVERY if pack != "2023"]


@pytest.mark.parametrize(("pack", "kind"), EVERY)
def test_every_kind_has_a_form_with_its_number_title_and_sections(pack, kind):
    form = form_of(pack, kind)
    assert all((form.number, form.title, form.label, form.sections))
    assert len({section.key for section in form.sections}) == len(form.sections)
    served = KINDS if "year" in load_pack(pack)["serves"] else (LEADER, COLLECTIVE)
    assert set(kinds(load_pack(pack))) == set(served)


@pytest.mark.parametrize(("pack", "kind"), EVERY)
def test_every_value_of_a_form_has_its_source_and_how_certain_it_is(pack, kind):
    form = form_of(pack, kind)
    stated = load_pack(pack)["review"]
    named = {"number", "title", "sections", "criteria"}
    named |= {name for name in ("others", "facts") if name in stated["forms"][kind]}
    named |= {f"conditions.{level}" for level in stated["conditions"][kind]}
    assert set(form.origins) == named
    assert all(origin.source for origin in form.origins.values())
    assert {origin.certainty for origin in form.origins.values()} <= set(CERTAINTIES)


@pytest.mark.parametrize(
    ("pack", "kind", "number"),
    [
        ("2023", "member", "Mẫu 02A-HD KĐ.ĐG 2023"),
        ("2023", "leader", "Mẫu 02B-HD KĐ.ĐG 2023"),
        ("2025", "leader", "Mẫu 02A-HD KĐ.ĐG 2025"),
        ("2025", "member", "Mẫu 02B-HD KĐ.ĐG 2025"),
        ("2025", "outside", "Mẫu 02C-HD KĐ.ĐG 2025"),
    ],
)
def test_the_letters_of_the_forms_were_swapped_between_the_years(pack, kind, number):
    assert form_of(pack, kind).number == number


@pytest.mark.parametrize(("pack", "kind"), SCORED)
def test_a_set_of_criteria_adds_up_to_100_of_which_30_are_common(pack, kind):
    form = form_of(pack, kind)
    full = {criterion.key: criterion.points for criterion in form.criteria}
    assert len(full) == len(list(form.criteria))
    assert (form.points, form.total(full)) == (SCALE, SCALE)
    assert (form.total(full, "common"), form.total(full, "result")) == (30, 70)


@pytest.mark.parametrize("kind", KINDS)
def test_in_2023_nothing_is_scored(kind):
    form = form_of("2023", kind)
    assert (form.groups, form.points, form.band(Decimal(0))) == ((), 0, "")


def test_a_kind_without_a_form_is_refused():
    with pytest.raises(ValueError, match="không có mẫu"):
        form_of("2025", "guest")


@pytest.mark.parametrize(
    ("total", "level"),
    [("100", "HTXS"), ("90", "HTXS"), ("89.99", "HTT"), ("70", "HTT"), ("50", "HT"), ("0", "KHT")],
)
def test_the_band_of_a_total(total, level):
    assert form_of("2025", "member").band(Decimal(total)) == level


GRADED = next(c for c in form_of("2025", "member").criteria if c.key == "result")
PASSED = next(form_of("2025", "member").criteria)


@pytest.mark.parametrize(
    ("text", "points"), [("61,5", "61.5"), (" 70 ", "70"), ("0", "0"), ("7.50", "7.5")]
)
def test_points_are_read_as_people_write_them(text, points):
    assert GRADED.parse(text) == Decimal(points)


@pytest.mark.parametrize("text", ["", "70,5", "-1", "61,3", "1e1", "nhiều", "NaN", "٣", "0x1"])
def test_points_out_of_range_or_off_the_step_are_refused_with_the_range(text):
    with pytest.raises(ValueError, match="từ 0 đến 70, mỗi bước 0,5"):
        GRADED.parse(text)


@pytest.mark.parametrize("text", ["1", "0,5", "3"])
def test_a_criterion_that_is_passed_or_not_has_nothing_between(text):
    with pytest.raises(ValueError, match="Không đảm bảo"):
        PASSED.parse(text)


def test_a_committee_may_have_the_common_criteria_graded_and_set_the_step():
    form = form_of("2025", "member", scoring="graded", score_step="0,25")
    assert next(form.criteria).parse("1,75") == Decimal("1.75")


@pytest.mark.parametrize("step", ["0", "0.3", "2", "0,125", "abc", 1, "0,00"])
def test_a_step_that_does_not_divide_a_point_is_refused(step):
    with pytest.raises(ValueError, match="Bước điểm"):
        form_of("2025", "member", score_step=step)


@given(st.data(), st.sampled_from(["1", "0.5", "0.25", "0.1"]), st.sampled_from(KINDS))
def test_scores_add_up_exactly_and_each_stays_in_its_range_and_on_the_step(data, step, kind):
    form = form_of("2025", kind, scoring="graded", score_step=step)
    scores, exact = {}, Fraction(0)
    for criterion in form.criteria:
        steps = data.draw(st.integers(0, int(criterion.points / Decimal(step))))
        value = Decimal(step) * steps
        assert criterion.parse(str(value).replace(".", ",")) == value
        scores[criterion.key], exact = value, exact + Fraction(value)
    total = form.total(scores)
    assert Fraction(total) == exact
    assert total == form.total(scores, "common") + form.total(scores, "result")
    least = form.bands[form.band(total)]
    assert least <= total
    assert all(other <= least or other > total for other in form.bands.values())
