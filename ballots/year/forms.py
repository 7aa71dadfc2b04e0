"""Forms of the year's review: one line of the list, the board of self-reviews; fields are named as verbs name them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from cells.forms.fields import LineField
from cells.stale import STALE
from cells.wording import visible
from members.form_fields import DayField
from members.models import Member, ReviewLine
from members.models.people import MemberQuerySet
from members.models.review import NO_REMARK

NO_KIND = "Xin chọn một mẫu trong danh sách."


class LineForm(forms.Form):
    """Whether a member is reviewed this year, and if not, why and until when."""

    # All three in sight: one tap each.
    status = forms.ChoiceField(
        label="Diện kiểm điểm", choices=ReviewLine.Status.choices, widget=forms.RadioSelect
    )
    reason = LineField(
        label="Lý do",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "line-reasons"}),
        error_messages={"required": "Xin ghi lý do: đây là thay đổi so với quy định chung."},
    )
    return_on = DayField(label="Ngày xem lại", help_text="Khi chưa xếp loại, nếu đã biết.")

    def __init__(self, line: ReviewLine, data: Mapping[str, Any] | None = None) -> None:
        """Begin with how the line stands."""
        self.line = line
        initial = {
            "status": line.status,
            "reason": line.reason if line.by_hand else "",
            "return_on": line.return_on,
        }
        super().__init__(data, initial=initial, auto_id=f"id_%s_{line.pk}")


class BoardForm(forms.Form):
    """What is pressed beside one member's name: a paper is taken in, or another form is given."""

    PAPER = "paper"

    do = forms.CharField(required=False)
    member = forms.ModelChoiceField(
        Member.objects.none(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), STALE),
    )
    level = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False, error_messages={"invalid_choice": NO_KIND})

    def __init__(
        self, members: MemberQuerySet, kinds: Sequence[tuple[str, str]], data: Mapping[str, Any]
    ) -> None:
        """`members`: who is on the board; `kinds`: the forms that may be given."""
        super().__init__(data)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Where no paper is taken in, a form must be named."""
        is_paper = self.cleaned_data.get("do") == self.PAPER
        if not (is_paper or self.errors or self.cleaned_data.get("kind")):
            self.add_error("kind", NO_KIND)


class RemarkForm(forms.Form):
    """Why a self-review is sent back."""

    remark = forms.CharField(error_messages={"required": NO_REMARK})

    def clean_remark(self) -> str:
        """What can be seen of it."""
        remark = visible(self.cleaned_data["remark"])
        if not remark:
            raise forms.ValidationError(NO_REMARK)
        return remark
