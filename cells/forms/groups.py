"""Form of the groups of similar posts, one group a line, with the basis."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cells.forms.criteria import BasisForm
from cells.forms.fields import ProseField, clean_value
from cells.law.post_groups import (
    COLLECTIVES,
    HEADS,
    MEMBERS,
    PostGroup,
    PostGroups,
    parse,
)
from cells.models import Setting

LONGEST, MOST = 100, 50
TOO_LONG = f"Tên nhóm, tên chức vụ dưới {LONGEST} chữ cái; nhiều nhất {MOST} nhóm."
EMPTY = "Xin ghi ít nhất một nhóm đảng viên và một nhóm tập thể."


class GroupsForm(BasisForm):
    """The two lists, whether a cell's secretary counts in the group, and the document that says so."""

    thing = "danh sách nhóm"
    field_order = ("members", "collectives", "head", "basis", "seen")

    members = ProseField(
        label="Nhóm đảng viên, mỗi dòng một nhóm, theo thứ tự xét",
        rows=7,
        max_length=LONGEST * MOST,
        help_text="“Tên nhóm: chức vụ; chức vụ”. Ngoài tên chức vụ, ghi được: bí thư; phó bí thư; chi ủy viên; "
        "lãnh đạo, quản lý (theo danh sách chức vụ lãnh đạo); không giữ chức vụ.",
        error_messages={"required": EMPTY},
    )
    collectives = ProseField(
        label="Nhóm tập thể, mỗi dòng một nhóm, theo thứ tự xét",
        rows=4,
        max_length=LONGEST * MOST,
        help_text="Ghi: chi bộ; tên tập thể, như “Chi ủy”; hoặc tập thể lãnh đạo (mọi tập thể còn lại).",
        error_messages={"required": EMPTY},
    )
    head = forms.ChoiceField(label="Bí thư chi bộ", choices=list(HEADS.items()))

    def __init__(self, data: Any, groups: PostGroups, own: Setting | None) -> None:
        """Begin with the lists in force."""
        initial = {
            of: "\n".join(group.line for group in groups.groups if group.of == of)
            for of in (MEMBERS, COLLECTIVES)
        }
        super().__init__(data, own, initial={**initial, "head": groups.head})

    def clean_members(self) -> tuple[PostGroup, ...]:
        """Each group once."""
        return _bounded(clean_value(parse, self.cleaned_data["members"], MEMBERS))

    def clean_collectives(self) -> tuple[PostGroup, ...]:
        """The same of collectives."""
        return _bounded(clean_value(parse, self.cleaned_data["collectives"], COLLECTIVES))

    def clean(self) -> None:
        """A name is one group's; and nothing is written over a list set after the page was opened."""
        groups = [*self.cleaned_data.get("members", ()), *self.cleaned_data.get("collectives", ())]
        names = [group.name.casefold() for group in groups]
        for group in groups:
            if names.count(group.name.casefold()) > 1:
                self.add_error(
                    "collectives", f"Nhóm “{group.name}” có ở cả hai danh sách. Xin đặt tên khác."
                )
                break
        super().clean()

    @property
    def stored(self) -> dict[str, Any]:
        """As the setting keeps it."""
        cleaned = self.cleaned_data
        groups = [*cleaned["members"], *cleaned["collectives"]]
        return {"groups": [group.stored for group in groups], "head": cleaned["head"]}


def _bounded(groups: Iterable[PostGroup]) -> tuple[PostGroup, ...]:
    listed = tuple(groups)
    words = [word for group in listed for word in (group.name, *group.posts)]
    if len(listed) > MOST or any(len(word) > LONGEST for word in words):
        raise forms.ValidationError(TOO_LONG)
    return listed
