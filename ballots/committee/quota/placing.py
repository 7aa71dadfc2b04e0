"""Đưa một chức vụ vào một nhóm: the committee's list of groups grows, and the draft counts by it at once."""

from dataclasses import replace

from django.db import transaction
from django.db.models import F

from ballots.committee.quota.gather import WORDS
from ballots.committee.quota.rules import Room
from ballots.committee.quota.verbs import NO_GROUP, lock, must_lead
from ballots.core.verbs import Refused
from ballots.models import QuotaDraft, QuotaLine
from cells.law.guidance import FOR_QUARTERS
from cells.law.periods import QUARTER
from cells.law.post_groups import (
    CELL,
    GROUPS,
    MEMBERS,
    NO_POST,
    Post,
    PostGroups,
    group_of_collective,
    group_of_member,
)
from cells.models import Setting
from cells.stale import STALE
from members.models import User

NO_BASIS = "Xin ghi căn cứ: văn bản hoặc nghị quyết nào xếp chức vụ này vào nhóm."
OTHER_GROUPS = "Danh sách nhóm đã đổi sau khi lập dự thảo. Xin bấm “Cập nhật dự thảo” trước."
BY_LABEL = {str(kind.label): word for kind, word in WORDS.items()}


def posts_of(words: str) -> list[Post]:
    """The posts of a member as a line keeps them."""
    listed = [word for word in words.split("; ") if word]
    return [Post(BY_LABEL[word]) if word in BY_LABEL else Post(title=word) for word in listed]


def wanted_of(of: str, words: str) -> str:
    """What a list of groups is to say so that it holds who has these posts."""
    if of != MEMBERS:
        return words or CELL
    first = next(iter(posts_of(words)), None)
    return (first.word or first.title) if first else NO_POST


@transaction.atomic(durable=True)
def place_post(
    user: User, draft: QuotaDraft, seen: int, of: str, words: str, group: int, basis: str
) -> None:
    """Put a post that is in no group into one; Refused without a basis, on an old page, and for no such group."""
    must_lead(user, draft.committee)
    lock(draft.committee)  # who does it from another draft would write the list without this post
    room = Room.load(draft.committee, draft.period)
    if room.groups.stored != draft.groups:
        raise Refused(OTHER_GROUPS)
    listed = room.groups.groups
    if group >= len(listed) or listed[group].of != of:
        raise Refused(NO_GROUP)
    if not basis:
        raise Refused(NO_BASIS)
    grown = replace(listed[group], posts=(*listed[group].posts, wanted_of(of, words)))
    groups = replace(room.groups, groups=(*listed[:group], grown, *listed[group + 1 :]))
    rows = QuotaDraft.objects.filter(pk=draft.pk, version=seen)
    if not rows.update(version=F("version") + 1, groups=groups.stored):
        raise Refused(STALE)
    key = (FOR_QUARTERS if draft.period.serving == QUARTER else "") + GROUPS
    values = {"value": groups.stored, "basis": basis}
    about = {"committee": draft.committee, "cell": None}
    setting, _ = Setting.objects.update_or_create(**about, key=key, defaults=values)
    user.record("setting.changed", setting, key=key, **values)
    _regroup(draft, groups, room)


def _regroup(draft: QuotaDraft, groups: PostGroups, room: Room) -> None:
    """Put those in no group where they now belong."""
    nowhere = QuotaLine.objects.filter(draft=draft, group=None)
    members, bodies = nowhere.filter(member__isnull=False), nowhere.filter(member=None)
    for words in set(members.order_by().values_list("posts", flat=True)):
        place = group_of_member(posts_of(words), groups.groups, room.leaders)
        members.filter(posts=words).update(group=place)
    for words in set(bodies.order_by().values_list("posts", flat=True)):
        bodies.filter(posts=words).update(group=group_of_collective(words, groups.groups))
