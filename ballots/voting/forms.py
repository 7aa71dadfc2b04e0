"""Forms of a poll: what is voted on, and at which levels; the field names are the parameter names of the verbs."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ballots.core.fields import MembersChoice
from ballots.models import InvalidReason
from ballots.results.classification import CELL, LEADERSHIP
from ballots.voting.doors import NO_DOOR
from cells.forms.fields import LineField, ProseField
from cells.models import Collective, Level
from members.models import Door, Member
from members.rules.names import ListedNames

MAX_SLIPS = 500
NO_HANDS = "Xin ghi số đồng chí có máy hiện khung đỏ bằng chữ số."
NO_DECISION = "Xin chọn hội nghị cho đếm lại hay huỷ lượt."
NO_BALLOTS = "Xin ghi mỗi lý do kèm số phiếu, bằng chữ số, ít nhất một phiếu."
NO_COUNT = f"Xin ghi số phiếu cần in, từ 1 đến {MAX_SLIPS}."


class PollForm(forms.Form):
    """Plan a poll on the cell itself, on its leadership collectives, or on members, with levels of its own."""

    SUBJECTS = [("members", "Đảng viên"), (CELL, "Tập thể chi bộ")]
    ON_COLLECTIVES = (LEADERSHIP, "Tập thể lãnh đạo, quản lý")
    ON_LEADERS = (
        "leaders",
        "Đảng viên ở cương vị lãnh đạo, quản lý (không thay mức đảng viên)",
    )

    title = LineField(label="Nội dung bỏ phiếu", max_length=300)
    subjects = forms.ChoiceField(label="Bỏ phiếu về", choices=SUBJECTS, widget=forms.RadioSelect)
    members = MembersChoice(
        Member.objects.none(),
        label="Những đồng chí có tên trên phiếu",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    collectives = forms.MultipleChoiceField(
        label="Những tập thể lãnh đạo có tên trên phiếu",
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
        collectives: Iterable[Collective] = (),
        of_leaders: bool = False,
        initial: dict[str, object],
    ) -> None:
        """`rated`: who may stand on the ballot, in list order; `collectives`: all that may.

        `of_leaders`: a review of a quarter, whose members are all voted on as leaders.
        """
        super().__init__(data, initial=initial)
        self.bodies = list(collectives)
        self.fields["subjects"].choices = [  # type: ignore[attr-defined]
            *self.SUBJECTS,
            *([self.ON_COLLECTIVES] if self.bodies else []),
            *([] if of_leaders else [self.ON_LEADERS]),
        ]
        self.fields["collectives"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), each.name) for each in self.bodies
        ]
        offered = [(member.pk, names.label(member)) for member in rated]
        field = self.fields["members"]
        field.queryset = Member.objects.filter(pk__in=dict(offered))  # type: ignore[attr-defined]
        field.widget.choices = offered

    @property
    def as_leaders(self) -> bool:
        """Whether the members are voted on in their posts of leadership."""
        return bool(self.cleaned_data["subjects"] == "leaders")

    def subjects_chosen(self) -> Sequence[Member | Collective] | None:
        """The chosen members in the order they were sent, or leadership collectives, or None for the cell itself.

        Where no collective is chosen, all of them.
        """
        if self.cleaned_data["subjects"] == CELL:
            return None
        if self.cleaned_data["subjects"] == LEADERSHIP:
            named = self.cleaned_data["collectives"]
            return [c for c in self.bodies if str(c.pk) in named] or self.bodies
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


class WithoutEnvelopeForm(forms.Form):
    """Why the tellers confirm without a sealed envelope; empty where there is one, or none is kept."""

    without_envelope = LineField(max_length=300, required=False)


class OpeningForm(forms.Form):
    """Why a sealed envelope is opened, and by which law, decision or complaint."""

    reason = ProseField(
        label="Lý do mở", error_messages={"required": "Xin ghi lý do mở phong bì."}
    )
    basis = LineField(
        label="Căn cứ",
        max_length=300,
        help_text="Quy định, quyết định hoặc đơn nào cho mở, số và ngày.",
        error_messages={
            "required": "Xin ghi căn cứ: quy định, quyết định hoặc đơn nào, ngày nào."
        },
    )


class KeyForm(forms.Form):
    """The key of a sealed envelope as it was typed or scanned."""

    key = forms.CharField(
        max_length=400, error_messages={"required": "Xin quét hoặc gõ khoá in trên giấy."}
    )


class InvalidForm(forms.Form):
    """Why ballots are invalid: up to `ROWS` reasons, each with the number of ballots."""

    ROWS = 5

    def __init__(self, data: Any = None, *, noted: Iterable[InvalidReason] = ()) -> None:
        """`noted`: what is written down already."""
        super().__init__(data)
        stored = [(row.reason, row.count) for row in noted]
        for place in range(self.ROWS):
            reason, count = stored[place] if place < len(stored) else ("", None)
            self.fields[f"reason_{place}"] = LineField(
                label="Lý do", max_length=200, required=False, initial=reason
            )
            self.fields[f"count_{place}"] = forms.IntegerField(
                label="Số phiếu",
                min_value=1,
                max_value=9999,
                required=False,
                initial=count,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NO_BALLOTS),
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Reason and number, line by line; the first lines, and one more than are filled in."""
        pairs = [(self[f"reason_{n}"], self[f"count_{n}"]) for n in range(self.ROWS)]
        filled = sum(bool(reason.value()) for reason, _ in pairs)
        return pairs[: max(2, filled + 1)]

    def clean(self) -> dict[str, Any]:
        """The reasons with their numbers; one without the other is asked for."""
        pairs = [
            (self.cleaned_data.get(f"reason_{n}"), self.cleaned_data.get(f"count_{n}"))
            for n in range(self.ROWS)
        ]
        if any(bool(reason) != bool(count) for reason, count in pairs):
            raise ValidationError(NO_BALLOTS)
        reasons: dict[str, int] = {}
        for reason, count in pairs:
            if reason and count:
                reasons[reason] = reasons.get(reason, 0) + count
        return {"reasons": reasons}


class SlipsForm(forms.Form):
    """How many slips to be drawn are printed."""

    count = forms.IntegerField(
        min_value=1,
        max_value=MAX_SLIPS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_COUNT),
    )
    shown = forms.BooleanField(required=False)  # on this screen, and not as a file to be saved
