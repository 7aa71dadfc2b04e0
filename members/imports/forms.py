"""The form that takes an Excel sheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from members.imports.spreadsheets import HEAVY, MAX_BYTES


class AnswerForm(forms.Form):
    """Whether a row, by its number, tells of the member of whom the preview asks."""

    row = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    is_same = forms.TypedChoiceField(
        choices=[("1", "một người"), ("0", "hai người")], coerce=lambda value: value == "1"
    )


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
