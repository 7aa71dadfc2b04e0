"""Forms of the papers: passing the minutes, and comparing a file with the locked one."""

import unicodedata
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from ballots.core import hands
from ballots.core.fields import check_hands, hand_count, paper_number
from ballots.models import Paper
from ballots.models.papers import CHECK_LENGTH
from ballots.papers import numbers
from ballots.papers.kinds import OF_MINUTES
from cells.forms.fields import CalendarField, ClockField, LineField
from cells.models import Cell
from cells.wording import two_digits

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
OTHER_LENGTH = (
    "Mã kiểm tra có đúng mười hai chữ và số, ở đây có {}. Xin xem lại mã in ở cuối văn bản."
)
KEYBOARD = (
    "Bàn phím đang gõ tiếng Việt nên đổi chữ trong mã, chưa đọc được là mã nào. "
    "Xin tắt gõ tiếng Việt rồi gõ lại mã in ở cuối văn bản."
)
HALF_A_COUNT = "Xin ghi cả giờ bắt đầu và giờ kiểm phiếu xong, hoặc để trống cả hai."


class PassForm(forms.Form):
    """Biểu quyết thông qua biên bản, and the hour that the minutes print as the end."""

    number = paper_number(
        "Số biên bản", "Biên bản kiểm phiếu mang số kế tiếp. Chi bộ không đánh số thì để trống."
    )
    symbol = LineField(
        label="Số, ký hiệu biên bản",
        max_length=60,
        required=False,
        help_text="Ví dụ: 12-BB/ĐU. Quyết định căn cứ hội nghị này ghi đúng số ấy; chưa có thì để trống.",
    )
    yes = hand_count("Số đồng ý", least=0)
    of = hand_count("Tổng số biểu quyết", least=1)
    ends_time = ClockField(
        label="Kết thúc lúc", error_messages={"required": "Xin ghi giờ kết thúc hội nghị."}
    )
    ends_on = CalendarField(label="Ngày kết thúc")

    count_starts = ClockField(label="Kiểm phiếu từ", required=False)
    count_ends = ClockField(label="Kiểm phiếu xong", required=False)
    copies = forms.IntegerField(
        label="Số bản",
        min_value=1,
        max_value=99,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Xin ghi số bản từ 1 đến 99, hoặc để trống."
        ),
    )
    filed = LineField(
        label="Nơi lưu",
        max_length=500,
        required=False,
        help_text="Nhiều nơi thì cách nhau bằng dấu chấm phẩy.",
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
        day, hour = cleaned.pop("ends_on", None), cleaned.pop("ends_time", None)
        start, end = cleaned.pop("count_starts", None), cleaned.pop("count_ends", None)
        places = (cleaned.get("filed") or "").split(";")
        cleaned["filed"] = [place.strip() for place in places if place.strip()]
        if (start is None) != (end is None):
            raise ValidationError(HALF_A_COUNT)
        if day and hour:
            cleaned["ends_at"] = timezone.make_aware(datetime.combine(day, hour))
            cleaned["counted"] = start and end and _counted(start, end, cleaned["ends_at"])
        return cleaned

    @property
    def questions(self) -> list[str]:
        """What is asked once of a form in order: numbers that hardly can be."""
        typed = self.cleaned_data
        number, copies, places = typed["number"], typed["copies"], len(typed["filed"])
        asked = hands.questions(typed["of"], self.voters)
        if number and self.cell:  # the count takes the next one
            asked += numbers.questions(self.cell, {Paper.Kind.MINUTES: number})
        if copies and copies < places:
            asked.append(f"Lập {two_digits(copies)} bản mà ghi {two_digits(places)} nơi lưu.")
        return asked


def _counted(start: time, end: time, closing: datetime) -> tuple[datetime, datetime]:
    """When the count began and ended: of a meeting that went on past midnight, on the right day."""
    ended = _last(end, closing)
    return _last(start, ended), ended


def _last(hour: time, moment: datetime) -> datetime:
    """The last time up to this moment that a clock showed the hour."""
    same_day = timezone.make_aware(datetime.combine(timezone.localtime(moment).date(), hour))
    return same_day if same_day <= moment else same_day - timedelta(days=1)


class CheckForm(forms.Form):
    """The code printed at the end of a paper, and the file in question."""

    code = forms.CharField(
        label="Mã kiểm tra in trên văn bản",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": "Xin gõ mã kiểm tra in ở cuối văn bản.",
            "max_length": "Mã kiểm tra có đúng mười hai chữ và số. Xin xem lại mã in ở cuối văn bản.",
        },
    )
    file = forms.FileField(
        label="Tệp PDF cần kiểm tra",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": "Tệp này rỗng. Xin chọn lại tệp PDF."},
    )

    def clean_code(self) -> str:
        """The code as it is kept: capitals, without the spaces and hyphens people type.

        One that a keyboard has changed, or that is too short, is not read: nobody knows whether there is such a paper.
        """
        typed = unicodedata.normalize("NFC", self.cleaned_data["code"]).upper()
        code = "".join(filter(str.isalnum, typed))
        if code.isascii() and len(code) != CHECK_LENGTH:
            raise ValidationError(OTHER_LENGTH.format(len(code)))
        if not code.isascii() and not Paper.objects.under(code).exists():
            raise ValidationError(KEYBOARD)
        return code

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file no paper of ours can be as large as."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError("Tệp lớn hơn 5 MB nên không phải văn bản của phần mềm này.")
        return file
