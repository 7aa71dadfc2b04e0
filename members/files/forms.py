"""Forms about files kept with the review."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from cells.forms.fields import LineField
from cells.models import Campaign, Cell
from members.files.keeping import NONE
from members.models import Attachment, Member, ReviewLine
from members.rules.names import ListedNames

LARGEST = settings.ATTACHMENT_MAX // (1024 * 1024)
ACCEPT = "image/*,application/pdf"


class FilesInput(forms.FileInput):
    """Several files at once, or the phone's camera."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; what they hold is looked at when they are taken in."""

    def __init__(self, **options: Any) -> None:
        """Offer pictures and PDF; the browser's offer binds nobody."""
        widget = FilesInput(attrs={"accept": ACCEPT})
        super().__init__(widget=widget, allow_empty_file=True, **options)

    def clean(self, data: Any, initial: object = None) -> list[UploadedFile]:
        """All files that were sent."""
        if not data:
            raise forms.ValidationError(NONE)
        return [super(FilesField, self).clean(file, initial) for file in data]


class OneOfTheCell(forms.ModelChoiceField):
    """A member of the cell, told from a namesake by what `names` says, as the cell's list does."""

    names = ListedNames(())

    def label_from_instance(self, obj: Member) -> str:
        """The name as listed; with the year in any case, where it is known."""
        name = self.names.label(obj)
        return f"{name} ({obj.born_year})" if obj.born_year and name == obj.name else name


class AttachmentForm(forms.Form):
    """Tệp kèm hồ sơ: what it is, whom it is about, and the files."""

    kind = forms.ChoiceField(
        label="Loại tệp",
        choices=[
            choice for choice in Attachment.Kind.choices if choice[0] not in Attachment.FROM_ABOVE
        ],
        error_messages={"invalid_choice": "Xin chọn một loại trong danh sách."},
    )
    member = OneOfTheCell(
        label="Về đồng chí",
        queryset=Member.objects.none(),
        required=False,
        empty_label="Cả chi bộ",
        error_messages={"invalid_choice": "Xin chọn một đồng chí trong danh sách."},
    )
    title = LineField(
        label="Tên tệp",
        max_length=150,
        required=False,
        help_text="Để trống thì ghi theo loại tệp.",
    )
    uploads = FilesField(
        label="Chụp ảnh hoặc chọn tệp",
        help_text=f"Ảnh hoặc PDF, mỗi tệp không quá {LARGEST} MB; chọn được nhiều ảnh một lần. Vị trí và "
        "thông tin máy chụp được xoá; chữ ký số trong tệp PDF không còn hiệu lực.",
    )

    def __init__(self, cell: Cell, campaign: Campaign, *args: Any, **options: Any) -> None:
        """Only members whom the cell reviews may be chosen."""
        super().__init__(*args, **options)
        reviewed = ReviewLine.objects.reviewed(cell, campaign)
        field: OneOfTheCell = self.fields["member"]  # type: ignore[assignment]
        field.names, field.queryset = Member.objects.in_cell(cell).listed_names(), reviewed
