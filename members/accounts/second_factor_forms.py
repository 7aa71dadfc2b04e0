"""The codes of the second factor, and the password that is asked before it is turned on."""

from django import forms

SIX = "Xin gõ đủ sáu số đang hiện trong ứng dụng."


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


class DigitsForm(forms.Form):
    """The first six digits of a phone that is being added."""

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
