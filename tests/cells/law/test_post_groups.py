"""Groups of similar posts: how a list is typed, and in which group whoever holds a post is counted."""

import pytest

from cells.law.guidance import Layer
from cells.law.post_groups import (
    APART,
    COLLECTIVES,
    GROUPS,
    MEMBERS,
    USUAL,
    Post,
    group_of_collective,
    group_of_member,
    of_stored,
    parse,
    post_groups,
)
from cells.law.posts import LeaderPosts
from cells.law.raised_caps import raised_cap

LEADERS = LeaderPosts(("Trưởng phòng",))
SECRETARY, DEPUTY, EXECUTIVE = Post("bí thư"), Post("phó bí thư"), Post("chi ủy viên")


def of(*posts: Post) -> str | None:
    place = group_of_member(posts, USUAL.groups, LEADERS)
    return None if place is None else USUAL.groups[place].name


@pytest.mark.parametrize(
    ("posts", "name"),
    [
        ((SECRETARY,), "Bí thư chi bộ"),
        ((DEPUTY, Post(title="Trưởng phòng")), "Phó bí thư chi bộ"),
        ((EXECUTIVE, Post(title="Trưởng phòng Nghiệp vụ 1")), "Cán bộ lãnh đạo, quản lý"),
        ((EXECUTIVE,), "Chi ủy viên"),
        ((), "Đảng viên không giữ chức vụ"),
        ((Post(title="Bí thư Đoàn"),), None),
        ((Post(title="Tổ trưởng công đoàn"),), None),
    ],
)
def test_a_person_is_counted_once_in_the_first_group_that_fits(posts, name):
    assert of(*posts) == name


def test_a_cell_is_no_leadership_collective_and_a_named_collective_comes_first():
    groups = parse("Chi ủy: Chi ủy\nKhác: tập thể lãnh đạo\nChi bộ: chi bộ", COLLECTIVES)
    assert [group_of_collective(name, groups) for name in ("Chi ủy", "Ban giám hiệu", "")] == [
        0,
        1,
        2,
    ]
    assert group_of_collective("Chi ủy", groups[2:]) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Bí thư", "Dòng 1: xin ghi “Tên nhóm: chức vụ"),
        ("\nBí thư:  ;", "Dòng 2: xin ghi"),
        (": bí thư", "Dòng 1: xin ghi"),
        ("A: bí thư\na : phó bí thư", "Dòng 2: nhóm “a” đã có ở trên"),
    ],
)
def test_a_line_that_names_no_group_or_no_post_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse(typed, MEMBERS)


def test_words_are_kept_in_one_way_and_titles_as_they_are_typed():
    (group,) = parse("Lãnh đạo:  BÍ THƯ ; bí thư; Cục trưởng", MEMBERS)
    assert group.posts == ("bí thư", "Cục trưởng")
    assert parse(group.line, MEMBERS) == (group,)


def test_the_nearest_list_is_in_force_with_its_basis():
    value = {"groups": [{"name": "Mọi người", "of": MEMBERS, "posts": ["bí thư"]}], "head": APART}
    upper = Layer("Tỉnh ủy", {GROUPS: USUAL.stored}, {GROUPS: "HD 01"})
    layers = [upper, Layer("Đảng ủy phường", {GROUPS: value}, {GROUPS: "NQ 05"})]
    listed = post_groups(layers)
    assert (listed.stored, listed.origin.words) == (value, "Đảng ủy phường quy định: NQ 05")
    assert post_groups([]) == USUAL
    assert of_stored(USUAL.stored) == USUAL


def test_the_cap_is_raised_only_where_the_guidance_lets_it_be_and_above_the_one_in_force():
    raised = raised_cap("2025.2", 20)
    assert raised is not None
    assert raised.percent == 25
    assert "điều 11" in raised.origin.words
    assert raised_cap("2025.2", 25) is None
    assert raised_cap("2023.2", 20) is None
