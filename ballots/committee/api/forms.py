"""The form that makes a token."""

from django import forms

from ballots.models.tokens import NO_NAME
from cells.forms.fields import LineField

TERMS = [(30, "30 ngày"), (90, "90 ngày"), (365, "Một năm")]


class TokenForm(forms.Form):
    """Mã mới."""

    name = LineField(
        label="Tên của mã",
        help_text="Nơi nào dùng, để làm gì, ví dụ: Bảng điều hành của văn phòng",
        max_length=60,
        error_messages={"required": NO_NAME},
    )
    days = forms.TypedChoiceField(
        label="Dùng trong",
        choices=TERMS,
        coerce=int,
        initial=90,
        error_messages={
            "required": "Xin chọn mã dùng trong bao lâu.",
            "invalid_choice": "Xin chọn mã dùng trong bao lâu.",
        },
    )
