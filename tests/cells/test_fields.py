"""What becomes of a typed line and of typed paragraphs in every form."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from cells.forms.fields import LineField, ProseField

FIELDS = [LineField(required=False, max_length=20), ProseField(required=False, max_length=20)]


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


def test_a_line_break_counts_as_one_character():
    assert ProseField(max_length=9).clean("Một.\r\nHai.") == "Một.\nHai."
