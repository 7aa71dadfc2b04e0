"""What the secretary does with members' self-reviews: takes a paper in, gives another form, sends one back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cells.models import Campaign, Cell, Level
from members.models import Member, SelfReview, User
from members.reviews.views import begun, own_review, sheet_of


def must_take_reviews(user: User, cell: Cell) -> None:
    """Only who takes in the self-reviews of this cell."""
    if not user.has_perm("members.take_reviews", cell):
        raise PermissionDenied


@transaction.atomic(durable=True)
def take_paper(user: User, member: Member, campaign: Campaign, level: str) -> None:
    """Nhận bản giấy, with the level it claims; what is no level leaves that open.

    Raises InvalidTransition where one was handed in before.
    """
    row = begun(own_review(member, campaign))
    must_take_reviews(user, row.cell)
    row.receive_paper(sheet_of(row).form.version, level if level in Level.values else "")
    user.record("review.paper_received", row)


@transaction.atomic(durable=True)
def give_form(user: User, member: Member, campaign: Campaign, kind: str) -> None:
    """Đổi mẫu; raises InvalidTransition where one was handed in before."""
    row = begun(own_review(member, campaign))
    must_take_reviews(user, row.cell)
    row.change_kind(kind)
    user.record("review.kind_changed", row, kind=kind)


@transaction.atomic(durable=True)
def send_back(user: User, row: SelfReview, remark: str) -> None:
    """Trả lại with what is to be mended; raises InvalidTransition unless it lies with the cell."""
    must_take_reviews(user, row.cell)
    row.send_back(remark)
    user.record("review.returned", row, version=row.version)
