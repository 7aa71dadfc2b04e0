"""Lists that a committee sets whole, of groups and of posts: of two pages that set one, the second is told first."""

import pytest
from django.urls import reverse

from cells.models import Setting
from cells.stale import STALE
from tests.kit.clients import words_of

pytestmark = pytest.mark.django_db
GROUPS = {
    "members": "Bí thư chi bộ: bí thư\nĐảng viên: không giữ chức vụ",
    "collectives": "Chi bộ: chi bộ",
    "head": "counted",
    "basis": "HD 05-HD/ĐU",
}
POSTS = {"titles": "Trưởng phòng", "basis": "HD 05-HD/ĐU"}


@pytest.mark.parametrize(
    ("page", "typed", "name", "text"),
    [
        ("groups", GROUPS, "members", "Cấp ủy: bí thư; phó bí thư"),
        ("posts", POSTS, "titles", "Phó Cục trưởng"),
    ],
)
def test_of_two_pages_that_set_a_list_the_second_is_told_and_may_then_replace(
    page, typed, name, text, browser, ward
):
    address = reverse(f"cells:committee_{page}", args=[ward.pk])
    seen = browser.get(address).context["form"]["seen"].value()
    assert browser.post(address, typed | {"seen": seen}).status_code == 302
    other = typed | {name: text, "basis": "HD 06-HD/ĐU"}
    refused = browser.post(address, other | {"seen": seen})
    assert refused.status_code == 422
    assert STALE in words_of(refused)
    assert Setting.objects.get().basis == "HD 05-HD/ĐU"
    form = refused.context["form"]
    assert form[name].value() == text
    assert browser.post(address, other | {"seen": form["seen"].value()}).status_code == 302
    assert Setting.objects.get().basis == "HD 06-HD/ĐU"
