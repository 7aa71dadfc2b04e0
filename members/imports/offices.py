"""Offices that a sheet names in its column of posts: asked for after an import, and set for whom the officer says."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from members.imports.bodies import Body, cells_of, must_import
from members.imports.spreadsheets.values import plain
from members.models import Member, Office, User

KIND = Office.Kind
# The whole of what stands between two commas, without accents: "Bí thư Đoàn thanh niên" runs no cell.
WORDS = {
    **dict.fromkeys(("bi thu", "bt", "bi thu chi bo", "bi thu cb"), KIND.SECRETARY),
    **dict.fromkeys(("pho bi thu", "pbt", "pho bi thu chi bo", "pho bt"), KIND.DEPUTY),
    **dict.fromkeys(("chi uy vien", "cuv", "chi uy", "uy vien chi uy"), KIND.EXECUTIVE),
}
PARTED = re.compile(r"[,;/+\n]|\s-\s|\bkiêm\b")
TWO_SECRETARIES = "{} có hơn một Bí thư. Xin giữ một đồng chí."


class Held(NamedTuple):
    """Who holds which office from when; `kind` as `Office.Kind`."""

    member: Member
    kind: str
    since: date | None


def kind_in(post: str) -> str:
    """The office in the cell that a post names, the highest of several; "" where it names none."""
    kinds = {WORDS.get(plain(part), "") for part in PARTED.split(post.lower())}
    return next(
        (kind for kind in (KIND.SECRETARY, KIND.DEPUTY, KIND.EXECUTIVE) if kind in kinds), ""
    )


def unset(body: Body) -> list[Held]:
    """Members whose post names an office in their cell, and who hold none; no second secretary is among them."""
    sitting = {holder.cell_id for holder in _secretaries(body)}
    told = _named(body).exclude(Exists(Office.objects.held().filter(member=OuterRef("pk"))))
    return [
        one
        for one in map(_told, told)
        if one.kind and not (one.kind == KIND.SECRETARY and one.member.cell_id in sitting)
    ]


def contested(body: Body) -> list[tuple[Member, Member]]:
    """Members whose post says secretary while another one holds the office, each with that one."""
    sitting = {holder.cell_id: holder for holder in _secretaries(body)}
    told = [one.member for one in map(_told, _named(body)) if one.kind == KIND.SECRETARY]
    return [
        (member, holder)
        for member in told
        if (holder := sitting.get(member.cell_id)) is not None and holder != member
    ]


def _named(body: Body) -> QuerySet[Member]:
    """The members with a post that names an office: of sixty thousand, those few."""
    members = Member.objects.filter(cell__in=cells_of(body), left_on=None).exclude(post="")
    posts = members.order_by().values_list("post", flat=True).distinct()
    members = members.filter(post__in=[post for post in posts if kind_in(post)])
    return members.select_related("cell").order_by("cell__name", "name_sort", "pk")


def _told(member: Member) -> Held:
    return Held(member, kind_in(member.post), None)


def _secretaries(body: Body) -> QuerySet[Member]:
    """The secretaries in office."""
    sitting = Office.objects.held().filter(kind=KIND.SECRETARY)
    cells = cells_of(body)
    return Member.objects.filter(left_on=None, cell__in=cells, office__in=sitting).distinct()


@transaction.atomic
def take(user: User, body: Body, chosen: Sequence[Held]) -> int:
    """Begin these offices, today where no day is known; how many. ValidationError where a cell had two secretaries."""
    must_import(user, body)
    cells = cells_of(body).select_for_update(no_key=True, of=("self",)).order_by("pk")
    names = {cell.pk: cell.name for cell in cells}
    waiting = {one.member.pk for one in unset(body)}
    # One office each, whatever was sent.
    once = {one.member.pk: one for one in chosen if one.member.pk in waiting}
    offices = [
        Office(member=one.member, kind=one.kind, since=one.since or timezone.localdate())
        for one in once.values()
    ]
    secretaries = [office.member.cell_id for office in offices if office.kind == KIND.SECRETARY]
    secretaries += [holder.cell_id for holder in _secretaries(body)]
    for cell in sorted(set(secretaries)):
        if secretaries.count(cell) > 1:
            raise ValidationError(TWO_SECRETARIES.format(names[cell]))
    made = Office.objects.bulk_create(offices)
    if made:
        user.record("offices.set", body, members=[office.member_id for office in made])
    return len(made)
