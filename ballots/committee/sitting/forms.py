"""Forms of a committee's own meeting: when it meets, and what stands on a ballot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from ballots.committee.sitting.cases import Offer
from ballots.committee.sitting.verbs import NO_CASE
from ballots.meeting.forms import CommentForm, PlaceForm, duties
from ballots.models.cases import NO_BASIS
from ballots.results.concluded import Concluded
from cells.forms.fields import LineField
from cells.models import Campaign, Level, Meeting
from members.models import Guest, Member
from members.rules.names import ListedNames

NOT_THERE = "Có trường hợp không còn chờ cấp ủy xét. Xin tải lại trang rồi chọn lại."


class OwnCaseFields(forms.Form):
    """Whether who votes takes a ballot on the own case, and who says so."""

    abstains = forms.TypedChoiceField(
        label="Cấp ủy viên có trường hợp của mình trên phiếu",
        choices=[
            ("0", "Bỏ phiếu như các đồng chí khác"),
            ("1", "Không bỏ phiếu về trường hợp của mình: trường hợp ấy thành một lượt riêng"),
        ],
        coerce=lambda value: value == "1",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        initial="0",
        help_text="Chưa đọc thấy quy định chung của Trung ương về việc này, nên cấp ủy tự quyết định.",
    )
    basis = LineField(
        label="Căn cứ: theo quy định nào, hoặc ai quyết định",
        max_length=300,
        required=False,
        help_text="Ví dụ: Quy chế làm việc số 05-QC/ĐU, điều 12. Ghi vào biên bản.",
    )

    def clean_abstains(self) -> bool:
        """Where nothing is chosen, they vote as on all others."""
        return bool(self.cleaned_data["abstains"])

    def clean(self) -> None:
        """Abstaining departs from how every other ballot is held, and so has its basis."""
        if self.cleaned_data.get("abstains") and not self.cleaned_data.get("basis"):
            self.add_error("basis", NO_BASIS)


class SittingForm(OwnCaseFields, PlaceForm):
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
        self.order_fields(
            ["campaign", "kind", "starts_at", "venue", "chair", "clerk", "abstains", "basis"]
        )


class OwnCaseForm(OwnCaseFields):
    """The same of a meeting that is planned."""


class CasesForm(forms.Form):
    """A poll of a committee: its title, its cases and its levels."""

    title = LineField(label="Nội dung bỏ phiếu", max_length=300)
    cases = forms.MultipleChoiceField(
        label="Có tên trên phiếu",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": NO_CASE,
            "invalid_choice": NOT_THERE,
        },
    )
    levels = forms.MultipleChoiceField(
        label="Các mức trên phiếu", choices=Level.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, offers: Iterable[Offer], initial: Mapping[str, object]) -> None:
        """`offers`: all that the committee may vote on, in their order."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        named = set(data.getlist("cases")) if data else set()
        self.named = [offer for offer in offers if named and offer.key in named]
        self.fields["cases"].choices = [(offer.key, offer.key) for offer in self.named]  # type: ignore[attr-defined]

    def chosen(self) -> Sequence[Offer]:
        """The chosen cases, in the order of the list."""
        return self.named


class CaseCommentForm(CommentForm):
    """Who said what about which case; `seen`: what the page was drawn from that takes a comment down otherwise."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: object,
        *,
        speakers: list[Member],
        guests: list[Guest],
        cases: Mapping[str, Concluded],
        names: ListedNames,
        initial: Mapping[str, object],
    ) -> None:
        """`cases`: by key, whom one may speak about, besides all of them."""
        super().__init__(
            data,
            speakers=speakers,
            guests=guests,
            subjects=[],
            collectives=[],
            names=names,
            initial=initial,
        )
        self.cases = cases
        named = [(key, case.words) for key, case in cases.items()]
        self.fields["on"].choices = [("", "Chung cả hội nghị"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """As the verb takes it: the member or the collective, and whose file it is."""
        cleaned = dict(self.cleaned_data)
        case = self.cases.get(self.data.get("on", ""))
        cleaned["on"] = (case.member or case.collective) if case else None
        cleaned["of"] = case.of if case else None
        return cleaned
