"""Forms about people: an officer signs in; one member of a cell, with the post held in it."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from cells.forms.fields import LineField, clean_value
from members.form_fields import DayField, optional_line
from members.models import Member, Office
from members.models.people import IN_CELL
from members.people.transfers import same_tree
from members.rules import fields
from members.rules.identity import NUMBERS, STRONG, WEAK, YEAR, may_be_one
from members.rules.names import sort_key

MOST = 999  # places in a list
RUNS_MEETINGS = "Bí thư và phó bí thư có tài khoản thì điều hành được hội nghị của chi bộ."


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-md") for name in names))


LAYOUT = Layout(
    Fieldset("", "name", _row("status", "post"), _row("born_year", "born_on"), css_class="panel"),
    Fieldset("", _row("office", "office_since"), css_class="panel"),
    Fieldset(
        "",
        _row("admitted_on", "official_on"),
        _row("card_number", "phone"),
        _row("position", "left_on"),
        css_class="panel",
    ),
    Fieldset(
        "",
        _row("gender", "citizen_id"),
        _row("home_town", "workplace"),
        _row("education", "theory"),
        _row("profession", "badge"),
        "note",
        css_class="panel",
    ),
)


class MemberForm(forms.ModelForm):
    """Đảng viên of one cell; the office in force is shown, ended and begun here."""

    name = LineField(label="Họ và tên", max_length=100)
    post = LineField(
        label="Chức vụ ghi trong biên bản",
        max_length=200,
        required=False,
        help_text="Ví dụ: Bí thư, Chi ủy viên.",
    )
    born_on = DayField(label="Ngày sinh")
    admitted_on = DayField(fields.FOUNDED, label="Ngày vào Đảng")
    official_on = DayField(fields.FOUNDED, label="Ngày chính thức")
    left_on = DayField(
        label="Ngày chuyển đi", help_text="Để trống khi đồng chí còn sinh hoạt ở chi bộ."
    )
    position = forms.IntegerField(
        label="Thứ tự",
        required=False,
        min_value=0,
        max_value=MOST,
        help_text="Để 0 thì xếp theo chức vụ, rồi theo tên.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Thứ tự là một số từ 0 đến {MOST}."
        ),
    )
    home_town = optional_line("Quê quán")
    workplace = optional_line("Đơn vị công tác")
    education = optional_line("Học vấn")
    theory = optional_line("Lý luận chính trị")
    profession = optional_line("Chuyên môn")
    badge = optional_line("Huy hiệu Đảng")
    note = optional_line("Ghi chú")
    office = forms.ChoiceField(
        label="Chức vụ trong chi ủy",
        choices=[("", "Không"), *((kind, Office.Kind(kind).label) for kind in IN_CELL)],
        required=False,
        help_text=RUNS_MEETINGS,
    )
    office_since = DayField(label="Giữ chức vụ từ ngày", help_text="Để trống thì tính từ hôm nay.")
    # Only the page that has shown both side by side offers it.
    another = forms.BooleanField(required=False)

    class Meta:
        model = Member
        fields = [
            "name",
            "status",
            "post",
            "born_year",
            "born_on",
            "admitted_on",
            "official_on",
            "card_number",
            "phone",
            "position",
            "left_on",
            "gender",
            "citizen_id",
            "home_town",
            "workplace",
            "education",
            "theory",
            "profession",
            "badge",
            "note",
        ]
        help_texts = {
            "born_year": "Cần có khi chi bộ có hai đồng chí cùng họ tên.",
        }

    def __init__(self, *args: object, **options: object) -> None:
        """Begin with the office now in force."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        # Members who may be the one that is typed, and what of it is set beside them, as a sheet tells it.
        self.rivals: list[Member] = []
        self.told: dict[str, str] = {}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = LAYOUT
        self.present = None
        if self.instance.pk:
            self.present = (
                Office.objects.held().filter(member=self.instance).order_by("since").last()
            )
        if self.present is not None:
            self.initial.update(office=self.present.kind, office_since=self.present.since)

    def clean_born_year(self) -> int | None:
        """Refuse years in which nobody now living was born."""
        year: int | None = self.cleaned_data["born_year"]
        return None if year is None else clean_value(fields.born_year, year, timezone.localdate())

    def clean_born_on(self) -> date | None:
        """As the year of birth."""
        day: date | None = self.cleaned_data["born_on"]
        if day is not None:
            clean_value(fields.born_year, day.year, timezone.localdate())
        return day

    def clean_position(self) -> int:
        """An empty place in the list is 0."""
        return self.cleaned_data["position"] or 0

    def clean_card_number(self) -> str:
        """Drop the spaces and dots between digits."""
        return fields.card_number(self.cleaned_data["card_number"])

    def clean_phone(self) -> str:
        """Drop the spaces and dots between digits; refuse what is no number."""
        return clean_value(fields.phone, self.cleaned_data["phone"])

    def clean_citizen_id(self) -> str:
        """Drop the spaces between digits; refuse a wrong length."""
        return clean_value(fields.citizen_id, self.cleaned_data["citizen_id"])

    def clean(self) -> dict[str, object]:
        """Fill in the year of birth; tell namesakes apart; allow one secretary at a time."""
        data = super().clean() or self.cleaned_data
        if data.get("born_on") and not data.get("born_year"):
            data["born_year"] = data["born_on"].year
        self._tell_namesakes_apart(data)
        self._own_numbers(data)
        self._one_secretary(data)
        return data

    def _tell_namesakes_apart(self, data: dict[str, object]) -> None:
        """Ask whether it is somebody else, where all that is known may be of one who is there already."""
        others = Member.objects.in_cell(self.instance.cell).exclude(pk=self.instance.pk)
        namesakes = others.filter(name_sort=sort_key(str(data.get("name", ""))))
        if namesakes and not data.get("born_year"):
            self.add_error("born_year", fields.NAMESAKE_WITHOUT_YEAR)
            return
        self.told = {field: str(data.get(field) or "") for field in ("name", *STRONG, WEAK, YEAR)}
        self.rivals = [other for other in namesakes if may_be_one(self.told, other.signs)]
        if self.rivals and not data.get("another"):
            self.add_error("name", fields.NAMESAKE)

    def _own_numbers(self, data: dict[str, object]) -> None:
        """Refuse a number that another member has, here or in a cell of the same tree."""
        others = Member.objects.filter(cell__in=same_tree(self.instance.cell))
        for field in NUMBERS:
            number = data.get(field) if field in self.changed_data else ""
            owner = others.exclude(pk=self.instance.pk).filter(**{field: number}).first()
            if number and owner is not None:
                is_here = owner.cell_id == self.instance.cell_id
                sentence = fields.NUMBER_TAKEN if is_here else fields.NUMBER_ELSEWHERE
                self.add_error(field, sentence.format(owner.listed_name))

    def _one_secretary(self, data: dict[str, object]) -> None:
        if data.get("office") != Office.Kind.SECRETARY:
            return
        posts = Office.objects.held().filter(
            member__cell=self.instance.cell,
            kind=Office.Kind.SECRETARY,
            member__left_on=None,
        )
        holder = posts.exclude(member=self.instance.pk).select_related("member").first()
        if holder is not None:
            self.add_error(
                "office",
                f"Bí thư chi bộ đang là đồng chí {holder.member.listed_name}. "
                "Xin ghi đồng chí ấy thôi giữ chức vụ trước.",
            )

    def save(self, commit: bool = True) -> Member:
        """Save the member and, where the office changed, end the old one and begin the new one."""
        member: Member = super().save(commit)
        kind, since = self.cleaned_data["office"], self.cleaned_data["office_since"]
        if member.left_on is not None:  # who has left runs nothing here any more
            kind = ""
        today = timezone.localdate()
        if self.present is not None and self.present.kind != kind:
            self.present.until = max(self.present.since, today)
            self.present.save(update_fields=["until"])
            since = since if since != self.present.since else None
        if kind and (self.present is None or self.present.kind != kind):
            Office.objects.create(member=member, kind=kind, since=since or today)
        elif kind and self.present is not None and since and since != self.present.since:
            self.present.since = since
            self.present.save(update_fields=["since"])
        return member
