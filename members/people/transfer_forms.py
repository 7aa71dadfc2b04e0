"""Forms about where a member takes part."""

from django import forms

from cells.forms.fields import LineField
from members.form_fields import DayField
from members.models import Transfer
from members.models.transfers import ENDS_EARLY
from members.rules import fields


class TransferForm(forms.Form):
    """A member leaves, or takes part elsewhere for a time."""

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[
            (Transfer.Kind.OUT.value, Transfer.Kind.OUT.label),
            (Transfer.Kind.STAY.value, Transfer.Kind.STAY.label),
        ],
    )
    place = LineField(
        label="Nơi đến", max_length=200, help_text="Ví dụ: Chi bộ Thôn 5, Đảng bộ xã Ia Grai."
    )
    since = DayField(fields.FOUNDED, label="Từ ngày", required=True)
    until = DayField(
        fields.FOUNDED,
        label="Đến ngày",
        help_text="Chỉ cho sinh hoạt tạm thời; để trống khi chưa biết.",
    )

    def clean(self) -> dict[str, object]:
        """A transfer for good has no end."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if until and data.get("kind") == Transfer.Kind.OUT:
            self.add_error("until", "Chuyển đi hẳn thì để trống ngày kết thúc.")
        elif since and until and until < since:
            self.add_error("until", ENDS_EARLY)
        return data


class EndStayForm(forms.Form):
    """The day on which a member is back."""

    until = DayField(fields.FOUNDED, label="Ngày trở lại", required=True)

    def __init__(self, *args: object, **options: object) -> None:
        """It stands on one page with TransferForm, whose day has the same name."""
        super().__init__(*args, **{"auto_id": "back_%s", **options})  # type: ignore[arg-type]


class ReceiveForm(forms.Form):
    """Who comes: the name, and the number of the card or of the citizen."""

    name = LineField(label="Họ và tên", max_length=100)
    number = LineField(label="Số thẻ đảng viên hoặc số CCCD", max_length=20)
    since = DayField(fields.FOUNDED, label="Chuyển đến từ ngày", required=True)

    def clean_number(self) -> str:
        """Drop the spaces and dots between digits."""
        return fields.card_number(self.cleaned_data["number"])
