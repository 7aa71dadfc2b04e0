"""The steps of a self-review: every place of every form stands in one of them, in the form's order."""

import pytest

from cells.law.guidance import load_pack
from cells.law.review_forms import PERSONAL, ReviewForm
from cells.law.rules import Rules
from members.rules.review_sheet import Sheet
from members.rules.review_steps import PROMISES, Step, steps_of

VERSIONS = ["2023.1", "2023.2", "2025.1", "2025.2"]


def steps(version: str, kind: str, items: tuple[str, ...] = ()) -> list[Step]:
    pack = load_pack(version)
    return steps_of(
        Sheet.read(ReviewForm.from_pack(pack, kind, Rules.from_pack(pack, {})), {}, items)
    )


@pytest.mark.parametrize("kind", PERSONAL)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_place_of_the_form_stands_in_one_step_and_none_is_left_without_a_name(version, kind):
    pack = load_pack(version)
    sheet = Sheet.read(ReviewForm.from_pack(pack, kind, Rules.from_pack(pack, {})), {}, ("Muộn",))
    made = steps_of(sheet)
    assert [text.name for step in made for text in step.texts] == [f.name for f in sheet.sections]
    assert [block for step in made for block in step.blocks] == sheet.blocks
    assert [step.promises for step in made if step.promises] == [sheet.promises]
    assert [step.number for step in made] == list(range(1, len(made) + 1))
    assert all(step.title for step in made)


def test_the_points_of_a_section_stand_together_and_so_do_groups_of_a_single_criterion():
    made = steps("2025.2", "member")
    assert [(step.part, step.title, len(step.texts), len(step.blocks)) for step in made] == [
        ("A. Nội dung kiểm điểm", "I. Ưu điểm, kết quả đạt được", 3, 0),
        ("", "II. Hạn chế, khuyết điểm và nguyên nhân", 2, 0),
        ("", f"III. {made[2].texts[0].title}", 1, 0),
        ("", f"IV. {made[3].texts[0].title}", 1, 0),
        ("", f"V. {made[4].texts[0].title}", 1, 0),
        ("", "VI. Phương hướng, biện pháp khắc phục hạn chế, khuyết điểm", 1, 0),
        ("B. Nội dung tự đánh giá, xếp loại", made[6].blocks[0].group.title, 0, 1),
        ("", made[7].blocks[0].group.title, 0, 1),
        ("", "; ".join(block.group.title for block in made[8].blocks), 0, 2),
        ("", "II. Đề xuất xếp loại mức chất lượng", 0, 0),
    ]


def test_where_no_group_has_several_criteria_all_points_are_one_step():
    made = steps("2025.2", "leader")
    assert [step.title for step in made if step.blocks] == ["Đánh giá theo các nhóm tiêu chí"]


def test_a_form_without_points_ends_with_the_level_and_last_years_shortcomings_come_first():
    made = steps("2023.1", "member", ("Còn đi muộn",))
    assert (made[0].title, made[1].part) == (PROMISES, "Nội dung kiểm điểm")
    assert (made[-1].title, made[-1].part) == ("Đề xuất xếp loại mức chất lượng", "")
