"""Forms of the quota room: the name of a draft, a move, a raised cap, a post put into a group."""

from typing import Any

from django import forms

from ballots.committee.quota.verbs import LONGEST, NO_LEVEL
from ballots.models import QuotaLine
from ballots.models.quota import WHY_OTHERWISE
from cells.forms.fields import LineField
from cells.law.post_groups import PostGroups
from cells.models import Level


class NameForm(forms.Form):
    """A draft is told from others by its name."""

    name = LineField(
        label="Tên dự thảo",
        max_length=100,
        error_messages={"required": "Xin đặt tên cho dự thảo."},
    )


class MoveForm(forms.Form):
    """The level of one case, and why it is not the one the cell proposes."""

    level = forms.ChoiceField(
        label="Mức dự thảo",
        error_messages={"required": NO_LEVEL, "invalid_choice": NO_LEVEL},
    )
    reason = LineField(label="Lý do", max_length=LONGEST, required=False)

    def __init__(self, line: QuotaLine, data: Any = None) -> None:
        """Begin with what the draft has."""
        initial = {"level": line.level, "reason": line.reason}
        super().__init__(data, initial=initial, prefix=f"c{line.pk}")
        self.line = line
        levels = [(code, code) for code in Level.values]
        field = self.fields["level"]
        field.choices = levels if line.level else [("", "—"), *levels]  # type: ignore[attr-defined]
        field.widget.attrs["aria-label"] = f"Mức dự thảo của {line.name}"
        self.fields["reason"].widget.attrs["aria-label"] = f"Lý do đổi mức của {line.name}"

    def clean(self) -> dict[str, Any]:
        """A departure has its reason."""
        level = self.cleaned_data.get("level", "")
        if level and self.line.needs_reason(level) and not self.cleaned_data.get("reason"):
            self.add_error("reason", WHY_OTHERWISE)
        return self.cleaned_data


class RaiseForm(forms.Form):
    """Which group, and why its cap is raised."""

    group = forms.CharField()
    reason = LineField(label="Lý do nâng trần", max_length=LONGEST, required=False)


class PlaceForm(forms.Form):
    """A post that is in no group, and the one that it is put into."""

    of = forms.CharField()
    posts = forms.CharField(required=False, max_length=LONGEST)
    group = forms.TypedChoiceField(
        label="Đưa vào nhóm",
        coerce=int,
        error_messages={
            "required": "Xin chọn nhóm.",
            "invalid_choice": "Xin chọn một nhóm trong danh sách.",
        },
    )
    basis = LineField(label="Căn cứ", max_length=300, required=False)

    def __init__(self, groups: PostGroups, of: str, data: Any = None) -> None:
        """`of`: of members or of collectives."""
        super().__init__(data)
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (at, group.name) for at, group in enumerate(groups.groups) if group.of == of
        ]
