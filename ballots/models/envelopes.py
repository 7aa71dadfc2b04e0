"""The sealed envelope of a poll (no person, no time of a ballot), and the acts of opening it (who, with whom, why)."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ballots.models.box import Poll
from members.models import User

# Minutes from the press that begins an opening until the key has to be typed: both are in one room meanwhile.
MINUTES = 30
ANOTHER = "Người chứng kiến phải là người khác người mở phong bì."
# What the names of both are read from.
PEOPLE = ("opener__member", "opener__committee", "witness__member", "witness__committee")


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    """Envelopes, asked by what has become of them; each step is one conditional UPDATE."""

    def sealed(self) -> "EnvelopeQuerySet":
        """Those that were made with the confirmed result, destroyed or not."""
        return self.exclude(sha256="")

    def due(self, today: date) -> "EnvelopeQuerySet":
        """Those whose term is over and that still hold their marks."""
        return self.sealed().filter(kept_until__lt=today, destroyed_on=None)

    def unsettled(self, poll: Poll) -> "EnvelopeQuerySet":
        """The poll's own, as long as it is neither sealed nor left out."""
        return self.filter(poll=poll, sha256="", left_out="")


class Envelope(models.Model):
    """Phong bì niêm phong: the marks of a poll's ballots, encrypted to a key that stands on paper alone.

    `recipient` is the public half; `key_check` ties it to the key on paper, and then to its having been read back,
    until the envelope is sealed (ballots/secret/envelope.py:bond).
    """

    poll = models.OneToOneField(Poll, models.PROTECT, primary_key=True, related_name="envelope")
    recipient = models.CharField(max_length=62, blank=True, default="", editable=False)
    key_check = models.CharField(max_length=64, blank=True, default="", editable=False)
    checked = models.BooleanField("tổ kiểm phiếu đã đọc lại khoá", default=False)
    data = models.BinaryField(default=b"", editable=False)
    sha256 = models.CharField("SHA-256 của phong bì", max_length=64, blank=True, default="")
    left_out = models.CharField("lý do không lập", max_length=300, blank=True, default="")
    kept_until = models.DateField("giữ đến hết ngày", null=True)
    destroyed_on = models.DateField("huỷ ngày", null=True)

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = "phong bì niêm phong"
        verbose_name_plural = "phong bì niêm phong"
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256="") | (Q(left_out="", checked=True) & ~Q(recipient="")),
                name="sealed_envelope_has_a_key_that_was_read",
                violation_error_message="Chưa đọc lại khoá in trên giấy thì chưa niêm phong phong bì được.",
            ),
            models.CheckConstraint(
                condition=Q(sha256="", kept_until=None)
                | (~Q(sha256="") & Q(kept_until__isnull=False)),
                name="sealed_envelope_has_a_term",
                violation_error_message="Phong bì đã niêm phong phải có ngày hết hạn giữ.",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on=None) | (Q(data=b"") & ~Q(sha256="")),
                name="destroyed_envelope_is_empty",
                violation_error_message="Phong bì đã huỷ không còn dữ liệu.",
            ),
        ]

    def __str__(self) -> str:
        return f"phong bì của {self.poll}"

    @property
    def is_sealed(self) -> bool:
        """Whether it holds marks now."""
        return bool(self.sha256) and self.destroyed_on is None


class EnvelopeOpeningQuerySet(models.QuerySet["EnvelopeOpening"]):
    """Acts of opening, the newest first."""

    def under_way(self, now: datetime) -> "EnvelopeOpeningQuerySet":
        """Those begun not long ago and not ended."""
        return self.filter(opened_at=None, asked_at__gt=now - timedelta(minutes=MINUTES))


class EnvelopeOpening(models.Model):
    """Lần mở phong bì: who opens, before which witness, why and by which law, and what the count again came to."""

    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="openings")
    opener = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="người mở")
    witness = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="người chứng kiến"
    )
    reason = models.TextField("lý do mở")
    basis = models.CharField("căn cứ", max_length=300)
    asked_at = models.DateTimeField("đề nghị lúc", default=timezone.now)
    opened_at = models.DateTimeField("mở lúc", null=True)
    equal = models.BooleanField("đếm lại bằng kết quả đã xác nhận", null=True)

    objects = EnvelopeOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "lần mở phong bì"
        verbose_name_plural = "các lần mở phong bì"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=F("opener")),
                name="envelope_opened_before_another",
                violation_error_message=ANOTHER,
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, equal=None)
                | Q(opened_at__isnull=False, equal__isnull=False, witness__isnull=False),
                name="envelope_opened_with_a_witness",
                violation_error_message="Chưa có người chứng kiến thì chưa mở phong bì được.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(basis=""),
                name="envelope_opened_for_a_reason",
                violation_error_message="Xin ghi lý do và căn cứ mở phong bì.",
            ),
        ]

    def __str__(self) -> str:
        return f"mở {self.envelope}"

    def confirm(self, witness: User, now: datetime) -> bool:
        """Name the witness, if nobody is yet and the act is under way: of two presses one wins."""
        waiting = EnvelopeOpening.objects.under_way(now).filter(pk=self.pk, witness=None)
        return bool(waiting.exclude(opener=witness).update(witness=witness))

    def end(self, equal: bool, now: datetime) -> bool:
        """Write down that it was opened, once, before the witness."""
        witnessed = EnvelopeOpening.objects.under_way(now).filter(pk=self.pk)
        return bool(witnessed.exclude(witness=None).update(opened_at=now, equal=equal))
