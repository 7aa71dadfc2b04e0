"""Posts outside the cell's executive (ở cơ quan, đoàn thể), over dates: begun and ended by who keeps the list."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from members.guards import must_edit
from members.models import Member, Office, User
from members.offices.verbs import HOLDS

ENDED = "Chức vụ này đã ghi thôi giữ từ trước. Xin tải lại trang."


@transaction.atomic
def begin_post(user: User, member: Member, kind: str, title: str, since: date) -> Office:
    """The member holds a post from that day on.

    ValidationError with the constraint's sentence on a wrong one, and on one that the member holds already.
    """
    must_edit(user, member.cell)
    member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if Office.objects.filter(member=member, kind=kind, title=title, until=None).exists():
        raise ValidationError(HOLDS.format(member.listed_name))
    post = Office(member=member, kind=kind, title=title, since=since)
    post.full_clean()
    post.save(force_insert=True)
    user.record("post.begun", member, kind=kind, title=title, since=str(since))
    return post


@transaction.atomic
def end_post(user: User, post: Office, until: date) -> None:
    """The member holds it no more after that day; of two who end it the first counts."""
    must_edit(user, post.member.cell)
    post.until = until
    post.full_clean()
    if not Office.objects.filter(pk=post.pk, until=None).update(until=until):
        raise ValidationError(ENDED)
    user.record("post.ended", post.member, title=post.title, until=str(until))
