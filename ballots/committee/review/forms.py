"""The form by which the committee above returns a file: one field per place, of which those filled in are pins."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from ballots.committee.review.verbs import NOTHING_ASKED
from ballots.dossier.places import FileFact, PlaceKind, Section
from cells.forms.fields import ProseField
from cells.stale import fingerprint

CHANGED = (
    "Hồ sơ có chỗ vừa thay đổi từ lúc đồng chí mở trang nên chưa ghi gì. "
    "Chữ đã ghi còn nguyên; xin xem lại rồi bấm lần nữa."
)
PLACES = frozenset(PlaceKind)


class ReturnForm(forms.Form):
    """Ghi chỗ cần sửa ở từng số, từng dòng của hồ sơ."""

    def __init__(
        self, sections: Sequence[Section], data: Any = None, *, asks: bool = True
    ) -> None:
        """`sections`: the places of the file as it stands; `asks`: whether something has to be written."""
        super().__init__(data)
        self.asks = asks
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.sections = sections
        self.facts = {fact.place.key: fact for section in sections for fact in section.facts}
        for key, fact in self.facts.items():
            named = fact.value if fact.place.kind == PlaceKind.FILE else fact.title
            self.fields[key] = ProseField(
                label=f"Cần sửa gì ở “{named}”", rows=2, max_length=1000, required=False
            )

    @property
    def now(self) -> str:
        """What stands for the file as it is: a page drawn from another one is told so."""
        return fingerprint({key: fact.about for key, fact in self.facts.items()})

    @property
    def gone(self) -> list[str]:
        """What was written at places that the file no longer has, for it to be read and written elsewhere."""
        return [
            str(text).strip()
            for key, text in self.data.items()
            if key.partition(":")[0] in PLACES and key not in self.facts and str(text).strip()
        ]

    def clean(self) -> dict[str, Any]:
        """Something must be asked; without it a returned file would tell nobody what to do."""
        if self.asks and not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(NOTHING_ASKED)
        if self.cleaned_data.get("seen", "") not in ("", self.now) or self.gone:
            raise ValidationError(CHANGED)
        return self.cleaned_data

    @property
    def remarks_by_place(self) -> dict[FileFact, str]:
        """What was written, per fact, in the order of the file."""
        return {
            fact: text for key, fact in self.facts.items() if (text := self.cleaned_data.get(key))
        }

    def lines(self) -> Iterator[tuple[Section, list[tuple[FileFact, BoundField]]]]:
        """The sections, each fact with its field."""
        for section in self.sections:
            yield section, [(fact, self[fact.place.key]) for fact in section.facts]
