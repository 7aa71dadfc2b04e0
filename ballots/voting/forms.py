"""Forms of a poll: what is voted on, and at which levels; the field names are the parameter names of the verbs."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ballots.results.classification import CELL
from ballots.voting.doors import NO_DOOR
from cells.forms.fields import LineField, ProseField
from cells.models import Level
from members.models import Door, Member
from members.rules.names import ListedNames

MAX_SLIPS = 500
NO_HANDS = "Xin ghi số đồng chí có máy báo đỏ bằng chữ số."
NO_DECISION = "Xin chọn hội nghị cho đếm lại hay huỷ lượt."
NO_COUNT = f"Xin ghi số phiếu cần in, từ 1 đến {MAX_SLIPS}."


class PollForm(forms.Form):
    """Plan a poll on the cell itself, or on members chosen from the rated, with levels of its own."""

    SUBJECTS = [("members", "Đảng viên"), (CELL, "Tập thể chi bộ")]

    title = LineField(label="Nội dung bỏ phiếu", max_length=300)
    subjects = forms.ChoiceField(label="Bỏ phiếu về", choices=SUBJECTS, widget=forms.RadioSelect)
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="Những đồng chí có tên trên phiếu",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    levels = forms.MultipleChoiceField(
        label="Các mức trên phiếu", choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any,
        *,
        rated: Iterable[Member],
        names: ListedNames,
        initial: dict[str, object],
    ) -> None:
        """`rated`: who may stand on the ballot, in list order."""
        super().__init__(data, initial=initial)
        offered = [(member.pk, names.label(member)) for member in rated]
        field = self.fields["members"]
        field.queryset = Member.objects.filter(pk__in=dict(offered))  # type: ignore[attr-defined]
        field.widget.choices = offered

    def subjects_chosen(self) -> list[Member] | None:
        """The chosen members in the order they were sent, or None for the cell itself."""
        if self.cleaned_data["subjects"] == CELL:
            return None
        chosen = {str(member.pk): member for member in self.cleaned_data["members"]}
        sent: list[str] = self.data.getlist("members")  # type: ignore[attr-defined]
        return [chosen[key] for key in dict.fromkeys(sent) if key in chosen]


class DoorForm(forms.Form):
    """By which way a voter's ballot reaches the box."""

    door = forms.ChoiceField(
        choices=Door.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), NO_DOOR),
    )


class DeclineForm(forms.Form):
    """Why a voter takes no ballot; the verb asks for it."""

    reason = LineField(max_length=200, required=False)


class VoidForm(forms.Form):
    """Why a poll is void; the verb asks for it. `key_lost`: that the key cannot come back."""

    reason = ProseField(max_length=500, required=False)
    key_lost = forms.BooleanField(required=False)


class DifferenceForm(forms.Form):
    """What the meeting decided on a count in question, and why."""

    decision = forms.ChoiceField(
        choices=[("void", "huỷ"), ("recount", "đếm lại")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), NO_DECISION),
    )
    reason = ProseField(max_length=500, required=False)


class AlarmForm(forms.Form):
    """How many phones showed red, and what the meeting decided about it."""

    hands = forms.IntegerField(
        min_value=0,
        max_value=999,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_HANDS),
    )
    decision = ProseField(required=False)


class SlipsForm(forms.Form):
    """How many slips to be drawn are printed."""

    count = forms.IntegerField(
        min_value=1,
        max_value=MAX_SLIPS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_COUNT),
    )
