"""The form that opens a campaign (đợt kiểm điểm): of this year at first, with what its last one still tells."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.fields import papers_basis_field
from cells.law.guidance import Layer, load_pack, pack_names, version_of
from cells.law.periods import Period
from cells.law.rules import Rules
from cells.models import Campaign, Committee
from cells.stale import STALE

FIRST, LAST = 2018, 2099
LONGEST = 300
WRONG_PACK = (
    "Bộ hướng dẫn này không dùng cho {}. Xin chọn bộ khác, hoặc để “Bộ mới nhất của kỳ ấy”."
)


def basis_lines(text: str) -> list[str]:
    """The documents of a basis, one per line; ValidationError where a line is too long."""
    lines = [line for line in text.split("\n") if line]
    if any(len(line) > LONGEST for line in lines):
        raise ValidationError(
            f"Mỗi dòng căn cứ dài nhất {LONGEST} chữ. Xin tách thành nhiều dòng."
        )
    return lines


class CampaignForm(forms.Form):
    """Kind, year, guidance pack and basis of a new campaign; `campaign` is what was filled in."""

    kind = forms.ChoiceField(label="Kỳ", choices=Campaign.Kind.choices)
    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST,
        max_value=LAST,
        error_messages={
            "required": "Xin ghi năm, bốn chữ số.",
            "invalid": "Xin ghi năm, bốn chữ số.",
            "min_value": f"Xin ghi một năm từ {FIRST} đến {LAST}.",
            "max_value": f"Xin ghi một năm từ {FIRST} đến {LAST}.",
        },
    )
    pack = forms.ChoiceField(label="Bộ hướng dẫn", required=False)
    basis = papers_basis_field()
    keep_settings = forms.BooleanField(
        label="Giữ các thiết lập riêng của đợt trước", required=False
    )

    def __init__(self, data: Any, *, committee: Committee, today: date) -> None:
        """`committee`: whose campaign it will be; its last one of the same kind may pass on basis and settings."""
        self.committee, self.today = committee, today
        self.former = {
            c.kind: c for c in Campaign.objects.filter(committee=committee).order_by("year")
        }
        last = self.former.get(Campaign.Kind.YEAR)
        initial = {
            "kind": Campaign.Kind.YEAR,
            "year": self._first_open(today.year),
            "basis": "\n".join(last.basis) if last and _is_newest(last.pack) else "",
            "keep_settings": True,
        }
        super().__init__(data, initial=initial)
        labels = [(name, load_pack(name)["label"]) for name in reversed(pack_names())]
        self.fields["pack"].choices = [("", "Bộ mới nhất của kỳ ấy"), *labels]  # type: ignore[attr-defined]
        if not any(campaign.settings for campaign in self.former.values()):
            del self.fields["keep_settings"]

    @property
    def questions(self) -> list[str]:
        """What is asked once of a form in order: a year that is neither this one nor beside it."""
        year = self.campaign.year
        if abs(year - self.today.year) <= 1:
            return []
        return [f"Nay là năm {self.today.year} mà đợt kiểm điểm này là của năm {year}."]

    def _first_open(self, year: int) -> int:
        """This year, or the next one without a campaign of the whole year."""
        mine = Campaign.objects.filter(committee=self.committee, kind=Campaign.Kind.YEAR)
        taken = set(mine.values_list("year", flat=True))
        return next(each for each in range(year, year + len(taken) + 1) if each not in taken)

    def clean_basis(self) -> list[str]:
        """One line per document."""
        return basis_lines(self.cleaned_data["basis"])

    def clean(self) -> None:
        """A pack made for the kind, settings it knows, and no second campaign of the period."""
        values = self.cleaned_data
        if self.errors:
            return
        period = Period(values["year"], values["kind"])
        pack = values["pack"] or pack_names(period.serving)[-1]
        if period.serving not in load_pack(pack)["serves"]:
            self.add_error("pack", WRONG_PACK.format(period.words))
            return
        self.campaign = Campaign(
            committee=self.committee,
            year=period.year,
            kind=period.kind,
            pack=version_of(pack),
            basis=values["basis"],
            settings=self._settings(period.kind) if values.get("keep_settings") else {},
        )
        try:
            Rules.from_pack(load_pack(pack), self.campaign.settings, [Layer("", {})])
            self.campaign.validate_constraints()
        except ValueError as error:
            self.add_error("keep_settings", str(error))

    def _settings(self, kind: str) -> dict[str, Any]:
        former = self.former.get(kind)
        return dict(former.settings) if former else {}


class VersionForm(forms.Form):
    """From which version of its pack a campaign goes over to which: those that the page was drawn from."""

    former = forms.CharField(widget=forms.HiddenInput)
    newer = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, campaign: Campaign) -> None:
        """Begin with the version it goes by, and the newest."""
        self.versions = {"former": campaign.pack, "newer": campaign.newer_pack}
        super().__init__(data, initial=self.versions)

    def clean(self) -> None:
        """Refuse a page drawn before the campaign went over, or before a still newer version was published."""
        if not self.versions["newer"] or self.cleaned_data != self.versions:
            raise ValidationError(STALE)


def _is_newest(pack: str) -> bool:
    """Whether a new campaign of a year would go by the same guidance: else its basis names what is out of force."""
    return bool(load_pack(pack)["name"] == pack_names(Campaign.Kind.YEAR)[-1])
