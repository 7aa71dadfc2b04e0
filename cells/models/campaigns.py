"""Under what: the campaigns of committees, each with the version of the guidance pack that it goes by."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cells.law.changes import dropped
from cells.law.guidance import Layer, load_pack, pack_names, version_of
from cells.law.periods import YEAR, Period
from cells.law.posts import LeaderPosts, leader_posts
from cells.law.rules import Rules
from cells.models.places import Cell, Committee, Setting, line_of
from cells.stale import Stale


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns, asked by the committees they reach."""

    def reaching(self, committee: Committee) -> "CampaignQuerySet":
        """Campaigns of the committee and of those above it, the newest period first: what its cells meet under.

        Of one period the nearest committee's stands first. The kinds sort as their periods end: q1, q2, q3, year.
        """
        return self.filter(committee__path__in=line_of(committee)).order_by(
            "-year", "-kind", "-committee__path"
        )

    def of_cell(self, cell: Cell) -> "CampaignQuerySet":
        """As `reaching` its committee; first of a period stands the one under which the cell has a meeting.

        A cell that was moved keeps what it did under its former committee.
        """
        held = self.model.objects.filter(pk=OuterRef("pk"), meeting__cell=cell)
        near = Q(committee__path__in=line_of(cell.committee)) | Q(own=True)
        return (
            self.annotate(own=Exists(held))
            .filter(near)
            .order_by("-year", "-kind", "-own", "-committee__path")
        )

    def of(self, period: Period) -> "CampaignQuerySet":
        """Those of this period."""
        return self.filter(year=period.year, kind=period.kind)

    def pack_for(self, committee: Committee, serving: str) -> str:
        """The guidance pack of the newest review of a year, or of a quarter; the newest there is before the first."""
        whole = Q(kind=Campaign.Kind.YEAR)
        newest = self.reaching(committee).filter(whole if serving == YEAR else ~whole).first()
        return newest.pack if newest else pack_names(serving)[-1]

    def current(self, cell: Cell) -> "list[Campaign]":
        """What the cell is about to do, one campaign per period, the newest first.

        Those of the newest year, and the newest review of a whole year, for it goes on while the next year begins.
        """
        nearest: dict[Period, Campaign] = {}
        for campaign in self.of_cell(cell):
            nearest.setdefault(campaign.span, campaign)
        newest = max((span.year for span in nearest), default=0)
        whole = max((span.year for span in nearest if span.kind == YEAR), default=0)
        wanted = [span for span in nearest if span.year == newest or span == Period(whole)]
        return [nearest[span] for span in wanted]


class Campaign(models.Model):
    """Đợt kiểm điểm: one committee's review of one year, or of one quarter's leaders, under one guidance pack."""

    class Kind(models.TextChoices):
        YEAR = "year", "Hằng năm"
        Q1 = "q1", "Quý I"
        Q2 = "q2", "Quý II"
        Q3 = "q3", "Quý III"

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("kỳ", max_length=10, choices=Kind, default=Kind.YEAR)
    # A version, "2025.1": one published later changes nothing until the committee takes it.
    pack = models.CharField("bộ hướng dẫn", max_length=20)
    basis = models.JSONField("căn cứ", default=list, blank=True)
    settings = models.JSONField("thiết lập riêng", default=dict, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt kiểm điểm"
        verbose_name_plural = "đợt kiểm điểm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "year", "kind"],
                name="one_campaign_per_committee_and_year",
                violation_error_message="Đảng bộ đã có đợt kiểm điểm của kỳ này.",
            ),
            models.CheckConstraint(
                condition=Q(pack__contains="."),
                name="campaign_names_a_version",
                violation_error_message="Đợt kiểm điểm phải ghi phiên bản của bộ hướng dẫn, ví dụ 2025.2.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kiểm điểm {self.period}"

    @property
    def period(self) -> str:
        """What is reviewed, as it is written: "năm 2026" or "quý III năm 2026"."""
        return self.span.words

    @property
    def span(self) -> Period:
        """The same as a value; as text it is the campaign's place in an address: "2026" or "2026-q3"."""
        return Period(self.year, self.kind)

    @property
    def newer_pack(self) -> str:
        """The version that was published after the one the campaign goes by; "" where it goes by the newest."""
        newest = version_of(self.pack.partition(".")[0])
        return "" if newest == self.pack else newest

    def take(self, version: str) -> None:
        """Go by a newer version of the pack from now on; raises Stale where it has gone over since this row was read.

        Meetings that have opened keep the rules they opened under; what bodies have set stays stored.
        """
        if not Campaign.objects.filter(pk=self.pk, pack=self.pack).update(pack=version):
            raise Stale
        self.pack = version

    def dropped_by(self, version: str) -> dict[str, list[str]]:
        """What binds the campaign's cells and has no place in this version: labels by the body that set it."""
        own = {
            f"{outer}.{inner}" if inner else outer: value
            for outer, table in self.settings.items()
            for inner, value in (table.items() if isinstance(table, dict) else [("", table)])
        }
        layers = [
            *Setting.objects.layers(self.committee),
            *Setting.objects.below(self.committee),
            Layer(str(self), own),
        ]
        by_body = {layer.by: list(dropped(self.pack, version, layer).values()) for layer in layers}
        return {by: labels for by, labels in by_body.items() if labels}

    def rules_for(self, cell: Cell) -> Rules:
        """The pack's rules with what binds this cell over them, and this campaign's own settings last."""
        layers = Setting.objects.layers(cell.committee, cell)
        return Rules.from_pack(load_pack(self.pack), self.settings, layers)

    def leader_posts_for(self, cell: Cell) -> LeaderPosts:
        """Which posts count as leadership in this cell, without all its other rules."""
        pack = load_pack(self.pack)
        layers = Setting.objects.layers(cell.committee, cell)
        return leader_posts(layer.serving(pack) for layer in layers)
