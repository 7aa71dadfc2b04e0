"""Who sits on a committee, in which post, over dates: the voters of its own meetings."""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from cells.models import Committee, Meeting
from members.models.people import Member


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats, asked by committee and by day."""

    def of(self, committee: Committee) -> "SeatQuerySet":
        """Those of the committee, now and before, with the member and the member's cell."""
        return self.filter(committee=committee).select_related("member__cell")

    def on(self, day: date) -> "SeatQuerySet":
        """Those held on that day; the last day of a seat counts."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def standing(self) -> "SeatQuerySet":
        """Those of the standing committee (ban thường vụ): its secretary and deputies sit on it too."""
        return self.exclude(post=Seat.Post.MEMBER)

    def summoned(self, meeting: Meeting) -> "SeatQuerySet":
        """Who is summoned to a committee's own meeting: who sits there on its day, by its kind."""
        seats = self.of(meeting.over).on(timezone.localdate(meeting.starts_at))
        return seats.standing() if meeting.real_kind == Meeting.Kind.STANDING else seats

    def ranked(self) -> "SeatQuerySet":
        """The secretary first, then deputies, the standing committee and the others, each by given name."""
        places = [When(post=post, then=Value(place)) for place, post in enumerate(Seat.Post)]
        return self.order_by(Case(*places), "member__name_sort", "member__born_year", "pk")


class Seat(models.Model):
    """Ghế cấp ủy viên: one member on one committee, in one post, from a day on and until another."""

    class Post(models.TextChoices):
        SECRETARY = "secretary", "Bí thư"
        DEPUTY = "deputy", "Phó Bí thư"
        STANDING = "standing", "Ủy viên Ban Thường vụ"
        MEMBER = "member", "Cấp ủy viên"

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    post = models.CharField("chức vụ trong cấp ủy", max_length=10, choices=Post)
    since = models.DateField("từ ngày")
    until = models.DateField("đến ngày", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "cấp ủy viên"
        verbose_name_plural = "cấp ủy viên"
        ordering = ["committee", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__in=["secretary", "deputy", "standing", "member"]),
                name="seat_post_known",
                violation_error_message="Chức vụ trong cấp ủy không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="seat_ends_after_it_begins",
                violation_error_message="Ngày thôi tham gia cấp ủy không thể trước ngày tham gia.",
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(post="secretary", until=None),
                name="one_secretary_of_a_committee",
                violation_error_message="Cấp ủy đã có bí thư.",
            ),
            models.UniqueConstraint(
                fields=["committee", "member"],
                condition=Q(until=None),
                name="one_seat_of_a_member",
                violation_error_message="Đồng chí này đang giữ một chức vụ trong cấp ủy.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()}: {self.member}"
