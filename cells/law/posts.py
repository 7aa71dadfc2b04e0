"""Which posts count as leadership (chức vụ lãnh đạo, quản lý): the list a committee or a cell has set. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from cells.law.guidance import POSTS, Layer, Origin
from cells.wording import one_line

LEADER = POSTS + "leader"  # the key of the list


@dataclass(frozen=True)
class LeaderPosts:
    """Titles outside the cell's executive whose holders are leaders; `origin`: who says so, None where nobody does."""

    titles: tuple[str, ...] = ()
    origin: Origin | None = None

    def covers(self, title: str) -> bool:
        """Whether a post of this title is on the list: "Trưởng phòng" covers "Trưởng phòng Nghiệp vụ 1" too."""
        post = _key(title) + " "
        return any(post.startswith(_key(listed) + " ") for listed in self.titles)


def leader_posts(layers: Iterable[Layer]) -> LeaderPosts:
    """The list in force: that of the nearest body which has set one."""
    set_ones = [layer for layer in layers if LEADER in layer.values]
    if not set_ones:
        return LeaderPosts()
    nearest = set_ones[-1]
    basis = nearest.basis.get(LEADER, "")
    origin = Origin("Chức vụ lãnh đạo, quản lý", basis, "certain", nearest.by)
    return LeaderPosts(tuple(nearest.values[LEADER]), origin)


def _key(title: str) -> str:
    return one_line(title).casefold()
