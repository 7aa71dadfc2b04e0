"""The sheet of a former year, and what its preview carries."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.imports.forms import SheetForm
from members.imports.spreadsheets.former import FormerRow

SALT = "members.former"
BACK = 5  # years


class FormerForm(SheetForm):
    """Which year, and the file."""

    year = forms.TypedChoiceField(label="Kết quả của năm", coerce=int)

    def __init__(self, *args: Any) -> None:
        """The last few years, the last one first."""
        super().__init__(*args)
        last = timezone.localdate().year - 1
        years = [(year, f"Năm {year}") for year in range(last, last - BACK, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self.order_fields(["year", "file"])


class SealedForm(forms.Form):
    """What the preview was made of: only rows that this program has read."""

    sealed = forms.CharField(strip=False)
    digest = forms.CharField(max_length=64)

    def clean_sealed(self) -> tuple[int, list[FormerRow]]:
        """The year and its rows."""
        try:
            year, rows = signing.loads(self.cleaned_data["sealed"], salt=SALT, max_age=24 * 3600)
        except signing.BadSignature as error:
            raise ValidationError("Trang này đã cũ.") from error
        return year, [FormerRow(*row) for row in rows]


def seal(year: int, rows: list[FormerRow]) -> str:
    """The year and its rows as the page carries them."""
    return signing.dumps([year, rows], salt=SALT, compress=True)
