"""Form fields of members, shared by several of their forms."""

import datetime

from django import forms
from django.utils import timezone

from cells.forms.fields import LineField, clean_value
from members.rules import fields


class DayField(forms.DateField):
    """A day as people write it: 05/7/1975, 5-7-1975, 5.7.1975 (see fields.day)."""

    def __init__(self, oldest: int = fields.OLDEST, **options: object) -> None:
        """Show days as 05/07/1975, however they were typed; none is before the year `oldest`."""
        self.oldest = oldest
        widget = forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm", "autocomplete": "off"},
        )
        options = {"required": False, "widget": widget, **options}
        super().__init__(**options)  # type: ignore[arg-type]

    def to_python(self, value: object) -> datetime.date | None:
        """Read any of the usual ways of writing a day."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)  # type: ignore[arg-type]
        return clean_value(fields.day, value, timezone.localdate(), self.oldest)


def optional_line(label: str) -> LineField:
    """One optional line of free text."""
    return LineField(label=label, max_length=fields.LINE, required=False)
