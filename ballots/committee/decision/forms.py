"""Forms about decided levels: the committee's decision with one line per subject, a petition, and its answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms import BoundField

from ballots.committee.decision.verbs import (
    NO_ANSWER,
    STAYS_DECIDED,
    Act,
    LevelDecision,
    why_of,
)
from ballots.models import Decision
from ballots.papers.data import Authority
from ballots.papers.rulings.gather import DecisionAct, minutes_of
from ballots.results.concluded import occasion
from ballots.results.decisions import Case
from cells.forms.fields import LineField, ProseField
from cells.models import Committee, Level, Meeting
from cells.wording import body_of, capitalized, shortened
from members.form_fields import DayField

LONGEST = 4000
SIGNING = ("body", "signer_post", "signer")
OPEN = [("", "Chưa quyết định"), *Level.choices]


class PaperForm(forms.Form):
    """The paper that decides: its symbol and day, and who signs it."""

    symbol = LineField(
        label="Số, ký hiệu quyết định",
        help_text="Ví dụ: 125-QĐ/ĐU",
        max_length=60,
        error_messages={"required": "Xin ghi số, ký hiệu của quyết định."},
    )
    dated = DayField(
        label="Ngày quyết định",
        required=True,
        error_messages={"required": "Xin ghi ngày quyết định, như 15/12/2026."},
    )
    body = LineField(
        label="Thay mặt",
        help_text="Ví dụ: Đảng ủy, hoặc Ban Thường vụ",
        max_length=60,
        required=False,
    )
    signer_post = LineField(
        label="Chức vụ người ký", help_text="Ví dụ: Bí thư", max_length=60, required=False
    )
    signer = LineField(label="Họ và tên người ký", max_length=100, required=False)


def proposed_signing(committee: Committee, sitting: Meeting | None) -> dict[str, str]:
    """Who signed the committee's last decision; for the body that met, where the levels follow its own meeting."""
    last = Decision.objects.last_by(committee)
    signing = {name: getattr(last, name) for name in SIGNING} if last else {}
    if sitting is not None or last is None:
        decides = sitting.body_name if sitting else committee.executive_name
        signing["body"] = body_of(decides)
    return signing


@dataclass(frozen=True)
class Following:
    """The committee's own meetings on this file, the last first; the one whose conclusions the page starts from.

    `levels`: what it concludes and why it departs, by key of the case.
    """

    sittings: Sequence[Meeting] = ()
    chosen: Meeting | None = None
    levels: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class DecisionForm(PaperForm):
    """The paper that decides, and the level of each case: at first the one the cell proposes."""

    sending = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        cases: Sequence[Case],
        number: int,
        sending: int,
        data: Any = None,
        signing: Mapping[str, str] = MappingProxyType({}),
        following: Following | None = None,
    ) -> None:
        """`number`: which decision on this file it would be, from 1; `sending`: which one the page shows.

        `signing`: who signs, by field, as it is proposed. `following`: the committee's own meetings it may rest on.
        """
        super().__init__(data, initial={"sending": sending, **signing})
        followed = following or Following()
        self.sittings = {str(sitting.pk): sitting for sitting in followed.sittings}
        if self.sittings:
            self.fields["sitting"] = _sitting_field(self.sittings, followed.chosen)
        self.cases = {case.key: _stated(case, followed.levels) for case in cases}
        self.number = number
        if number > 1:
            self.fields["note"] = ProseField(
                label="Lý do quyết định lại",
                rows=2,
                max_length=LONGEST,
                error_messages={"required": "Xin ghi lý do quyết định lại."},
            )
        for case in self.cases.values():
            # Decided again, what was left open stays open: nothing is published that nobody chose.
            stands = case.decided if number > 1 else case.proposed
            level, reason = followed.levels.get(case.key, (stands, ""))
            self.fields[f"level-{case.key}"] = _level_field(case, level or case.decided)
            self.fields[f"reason-{case.key}"] = LineField(
                label=f"Lý do, nếu khác mức chi bộ đề nghị: {case.name}",
                max_length=300,
                required=False,
                initial=shortened(reason, 300),
            )

    def clean(self) -> None:
        """Each line is right in itself, so that a refusal stands where it is cured."""
        for key, verdict in self.verdicts.items():
            case = self.cases[key]
            if case.decided and not verdict.level:
                self.add_error(f"level-{key}", STAYS_DECIDED)
            departs = case.needs_reason(verdict.level) and verdict.level != case.decided
            if departs and not verdict.reason:
                self.add_error(f"reason-{key}", why_of(case.concluded))

    @property
    def act(self) -> Act:
        """The paper as the verb takes it."""
        cleaned = self.cleaned_data
        note = cleaned.get("note", "")
        signing = [cleaned[name] for name in SIGNING]
        about = (self.number, cleaned["symbol"], cleaned["dated"], cleaned["sending"], note)
        return Act(*about, *signing)._replace(sitting=self.rests_on)

    @property
    def rests_on(self) -> Meeting | None:
        """The committee's own meeting that was chosen."""
        return self.sittings.get(self.cleaned_data.get("sitting", ""))

    @property
    def draft(self) -> DecisionAct:
        """What its papers would say, where nothing but the levels need be there yet."""
        cleaned = self.cleaned_data
        authority = Authority(*(cleaned.get(name, "") for name in SIGNING))
        day, symbol = cleaned.get("dated"), cleaned.get("symbol", "")
        note, minutes = cleaned.get("note", ""), minutes_of(self.rests_on)
        return DecisionAct(self.number, symbol, day, note, authority, minutes)

    @property
    def verdicts(self) -> dict[str, LevelDecision]:
        """The lines as the verb takes them."""
        cleaned = self.cleaned_data
        return {
            key: LevelDecision(cleaned.get(f"level-{key}", ""), cleaned.get(f"reason-{key}", ""))
            for key in self.cases
        }

    def lines(self) -> Iterator[tuple[Case, BoundField, BoundField]]:
        """Each case with its level and its reason."""
        for key, case in self.cases.items():
            yield case, self[f"level-{key}"], self[f"reason-{key}"]


def _sitting_field(sittings: Mapping[str, Meeting], chosen: Meeting | None) -> forms.Field:
    named = [(key, capitalized(occasion(sitting))) for key, sitting in sittings.items()]
    return forms.ChoiceField(
        label="Căn cứ kết luận của",
        choices=[*named, ("", "Không căn cứ hội nghị nào của cấp ủy")],
        initial=str(chosen.pk) if chosen else "",
        required=False,
        error_messages={"invalid_choice": "Hội nghị này không còn. Xin tải lại trang."},
    )


def _stated(case: Case, levels: Mapping[str, tuple[str, str]]) -> Case:
    """With the level from which only a reason departs."""
    return replace(case, concluded=levels.get(case.key, ("", ""))[0])


def _level_field(case: Case, stands: str) -> forms.Field:
    return forms.ChoiceField(
        label=f"Mức của {case.name}",
        choices=OPEN,
        required=False,
        initial=stands,
        error_messages={"invalid_choice": "Xin chọn một mức trong danh sách."},
    )


class PetitionForm(forms.Form):
    """One text box for the member."""

    text = ProseField(
        label="Đồng chí kiến nghị điều gì, vì sao",
        rows=5,
        max_length=LONGEST,
        error_messages={"required": "Xin ghi kiến nghị điều gì, vì sao."},
    )


class AnswerForm(forms.Form):
    """One text box for the committee."""

    answer = ProseField(
        label="Trả lời, nêu rõ lý do",
        rows=3,
        max_length=LONGEST,
        error_messages={"required": NO_ANSWER},
    )
