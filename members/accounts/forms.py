"""The sign-in form, and the one that begins an empty installation."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cells.forms.fields import LineField
from members.accounts.set_up import Beginning
from members.models import User

# Django's own list says "bạn".
CHOOSING = (
    "Ít nhất 8 ký tự, không chỉ toàn chữ số, không giống tên của đồng chí, không quá dễ đoán."
)


class SignInForm(AuthenticationForm):
    """Name and password of an officer."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Xin tắt bộ gõ tiếng Việt, "
        "xem lại phím Caps Lock rồi gõ lại."
    }


def username_field() -> forms.RegexField:
    """The name of a new account, which is typed at every sign-in: letters that need no Vietnamese keyboard."""
    return forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label="Tên đăng nhập",
        max_length=150,
        help_text="Chữ không dấu, chữ số, dấu chấm, gạch nối; như bithu.khupho4.",
        error_messages={
            "required": "Xin đặt tên đăng nhập.",
            "invalid": "Tên đăng nhập chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch nối, không có khoảng trắng.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class MailForm(forms.Form):
    """Thư báo việc mới: to which address, if any."""

    email = forms.EmailField(
        label="Địa chỉ thư điện tử",
        required=False,
        max_length=254,
        help_text="Bỏ trống thì không có thư nào.",
        error_messages={"invalid": "Địa chỉ chưa đúng. Xin ghi như ten@donvi.gov.vn."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    by_mail = forms.BooleanField(label="Nhận thư báo việc mới", required=False)


class SetUpForm(forms.Form):
    """What an empty installation needs to begin."""

    COMMITTEE, CELL = "committee", "cell"

    scope = forms.ChoiceField(
        label="Dùng cho",
        choices=[
            (COMMITTEE, "Một đảng bộ: nhiều chi bộ, cấp ủy theo dõi chung"),
            (CELL, "Một chi bộ: đồng chí là người điều hành chi bộ ấy"),
        ],
        initial=COMMITTEE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Xin chọn đảng bộ hoặc chi bộ."
        ),
    )
    committee = LineField(
        label="Tên đảng bộ",
        max_length=200,
        help_text="Như “Đảng bộ phường Tân Lập”. Dùng cho một chi bộ thì ghi đảng bộ cấp trên trực tiếp.",
        error_messages={"required": "Xin ghi tên đảng bộ."},
    )
    cell = LineField(
        label="Tên chi bộ (chỉ khi dùng cho một chi bộ)",
        max_length=200,
        required=False,
        help_text="Như “Chi bộ Khu phố 4”.",
    )
    place = LineField(
        label="Địa danh",
        max_length=100,
        required=False,
        help_text="Đứng trước ngày tháng trên văn bản, như “Tân Lập”. Sau này ghi cũng được.",
    )
    name = LineField(
        label="Họ và tên của đồng chí",
        max_length=100,
        error_messages={"required": "Xin ghi họ và tên."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = username_field()
    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        help_text=CHOOSING,
        error_messages={"required": "Xin đặt mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Gõ lại mật khẩu",
        strip=False,
        error_messages={"required": "Xin gõ lại mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    code = LineField(
        label="Mã cài đặt",
        max_length=40,
        help_text="Mười hai chữ, in trên màn hình của máy chủ lúc chương trình khởi động.",
        error_messages={"required": "Xin gõ mã cài đặt in trên màn hình của máy chủ."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    @property
    def beginning(self) -> Beginning:
        """What was filled in."""
        values = {name: self.cleaned_data[name] for name in Beginning._fields}
        if self.cleaned_data["scope"] == self.COMMITTEE:
            values["cell"] = ""
        return Beginning(**values)

    def clean(self) -> dict[str, Any]:
        """A cell alone has a name; the two passwords are one, and a good one."""
        values = super().clean() or self.cleaned_data
        if values.get("scope") == self.CELL and not values.get("cell"):
            self.add_error("cell", "Xin ghi tên chi bộ, hoặc chọn “Một đảng bộ”.")
        password = values.get("password")
        if password and values.get("again") and password != values["again"]:
            self.add_error("again", "Hai lần gõ mật khẩu khác nhau. Xin gõ lại.")
        elif password:
            self._check(password, values)
        return values

    def _check(self, password: str, values: dict[str, Any]) -> None:
        known = User(username=values.get("username", ""), last_name=values.get("name", ""))
        try:
            validate_password(password, known)
        except ValidationError as error:
            self.add_error("password", error)
