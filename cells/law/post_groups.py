"""Groups of similar posts, for the cap: the committee's own ordered list, and in which group whoever holds a post is.

Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cells.law.guidance import POSTS, Layer, Origin
from cells.law.posts import LeaderPosts
from cells.wording import one_line

GROUPS = POSTS + "groups"  # the key of the list
MEMBERS, COLLECTIVES = "members", "collectives"
# Words of a list that stand for more than a title.
SECRETARY, DEPUTY, EXECUTIVE = "bí thư", "phó bí thư", "chi ủy viên"
LEADERS, NO_POST = "lãnh đạo, quản lý", "không giữ chức vụ"
CELL, LEADERSHIP = "chi bộ", "tập thể lãnh đạo"
IN_CELL = (SECRETARY, DEPUTY, EXECUTIVE)
WORDS: Mapping[str, tuple[str, ...]] = {
    MEMBERS: (*IN_CELL, LEADERS, NO_POST),
    COLLECTIVES: (CELL, LEADERSHIP),
}
COUNTED, APART = "counted", "apart"
HEADS = {
    COUNTED: "tính chung trong nhóm của chức vụ",
    APART: "xét riêng, không tính vào số của nhóm",
}
LABEL = "Nhóm chức vụ, nhiệm vụ tương đồng"


@dataclass(frozen=True)
class PostGroup:
    """One group: what it is called, of whom (members or collectives), and which posts are in it."""

    name: str
    of: str
    posts: tuple[str, ...]

    @property
    def line(self) -> str:
        """As it is typed."""
        return f"{self.name}: {'; '.join(self.posts)}"

    @property
    def stored(self) -> dict[str, Any]:
        """As a setting keeps it."""
        return {"name": self.name, "of": self.of, "posts": list(self.posts)}


@dataclass(frozen=True)
class PostGroups:
    """The list in force, in its order; `head`: whether a cell's secretary counts in the group, a key of HEADS."""

    groups: tuple[PostGroup, ...]
    head: str
    origin: Origin

    @property
    def stored(self) -> dict[str, Any]:
        """As a setting keeps it."""
        return {"groups": [group.stored for group in self.groups], "head": self.head}


@dataclass(frozen=True)
class Post:
    """A post somebody holds: `word` of the cell's executive (one of IN_CELL), or a title elsewhere."""

    word: str = ""
    title: str = ""


# As rules.md has it, groups are the committee's to make: this is where it begins.
USUAL = PostGroups(
    (
        PostGroup("Bí thư chi bộ", MEMBERS, (SECRETARY,)),
        PostGroup("Phó bí thư chi bộ", MEMBERS, (DEPUTY,)),
        PostGroup("Cán bộ lãnh đạo, quản lý", MEMBERS, (LEADERS,)),
        PostGroup("Chi ủy viên", MEMBERS, (EXECUTIVE,)),
        PostGroup("Đảng viên không giữ chức vụ", MEMBERS, (NO_POST,)),
        PostGroup("Chi bộ", COLLECTIVES, (CELL,)),
        PostGroup("Tập thể lãnh đạo, quản lý", COLLECTIVES, (LEADERSHIP,)),
    ),
    COUNTED,
    Origin(LABEL, "Chia theo chức vụ; cấp ủy đặt lại theo hướng dẫn của mình", "own"),
)


def post_groups(layers: Iterable[Layer]) -> PostGroups:
    """The list in force: that of the nearest body which has set one."""
    set_ones = [layer for layer in layers if GROUPS in layer.values]
    if not set_ones:
        return USUAL
    nearest = set_ones[-1]
    origin = Origin(LABEL, nearest.basis.get(GROUPS, ""), "certain", nearest.by)
    return of_stored(nearest.values[GROUPS], origin)


def of_stored(value: Mapping[str, Any], origin: Origin = USUAL.origin) -> PostGroups:
    """The list as a setting, or a draft, has kept it."""
    groups = (
        PostGroup(group["name"], group["of"], tuple(group["posts"])) for group in value["groups"]
    )
    return PostGroups(tuple(groups), value["head"], origin)


def group_of_member(
    posts: Sequence[Post], groups: Sequence[PostGroup], leaders: LeaderPosts
) -> int | None:
    """The place of the first group that any post of a member is in; None: in no group."""
    return _first(groups, MEMBERS, lambda wanted: _is_held(wanted, posts, leaders))


def group_of_collective(name: str, groups: Sequence[PostGroup]) -> int | None:
    """The same of a leadership collective by its name; "" is the cell itself."""
    return _first(groups, COLLECTIVES, lambda wanted: _is_called(wanted, name))


def _first(groups: Sequence[PostGroup], of: str, fits: Any) -> int | None:
    own = (at for at, group in enumerate(groups) if group.of == of)
    return next((at for at in own if any(map(fits, groups[at].posts))), None)


def _is_held(wanted: str, posts: Sequence[Post], leaders: LeaderPosts) -> bool:
    if wanted in IN_CELL:
        return any(post.word == wanted for post in posts)
    if wanted == LEADERS:
        return any(post.title and leaders.covers(post.title) for post in posts)
    if wanted == NO_POST:
        return not posts
    return any(post.title and begins(post.title, wanted) for post in posts)


def _is_called(wanted: str, name: str) -> bool:
    if wanted == CELL:
        return not name
    return bool(name) and (wanted == LEADERSHIP or begins(name, wanted))


def begins(title: str, wanted: str) -> bool:
    """Whether a title begins with these words, letter case aside: "Trưởng phòng" covers "Trưởng phòng 1"."""
    return (_key(title) + " ").startswith(_key(wanted) + " ")


def _key(text: str) -> str:
    return one_line(text).casefold()


def parse(lines: str, of: str) -> tuple[PostGroup, ...]:
    """The groups of a list as it is typed, "Tên nhóm: chức vụ; chức vụ" a line; ValueError with one sentence."""
    groups: list[PostGroup] = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not one_line(line):
            continue
        name, sign, posts = line.partition(":")
        name = one_line(name)
        listed = [_word(post, of) for post in map(one_line, posts.split(";")) if post]
        if not (sign and name and listed):
            raise ValueError(
                f"Dòng {number}: xin ghi “Tên nhóm: chức vụ; chức vụ”, như “Bí thư: bí thư”."
            )
        if any(_key(group.name) == _key(name) for group in groups):
            raise ValueError(f"Dòng {number}: nhóm “{name}” đã có ở trên. Xin gộp thành một dòng.")
        groups.append(PostGroup(name, of, tuple(dict.fromkeys(listed))))
    return tuple(groups)


def _word(post: str, of: str) -> str:
    """A word that stands for more than a title in the one way it is kept; a title as it was typed."""
    return next((word for word in WORDS[of] if word == post.casefold()), post)
