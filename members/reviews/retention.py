"""Which personal reviews are older than the guidance lets stay, and their removal; papers and levels stay."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cells.law.guidance import load_pack
from cells.models import Campaign, Cell
from members.models import SelfReview, SelfReviewVersion, User


@dataclass(frozen=True)
class Old:
    """The reviews of one cell and year that may go."""

    cell: Cell
    year: int
    keys: tuple[int, ...]


def old_reviews(cells: QuerySet[Cell] | None = None) -> list[Old]:
    """All of them, or those of some cells, by cell and year: what is before the oldest year a member keeps.

    Kept are the newest years handed in, as many as the pack of the newest of them says: a draft is no year yet.
    """
    oldest = _oldest_kept()
    rows = SelfReview.objects.filter(member__in=oldest)
    if cells is not None:
        rows = rows.filter(cell__in=cells)
    rows = rows.select_related("cell__committee", "campaign")
    reviews: dict[tuple[int, int], list[SelfReview]] = {}
    for row in rows:
        if row.campaign.year < oldest[row.member_id]:
            reviews.setdefault((row.cell_id, row.campaign.year), []).append(row)
    return [
        Old(rows[0].cell, year, tuple(row.pk for row in rows))
        for (_, year), rows in sorted(reviews.items())
    ]


def _oldest_kept() -> dict[int, int]:
    """The oldest year that stays, by member; without those who handed in fewer years than stay."""
    handed_in = SelfReview.objects.filter(
        Exists(SelfReviewVersion.objects.filter(review=OuterRef("pk"))),
        campaign__kind=Campaign.Kind.YEAR,
    )
    by_member: dict[int, dict[int, str]] = {}
    columns = ("member", "campaign__year", "campaign__pack")
    for member, year, pack in handed_in.order_by("-campaign__year").values_list(*columns):
        by_member.setdefault(member, {}).setdefault(year, pack)
    oldest = {}
    for member, packs in by_member.items():
        years = list(packs)
        retention = load_pack(packs[years[0]])["retention"]
        if len(years) >= retention:
            oldest[member] = years[retention - 1]
    return oldest


@transaction.atomic(durable=True)
def remove(user: User, old: Old) -> None:
    """Delete these reviews with all their versions, and write down that it was done, not what they said."""
    SelfReviewVersion.objects.filter(review__in=old.keys).delete()
    SelfReview.objects.filter(pk__in=old.keys).delete()
    user.record("reviews.removed", old.cell, year=old.year, count=len(old.keys))
