"""Forms about who sits on a committee."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms.fields import CalendarField
from members.models import Member, Seat
from members.models.people import MemberQuerySet
from members.places.forms import FUTURE
from members.seats.verbs import GONE


def _past(day: date) -> date:
    if day > timezone.localdate():
        raise ValidationError(FUTURE)
    return day


class SeatForm(forms.Form):
    """Which of the found members holds which post, since when."""

    post = forms.ChoiceField(label="Chức vụ trong cấp ủy", choices=Seat.Post)
    since = CalendarField(label="Từ ngày", error_messages={"required": "Xin ghi từ ngày nào."})

    def __init__(self, data: Any = None, *, found: MemberQuerySet) -> None:
        """Choose among the members that were found."""
        initial = {"since": timezone.localdate(), "post": Seat.Post.MEMBER}
        super().__init__(data, initial=initial)
        names = found.names_by_cell()
        self.fields["member"] = field = forms.ModelChoiceField(
            found,
            label="Đồng chí",
            widget=forms.RadioSelect,
            empty_label=None,
            error_messages={"required": "Xin chọn một đồng chí.", "invalid_choice": GONE},
        )

        def told(row: Member) -> str:
            name = f"{names.label(row, row.cell_id)} · {row.cell}"
            return f"{name} · {row.post}" if row.post else name

        field.label_from_instance = told  # type: ignore[method-assign, assignment]
        self.order_fields(["member", "post", "since"])

    def clean_since(self) -> date:
        """A day that has come."""
        return _past(self.cleaned_data["since"])


class EndSeatForm(forms.Form):
    """The last day of a seat."""

    until = CalendarField(
        label="Đến hết ngày", error_messages={"required": "Xin ghi đến hết ngày nào."}
    )

    def __init__(self, data: Any = None) -> None:
        """Begin with today."""
        super().__init__(data, initial={"until": timezone.localdate()})

    def clean_until(self) -> date:
        """A day that has come."""
        return _past(self.cleaned_data["until"])
