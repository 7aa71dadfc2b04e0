"""Fields that clean what was typed, shared by the forms of all apps: one line, paragraphs."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError

from cells import wording

Result = TypeVar("Result")


def clean_value(clean: Callable[..., Result], *values: object) -> Result:
    """What `clean` makes of the values; the sentence of its ValueError becomes the field's error."""
    try:
        return clean(*values)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class LineField(forms.CharField):
    """One typed line, such as a name: in NFC, spaces tidied; refuses characters that cannot be seen."""

    def to_python(self, value: object) -> str:
        """Turn what was typed into what is stored."""
        return clean_value(wording.one_line, super().to_python(value) or "")


class ProseField(forms.CharField):
    """Typed paragraphs, as a LineField line by line; a line break counts as one character, browsers send two."""

    def __init__(self, *, rows: int = 4, **options: object) -> None:
        """`rows`: the height of the text area."""
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)  # type: ignore[arg-type]
        # A browser would cut what is pasted at its end without a word.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: object) -> str:
        """Turn what was typed into what is stored."""
        return clean_value(wording.many_lines, super().to_python(value) or "")
