"""Forms of committees and cells: each says since when, and by which decision."""

from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms.fields import CalendarField, LineField
from cells.models import Cell, Committee
from members.imports.spreadsheets.tree import TreeRow
from members.models import User

FUTURE = "Ngày này chưa đến. Xin ghi khi đã có hiệu lực."
NOT_THERE = "Không còn nơi này trong danh sách. Xin tải lại trang rồi chọn lại."


class SinceForm(forms.Form):
    """Since when something holds, and by which decision."""

    on = CalendarField(label="Từ ngày", error_messages={"required": "Xin ghi từ ngày nào."})
    basis = LineField(
        label="Căn cứ",
        max_length=300,
        required=False,
        help_text="Quyết định, nghị quyết nào, ngày nào.",
        error_messages={"required": "Xin ghi căn cứ: quyết định nào, ngày nào."},
    )
    # Decisions of weight: history without its basis is worth little.
    basis_required = False

    def __init__(self, data: Any = None, *, initial: dict[str, object] | None = None) -> None:
        """Begin with today; `initial`: what else stands there."""
        super().__init__(data, initial={"on": timezone.localdate(), **(initial or {})})
        self.fields["basis"].required = self.basis_required
        self.order_fields([name for name in self.fields if name not in ("on", "basis")])

    def clean_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(FUTURE)
        return day


class NameForm(SinceForm):
    """The name of a committee or a cell, and the place its papers are dated at."""

    name = LineField(label="Tên", max_length=200, error_messages={"required": "Xin ghi tên."})
    place = LineField(
        label="Địa danh",
        max_length=100,
        required=False,
        help_text="Đứng trước ngày tháng trên văn bản.",
    )


class SplitForm(NameForm):
    """The new committee, and who goes along."""

    basis_required = True

    def __init__(self, data: Any = None, *, committee: Committee) -> None:
        """`committee`: the one that is split."""
        super().__init__(data, initial={"place": committee.place})
        cells = Cell.objects.standing().filter(committee=committee).order_by("name_sort")
        self.fields["cells"] = _several("Chi bộ sang đảng bộ mới", cells)
        below = _several("Đảng bộ trực thuộc sang đảng bộ mới", committee.below)
        if not committee.below.exists():
            below.widget = forms.MultipleHiddenInput()
        self.fields["committees"] = below
        self.order_fields(["name", "place", "cells", "committees"])


def _several(label: str, rows: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        rows,
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), NOT_THERE),
    )


class TargetForm(SinceForm):
    """Which committee of the officer's takes something over."""

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        label: str,
        but: Committee,
        outside: Committee | None = None,
    ) -> None:
        """`but`: the one that it cannot be; `outside`: neither this one nor any below it."""
        rows = user.committees().filter(ended_on=None).exclude(pk=but.pk).order_by("path")
        if outside is not None:
            rows = rows.exclude(path__startswith=outside.path)
        super().__init__(data)
        self.fields["target"] = _one(label, rows, "Xin chọn đảng bộ.", required=True)
        self.order_fields(["target"])


class MergeForm(TargetForm):
    """As TargetForm, with its basis."""

    basis_required = True


class MoveForm(MergeForm):
    """Another committee than the one above it, and none below it."""

    def __init__(self, data: Any = None, *, user: User, committee: Committee) -> None:
        """`committee`: the one that is moved."""
        label = f"Chuyển {committee} sang trực thuộc"
        above = committee.above or committee
        super().__init__(data, user=user, label=label, but=above, outside=committee)


class EndForm(SinceForm):
    """Something ends."""

    basis_required = True


class EndCellForm(EndForm):
    """A cell ends, and another one receives its members."""

    def __init__(self, data: Any = None, *, user: User, cell: Cell) -> None:
        """Any other cell that the officer sees."""
        super().__init__(data)
        rows = user.cells().standing().exclude(pk=cell.pk).select_related("committee")
        field = _one("Chi bộ nhận các đảng viên", rows, "Xin chọn chi bộ.", required=False)
        field.empty_label = "Không còn đảng viên nào"
        self.fields["receiver"] = field
        self.order_fields(["receiver"])


def _one(label: str, rows: Any, missing: str, *, required: bool) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows,
        label=label,
        required=required,
        empty_label="— chọn —",
        error_messages={"required": missing, "invalid_choice": NOT_THERE},
    )


class TreeForm(forms.Form):
    """What was looked at of a sheet, as its page carries it, sealed; and what was answered row by row."""

    SALT = "members.places.tree"

    rows_sealed = forms.CharField(strip=False)
    digest = forms.CharField(max_length=64)

    @classmethod
    def pack(cls, rows: list[TreeRow]) -> str:
        """The rows as the page carries them."""
        return signing.dumps(rows, salt=cls.SALT, compress=True)

    def clean_rows_sealed(self) -> str:
        """Only rows that this program has read."""
        text: str = self.cleaned_data["rows_sealed"]
        try:
            unsealed = signing.loads(text, salt=self.SALT, max_age=24 * 3600)
        except signing.BadSignature as error:
            raise ValidationError("Trang này đã cũ.") from error
        self.rows = [TreeRow(*row) for row in unsealed]
        return text

    @property
    def answers(self) -> dict[int, str]:
        """By the number of the row; those that were not answered are not in it."""
        said = {row.number: self.data.get(f"answer-{row.number}", "") for row in self.rows}
        return {number: answer for number, answer in said.items() if answer}
