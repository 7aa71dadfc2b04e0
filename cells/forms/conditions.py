"""The form of the conditions of one level: one per line, and the basis."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.criteria import LONGEST, BasisForm, lines
from cells.law.conditions import made
from cells.models import Setting

MOST = 20  # conditions of one level, each of which somebody answers
NONE = "Xin ghi ít nhất một điều kiện, mỗi dòng một điều kiện."


class LevelForm(BasisForm):
    """The conditions of one level, begun with those in force."""

    thing = "điều kiện"

    items = forms.CharField(
        label="Các điều kiện, mỗi dòng một điều kiện",
        max_length=MOST * LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": NONE},
    )

    def __init__(self, data: Any, own: Setting | None, level: str, former: dict[str, Any]) -> None:
        """`own`: what this body has set so far; `former`: the group that is in force."""
        initial = {"items": "\n".join(former["items"])}
        super().__init__(data, own, initial=initial, auto_id=f"id_%s_{level}")
        self.level, self.former = level, former

    def clean_items(self) -> list[str]:
        """The conditions, each a tidy line with words in it, none twice."""
        items = lines(self.cleaned_data["items"], "điều kiện")
        if not items:
            raise ValidationError(NONE)
        if not all(any(map(str.isalnum, line)) for line in items):
            raise ValidationError("Có dòng chưa có chữ nào. Xin viết điều kiện, hoặc xoá dòng ấy.")
        if len(items) > MOST:
            raise ValidationError(
                f"Mỗi mức có nhiều nhất {MOST} điều kiện, ở đây là {len(items)}."
            )
        return items

    @property
    def value(self) -> dict[str, Any]:
        """What is stored: the conditions with their keys."""
        return made(self.cleaned_data["items"], self.former)
