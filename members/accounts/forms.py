"""The sign-in form."""

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Name and password of an officer."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Xin tắt bộ gõ tiếng Việt, "
        "xem lại phím Caps Lock rồi gõ lại."
    }
