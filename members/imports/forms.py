"""The form that takes an Excel sheet."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from members.form_fields import DayField
from members.imports.spreadsheets import HEAVY, MAX_BYTES
from members.models import Office
from members.models.people import IN_CELL


class AnswerForm(forms.Form):
    """Whether a row, by its number, tells of the member of whom the preview asks."""

    row = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    is_same = forms.TypedChoiceField(
        choices=[("1", "một người"), ("0", "hai người")], coerce=lambda value: value == "1"
    )


class OfficeForm(forms.Form):
    """Whether a member holds an office in the cell, and since when."""

    member = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Chức vụ trong chi ủy",
        choices=[
            ("", "Không giữ"),
            *(choice for choice in Office.Kind.choices if choice[0] in IN_CELL),
        ],
        required=False,
    )
    since = DayField(label="Từ ngày")

    def clean_since(self) -> date | None:
        """An office that has begun."""
        day: date | None = self.cleaned_data["since"]
        if day is not None and day > timezone.localdate():
            raise ValidationError("Ngày này chưa đến. Xin ghi ngày đã giữ chức vụ, hoặc để trống.")
        return day


OfficeForms = forms.formset_factory(OfficeForm, extra=0)


class SheetForm(forms.Form):
    """An Excel file with members."""

    file = forms.FileField(
        label="Tệp Excel (.xlsx), hoặc CSV",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": "Xin chọn tệp Excel trước.",
            "empty": "Tệp này rỗng. Xin chọn tệp khác.",
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before reading it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(HEAVY)
        return file
