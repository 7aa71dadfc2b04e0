"""Forms of the appraisal page: one per block that is saved with one press; nothing typed is lost."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from ballots.appraisal.rules import Condition, Doubt
from ballots.appraisal.subjects import SubjectAppraisal
from ballots.appraisal.verbs import Answer
from cells.forms.fields import ProseField
from cells.law.flags import Flag
from cells.stale import STALE, fingerprint
from members.models import Finding

YES, NO, UNANSWERED = "yes", "no", ""
ANSWERS = [(YES, "Đạt"), (NO, "Chưa đạt"), (UNANSWERED, "Chưa trả lời")]
LONGEST = 2000


class ConditionRow(NamedTuple):
    """One condition with its two places, and what was answered when it read otherwise."""

    condition: Condition
    answer: forms.BoundField
    evidence: forms.BoundField
    former: Finding | None


class ConditionsForm(forms.Form):
    """Every condition of a subject: whether it holds, and what shows that."""

    def __init__(self, subject: SubjectAppraisal, data: Any = None) -> None:
        """Begin with what is on record."""
        super().__init__(data)
        self.conditions = subject.appraisal.conditions
        self.condition_texts = {condition.key: condition.text for condition in self.conditions}
        self.former = {
            key: row for key in self.condition_texts if (row := subject.former_answer(key))
        }
        for condition in self.conditions:
            row = subject.answer(condition.key)
            answer = UNANSWERED if row is None else YES if row.holds else NO
            self.fields[f"answer-{condition.key}"] = forms.ChoiceField(
                label=condition.text,
                choices=ANSWERS,
                required=False,
                initial=answer,
                error_messages={"invalid_choice": "Xin chọn một trong ba ô."},
            )
            self.fields[f"evidence-{condition.key}"] = ProseField(
                label="Minh chứng (nếu có)",
                rows=2,
                max_length=LONGEST,
                required=False,
                initial=row.evidence if row else "",
            )

    @property
    def mark(self) -> str:
        """What stands for the conditions on a page drawn from them."""
        return fingerprint(self.condition_texts)

    def clean(self) -> None:
        """Evidence belongs to an answer, and an answer to what was read."""
        if self.data.get("asked", self.mark) != self.mark:
            raise ValidationError(STALE)
        for condition in self.conditions:
            answer = self.cleaned_data.get(f"answer-{condition.key}")
            if answer == UNANSWERED and self.cleaned_data.get(f"evidence-{condition.key}"):
                self.add_error(
                    f"answer-{condition.key}",
                    "Đã ghi minh chứng thì xin chọn “Đạt” hoặc “Chưa đạt”.",
                )

    @property
    def answers(self) -> dict[str, Answer]:
        """What was filled in, as the verb takes it; what read otherwise and is not answered again stays on record."""
        answers: dict[str, Answer] = {}
        for condition in self.conditions:
            answer = self.cleaned_data[f"answer-{condition.key}"]
            evidence = self.cleaned_data[f"evidence-{condition.key}"]
            if answer or condition.key not in self.former:
                answers[condition.key] = (answer == YES, evidence) if answer else None
        return answers

    def rows(self, level: str) -> list[ConditionRow]:
        """The conditions of one level with their two places."""
        return [
            ConditionRow(
                each,
                self[f"answer-{each.key}"],
                self[f"evidence-{each.key}"],
                self.former.get(each.key),
            )
            for each in self.conditions
            if each.level == level
        ]


class PressForm(forms.Form):
    """Which button was pressed, of which case where it is one of them, and what its block was drawn from."""

    CONDITIONS, REASONS, CONFIRM, WITHDRAW = "conditions", "reasons", "confirm", "withdraw"

    do = forms.ChoiceField(choices=[(do, do) for do in (CONDITIONS, REASONS, CONFIRM, WITHDRAW)])
    flag = forms.CharField(required=False)
    seen = forms.CharField(required=False)


class FlagForm(forms.Form):
    """Confirm one case, on written evidence."""

    evidence = ProseField(
        label="Căn cứ",
        rows=2,
        max_length=LONGEST,
        error_messages={"required": "Xin ghi căn cứ: văn bản, quyết định nào, ngày nào."},
    )

    def __init__(self, subject: SubjectAppraisal, flag: Flag, data: Any = None) -> None:
        """Begin with the evidence on record, that of a withdrawn confirmation too."""
        row = subject.finding(Finding.Kind.FLAG, flag.key)
        initial = {"evidence": row.evidence if row else ""}
        super().__init__(data, initial=initial, auto_id=f"id_%s_{flag.key}")


NO_REASON = "Chưa ghi lý do nào: xin viết lý do vào ô rồi bấm Lưu lý do."


class ReasonsForm(forms.Form):
    """The reasons asked for, one place beside each doubt; a press that writes none and takes none back is refused."""

    def __init__(self, subject: SubjectAppraisal, data: Any = None) -> None:
        """Begin with the reasons on record."""
        super().__init__(data)
        self.doubts = subject.appraisal.doubts
        for doubt in self.doubts:
            row = subject.finding(Finding.Kind.REASON, doubt.key)
            self.fields[f"reason-{doubt.key}"] = ProseField(
                label="Lý do",
                rows=2,
                max_length=LONGEST,
                required=False,
                initial=row.evidence if row else "",
            )

    def clean(self) -> None:
        """Say so where nothing is written and nothing was: no line would be explained."""
        has_former = any(self.fields[f"reason-{doubt.key}"].initial for doubt in self.doubts)
        if self.errors or self.left_over() or has_former or not self.doubts:
            return
        if not any(self.reasons.values()):
            raise ValidationError(NO_REASON)

    @property
    def reasons(self) -> dict[str, str]:
        """What was filled in, by key of the doubt."""
        return {doubt.key: self.cleaned_data[f"reason-{doubt.key}"] for doubt in self.doubts}

    def rows(self) -> list[tuple[Doubt, forms.BoundField]]:
        """The doubts with their places."""
        return [(doubt, self[f"reason-{doubt.key}"]) for doubt in self.doubts]

    def left_over(self) -> list[str]:
        """Words that were sent for doubts that are none any more: shown, so that they can be copied."""
        known = {f"reason-{doubt.key}" for doubt in self.doubts}
        names: Iterable[str] = self.data if self.is_bound else ()
        unknown = [name for name in names if name.startswith("reason-") and name not in known]
        return [text for name in unknown if (text := str(self.data.get(name, "")).strip())]
