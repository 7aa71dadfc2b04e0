"""The filter of a long list finds a name as the searches of the server do."""

import unicodedata

import pytest

from cells.wording import search_key
from tests.kit.scripts import Script

NAMES = [
    "K'Brôi",
    "K\u2019 Brôi",
    "H\u02bcHen Niê",
    "Y Bĭm Ƀing",
    "Đỗ Văn Đức",
    "Trần Văn Hoà",
    "Čư Mŭ",
]


@pytest.fixture(scope="module")
def script() -> Script:
    return Script("officer/folding.js")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_folded_as_the_server_folds_it(script, name, form):
    typed = unicodedata.normalize(form, name)
    assert script("return m.folded(values.typed)", typed=typed) == search_key(name)
