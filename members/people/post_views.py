"""Chức vụ ở cơ quan, đoàn thể of one member: those held, those of the past, one more, and one that ends."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cells.forms.fields import LineField
from cells.models import Campaign
from members.form_fields import DayField
from members.guards import own_member
from members.models import Member, Office
from members.people.posts import begin_post, end_post
from members.rules import fields
from partyreview.http import Request


class PostForm(forms.Form):
    """A post the member holds outside the cell's executive."""

    kind = forms.ChoiceField(
        label="Ở đâu", choices=[(kind.value, kind.label) for kind in Office.OUTSIDE]
    )
    title = LineField(
        label="Tên chức vụ",
        max_length=fields.LINE,
        help_text="Viết như trong quyết định, ví dụ: Phó Cục trưởng; Trưởng phòng Nghiệp vụ 1.",
        error_messages={"required": "Xin ghi tên chức vụ."},
    )
    since = DayField(label="Từ ngày", required=True)


class EndPostForm(forms.Form):
    """The last day of a post."""

    until = DayField(label="Đến hết ngày", required=True)

    def __init__(self, data: Any = None, prefix: str = "") -> None:
        """`prefix`: of the ids, for several stand on one page."""
        super().__init__(data, auto_id=f"id_%s_{prefix}")


@require_http_methods(["GET", "HEAD", "POST"])
def member_posts(request: Request, pk: int) -> HttpResponse:
    """The posts of a member; POST writes one more."""
    member = own_member(request, pk)
    form = PostForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(
        form, lambda: begin_post(request.user, member, **form.cleaned_data)
    ):
        return redirect("members:member_posts", pk)
    return _show(request, member, form)


@require_POST
def member_post_end(request: Request, pk: int, post: int) -> HttpResponse:
    """One of them ends."""
    member = own_member(request, pk)
    row = get_object_or_404(Office, pk=post, member=member, kind__in=Office.OUTSIDE)
    form = EndPostForm(request.POST, str(row.pk))
    if form.is_valid() and _done(
        form, lambda: end_post(request.user, row, form.cleaned_data["until"])
    ):
        return redirect("members:member_posts", pk)
    return _show(request, member, PostForm(), {row.pk: form})


def _done(form: forms.Form, verb: Callable[[], object]) -> bool:
    """Whether the verb was carried out; else the form says why not, and keeps what was typed."""
    try:
        verb()
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    return not form.errors


def _show(
    request: Request,
    member: Member,
    form: PostForm,
    refused: dict[int, EndPostForm] | None = None,
) -> HttpResponse:
    """`refused`: the post whose end was not taken, and what was typed."""
    campaigns = Campaign.objects.current(member.cell)
    posts = campaigns[0].rules_for(member.cell).leader_posts if campaigns else None
    rows = Office.objects.filter(member=member, kind__in=Office.OUTSIDE).order_by("-since")
    context = {
        "member": member,
        "form": form,
        "posts": [
            (
                row,
                bool(posts and row.leads(posts)),
                None if row.until else (refused or {}).get(row.pk, EndPostForm(None, str(row.pk))),
            )
            for row in rows
        ],
    }
    status = 422 if form.errors or refused else 200
    return render(request, "members/people/member_posts.html", context, status=status)
