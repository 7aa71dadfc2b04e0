"""The form that reopens a file: the paper, its number and day, and why."""

from django import forms

from ballots.committee.reopening.verbs import ReopeningAct
from cells.forms.fields import LineField, ProseField
from members.files.forms import ACCEPT
from members.form_fields import DayField


class ReopeningForm(forms.Form):
    """Mở lại hồ sơ."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    symbol = LineField(
        label="Số, ký hiệu văn bản",
        help_text="Văn bản của cấp ủy cho mở lại, ví dụ: 18-CV/ĐU",
        max_length=60,
        error_messages={"required": "Xin ghi số, ký hiệu văn bản."},
    )
    dated = DayField(
        label="Ngày văn bản",
        required=True,
        error_messages={"required": "Xin ghi ngày văn bản, như 20/12/2026."},
    )
    reason = ProseField(
        label="Lý do mở lại",
        rows=3,
        max_length=2000,
        error_messages={"required": "Xin ghi lý do mở lại."},
    )
    file = forms.FileField(
        label="Tệp văn bản (PDF hoặc ảnh)",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Xin đính kèm tệp văn bản."},
    )

    @property
    def act(self) -> ReopeningAct:
        """As the verb takes it."""
        return ReopeningAct(**self.cleaned_data)
