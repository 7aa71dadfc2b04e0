"""The form of one decision on many files: the paper, what the levels follow, and who is decided otherwise."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict

from ballots.committee.acts.levels import Basis, Seen, key_of
from ballots.committee.acts.verbs import Paper
from ballots.committee.decision.forms import SIGNING, PaperForm
from ballots.committee.decision.verbs import LevelDecision, why_of
from ballots.results.undecided import Waiting, WaitingFile
from cells.forms.fields import LineField
from cells.models import Level, Meeting

ROWS, MORE, MOST_ROWS = 3, 5, 100
UNKNOWN = "Không có ai như vậy trong các hồ sơ trên. Xin chọn trong danh sách máy gợi ý."
TWICE = "Đồng chí, tập thể này đã ghi ở dòng trên."
NO_NAME = "Xin ghi của ai."
LEFT_OPEN = [("", "Để lại, chưa quyết định"), *Level.choices]

Subject = tuple[WaitingFile, Waiting]
Levels = Mapping[int, Mapping[str, LevelDecision]]
Value = TypeVar("Value")


class DepartureForm(forms.Form):
    """One subject that is decided otherwise than the rest, by its name as the page suggests it."""

    who = LineField(label="Họ và tên, tập thể", max_length=300, required=False)
    level = forms.ChoiceField(
        label="Mức",
        choices=LEFT_OPEN,
        required=False,
        error_messages={"invalid_choice": "Xin chọn một mức trong danh sách."},
    )
    reason = LineField(label="Lý do", max_length=300, required=False)

    def __init__(
        self, place: int, subjects: Mapping[str, Subject], data: Any = None, was_seen: bool = False
    ) -> None:
        """`place`: its line, from 0; `subjects`: who there is, by the name that is typed.

        `was_seen`: a preview has taken it, so that whom it no longer finds is of a file that is left out by now.
        """
        super().__init__(data, prefix=f"khac-{place}")
        self.subjects = subjects
        self.was_seen = was_seen

    def clean(self) -> None:
        """An empty line says nothing; another names one subject, and why where that departs."""
        who, level = self.cleaned_data.get("who", ""), self.cleaned_data.get("level", "")
        reason = self.cleaned_data.get("reason", "")
        if not who:
            if level or reason:
                self.add_error("who", NO_NAME)
            return
        subject = self.subjects.get(who)
        if subject is None:
            if not self.was_seen:
                self.add_error("who", UNKNOWN)
        elif subject[1].needs_reason(level) and not reason:
            self.add_error("reason", why_of(subject[1].concluded))

    @property
    def subject(self) -> Subject | None:
        """Whom it is about; None on an empty line."""
        return self.subjects.get(self.cleaned_data.get("who", ""))

    @property
    def verdict(self) -> LevelDecision:
        """What it decides."""
        return LevelDecision(self.cleaned_data["level"], self.cleaned_data["reason"])


class JointForm(PaperForm):
    """The paper, which files it is on, and the departures."""

    def __init__(
        self,
        files: Sequence[WaitingFile],
        data: QueryDict | None = None,
        signing: Mapping[str, str] = MappingProxyType({}),
        drafts: Mapping[str, str] = MappingProxyType({}),
        sitting: Meeting | None = None,
    ) -> None:
        """`drafts`: names of drafts and meetings by their key, whose levels may be taken instead of those proposed.

        `sitting`: the committee's own meeting among them that was chosen.
        """
        self.sitting = sitting
        super().__init__(data, initial=dict(signing))
        self.waiting = files
        if drafts:
            self.fields["draft"] = forms.ChoiceField(
                label="Mức lấy theo",
                choices=[("", "Mức chi bộ đề nghị"), *drafts.items()],
                required=False,
                error_messages={
                    "invalid_choice": "Dự thảo, hội nghị này không còn. Xin chọn lại."
                },
            )
        self.subjects = subjects_of(files)
        rows = range(self._rows(data))
        was_seen = data is not None and data.get("step") == "decide"
        self.departures = [DepartureForm(at, self.subjects, data, was_seen) for at in rows]
        self.chosen = self._chosen(data)

    def _rows(self, data: QueryDict | None) -> int:
        """As many lines as were shown, and some more where that was pressed."""
        if data is None:
            return ROWS
        shown = data.get("rows", "")
        rows = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else ROWS
        return min(MOST_ROWS, rows + (MORE if data.get("step") == "rows" else 0))

    def _chosen(self, data: QueryDict | None) -> set[int]:
        """The meetings whose files are ticked; at first all."""
        if data is None:
            return {file.meeting.pk for file in self.waiting}
        return set(_read(data.getlist("file"), key_of)) | {each.meeting for each in seen_in(data)}

    def clean(self) -> None:
        """The departures are right too, and each is about somebody else."""
        about: set[tuple[int, str]] = set()
        for row in self.departures:
            if not row.is_valid():
                self.add_error(None, "Dòng “khác đề nghị” có chỗ cần sửa, xem bên dưới.")
            elif row.subject:
                key = _key(row.subject)
                if key in about:
                    row.add_error("who", TWICE)
                    self.add_error(None, f"{row.cleaned_data['who']}: {TWICE}")
                about.add(key)

    @property
    def paper(self) -> Paper:
        """As the verb takes it."""
        typed = (self.cleaned_data[name] for name in ("symbol", "dated", *SIGNING))
        return Paper(*typed)._replace(sitting=self.sitting)

    def basis(self, draft: Levels | None, concluded: Levels | None = None) -> Basis:
        """What the levels follow; `draft`, `concluded`: of the draft or meeting that was chosen, None without."""
        departures = {_key(row.subject): row.verdict for row in self.departures if row.subject}
        named = None if draft is None else int(self.cleaned_data["draft"])
        return Basis(draft, departures, concluded, named)


def _key(subject: Subject) -> tuple[int, str]:
    file, case = subject
    return file.meeting.pk, case.key


def seen_in(data: QueryDict) -> list[Seen]:
    """The files that a preview showed; what no preview wrote is not among them."""
    return _read(data.getlist("seen"), Seen.parse)


def _read(texts: Sequence[str], read: Callable[[str], Value]) -> list[Value]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(read(text))
    return found


def subjects_of(files: Sequence[WaitingFile]) -> dict[str, Subject]:
    """Everybody by the name to be typed: with the cell, its committee and at last a number where two are the same."""
    pairs = [(file, case) for file in files for case in file.cases]
    once = Counter(_named(*pair) for pair in pairs)
    named: dict[str, Subject] = {}
    for file, case in pairs:
        name = _named(file, case)
        if once[name] > 1:
            name = f"{name}, {file.meeting.cell.committee.name}"
        if name in named:
            name = f"{name} ({file.meeting.pk})"
        named[name] = (file, case)
    return named


def _named(file: WaitingFile, case: Waiting) -> str:
    cell = file.meeting.cell.name
    return f"{case.name}, {cell}" if case.member or case.collective else cell
