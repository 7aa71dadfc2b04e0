"""Forms of a committee's report: who signs it and what it proposes, and what is to be mended in one that came up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ballots.committee.review.verbs import NOTHING_ASKED
from ballots.committee.upward.verbs import Report
from ballots.models import CommitteeFile
from ballots.papers.rollups.gather import ReportWords
from cells.forms.fields import LineField, ProseField
from cells.law.periods import Period
from cells.models import Committee
from members.form_fields import DayField

LONGEST = 4000


class ReportForm(forms.Form):
    """What is typed for the report; the numbers come from the files."""

    body = LineField(
        label="Thay mặt",
        help_text="Ví dụ: Đảng ủy, hoặc Ban Thường vụ",
        max_length=60,
        required=False,
    )
    post = LineField(
        label="Chức vụ người ký", help_text="Ví dụ: Bí thư", max_length=60, required=False
    )
    name = LineField(label="Họ và tên người ký", max_length=100, required=False)
    symbol = LineField(
        label="Số, ký hiệu báo cáo",
        help_text="Ví dụ: 12-BC/ĐU; bỏ trống thì chừa chỗ để ghi tay",
        max_length=60,
        required=False,
    )
    dated = DayField(label="Ngày báo cáo", required=False)
    proposals = ProseField(label="Đề nghị, kiến nghị", rows=4, max_length=LONGEST, required=False)

    def __init__(self, number: int, data: Any = None) -> None:
        """`number`: which sending it would be; from the second on its reason is asked."""
        super().__init__(data)
        if number > 1:
            self.fields["note"] = ProseField(
                label="Lý do gửi lại",
                rows=2,
                max_length=LONGEST,
                error_messages={"required": "Xin ghi lý do gửi lại."},
            )

    def report(self, committee: Committee, period: Period, number: int) -> Report:
        """As it is sent today, as this sending."""
        note = self.cleaned_data.get("note", "")
        return Report(committee, period, self._words, number, note, timezone.localdate())

    @property
    def _words(self) -> ReportWords:
        """As the papers take them."""
        typed = self.cleaned_data
        return ReportWords(
            body=typed["body"],
            post=typed["post"],
            name=typed["name"],
            symbol=typed["symbol"],
            dated=typed["dated"],
            proposals=typed["proposals"],
        )


class MendForm(forms.Form):
    """Ghi chỗ cần sửa, một ô cho mỗi dòng của báo cáo."""

    def __init__(self, file: CommitteeFile, data: Any = None) -> None:
        """The lines are those that were sent."""
        super().__init__(data)
        self.file = file
        for line in file.lines:
            field = ProseField(
                label=f"Cần sửa gì ở “{line['title']}”", rows=2, max_length=1000, required=False
            )
            field.widget.attrs["placeholder"] = " "  # an empty one is told by it: committee.css
            self.fields[line["key"]] = field

    def clean(self) -> dict[str, Any]:
        """Something must be asked."""
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(NOTHING_ASKED)
        return self.cleaned_data

    @property
    def remarks(self) -> Mapping[str, str]:
        """What was written, by the key of its line."""
        return {key: text for key, text in self.cleaned_data.items() if text}

    def lines(self) -> list[tuple[dict[str, str], forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[line["key"]]) for line in self.file.lines]
