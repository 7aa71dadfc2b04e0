"""Forms about who runs a cell, and about accounts."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms.fields import CalendarField, LineField, SeenForm
from cells.models import Cell
from members.accounts.forms import username_field
from members.models import Member, Office, User
from members.offices.verbs import GONE, holders_of

RUNNING = (Office.Kind.SECRETARY, Office.Kind.DEPUTY)


class GiveForm(SeenForm):
    """Who is given which office since when, and whom he follows."""

    kind = forms.ChoiceField(label="Chức vụ", choices=[(kind, kind.label) for kind in RUNNING])
    name = LineField(
        label="Hoặc họ và tên, nếu chưa có trong danh sách",
        max_length=100,
        required=False,
        help_text="Đồng chí được thêm vào danh sách đảng viên của chi bộ.",
    )
    since = CalendarField(label="Từ ngày", error_messages={"required": "Xin ghi từ ngày nào."})

    def __init__(self, data: Any = None, *, cell: Cell) -> None:
        """The members of the cell to choose from, and its deputies to be replaced."""
        super().__init__(data, now=holders_of(cell), initial={"since": timezone.localdate()})
        members = Member.objects.in_cell(cell)
        names = members.listed_names()
        self.fields["member"] = forms.ModelChoiceField(
            members,
            label="Đồng chí nhận chức vụ",
            required=False,
            empty_label="— chọn trong danh sách —",
            error_messages={"invalid_choice": GONE},
        )
        deputies = Office.objects.held().filter(kind=Office.Kind.DEPUTY, member__cell=cell)
        self.fields["replaces"] = forms.ModelChoiceField(
            deputies.select_related("member"),
            label="Thay phó bí thư",
            required=False,
            empty_label="Không thay ai",
            help_text="Giao chức bí thư thì bí thư trước tự thôi giữ, không phải chọn.",
            error_messages={"invalid_choice": GONE},
        )
        for field, member_of in (
            ("member", lambda row: row),
            ("replaces", lambda row: row.member),
        ):
            # As the list of the cell writes them.
            self.fields[field].label_from_instance = (  # type: ignore[attr-defined]
                lambda row, member_of=member_of: names.label(member_of(row))
            )
        self.order_fields(["kind", "member", "name", "replaces", "since"])

    def clean_since(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["since"]
        if day > timezone.localdate():
            raise ValidationError("Ngày này chưa đến. Xin bàn giao khi đã có hiệu lực.")
        return day


class OfficerForm(forms.Form):
    """An officer of a committee: the name on papers, and the one to sign in with."""

    name = LineField(
        label="Họ và tên", max_length=100, error_messages={"required": "Xin ghi họ và tên."}
    )
    username = username_field()

    def __init__(self, data: Any = None, *, user: User) -> None:
        """Of the officer's own committee, or of one below."""
        super().__init__(data, initial={"committee": user.committee_id})
        self.fields["committee"] = forms.ModelChoiceField(
            user.committees().filter(ended_on=None).order_by("path"),
            label="Cán bộ của",
            empty_label=None,
            error_messages={
                "required": "Xin chọn đảng bộ.",
                "invalid_choice": "Không còn đảng bộ này. Xin tải lại trang rồi chọn lại.",
            },
        )
