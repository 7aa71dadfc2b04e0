"""Forms of committees and cells: the term of a cell; one value set over the guidance pack, with its basis."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms.fields import CalendarField, LineField
from cells.law.guidance import FOR_QUARTERS, Layer, load_pack, origins
from cells.law.periods import QUARTER
from cells.law.polls import order_words
from cells.law.rules import COLLECTIVES, HEAD_LIMITS, NONE, READINGS, ROUNDINGS, SCORINGS, Rules
from cells.law.thresholds import HOW, Threshold
from cells.wording import one_line

# The least and the most of a whole number, where that is not 0 and MOST: of a hundred, and teams of at least one.
MOST = 1000
FEW = 3  # up to three times as many is nothing to ask about, even where the pack has 0
SUBJECTS = "subjects"  # the one value that is words
BOUNDS = {
    "cap.percent": (0, 100),
    "likeness": (0, 100),
    "draft_days": (0, 30),
    "envelope_months": (0, 120),
    "score_gap": (0, 100),
    "collective_least": (1, 20),
    "min_tellers": (1, MOST),
    "min_tellers_paper": (1, MOST),
}


class TermForm(forms.Form):
    """When the cell's present term began: its papers are numbered from 1 within it."""

    term_since = CalendarField(
        label="Nhiệm kỳ hiện nay bắt đầu từ ngày",
        required=False,
        help_text="Thường là ngày đại hội chi bộ. Chi bộ không đánh số văn bản thì để trống.",
        error_messages={"invalid": "Xin ghi ngày đại hội, như 15/3/2025, hoặc để trống."},
    )

    def clean_term_since(self) -> date | None:
        """A term that has begun."""
        day: date | None = self.cleaned_data["term_since"]
        if day is not None and day > timezone.localdate():
            raise ValidationError("Ngày này chưa đến. Xin ghi ngày nhiệm kỳ hiện nay đã bắt đầu.")
        return day


class ExecutiveForm(forms.Form):
    """What a committee's executive is called in papers that go to it."""

    executive = LineField(
        label="Tên cấp ủy",
        max_length=200,
        required=False,
        help_text="In sau chữ “Kính gửi” trong báo cáo của các chi bộ. Để trống thì lấy theo tên đảng bộ.",
    )


class SettingForm(forms.Form):
    """Thiết lập riêng for one key of the rules; the value is checked by making the rules with it."""

    def __init__(self, data: Any, *, key: str, pack: str, initial: dict[str, object]) -> None:
        """`key`: dotted, as a setting names it; `pack`: the guidance pack it is set over."""
        super().__init__(data, initial=initial, auto_id=f"id_%s_{key.replace('*', 'all')}")
        self.key, self.pack = key, load_pack(pack)
        self.fields["value"] = self._value_field()
        self.fields["value"].error_messages["required"] = "Xin ghi giá trị."
        self.fields["basis"] = LineField(
            label="Căn cứ",
            max_length=300,
            help_text="Văn bản hoặc nghị quyết nào quy định như vậy.",
            error_messages={"required": "Xin ghi căn cứ: văn bản, nghị quyết nào, ngày nào."},
        )

    @property
    def questions(self) -> list[str]:
        """What is asked once of a form in order: a number more than three times the pack's, or less than a third."""
        value, usual = self.cleaned_data["value"], Rules.from_pack(self.pack, {}).value(self.key)
        if not isinstance(value, int) or not isinstance(usual, int | Decimal):
            return []
        if usual <= 3 * value and value <= 3 * max(usual, FEW):
            return []
        return [f"Giá trị {value} khác xa giá trị {usual} của bộ hướng dẫn."]

    @property
    def _is_threshold(self) -> bool:
        return self.key.startswith(("threshold", "quorum"))

    def _value_field(self) -> forms.Field:
        words = {
            "base": self.pack["base_labels"],
            "cap.reading": READINGS,
            "cap.rounding": ROUNDINGS,
            "scoring": SCORINGS,
            "head_limit": HEAD_LIMITS,
            "collectives": COLLECTIVES,
        }
        words |= {"polls": self._orders(), "finish": self._finish_days()}
        if self.key in words:
            return forms.ChoiceField(label="Giá trị", choices=list(words[self.key].items()))
        if self.key == SUBJECTS:
            return LineField(label="Giá trị", max_length=200)
        if self._is_threshold:
            return forms.CharField(label="Giá trị", max_length=40, help_text=HOW)
        if self.key.startswith("deadline"):
            wrong = {"invalid": "Xin ghi một ngày, như 10/12/2026."}
            return CalendarField(label="Giá trị", error_messages=wrong)
        if self.key == "score_step":
            help_text = "Viết như “1”, “0,5” hoặc “0,1”."
            return forms.CharField(label="Giá trị", max_length=4, help_text=help_text)
        return self._number_field()

    def _orders(self) -> dict[str, str]:
        """Every order of the polls of the pack, with its words."""
        orders = permutations(self.pack["rules"].get("polls", ()))
        return {",".join(order): order_words(order) for order in orders}

    def _finish_days(self) -> dict[str, str]:
        days = self.pack.get("finish_days", {})
        return {key: day["words"] for key, day in days.items()} | {NONE: "không định"}

    def _number_field(self) -> forms.Field:
        """A whole number; one sentence, which names the rule, for all that it cannot be."""
        least, most = BOUNDS.get(self.key, (0, MOST))
        label = origins(self.pack["version"])[f"rules.{self.key}"].label
        wrong = f"“{label}” phải là một số nguyên từ {least} đến {most}."
        return forms.IntegerField(
            label="Giá trị",
            help_text=f"Một số nguyên từ {least} đến {most}.",
            min_value=least,
            max_value=most,
            error_messages={
                "invalid": wrong,
                **dict.fromkeys(("min_value", "max_value"), wrong.replace("%", "%%")),
            },
        )

    def clean_value(self) -> object:
        """Refuse, in the rules' own words, what they cannot be made of."""
        value = self.cleaned_data["value"]
        if isinstance(value, date):
            value = value.isoformat()
        try:
            if self._is_threshold:
                value = Threshold.read(value).code
            elif isinstance(value, str) and self.key != SUBJECTS:
                value = one_line(value).replace(" ", "")
            own = FOR_QUARTERS if QUARTER in self.pack["serves"] else ""
            Rules.from_pack(self.pack, {}, [Layer("", {own + self.key: value})])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return value
