"""A post of a committee goes to a member from a day on; whoever held it before ends the day before."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from cells.models import Committee
from members.models import Member, Seat, User
from members.models.people import MemberQuerySet
from members.people.posts import ENDED
from members.places.verbs import Refused

GONE = "Không còn đồng chí này trong các chi bộ của đảng bộ. Xin tìm lại rồi chọn lại."
HOLDS = "Đồng chí {} đang là {} rồi."
EARLY = "Đồng chí {} là {} từ ngày {}: xin ghi ngày sau ngày ấy."
HELD = "Đến hết ngày {} đồng chí {} còn là {}: xin ghi ngày sau ngày ấy."
CLOSED = "{} đã thôi hoạt động, không ghi cấp ủy viên được nữa."


def candidates(committee: Committee) -> MemberQuerySet:
    """Who may sit on it: members of cells under it who have not left."""
    inside = Member.objects.filter(cell__committee__path__startswith=committee.path)
    return inside.filter(left_on=None)


@transaction.atomic
def give(user: User, committee: Committee, member: Member, post: str, since: date) -> Seat:
    """The member holds the post from that day on; the former post of the member, or the former secretary, ends."""
    committee = _locked(user, committee)
    if committee.ended_on is not None:
        raise Refused(CLOSED.format(committee))
    if not candidates(committee).filter(pk=member.pk).exists():
        raise Refused(GONE)
    concerned = Q(member=member)
    if post == Seat.Post.SECRETARY:
        concerned |= Q(post=Seat.Post.SECRETARY)
    for former in Seat.objects.of(committee).filter(concerned):
        _make_room(former, member, post, since)
    seat = Seat.objects.create(committee=committee, member=member, post=post, since=since)
    user.record("seat.given", member, committee=str(committee), post=post, since=str(since))
    return seat


@transaction.atomic
def end(user: User, seat: Seat, until: date) -> None:
    """The member sits there no more after that day; of two who end it the first counts."""
    _locked(user, seat.committee)
    if until < seat.since:
        raise Refused(_said(EARLY, seat))
    if not Seat.objects.filter(pk=seat.pk, until=None).update(until=until):
        raise Refused(ENDED)
    user.record("seat.ended", seat.member, committee=str(seat.committee), until=str(until))


def _locked(user: User, committee: Committee) -> Committee:
    """The committee, under a lock; PermissionDenied for who may not say who sits on it."""
    if not user.has_perm("members.seat", committee):
        raise PermissionDenied
    locked: Committee = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    return locked


def _make_room(former: Seat, member: Member, post: str, since: date) -> None:
    """End a seat the day before the next begins; Refused where both would be held on one day."""
    if former.until is not None:
        if former.until >= since:
            raise Refused(
                HELD.format(
                    f"{former.until:%d/%m/%Y}",
                    former.member.listed_name,
                    former.get_post_display(),
                )
            )
        return
    if former.member_id == member.pk and former.post == post:
        raise Refused(HOLDS.format(member.listed_name, former.get_post_display()))
    if since <= former.since:
        raise Refused(_said(EARLY, former))
    Seat.objects.filter(pk=former.pk, until=None).update(until=since - timedelta(days=1))


def _said(sentence: str, seat: Seat) -> str:
    return sentence.format(
        seat.member.listed_name, seat.get_post_display(), f"{seat.since:%d/%m/%Y}"
    )
