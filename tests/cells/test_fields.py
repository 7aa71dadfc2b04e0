"""What becomes of typed lines, paragraphs, days and hours in every form, whatever language the browser has."""

import unicodedata
from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cells.forms.fields import (
    CalendarField,
    ClockField,
    LineField,
    MomentField,
    ProseField,
)

FIELDS = [LineField(required=False, max_length=20), ProseField(required=False, max_length=20)]
DAY = date(2026, 12, 20)
EVENING = timezone.make_aware(datetime.combine(DAY, time(19, 30)))


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_typed_is_composed_and_tidied_before_its_length_is_counted(field):
    decomposed = unicodedata.normalize("NFD", "  Nguyễn   Thị\u00a0Hạnh\n")
    assert field.clean(decomposed) == "Nguyễn Thị Hạnh"
    assert field.clean("   ") == ""
    assert field.clean(None) == ""


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("char", ["\u202e", "\u200d", "\u200b", "\x00", "\x1b", "\u2029\u2067"])
def test_characters_that_cannot_be_seen_are_refused(field, char):
    with pytest.raises(ValidationError, match="ký tự ẩn"):
        field.clean(f"Nguyễn{char} Văn An")


@pytest.mark.parametrize("typed", ["Vâ ThÞ M\xadêi", "Voõ Thò Möôøi"])
def test_a_line_pasted_from_a_list_in_an_old_font_is_refused_with_what_it_means(typed):
    with pytest.raises(ValidationError, match="có lẽ là “Võ Thị Mười”"):
        LineField().clean(typed)


def test_a_line_break_counts_as_one_character():
    assert ProseField(max_length=9).clean("Một.\r\nHai.") == "Một.\nHai."


@pytest.mark.parametrize(
    "typed", ["20/12/2026", "20-12-2026", "20.12.2026", " 20/12/26 ", "2026-12-20"]
)
def test_a_day_is_read_day_first(typed):
    assert CalendarField().clean(typed) == DAY


@pytest.mark.parametrize("typed", ["16:30", "16h30", "16.30", "16 giờ 30", "16:30:00"])
def test_an_hour_is_one_of_twenty_four(typed):
    assert ClockField().clean(typed) == time(16, 30)


@pytest.mark.parametrize("typed", ["20/12/2026 19:30", "20.12.2026 19h30", "2026-12-20T19:30"])
def test_a_moment_is_a_day_and_an_hour(typed):
    assert MomentField().clean(typed) == EVENING


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (CalendarField(), "12/20/2026", "Xin ghi ngày/tháng/năm, như 20/12/2026."),
        (ClockField(), "04:30 PM", "Xin ghi giờ:phút theo 24 giờ, như 16:30."),
        (MomentField(), "20/12/2026", "Xin ghi ngày rồi giờ, như 20/12/2026 19:30."),
    ],
)
def test_what_is_none_is_refused_with_an_example(field, typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        field.clean(typed)


def test_both_are_shown_as_they_are_written_here():
    assert CalendarField().widget.format_value(DAY) == "20/12/2026"
    assert MomentField().widget.format_value(timezone.localtime(EVENING)) == "20/12/2026 19:30"
    assert ClockField().widget.format_value(time(7, 5)) == "07:05"
