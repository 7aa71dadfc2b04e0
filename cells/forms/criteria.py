"""The form of a set of criteria: a few groups, each with its points and its items one per line, and the basis."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from cells.forms.fields import LineField, SeenForm, clean_value
from cells.law.criteria import PARTS, Group, keyed, refusals
from cells.law.review_forms import POINTS
from cells.law.rules import GRADED, SCORINGS
from cells.models import Setting
from cells.stale import fingerprint
from cells.wording import capitalized, one_line, score

MOST = 60  # criteria that anybody may be asked to answer
LONGEST = 500
SPARE = 2  # empty places for further groups
NO_TITLE = "Xin ghi tên nhóm tiêu chí."
NO_POINTS = "Xin ghi số điểm lớn hơn 0, viết như “2” hoặc “0,5”."


def lines(text: str, of: str) -> list[str]:
    """Each line tidy, none twice, empty ones left out; ValidationError, which says `of` what they are."""
    text_lines = [line for typed in text.splitlines() if (line := clean_value(one_line, typed))]
    if any(len(line) > LONGEST for line in text_lines):
        raise ValidationError(f"Mỗi {of} dài nhất {LONGEST} chữ. Xin viết gọn lại.")
    if len(set(text_lines)) < len(text_lines):
        raise ValidationError(f"Có {of} viết hai lần. Xin bỏ một.")
    return text_lines


def _sentences(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, capitalized(text)) for code, text in words.items()]


class GroupForm(forms.Form):
    """One group: what it is called, which part it belongs to, how it is scored, and its criteria."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = LineField(label="Tên nhóm", max_length=300, error_messages={"required": NO_TITLE})
    part = forms.ChoiceField(label="Phần", choices=list(PARTS.items()), initial=next(iter(PARTS)))
    scoring = forms.ChoiceField(label="Cách chấm", choices=_sentences(SCORINGS), initial=GRADED)
    points = forms.CharField(
        label="Điểm của mỗi tiêu chí",
        max_length=6,
        help_text="Nhóm không có tiêu chí bên dưới thì là điểm của cả nhóm.",
        error_messages={"required": NO_POINTS},
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    items = forms.CharField(
        label="Các tiêu chí, mỗi dòng một tiêu chí",
        required=False,
        max_length=MOST * LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    note = LineField(label="Ghi chú (nếu có)", required=False, max_length=300)

    def clean_points(self) -> str:
        """An exact number above 0."""
        text = self.cleaned_data["points"].strip()
        value = Decimal(text.replace(",", ".")) if POINTS.fullmatch(text) else Decimal(0)
        if not value:
            raise ValidationError(NO_POINTS)
        return str(value)

    def clean_items(self) -> list[str]:
        """The criteria, each a tidy line, none twice."""
        return lines(self.cleaned_data["items"], "tiêu chí")

    @property
    def group(self) -> dict[str, Any]:
        """The group in the shape of the packs; what is empty is left out."""
        names = ("key", "part", "points", "scoring", "title", "note", "items")
        values = {name: self.cleaned_data[name] for name in names}
        return {name: value for name, value in values.items() if value or name == "key"}


class _Groups(forms.BaseFormSet):
    """All groups of a set, those of the pattern first, then the spare places."""

    pattern: Sequence[Group] = ()
    former: Sequence[Group] = ()

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Name the box that drops a group."""
        super().add_fields(form, index)
        if form.initial:
            form.fields["DELETE"].label = "Bỏ nhóm này"
        else:
            del form.fields["DELETE"]

    def clean(self) -> None:
        """Refuse a set that does not add up as the pack's own does."""
        if any(form.errors for form in self.forms if not self._is_dropped(form)):
            return
        groups = self._kept()
        count = sum(max(1, len(group.get("items", []))) for group in groups)
        if count > MOST:
            raise ValidationError(f"Bộ tiêu chí có nhiều nhất {MOST} tiêu chí, ở đây là {count}.")
        problems = list(refusals(groups, self.pattern))
        if problems:
            raise ValidationError(problems)

    def _is_dropped(self, form: forms.Form) -> bool:
        return f"{form.prefix}-DELETE" in self.data

    def _kept(self) -> list[dict[str, Any]]:
        """What stands in the set: neither a group to be dropped nor a place left empty."""
        filled = (form for form in self.forms if form.has_changed() or form.initial)
        return [form.group for form in filled if not self._is_dropped(form)]

    def groups(self) -> list[dict[str, Any]]:
        """The set, with keys that stay the same as far as may be."""
        return keyed(self._kept(), self.former)


_formset = forms.formset_factory(GroupForm, _Groups, extra=SPARE, can_delete=True, max_num=MOST)


def group_forms(data: Any, former: Sequence[Group], pattern: Sequence[Group]) -> _Groups:
    """The forms of the set in force, `former`, with places for more; `pattern` is the pack's own set."""
    made = cast(_Groups, _formset(data, prefix="nhom", initial=list(_initial(former))))
    made.former, made.pattern = former, pattern
    return made


def _initial(groups: Iterable[Group]) -> Iterable[dict[str, Any]]:
    for group in groups:
        points = score(Decimal(group["points"]))
        yield {**group, "points": points, "items": "\n".join(group.get("items", []))}


class BasisForm(SeenForm):
    """On what basis something is set, and what stood there when the page was opened."""

    thing = "bộ tiêu chí"

    basis = LineField(label="Căn cứ", max_length=300)

    def __init__(self, data: Mapping[str, Any] | None, own: Setting | None, **more: Any) -> None:
        """`own`: what this body has set so far; `more`: what every form takes."""
        initial = {"basis": own.basis if own else ""} | more.pop("initial", {})
        super().__init__(data, now=_standing(own), initial=initial, **more)
        basis = self.fields["basis"]
        basis.help_text = f"Văn bản hoặc nghị quyết nào ban hành {self.thing} này."
        basis.error_messages["required"] = f"Xin ghi căn cứ của {self.thing} này."


def _standing(own: Setting | None) -> str:
    """What stands for a setting in its form; "" where nothing is set."""
    return fingerprint([own.value, own.basis]) if own else ""
