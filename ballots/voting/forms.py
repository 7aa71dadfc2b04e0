"""Forms of a poll: what is voted on, and at which levels; the field names are the parameter names of the verbs."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ballots.results.classification import CELL
from cells.forms.fields import LineField
from cells.models import Level
from members.models import Member
from members.rules.names import ListedNames


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
        offered = [(member.pk, names.of(member)) for member in rated]
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
