"""The report of the last audit of secrecy: of simulated meetings, never of one that people held."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class SecrecyAuditManager(models.Manager["SecrecyAudit"]):
    """The one row there is."""

    def keep(self, report: dict[str, Any]) -> None:
        """Put this report, as `ballots.linkage.report` writes it, in the place of the last."""
        self.update_or_create(
            pk=SecrecyAudit.ONLY, defaults={"at": timezone.now(), "report": report}
        )


class SecrecyAudit(models.Model):
    """Lần kiểm tra phiếu kín gần nhất (`manage.py audit_secrecy`)."""

    ONLY: ClassVar = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    at = models.DateTimeField("lúc")
    report = models.JSONField("kết quả")

    objects = SecrecyAuditManager()

    class Meta:
        verbose_name = "lần kiểm tra phiếu kín"
        verbose_name_plural = "lần kiểm tra phiếu kín"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="one_secrecy_audit",
                violation_error_message="Chỉ giữ lần kiểm tra phiếu kín gần nhất.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
