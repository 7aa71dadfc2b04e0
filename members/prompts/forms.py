"""The form of one gợi ý kiểm điểm: of the cell, of a collective named in it, or of a member."""

from typing import Any

from django import forms

from cells.forms.fields import LineField, ProseField
from cells.models import Campaign, Cell
from members.models import Member, Prompt
from members.models.people import MemberQuerySet
from members.models.prompts import NO_BASIS
from members.rules.names import ListedNames

CELL, COLLECTIVE = "cell", "collective"


class PromptForm(forms.Form):
    """Whom it concerns, what is to be answered, and on what basis; `prompt` makes the row."""

    whom = forms.ChoiceField(
        label="Gợi ý cho",
        error_messages={"invalid_choice": "Chi bộ không có đồng chí này trong đợt. Xin chọn lại."},
    )
    collective = LineField(
        label="Tên tập thể, nếu là tập thể khác",
        max_length=200,
        required=False,
        help_text="Ví dụ: Chi ủy, Ban Giám hiệu.",
    )
    text = ProseField(
        label="Nội dung gợi ý",
        max_length=5_000,
        error_messages={"required": "Xin ghi gợi ý kiểm điểm điều gì."},
    )
    basis = LineField(
        label="Căn cứ",
        max_length=300,
        error_messages={"required": NO_BASIS},
    )

    def __init__(self, data: Any, *, members: MemberQuerySet, names: ListedNames) -> None:
        """`members`: who is reviewed in the cell; `names`: as its list writes them."""
        self.members = {str(member.pk): member for member in members}
        super().__init__(data)
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (CELL, "Tập thể chi bộ"),
            (COLLECTIVE, "Tập thể khác (ghi tên ở dưới)"),
            *((key, f"Đồng chí {names.label(m)}") for key, m in self.members.items()),
        ]

    def clean(self) -> None:
        """Another collective has a name."""
        values = self.cleaned_data
        if values.get("whom") == COLLECTIVE and not values.get("collective"):
            self.add_error("collective", "Xin ghi tên tập thể.")

    def prompt(self, cell: Cell, campaign: Campaign) -> Prompt:
        """The row, not stored yet."""
        values = self.cleaned_data
        whom = values["whom"]
        member: Member | None = self.members.get(whom)
        return Prompt(
            cell=cell,
            campaign=campaign,
            member=member,
            collective=values["collective"] if whom == COLLECTIVE else "",
            text=values["text"],
            basis=values["basis"],
        )
