"""Form fields that clean what was typed, shared by all forms."""

import datetime
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells import wording
from members.rules import fields, names
from members.rules.names import compose


class LineField(forms.CharField):
    """One typed line, such as a name: composed to NFC, spaces tidied."""

    def clean(self, value: object) -> str:
        """Refuse what no name contains: control characters, and those that turn the line around."""
        text = str(super().clean(value))
        try:
            return names.compose(text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ProseField(forms.CharField):
    """Typed paragraphs: composed to NFC, spaces tidied line by line."""

    def __init__(self, *, rows: int = 4, **options: object) -> None:
        """`rows`: the height of the text area."""
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)  # type: ignore[arg-type]
        # A browser would cut what is pasted at its end without a word.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: object) -> str:
        """A line break counts as one character, as whoever types it counts; browsers send two."""
        return str(super().to_python(value)).replace("\r\n", "\n")

    def clean(self, value: object) -> str:
        """Refuse control characters, and those that turn the line around."""
        text = str(super().clean(value))
        try:
            return wording.many_lines(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


Result = TypeVar("Result")


def clean_value(clean: Callable[..., Result], *values: object) -> Result:
    """What `clean` makes of the values; the sentence with which it refuses becomes the field's error."""
    try:
        return clean(*values)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class ComposedField(forms.CharField):
    """One line of text, composed to NFC; refuses characters that cannot be seen."""

    def to_python(self, value: object) -> str:
        """Turn what was typed into what is stored."""
        text = super().to_python(value) or ""
        return clean_value(compose, text)


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


def line(label: str) -> ComposedField:
    """One optional line of free text."""
    return ComposedField(label=label, max_length=fields.LINE, required=False)
