"""Forms of a campaign's days: a new one after a former one, and changing what one has set."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.campaigns import basis_lines
from cells.forms.fields import CalendarField, papers_basis_field
from cells.law.deadlines import STEPS, moved, out_of_order
from cells.law.guidance import load_pack, pack_names, version_of
from cells.law.periods import Period
from cells.models import Campaign
from cells.stale import STALE, fingerprint

# A period that ended longer ago is not offered any more.
LATE = timedelta(days=92)


class DaysForm(forms.Form):
    """Basis and the days of the steps; `days` is what was filled in."""

    basis = papers_basis_field()

    def __init__(self, data: Any, *, campaign: Campaign, today: date, initial: Any) -> None:
        """`campaign`: whose days they are; its basis and its days stand in the form at first."""
        self.campaign, self.today = campaign, today
        days = {step: date.fromisoformat(day) for step, day in campaign.deadlines.items()}
        super().__init__(data, initial={"basis": "\n".join(campaign.basis), **days, **initial})
        for step, words in STEPS.items():
            self.fields[step] = CalendarField(label=f"Hạn: {words}", required=False)

    @property
    def days(self) -> dict[str, date]:
        """The days that are set, by step."""
        return {step: day for step in STEPS if (day := self.cleaned_data.get(step))}

    @property
    def questions(self) -> list[str]:
        """What is asked once of a form in order: a day that has passed and did not stand there before."""
        return [
            f"Hạn “{STEPS[step]}” là {day:%d/%m/%Y}, đã qua."
            for step, day in self.days.items()
            if day < self.today and self.initial.get(step) != day
        ]

    def clean_basis(self) -> list[str]:
        """One line per document."""
        return basis_lines(self.cleaned_data["basis"])

    def clean(self) -> None:
        """The days lie in the period, in the order of the steps, none after the end of the whole review."""
        if self.errors:
            return
        span = self.campaign.span
        finish = self.campaign.rules_of(self.campaign.committee).finish
        last = finish.of(span.year) if finish else None
        for step, sentence in out_of_order(self.days, span.begins_on, last).items():
            self.add_error(step, sentence)
        self.campaign.basis = self.cleaned_data.get("basis", [])
        self.campaign.deadlines = {step: day.isoformat() for step, day in self.days.items()}


class ChangeForm(DaysForm):
    """What a campaign has set; refused where the page shows what stands no more."""

    drawn = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, campaign: Campaign, today: date) -> None:
        """Begin with what stands."""
        self.stands = fingerprint([campaign.basis, campaign.deadlines])
        initial = {"drawn": self.stands}
        super().__init__(data, campaign=campaign, today=today, initial=initial)

    def clean_drawn(self) -> str:
        """Refuse an old page."""
        if self.cleaned_data["drawn"] != self.stands:
            raise ValidationError(STALE)
        return self.stands


class CloneForm(DaysForm):
    """A new campaign after a former one: the newest version of its pack, its own settings, its days moved on."""

    pack = forms.ChoiceField(
        label="Bộ hướng dẫn",
        error_messages={
            "invalid_choice": "Không có bộ hướng dẫn này cho kỳ ấy. Xin chọn trong danh sách."
        },
    )
    # A second press of the same page opens nothing more.
    period = forms.CharField(widget=forms.HiddenInput)
    field_order = ("period", "pack", *STEPS, "basis")

    def __init__(self, data: Any, *, former: Campaign, today: date) -> None:
        """Begin with what the former one tells of the next period of its kind."""
        self.former = former
        span = _next_open(former, today)
        names = pack_names(span.serving)
        own = former.pack.partition(".")[0]
        begun = Campaign(committee=former.committee, year=span.year, kind=span.kind)
        begun.pack = version_of(own)
        begun.basis = former.basis
        begun.deadlines = _moved(former, span)
        initial = {"period": str(span), "pack": own}
        super().__init__(data, campaign=begun, today=today, initial=initial)
        choices = [(name, f"{load_pack(name)['label']}, bản {version_of(name)}") for name in names]
        self.fields["pack"].choices = choices[::-1]  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    @property
    def dropped(self) -> dict[str, list[str]]:
        """What binds under the former's version and has no place in the newest of its pack: labels by body."""
        return self.former.dropped_by(self.campaign.pack)

    def clean_period(self) -> str:
        """Refuse a period that has been opened since the page was drawn."""
        if self.cleaned_data["period"] != str(self.campaign.span):
            raise ValidationError(
                "Đợt này vừa được mở, hoặc trang đã cũ. Xin xem lại danh sách các đợt."
            )
        return str(self.campaign.span)

    def clean(self) -> None:
        """Take over under the pack that was chosen."""
        if "pack" in self.cleaned_data:
            self.campaign.pack = version_of(self.cleaned_data["pack"])
            self.campaign.settings = self.former.kept_settings(self.campaign.pack)
        super().clean()


def _next_open(former: Campaign, today: date) -> Period:
    """The next period of its kind that has no campaign of the committee yet and is not long over."""
    mine = Campaign.objects.filter(committee=former.committee)
    taken = {Period(*columns) for columns in mine.values_list("year", "kind")}
    span = former.span.following
    while span in taken or span.ends_on < today - LATE:
        span = span.following
    return span


def _moved(former: Campaign, span: Period) -> dict[str, str]:
    """The days in force under the former campaign, moved as far as its period lies behind."""
    months = former.span.months_to(span)
    days = former.rules_of(former.committee).deadlines
    return {step: moved(day, months).isoformat() for step, day in days.items()}
