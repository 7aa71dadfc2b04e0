"""Fields that clean what was typed, shared by the forms of all apps: one line, paragraphs."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from cells import wording
from cells.old_fonts import converted, sure_font
from cells.stale import STALE

Result = TypeVar("Result")
OLD_FONT = (
    "Chữ gõ bằng phông {}, có lẽ là “{}”. Xin gõ lại bằng phông Unicode (Times New Roman, Arial)."
)


def clean_value(clean: Callable[..., Result], *values: object) -> Result:
    """What `clean` makes of the values; the sentence of its ValueError becomes the field's error."""
    try:
        return clean(*values)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class LineField(forms.CharField):
    """One typed line, such as a name: in NFC, spaces tidied.

    Refuses what was pasted from a list in a font from before Unicode, and characters that cannot be seen.
    """

    def to_python(self, value: object) -> str:
        """Turn what was typed into what is stored."""
        text = super().to_python(value) or ""
        font = sure_font(text)
        if font is not None:
            raise ValidationError(OLD_FONT.format(font, converted(text, font)))
        return clean_value(wording.one_line, text)


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


# A browser shows and asks for days and hours as its own language has them, 12/20/2023 and 04:30 PM; ours do not. As a
# browser's own fields and our scripts write them is taken too.
DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d"]
HOURS = ["%H:%M", "%Hh%M", "%H.%M", "%H giờ %M", "%Hh", "%H giờ", "%H:%M:%S"]
DAY, HOUR = "%d/%m/%Y", "%H:%M"


class SeenForm(forms.Form):
    """A form that does not write over what was set after its page was opened; a second press does."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, now: str, **more: Any) -> None:
        """`now`: what stands for that which is in force; `more`: what every form takes."""
        self.now = now
        initial = {"seen": now} | more.pop("initial", {})
        super().__init__(data, initial=initial, **more)

    def clean(self) -> None:
        """Refuse what a page says that shows what stands no more, and take the next press as of this one."""
        if self.cleaned_data.get("seen", "") != self.now:
            self.data = {**{key: self.data[key] for key in self.data}, "seen": self.now}
            raise ValidationError(STALE)


def papers_basis_field() -> ProseField:
    """What the minutes of a campaign name as their basis."""
    return ProseField(
        label="Căn cứ, mỗi dòng một văn bản",
        required=False,
        max_length=5_000,
        help_text="In ở đầu biên bản. Bỏ trống thì in căn cứ của bộ hướng dẫn.",
    )


def _typed(example: str, *, has_day: bool) -> dict[str, str]:
    """Attributes of a place where a day or an hour is typed; `has_day`: a script offers a calendar beside it.

    No keyboard of figures: on many phones it has neither a slash nor a colon.
    """
    attrs = {"placeholder": example, "autocomplete": "off"}
    return attrs | ({"data-pick": "day"} if has_day else {})


class CalendarField(forms.DateField):
    """A day, dd/mm/yyyy, typed or picked."""

    default_error_messages = {"invalid": "Xin ghi ngày/tháng/năm, như 20/12/2026."}

    def __init__(self, **options: object) -> None:
        """As any field."""
        widget = forms.DateInput(format=DAY, attrs=_typed("ngày/tháng/năm", has_day=True))
        super().__init__(widget=widget, input_formats=DAYS, **options)  # type: ignore[arg-type]


class ClockField(forms.TimeField):
    """An hour of the day, 24 hours, typed: 16:30, 16h30, 16 giờ 30."""

    default_error_messages = {"invalid": "Xin ghi giờ:phút theo 24 giờ, như 16:30."}

    def __init__(self, **options: object) -> None:
        """As any field."""
        widget = forms.TimeInput(format=HOUR, attrs=_typed("giờ:phút", has_day=False))
        super().__init__(widget=widget, input_formats=HOURS, **options)  # type: ignore[arg-type]


class MomentField(forms.DateTimeField):
    """A day and an hour in one line: 20/12/2026 19:30, typed or the day picked."""

    default_error_messages = {"invalid": "Xin ghi ngày rồi giờ, như 20/12/2026 19:30."}

    def __init__(self, **options: object) -> None:
        """As any field."""
        form = f"{DAY} {HOUR}"
        widget = forms.DateTimeInput(
            format=form, attrs=_typed("ngày/tháng/năm giờ:phút", has_day=True)
        )
        formats = [f"{day} {hour}" for day in DAYS for hour in HOURS]
        formats += ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **options)  # type: ignore[arg-type]
