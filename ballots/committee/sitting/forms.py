"""Forms of a committee's own meeting: when it meets, and what stands on a ballot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from ballots.committee.sitting.cases import Case
from ballots.meeting.forms import PlaceForm, duties
from cells.forms.fields import LineField
from cells.models import Campaign, Level, Meeting
from members.models import Member
from members.rules.names import ListedNames

NOT_THERE = "Có trường hợp không còn chờ cấp ủy xét. Xin tải lại trang rồi chọn lại."


class SittingForm(PlaceForm):
    """Plan a meeting of a committee."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Đợt kiểm điểm", empty_label=None
    )
    kind = forms.ChoiceField(
        label="Ai họp",
        choices=[
            (Meeting.Kind.STANDING.value, "Ban Thường vụ (bí thư, phó bí thư, ủy viên)"),
            (Meeting.Kind.EXECUTIVE.value, "Toàn thể cấp ủy"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: object,
        *,
        campaigns: QuerySet[Campaign],
        members: list[Member],
        names: ListedNames,
        initial: Mapping[str, object],
    ) -> None:
        """`campaigns`: those that reach the committee; `members`: who sits on it now."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields |= duties(members, names)
        del self.fields["presenter"]
        self.order_fields(["campaign", "kind", "starts_at", "venue", "chair", "clerk"])


class CasesForm(forms.Form):
    """A poll of a committee: its title, its cases and its levels."""

    title = LineField(label="Nội dung bỏ phiếu", max_length=300)
    cases = forms.MultipleChoiceField(
        label="Có tên trên phiếu",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Xin chọn ít nhất một chi bộ, tập thể hoặc đồng chí để bỏ phiếu.",
            "invalid_choice": NOT_THERE,
        },
    )
    levels = forms.MultipleChoiceField(
        label="Các mức trên phiếu", choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, cases: Iterable[Case], initial: Mapping[str, object]) -> None:
        """`cases`: all that the committee may vote on, in their order."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.known = {case.key: case for case in cases}
        self.fields["cases"].choices = [(key, key) for key in self.known]  # type: ignore[attr-defined]

    def chosen(self) -> Sequence[Case]:
        """The chosen cases, in the order of the list."""
        named = set(self.cleaned_data["cases"])
        return [case for key, case in self.known.items() if key in named]
