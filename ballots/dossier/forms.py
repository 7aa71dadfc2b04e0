"""The form under the checks: why the file is sent again, and the numbers of its papers."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ballots.core.fields import paper_number
from ballots.dossier.answering import NO_ANSWER
from ballots.dossier.places import Place
from ballots.models import Paper, Pin
from ballots.papers import numbers
from ballots.papers.kinds import SERIES
from cells import wording
from cells.forms.fields import ProseField
from cells.models import Meeting

PREFIX = "number_"


def _done_with(pins: list[Pin]) -> str:
    """What is proposed as the reason: how many places were mended, how many answered.

    "" where something locked is not answered yet: the cell finds its own words for that.
    """
    answered = sum(bool(pin.answer) for pin in pins)
    if not pins or any(Place.parse(pin.place).is_locked and not pin.answer for pin in pins):
        return ""
    mended = len(pins) - answered
    parts = [
        *([f"sửa {wording.two_digits(mended)} chỗ"] if mended else []),
        *([f"trả lời {wording.two_digits(answered)} chỗ"] if answered else []),
    ]
    return f"Đã {', '.join(parts)} cấp trên nêu."


class PinAnswerForm(forms.Form):
    """Why a place that the committee above has named stays as it is."""

    answer = ProseField(
        label="Trả lời cấp trên, nếu chỗ này giữ nguyên",
        rows=2,
        max_length=1000,
        error_messages={"required": NO_ANSWER},
    )


class SendForm(forms.Form):
    """Gửi hồ sơ: `again` asks for the reason; a number field for each paper of the file that has a series."""

    def __init__(
        self,
        data: Any,
        *,
        meeting: Meeting,
        kinds: Iterable[str],
        again: bool,
        pins: Iterable[Pin] = (),
    ) -> None:
        """`kinds`: of the file's papers; numbers are proposed where the cell has numbered some.

        `pins`: the places that the committee above asked to be mended; the reason then is proposed, too.
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
                initial=_done_with(list(pins)),
                max_length=1000,
                error_messages={"required": "Xin ghi lý do gửi lại."},
            )
        for kind in kinds:
            self.fields[f"{PREFIX}{kind}"] = paper_number(
                f"Số của “{Paper.Kind(kind).label}” (nếu có)"
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
