"""Forms of the year's review: one line of the list; the field names are the parameter names of the verbs."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cells.forms.fields import LineField
from members.form_fields import DayField
from members.models import ReviewLine


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
