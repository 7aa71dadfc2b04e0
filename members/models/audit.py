"""Who did what to which row, in chains of lines that show where one was changed, taken out or put in."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.db import models, transaction
from django.db.models import Q

# The chain of accounts that belong to no cell and no committee.
OPERATOR = "operator"


def subject_of(row: models.Model) -> str:
    """As a line names what it is about, so that it outlives its row: "cells.cell:7"."""
    return f"{row._meta.label_lower}:{row.pk}"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Lines of the audit, the newest first."""

    def append(
        self,
        body: str,
        verb: str,
        subject: models.Model | None,
        note: dict[str, object],
        **actor: models.Model,
    ) -> "AuditEntry":
        """Write a line and chain it to the last one of `body`: "cell:7", "committee:2" or `OPERATOR`.

        Two that act for one body wait for each other here, for others they do not: the line is written last in a
        verb. `actor`: `user` or `member`.
        """
        about = subject_of(subject) if subject else ""
        with transaction.atomic(savepoint=False):
            chain = AuditChain.objects.locked(body)
            entry = self.create(verb=verb, subject=about, note=note, **actor)
            chain.link(entry)
        return entry

    def about(self, rows: Iterable[models.Model]) -> "AuditEntryQuerySet":
        """What was done to these rows, whoever did it."""
        return self.filter(subject__in=[subject_of(row) for row in rows])

    def unlinked(self) -> "AuditEntryQuerySet":
        """Those in no chain, the oldest first: of before there were chains, of an older server, or put in."""
        return self.filter(auditlink=None).order_by("pk")


class AuditEntry(models.Model):
    """Nhật ký: who did what to which row. Never written for anything a ballot does."""

    at = models.DateTimeField("lúc", auto_now_add=True)
    user = models.ForeignKey(
        "members.User", models.PROTECT, null=True, blank=True, verbose_name="tài khoản"
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    verb = models.CharField("việc", max_length=50)
    subject = models.CharField("đối tượng", max_length=100, blank=True, default="")
    note = models.JSONField("ghi chú", default=dict, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject"], name="audit_by_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, member__isnull=False) | Q(user__isnull=False, member=None),
                name="audit_line_has_one_actor",
                violation_error_message="Dòng nhật ký phải có đúng một người làm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @property
    def actor(self) -> Any:
        """The officer or the member who did it."""
        return self.user or self.member

    def digest(self, chain: str, number: int, former: str) -> str:
        """SHA-256 in hex over all that the line says, its place in the chain, and the digest of the line before."""
        at = self.at.astimezone(UTC).isoformat()
        said: list[Any] = [chain, number, former, at, self.user_id, self.member_id]
        said += [self.verb, self.subject, self.note]
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class AuditChainQuerySet(models.QuerySet["AuditChain"]):
    """Chains, one for each body that acts."""

    def locked(self, body: str) -> "AuditChain":
        """The body's chain, begun where there is none; nobody else adds to it until the transaction ends."""
        chain, _ = self.select_for_update().get_or_create(name=body)
        return chain


class AuditChain(models.Model):
    """Chuỗi nhật ký of one body: how many lines it has, and the digest of the last one."""

    name = models.CharField("chuỗi", max_length=40, unique=True)
    number = models.PositiveIntegerField("số dòng", default=0)
    digest = models.CharField("mã băm", max_length=64, blank=True, default="")

    objects = AuditChainQuerySet.as_manager()

    class Meta:
        verbose_name = "chuỗi nhật ký"
        verbose_name_plural = "chuỗi nhật ký"

    def __str__(self) -> str:
        return self.name

    def link(self, entry: AuditEntry) -> None:
        """Put the line at the end; the chain is locked."""
        self.number += 1
        self.digest = entry.digest(self.name, self.number, self.digest)
        AuditLink.objects.create(entry=entry, chain=self, number=self.number, digest=self.digest)
        self.save(update_fields=["number", "digest"])


class AuditLink(models.Model):
    """Mắt xích: the place of a line in its chain."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True)
    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="links")
    number = models.PositiveIntegerField("số")
    digest = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "mắt xích nhật ký"
        verbose_name_plural = "mắt xích nhật ký"
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "number"],
                name="one_line_per_place_in_a_chain",
                violation_error_message="Chuỗi nhật ký đã có dòng ở chỗ này.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
