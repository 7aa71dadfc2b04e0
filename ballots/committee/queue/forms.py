"""What a preview sends back: the files that were listed and stay chosen."""

import re

from django import forms

from ballots.committee.queue.batch import MOST

NONE_CHOSEN = "Xin chọn ít nhất một hồ sơ để duyệt."
TOO_MANY = f"Mỗi lần duyệt nhiều nhất {MOST} hồ sơ. Xin mở lại trang rồi duyệt."


class FilesField(forms.Field):
    """Files, each as "meeting:number of the sending"; one that is named twice counts once."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str]) -> dict[int, int]:
        """The number of the sending that was seen, by meeting."""
        if not value:
            raise forms.ValidationError(NONE_CHOSEN)
        if len(value) > MOST or not all(re.fullmatch(r"\d{1,18}:\d{1,4}", each) for each in value):
            raise forms.ValidationError(TOO_MANY)
        return {int(meeting): int(number) for meeting, number in (v.split(":") for v in value)}


class BatchForm(forms.Form):
    """Duyệt hàng loạt."""

    file = FilesField()
