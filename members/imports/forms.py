"""The form that takes an Excel sheet."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from members.form_fields import DayField
from members.imports.spreadsheets import HEAVY
from members.imports.spreadsheets.opening import OF_CELL, OF_COMMITTEE
from members.models import Office
from members.models.people import IN_CELL
from members.people.forms import RUNS_MEETINGS


class AnswerForm(forms.Form):
    """One answer: who is meant by a row; how a cell, or a column, is to be read; or that all are whom they seem.

    The keys are those that the page was made with.
    """

    row = forms.CharField(max_length=100, required=False, strip=False)
    choice = forms.CharField(max_length=200, required=False, strip=False)
    field = forms.CharField(max_length=50, required=False)
    kind = forms.CharField(max_length=50, required=False)
    plain = forms.BooleanField(required=False)


class PagesForm(forms.Form):
    """Which worksheets of a file are to be read."""

    page = forms.MultipleChoiceField(
        error_messages={"required": "Xin đánh dấu ít nhất một trang tính."}
    )

    def __init__(self, titles: Sequence[str], *args: object) -> None:
        """`titles`: those with a list."""
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["page"].choices = [(title, title) for title in titles]  # type: ignore[attr-defined]


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
        help_text=RUNS_MEETINGS,
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
        label="Tệp Excel (.xlsx, .xls), LibreOffice (.ods) hoặc CSV",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
        error_messages={
            "required": "Xin chọn tệp Excel trước.",
            "empty": "Tệp này rỗng. Xin chọn tệp khác.",
        },
    )

    most = OF_CELL.packed

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before reading it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > self.most:
            raise ValidationError(HEAVY)
        return file


class CommitteeSheetForm(SheetForm):
    """The same with the members of all cells of a committee."""

    most = OF_COMMITTEE.packed
