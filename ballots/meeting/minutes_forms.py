"""Forms of the papers: passing the minutes, and comparing a file with the locked one."""

import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from ballots.core.fields import check_hands, hand_count
from ballots.papers import numbers
from ballots.papers.kinds import OF_MINUTES
from cells.models import Cell

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE


class PassForm(forms.Form):
    """Biểu quyết thông qua biên bản, and the hour that the minutes print as the end."""

    number = forms.IntegerField(
        label="Số biên bản",
        min_value=1,
        max_value=9999,
        required=False,
        help_text="Biên bản kiểm phiếu mang số kế tiếp. Chi bộ không đánh số thì để trống.",
        error_messages={"invalid": "Xin ghi số bằng chữ số, hoặc để trống."},
    )
    yes = hand_count("Số đồng ý", least=0)
    of = hand_count("Tổng số biểu quyết", least=1)
    ends_time = forms.TimeField(
        label="Kết thúc lúc",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Xin ghi giờ kết thúc hội nghị."},
    )
    ends_on = forms.DateField(
        label="Ngày kết thúc",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    def __init__(
        self,
        data: Any = None,
        *,
        voters: int = 0,
        cell: Cell | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`voters`: who is here and has a vote; `cell`: whose papers the number must not collide with."""
        super().__init__(data, initial=initial)
        self.voters, self.cell = voters, cell

    def clean_number(self) -> int | None:
        """A number that neither of the two papers finds taken."""
        number: int | None = self.cleaned_data["number"]
        chosen_numbers = numbers.from_first(OF_MINUTES, number)
        sentence = numbers.taken(self.cell, chosen_numbers) if self.cell else ""
        if sentence:
            raise ValidationError(sentence)
        return number

    def clean(self) -> dict[str, Any]:
        """What the verb takes: the two numbers, and the end as one moment."""
        check_hands(self, "Biên bản", self.voters)
        cleaned = dict(self.cleaned_data)
        day, time = cleaned.pop("ends_on", None), cleaned.pop("ends_time", None)
        if day and time:
            cleaned["ends_at"] = timezone.make_aware(datetime.combine(day, time))
        return cleaned


class CheckForm(forms.Form):
    """The code printed at the end of a paper, and the file in question."""

    code = forms.CharField(
        label="Mã kiểm tra in trên văn bản",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": "Xin gõ mã kiểm tra in ở cuối văn bản.",
            "max_length": "Mã kiểm tra chỉ có mười hai chữ và số. Xin xem lại mã in ở cuối văn bản.",
        },
    )
    file = forms.FileField(
        label="Tệp PDF cần kiểm tra",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": "Tệp này rỗng. Xin chọn lại tệp PDF."},
    )

    def clean_code(self) -> str:
        """The code as it is kept: capitals, without the spaces and hyphens people type."""
        code = unicodedata.normalize("NFC", self.cleaned_data["code"]).upper()
        return "".join(filter(str.isalnum, code))

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file no paper of ours can be as large as."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError("Tệp lớn hơn 5 MB nên không phải văn bản của phần mềm này.")
        return file
