"""Forms of the cases that force or cap a level: put one out of force or back, and add one's own; always on a basis."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.criteria import BasisForm
from cells.forms.fields import LineField
from cells.law.flags import Flag
from cells.law.review_forms import kinds
from cells.models import Level, Setting

FORCE, AT_MOST = "force", "at_most"
NO_TITLE = "Xin ghi trường hợp ấy là gì."


class SwitchForm(BasisForm):
    """On what basis a case is put out of force, or back."""

    thing = "thiết lập"

    def __init__(self, data: Any, own: Setting | None, flag: Flag) -> None:
        """`own`: what this body has set so far of this flag."""
        self.button = "Thôi áp dụng" if flag.is_in_force else "Áp dụng lại"
        self.flag = flag
        super().__init__(data, own, auto_id=f"id_%s_{flag.key}")


class OwnFlagForm(BasisForm):
    """A case of one's own: what it is, of whom it may be confirmed, and what it does to the level."""

    thing = "trường hợp"

    title = LineField(
        label="Trường hợp",
        max_length=300,
        help_text="Viết trọn ý, như sẽ hiện ở trang “Đánh giá”.",
        error_messages={"required": NO_TITLE},
    )
    subjects = forms.MultipleChoiceField(
        label="Áp dụng cho",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Xin chọn ít nhất một loại đối tượng."},
    )
    effect = forms.ChoiceField(
        label="Khi xác nhận thì",
        choices=[(FORCE, "Phải xếp mức"), (AT_MOST, "Không được xếp cao hơn mức")],
        widget=forms.RadioSelect,
        error_messages={"required": "Xin chọn phải xếp mức, hay chỉ không được xếp cao hơn mức."},
    )
    limit = forms.ChoiceField(
        label="Mức",
        error_messages={"required": "Xin chọn mức.", "invalid_choice": "Xin chọn mức."},
    )

    field_order = ("title", "subjects", "effect", "limit", "basis", "seen")

    def __init__(self, data: Any, pack: Mapping[str, Any], flags: tuple[Flag, ...]) -> None:
        """`flags`: those that are there already. The highest level is no limit, so it is not offered."""
        super().__init__(data, None)
        self.known = {flag.title.casefold() for flag in flags}
        names = dict(Level.choices)
        self.fields["subjects"].choices = list(kinds(pack).items())  # type: ignore[attr-defined]
        levels = [(level, f"{names[level]} ({level})") for level in pack["levels"][1:]]
        self.fields["limit"].choices = [("", "Chọn mức"), *levels]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """Something with words in it, which is not in the list yet."""
        title: str = self.cleaned_data["title"]
        if not any(map(str.isalnum, title)):
            raise ValidationError(NO_TITLE)
        if title.casefold() in self.known:
            raise ValidationError("Trường hợp này đã có trong danh sách.")
        return title

    @property
    def value(self) -> dict[str, Any]:
        """The flag in the shape of the packs."""
        cleaned = self.cleaned_data
        about = {name: cleaned[name] for name in ("title", "subjects")}
        return about | {cleaned["effect"]: cleaned["limit"]}
