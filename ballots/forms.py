"""Forms of the officers' pages of a meeting; the field names are the parameter names of the verbs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells import wording
from cells.models import Campaign, Level
from members import names
from members.models import Attendance, Comment, Guest, Member

LEVELS = [("", "—"), *Level.choices]


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


def hands(label: str, least: int) -> forms.IntegerField:
    """A number of raised hands, from `least` on."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=9999,
        error_messages={"required": "Xin ghi số giơ tay.", "invalid": "Xin ghi bằng chữ số."},
    )


def labels(members: Iterable[Member]) -> dict[int, str]:
    """How each member is written in a list: with the year of birth where two share a name."""
    listed = list(members)
    twins = Counter(member.name for member in listed)
    return {m.pk: names.display(m.name, m.born_year, twins[m.name] > 1) for m in listed}


class MemberChoice(forms.ModelChoiceField):
    """One member of a given list."""

    def __init__(self, members: Iterable[Member] = (), **options: object) -> None:
        """`members`: who may be chosen, in the order shown."""
        listed = list(members)
        self.written = labels(listed)
        super().__init__(Member.objects.filter(pk__in=self.written), **options)  # type: ignore[arg-type]
        blank = [("", self.empty_label or "")] if self.empty_label is not None else []
        self.widget.choices = [*blank, *((m.pk, self.written[m.pk]) for m in listed)]


def duties(members: list[Member]) -> dict[str, forms.Field]:
    """Chair and clerk, to be chosen from these."""
    named = {"chair": ("Chủ trì", "Xin chọn chủ trì."), "clerk": ("Thư ký", "Xin chọn thư ký.")}
    return {
        name: MemberChoice(
            members,
            label=label,
            empty_label="Chọn tên…",
            error_messages={"required": asked},
        )
        for name, (label, asked) in named.items()
    }


class PlaceForm(forms.Form):
    """When and where a meeting is held."""

    starts_at = forms.DateTimeField(
        label="Bắt đầu lúc",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Xin ghi ngày giờ họp."},
    )
    venue = LineField(
        label="Địa điểm", max_length=200, error_messages={"required": "Xin ghi nơi họp."}
    )


class PlanForm(PlaceForm):
    """Plan a cell's meeting of a campaign."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Đợt kiểm điểm", empty_label=None
    )

    field_order = ("campaign", "starts_at", "venue", "chair", "clerk")

    def __init__(
        self,
        data: object,
        *,
        campaigns: object,
        members: list[Member],
        initial: Mapping[str, object],
    ) -> None:
        """`campaigns`: those still without a meeting; `members`: who may chair or write."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields |= duties(members)
        self.order_fields(self.field_order)


class DutyForm(forms.Form):
    """Chair and clerk of a planned meeting."""

    def __init__(self, data: object, members: list[Member], initial: Mapping[str, object]) -> None:
        """`members`: who is on the list."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields |= duties(members)


class ReviewForm(forms.Form):
    """One line of the list: rated or not and why, and the level the member claims."""

    rated = forms.TypedChoiceField(
        label="Xếp loại", choices=[("1", "Có"), ("0", "Không")], coerce=lambda value: value == "1"
    )
    unrated_reason = LineField(
        label="Lý do không xếp loại",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "unrated-reasons"}),
    )
    self_level = forms.ChoiceField(label="Tự nhận mức", choices=LEVELS, required=False)

    def __init__(self, attendance: Attendance, data: dict[str, str] | None = None) -> None:
        """`data`: the three values of this line, where it was submitted."""
        self.attendance = attendance
        initial = {
            "rated": "1" if attendance.rated else "0",
            "unrated_reason": attendance.unrated_reason,
            "self_level": attendance.self_level,
        }
        super().__init__(data, initial=initial, auto_id=f"id_%s_{attendance.pk}")
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}: {attendance.member}"
            field.widget.attrs["class"] = (
                "form-control" if name == "unrated_reason" else "form-select"
            )


class CommentForm(forms.Form):
    """Who said what about whom."""

    text = ProseField(
        label="Nội dung",
        rows=3,
        max_length=5_000,
        error_messages={"required": "Xin ghi nội dung ý kiến."},
    )
    kind = forms.ChoiceField(
        label="Loại", choices=Comment.Kind.choices, initial=Comment.Kind.OPINION
    )

    field_order = ("by", "on", "text", "kind")

    def __init__(
        self,
        data: object,
        *,
        speakers: list[Member],
        guests: list[Guest],
        subjects: list[Member],
        initial: Mapping[str, object],
    ) -> None:
        """`speakers`: who is present, besides the guests; `subjects`: whom one may speak about, besides the cell."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.speakers: dict[str, Member | Guest] = {str(m.pk): m for m in speakers}
        self.speakers |= {f"khach-{guest.pk}": guest for guest in guests}
        listed: list[Any] = [("", "Chọn tên…"), *labels(speakers).items()]
        if guests:
            listed.append(("Đại biểu", [(f"khach-{guest.pk}", str(guest)) for guest in guests]))
        self.fields["by"] = forms.ChoiceField(
            label="Người phát biểu",
            choices=listed,
            error_messages={"required": "Xin chọn người phát biểu."},
        )
        self.fields["on"] = MemberChoice(
            subjects, label="Góp ý cho", empty_label="Tập thể chi bộ", required=False
        )
        self.order_fields(self.field_order)

    def clean_by(self) -> Member | Guest:
        """The member, or the guest, who was chosen."""
        return self.speakers[self.cleaned_data["by"]]


class GuestForm(forms.Form):
    """A guest, without a vote."""

    name = LineField(label="Họ và tên", max_length=200)
    post = LineField(label="Chức vụ, đơn vị", max_length=300, required=False)


class TellersForm(forms.Form):
    """The tellers, who leads them, and the show of hands."""

    yes = hands("Số đồng ý", least=0)
    of = hands("Tổng số biểu quyết", least=1)

    def __init__(
        self, data: object, eligible: list[Member], initial: Mapping[str, object]
    ) -> None:
        """`eligible`: who may be chosen."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        chosen = forms.ModelMultipleChoiceField(
            Member.objects.filter(pk__in=[m.pk for m in eligible]),
            error_messages={
                "required": "Xin chọn ít nhất một đồng chí vào tổ kiểm phiếu.",
                "invalid_choice": "Có đồng chí không còn đủ điều kiện vào tổ kiểm phiếu. Xin chọn lại.",
            },
        )
        self.fields["members"] = chosen
        self.fields["lead"] = MemberChoice(eligible, required=False)

    def team(self) -> list[Member]:
        """The chosen in the order they were sent, the leader first."""
        sent = [int(pk) for pk in self.data.getlist("members")]  # type: ignore[attr-defined]
        chosen = sorted(self.cleaned_data["members"], key=lambda member: sent.index(member.pk))
        lead = self.cleaned_data["lead"]
        if lead is None:
            return chosen
        return [lead, *(member for member in chosen if member != lead)]
