"""Form of the posts that count as leadership, one title a line, with the basis."""

from typing import Any

from django import forms

from cells.forms.criteria import BasisForm
from cells.forms.fields import ProseField
from cells.law.posts import LeaderPosts
from cells.models import Setting
from cells.wording import one_line

LONGEST, MOST = 200, 200
TOO_LONG = f"Mỗi dòng một chức vụ, dưới {LONGEST} chữ cái; nhiều nhất {MOST} dòng."


class PostsForm(BasisForm):
    """The list, and the document that says so."""

    thing = "danh sách chức vụ"
    field_order = ("titles", "basis", "seen")

    titles = ProseField(
        label="Mỗi dòng một chức vụ",
        rows=8,
        max_length=LONGEST * MOST,
        help_text="Ví dụ: Cục trưởng; Phó Cục trưởng. Ghi “Trưởng phòng” là gồm cả “Trưởng phòng Nghiệp vụ 1”.",
        error_messages={"required": "Xin ghi ít nhất một chức vụ."},
    )

    def __init__(self, data: Any, posts: LeaderPosts, own: Setting | None) -> None:
        """Begin with the list in force."""
        super().__init__(data, own, initial={"titles": "\n".join(posts.titles)})

    def clean_titles(self) -> list[str]:
        """Each title once."""
        lines = map(one_line, self.cleaned_data["titles"].splitlines())
        titles = list(dict.fromkeys(line for line in lines if line))
        if len(titles) > MOST or any(len(title) > LONGEST for title in titles):
            raise forms.ValidationError(TOO_LONG)
        return titles
