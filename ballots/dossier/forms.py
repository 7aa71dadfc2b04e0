"""The form under the checks: why the file is sent again, and the numbers of its papers."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ballots.models import Paper
from ballots.papers import numbers
from ballots.papers.kinds import SERIES
from cells import wording
from cells.forms.fields import ProseField
from cells.models import Meeting

PREFIX = "number_"


class SendForm(forms.Form):
    """Gửi hồ sơ: `again` asks for the reason; a number field for each paper of the file that has a series."""

    def __init__(
        self, data: Any, *, meeting: Meeting, kinds: Iterable[str], again: bool, mended: int = 0
    ) -> None:
        """`kinds`: of the file's papers; numbers are proposed where the cell has numbered some.

        `mended`: how many places the committee above asked to be mended; the reason then is proposed, too.
        """
        kinds = [kind for kind in kinds if kind in SERIES]
        following = numbers.proposed(meeting, kinds) if numbers.are_used(meeting.cell) else {}
        initial = {f"{PREFIX}{kind}": number for kind, number in following.items()}
        super().__init__(data, initial=initial)
        self.meeting = meeting
        if again:
            self.fields["note"] = ProseField(
                label="Lý do gửi lại",
                rows=2,
                initial=f"Đã sửa {wording.two_digits(mended)} chỗ cấp trên nêu." if mended else "",
                max_length=1000,
                error_messages={"required": "Xin ghi lý do gửi lại."},
            )
        for kind in kinds:
            self.fields[f"{PREFIX}{kind}"] = forms.IntegerField(
                label=f"Số của “{Paper.Kind(kind).label}” (nếu có)",
                min_value=1,
                max_value=9999,
                required=False,
                error_messages={"invalid": "Xin ghi số bằng chữ số, hoặc để trống."},
            )

    def clean(self) -> dict[str, Any]:
        """Say at its field which number is taken, or written twice."""
        seen: dict[tuple[str, int], str] = {}
        for kind, number in self.numbers.items():
            sentence = numbers.taken(self.meeting.cell, {kind: number}, self.meeting)
            if (SERIES[kind], number) in seen:
                sentence = "Hai văn bản không mang cùng một số. Xin ghi số khác."
            if sentence:
                self.add_error(f"{PREFIX}{kind}", sentence)
            seen[SERIES[kind], number] = kind
        return self.cleaned_data

    @property
    def numbers(self) -> dict[str, int]:
        """What was typed, per kind of paper; kinds left empty are not named."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX) and value
        }
