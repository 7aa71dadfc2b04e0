"""Forms of the meeting's pages."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from ballots.core.fields import MemberChoice, MembersChoice, check_hands, hand_count
from ballots.meeting.running import NO_TELLER
from ballots.results.classification import COLLECTIVE_ADDRESS
from cells.forms.fields import ClockField, LineField, MomentField, ProseField
from cells.models import Campaign, Collective, Level, Meeting
from cells.stale import STALE, fingerprint
from members.models import Attendance, Comment, Door, Guest, Member
from members.models.attendance import LINE
from members.rules.names import ListedNames

NO_SIZE = "Xin ghi tập thể lãnh đạo có bao nhiêu thành viên, bằng chữ số."
LEVELS = [("", "—"), *Level.choices]
GUEST = "khach-"  # before the key of a guest who speaks
NO_STATE = "Xin chọn có mặt, vắng có lý do hoặc vắng không lý do."


def duties(members: list[Member], names: ListedNames) -> dict[str, forms.Field]:
    """Chair and clerk, to be chosen from these, and who presents the report."""
    named = {"chair": ("Chủ trì", "Xin chọn chủ trì."), "clerk": ("Thư ký", "Xin chọn thư ký.")}
    presenter = MemberChoice(
        members,
        names,
        label="Người trình bày báo cáo kiểm điểm",
        empty_label="Chưa định",
        required=False,
    )
    chosen: dict[str, forms.Field] = {
        name: MemberChoice(
            members,
            names,
            label=label,
            empty_label="Chọn tên…",
            error_messages={"required": question},
        )
        for name, (label, question) in named.items()
    }
    return chosen | {"presenter": presenter}


class NumbersForm(forms.Form):
    """The numbers that members read from their phones, with anything between them."""

    # A hundred phones, numbered beyond two digits, with the words between that somebody may type.
    numbers = forms.CharField(max_length=2000, required=False)

    def clean_numbers(self) -> list[int]:
        """Each of them; whatever is no number of a phone is found by the verb, which knows who waits."""
        typed: str = self.cleaned_data["numbers"]
        return [int(digits) for digits in re.findall("[0-9]{1,9}", typed)]


class PlaceForm(forms.Form):
    """When and where a meeting is held."""

    starts_at = MomentField(
        label="Bắt đầu lúc", error_messages={"required": "Xin ghi ngày giờ họp."}
    )
    venue = LineField(
        label="Địa điểm", max_length=200, error_messages={"required": "Xin ghi nơi họp."}
    )


class PlanForm(PlaceForm):
    """Plan a cell's meeting of a campaign."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Đợt kiểm điểm", empty_label=None
    )

    field_order = ("campaign", "starts_at", "venue", "chair", "clerk", "presenter")

    def __init__(
        self,
        data: object,
        *,
        campaigns: object,
        members: list[Member],
        names: ListedNames,
        initial: Mapping[str, object],
    ) -> None:
        """`campaigns`: those still without a meeting; `members`: who may chair or write."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields |= duties(members, names)
        self.order_fields(self.field_order)


class DutyForm(forms.Form):
    """Chair and clerk of a planned meeting."""

    def __init__(
        self,
        data: object,
        members: list[Member],
        names: ListedNames,
        initial: Mapping[str, object],
    ) -> None:
        """`members`: who of the list may chair or write."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.fields |= duties(members, names)

    def without_presenter(self) -> "DutyForm":
        """The same where nobody presents a report of what meets."""
        del self.fields["presenter"]
        return self


class MemberLineForm(forms.Form):
    """One member's line of a list that is sent whole: the names of its places begin with the member's key there."""

    def __init__(
        self, attendance: Attendance, name: str, data: Mapping[str, str] | None = None
    ) -> None:
        """`name`: the member's, as listed; `data`: of the whole list, of which only a line that was changed counts.

        The others show what is stored now, and overwrite nothing that was stored since the page was drawn.
        """
        self.attendance = attendance
        self.name = name
        prefix = str(attendance.pk)
        sent = [(data or {}).get(f"{prefix}-{name}") for name in self.base_fields]
        self.was = fingerprint([str(value or "") for value in self.stored().values()])
        self.drawn = (data or {}).get(f"{prefix}-was", self.was)
        is_changed = sent[0] is not None and fingerprint([t or "" for t in sent]) != self.drawn
        super().__init__(data if is_changed else None, initial=self.stored(), prefix=prefix)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["aria-label"] = f"{field.label}: {name}"
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def stored(self) -> dict[str, object]:
        """What stands in each place before anything is typed."""
        return {name: getattr(self.attendance, name) for name in self.base_fields}

    def clean(self) -> None:
        """Say what is stored by now, where that is not what the line was changed from."""
        if self.drawn == self.was or not self.has_changed():
            return
        stands = [
            str(dict(getattr(field, "choices", ())).get(self.initial[name], self.initial[name]))
            for name, field in self.fields.items()
        ]
        raise forms.ValidationError(f"{STALE} Đang lưu: {', '.join(filter(None, stands))}.")


class ReviewForm(MemberLineForm):
    """One line of the list: rated or not and why, and the level the member claims."""

    rated = forms.TypedChoiceField(
        label="Xếp loại", choices=[("1", "Có"), ("0", "Không")], coerce=lambda value: value == "1"
    )
    unrated_reason = LineField(
        label="Lý do không thuộc diện, chưa xếp loại",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "unrated-reasons"}),
    )
    self_level = forms.ChoiceField(label="Tự nhận mức", choices=LEVELS, required=False)

    def stored(self) -> dict[str, object]:
        """A line is rated by the word of its choice."""
        return super().stored() | {"rated": "1" if self.attendance.rated else "0"}


class LinesForm(MemberLineForm):
    """What the minutes tell of one member: the self-review, and the answer to the comments."""

    self_review = LineField(label="Tự kiểm điểm", max_length=LINE, required=False)
    reply = LineField(label="Tiếp thu", max_length=LINE, required=False)


class CommentForm(forms.Form):
    """Who said what about whom."""

    text = ProseField(
        label="Nội dung",
        rows=3,
        max_length=5_000,
        error_messages={"required": "Xin ghi nội dung ý kiến."},
    )
    kind = forms.ChoiceField(
        label="Loại ý kiến", choices=Comment.Kind.choices, initial=Comment.Kind.OPINION
    )
    reserved = forms.BooleanField(
        label="Là ý kiến bảo lưu (ghi riêng ở cuối biên bản)", required=False
    )

    field_order = ("by", "on", "kind", "text", "reserved")

    def __init__(
        self,
        data: object,
        *,
        speakers: list[Member],
        guests: list[Guest],
        subjects: list[Member],
        collectives: list[Collective],
        names: ListedNames,
        initial: Mapping[str, object],
    ) -> None:
        """`speakers`: who is present, besides the guests.

        `subjects`, `collectives`: whom one may speak about, besides the cell.
        """
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.speakers: dict[str, Member | Guest] = {str(m.pk): m for m in speakers}
        self.speakers |= {f"{GUEST}{guest.pk}": guest for guest in guests}
        listed: list[Any] = [("", "Chọn tên…"), *((m.pk, names.label(m)) for m in speakers)]
        if guests:
            listed.append(("Đại biểu", [(f"{GUEST}{guest.pk}", str(guest)) for guest in guests]))
        self.fields["by"] = forms.ChoiceField(
            label="Người phát biểu",
            choices=listed,
            error_messages={"required": "Xin chọn người phát biểu."},
        )
        self.subjects: dict[str, Member | Collective] = {
            COLLECTIVE_ADDRESS.format(body.pk): body for body in collectives
        }
        bodies = [(key, str(body)) for key, body in self.subjects.items()]
        self.subjects |= {str(member.pk): member for member in subjects}
        members = [(str(member.pk), names.label(member)) for member in subjects]
        self.fields["on"] = forms.ChoiceField(
            label="Góp ý cho", choices=[("", "Tập thể chi bộ"), *bodies, *members], required=False
        )
        self.order_fields(self.field_order)

    def clean_by(self) -> Member | Guest:
        """The member, or the guest, who was chosen."""
        return self.speakers[self.cleaned_data["by"]]

    def clean_on(self) -> Member | Collective | None:
        """Whom it is about; None: the cell itself."""
        return self.subjects.get(self.cleaned_data["on"])


class CommentEditForm(CommentForm):
    """What somebody said, taken down otherwise; `seen`: what the page was drawn from."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class LeaveForm(forms.Form):
    """The hour at which somebody leaves before the end."""

    left = ClockField(
        error_messages=dict.fromkeys(
            ("required", "invalid"), "Xin ghi giờ ra về, như 16:00, rồi bấm lại."
        )
    )


class MarkForm(forms.Form):
    """Who came, who is excused and why, who is absent; the reason is judged by the row."""

    state = forms.ChoiceField(
        choices=Attendance.State.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), NO_STATE),
    )
    reason = forms.CharField(required=False, strip=False)


class ManyForm(forms.Form):
    """Members who were ticked on the list, and what is written down of all of them in one press."""

    HERE = "present"

    members = MembersChoice(
        Member.objects.none(),
        error_messages={
            "required": "Xin đánh dấu ít nhất một đồng chí trong danh sách rồi bấm lại.",
            "invalid_choice": STALE,
        },
    )
    do = forms.ChoiceField(
        choices=[(HERE, "Có mặt, không dùng máy"), *Door.choices],
        error_messages=dict.fromkeys(("required", "invalid_choice"), NO_STATE),
    )

    def __init__(self, data: object, meeting: Meeting) -> None:
        """`meeting`: whose list it is."""
        super().__init__(data)  # type: ignore[arg-type]
        listed = Member.objects.filter(attendance__meeting=meeting)
        self.fields["members"].queryset = listed  # type: ignore[attr-defined]


class GuestForm(forms.Form):
    """A guest, without a vote."""

    name = LineField(label="Họ và tên", max_length=200)
    post = LineField(label="Chức vụ, đơn vị", max_length=300, required=False)


class TellersForm(forms.Form):
    """The tellers, who leads them, and the show of hands."""

    yes = hand_count("Số đồng ý", least=0)
    of = hand_count("Tổng số biểu quyết", least=1)

    def __init__(
        self,
        data: object,
        eligible: list[Member],
        names: ListedNames,
        initial: Mapping[str, object],
        voters: int,
    ) -> None:
        """`eligible`: who may be chosen; `voters`: who is here and has a vote."""
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.voters = voters
        chosen = MembersChoice(
            Member.objects.filter(pk__in=[m.pk for m in eligible]),
            error_messages={
                "required": NO_TELLER,
                "invalid_choice": "Có đồng chí không còn đủ điều kiện vào tổ kiểm phiếu. Xin chọn lại.",
            },
        )
        self.fields["members"] = chosen
        self.fields["lead"] = MemberChoice(eligible, names, required=False)

    def clean(self) -> None:
        """Hands that can be, and are more than half."""
        check_hands(self, "Tổ kiểm phiếu", self.voters)

    def team(self) -> list[Member]:
        """The chosen in the order they were sent, the leader first."""
        sent = [int(pk) for pk in self.data.getlist("members")]  # type: ignore[attr-defined]
        chosen = sorted(self.cleaned_data["members"], key=lambda member: sent.index(member.pk))
        lead = self.cleaned_data["lead"]
        if lead is None:
            return chosen
        return [lead, *(member for member in chosen if member != lead)]


class CollectiveForm(forms.Form):
    """A leadership collective that the meeting reviews."""

    name = LineField(
        label="Tên tập thể lãnh đạo",
        help_text="Ví dụ: Chi ủy Chi bộ 4; Tập thể lãnh đạo Cục",
        max_length=200,
        error_messages={"required": "Xin ghi tên tập thể lãnh đạo."},
    )
    size = forms.IntegerField(
        label="Số thành viên",
        min_value=1,
        max_value=999,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NO_SIZE),
    )


class ConclusionForm(forms.Form):
    """The chair's conclusion on one subject."""

    level = forms.ChoiceField(label="Mức", choices=[("", "— chọn mức —"), *Level.choices])
    reason = ProseField(label="Lý do", rows=2, max_length=1000)


class ConclusionTextForm(forms.Form):
    """The chair's closing words; `seen`: what the page was drawn from."""

    text = ProseField(required=False)
    seen = forms.CharField(required=False)
