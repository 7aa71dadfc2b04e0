"""The codes of the second factor, the answer of a passkey, and the password that is asked before it is turned on."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.fields import LineField

SIX = "Xin gõ đủ sáu số đang hiện trong ứng dụng."
ON_PAPER, NO_PAPER = "Một mã khôi phục", "Xin gõ một mã khôi phục."
NO_ANSWER = "Trình duyệt chưa trả lời về khoá truy cập (passkey). Xin bấm lại, hoặc mở bằng trình duyệt khác."


class CodeForm(forms.Form):
    """Six digits of the phone, or a code on paper."""

    code = forms.CharField(
        label="Sáu số trong ứng dụng, hoặc một mã khôi phục",
        max_length=40,
        error_messages={"required": SIX},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, has_phone: bool = True) -> None:
        """`has_phone`: whether there is one whose digits are taken."""
        super().__init__(*args)
        self.has_phone = has_phone
        if not has_phone:
            self.fields["code"].label = ON_PAPER
            self.fields["code"].error_messages["required"] = NO_PAPER


class DigitsForm(forms.Form):
    """The first six digits of a phone that is being added."""

    has_phone = True
    code = forms.RegexField(
        r"^\s*(?:[0-9]\s*){6}$",
        label="Sáu số đang hiện trong ứng dụng",
        max_length=20,
        error_messages={"required": SIX, "invalid": SIX},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """Without the spaces that people and applications put in."""
        return "".join(self.cleaned_data["code"].split())


class PasswordForm(forms.Form):
    """The present password: a laptop that was left open must not get a second factor of somebody else's."""

    password = forms.CharField(
        label="Mật khẩu hiện nay",
        strip=False,
        error_messages={"required": "Xin gõ mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasskeyForm(forms.Form):
    """What a device has answered, as static/officer/passkey.js writes it."""

    answer = forms.CharField(
        max_length=20_000,
        error_messages={"required": NO_ANSWER, "max_length": NO_ANSWER},
        widget=forms.HiddenInput,
    )

    def clean_answer(self) -> dict[str, Any]:
        """Any object; what it proves is looked at later."""
        try:
            answer = json.loads(self.cleaned_data["answer"])
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ValidationError(NO_ANSWER)
        return answer


class NewPasskeyForm(PasskeyForm):
    """A key that was just made, and what its officer calls it."""

    name = LineField(
        label="Tên khoá, để sau này nhận ra",
        max_length=60,
        error_messages={"required": "Xin đặt tên cho khoá, như “Máy tính ở cơ quan”."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
