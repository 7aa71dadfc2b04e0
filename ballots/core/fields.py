"""Forms of the officers' pages of a meeting; the field names are the parameter names of the verbs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ballots.core import hands
from members.models import Member
from members.rules.names import ListedNames


def hand_count(label: str, least: int) -> forms.IntegerField:
    """A number of raised hands, from `least` on."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=9999,
        error_messages={"required": "Xin ghi số giơ tay.", "invalid": "Xin ghi bằng chữ số."},
    )


def paper_number(label: str, help_text: str = "") -> forms.IntegerField:
    """The number that a paper will bear, or none."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=9999,
        required=False,
        help_text=help_text,
        error_messages={"invalid": "Xin ghi số bằng chữ số, hoặc để trống."},
    )


def check_hands(form: forms.BaseForm, what: str, voters: int) -> None:
    """Say at the field `of` why its hands, `yes` of `of`, cannot be, or do not carry `what`."""
    yes, of = (form.cleaned_data.get(name) for name in ("yes", "of"))
    if yes is None or of is None:
        return
    if refusal := hands.refusal(what, yes, of, voters):
        form.add_error("of", refusal)


class MemberChoice(forms.ModelChoiceField):
    """One member of a given list."""

    def __init__(self, members: Iterable[Member], names: ListedNames, **options: object) -> None:
        """`members`: who may be chosen, in the order shown; `names`: of the whole list they stand on."""
        offered = [(member.pk, names.label(member)) for member in members]
        super().__init__(Member.objects.filter(pk__in=dict(offered)), **options)  # type: ignore[arg-type]
        blank = [("", self.empty_label or "")] if self.empty_label is not None else []
        self.widget.choices = [*blank, *offered]


class MembersChoice(forms.ModelMultipleChoiceField):
    """Members of a query."""

    def clean(self, value: Any) -> Any:
        """Refuse whatever is no key of theirs before the database is asked: a number may be too long for it."""
        offered = self.queryset.values_list("pk", flat=True) if self.queryset is not None else ()
        keys = {str(pk) for pk in offered} if value else set()
        strange = next((key for key in value or () if str(key) not in keys), None)
        if strange is not None:
            messages, params = self.error_messages, {"value": strange}
            raise ValidationError(messages["invalid_choice"], "invalid_choice", params)
        return super().clean(value)
