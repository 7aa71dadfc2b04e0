"""What a password has to be, where Django's own sentence has no Vietnamese."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """Django's, in words that an officer reads."""

    def get_error_message(self) -> str:
        """Said beside the field, and by `manage.py changepassword`."""
        return f"Mật khẩu ngắn quá: cần ít nhất {self.min_length} ký tự."
