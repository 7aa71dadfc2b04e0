"""Under what: the campaigns of committees, each with the version of the guidance pack that it goes by."""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property

from cells.law.changes import dropped
from cells.law.guidance import DEADLINE, FOR_QUARTERS, Layer, load_pack, pack_names, version_of
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

    def share_open(self, pk: int) -> "Campaign | None":
        """The campaign, if it is not closed, under a shared lock until the transaction ends: its closing waits.

        Django knows no FOR SHARE; on SQLite the transaction is the lock.
        """
        share = " FOR SHARE" if connection.vendor == "postgresql" else ""
        asked = f"SELECT * FROM cells_campaign WHERE id = %s AND closed_at IS NULL{share}"  # noqa: S608
        return next(iter(self.raw(asked, [pk])), None)

    def pack_for(self, committee: Committee, serving: str) -> str:
        """The guidance pack of the newest review of a year, or of a quarter; the newest there is before the first."""
        newest = self.newest(committee, serving)
        return newest.pack if newest else pack_names(serving)[-1]

    def newest(self, committee: Committee, serving: str) -> "Campaign | None":
        """The newest review of a year, or of a quarter, that reaches the committee."""
        whole = Q(kind=Campaign.Kind.YEAR)
        reaching = self.reaching(committee).select_related("committee")
        return reaching.filter(whole if serving == YEAR else ~whole).first()

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
    # Until when each step is to be done, by the keys of `cells.law.deadlines.STEPS`: "2026-12-10".
    deadlines = models.JSONField("hạn từng việc", default=dict, blank=True, db_default={})
    # While it is closed, no cell plans a meeting or sends a first file; `Closing` says why, and what was left open.
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

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

    @property
    def is_closed(self) -> bool:
        """Whether it takes no new meeting and no first file."""
        return self.closed_at is not None

    @cached_property
    def nearer(self) -> list[str]:
        """Paths of the committees below that have a campaign of their own for the period."""
        inside = Q(committee__path__startswith=self.committee.path) & ~Q(pk=self.pk)
        rows = Campaign.objects.of(self.span).filter(inside)
        return list(rows.values_list("committee__path", flat=True))

    def closing_over(self, cell: Cell) -> "Campaign | None":
        """Whose closing ends what this cell does under it: its own, for as long as the cell stands below it.

        Of a cell that was moved away: that of the nearest campaign of the period where it stands now, if any.
        """
        if cell.committee_id == self.committee_id:
            return self
        if cell.committee.path.startswith(self.committee.path):
            return self
        return Campaign.objects.reaching(cell.committee).of(self.span).first()

    def is_closed_for(self, cell: Cell) -> bool:
        """Whether this cell begins nothing under it any more."""
        over = self.closing_over(cell)
        return over is not None and over.is_closed

    def close(self, at: datetime) -> bool:
        """Kết thúc đợt; whether this press did it."""
        return bool(Campaign.objects.filter(pk=self.pk, closed_at=None).update(closed_at=at))

    def reopen(self) -> bool:
        """Mở lại đợt; whether this press did it."""
        closed = Campaign.objects.filter(pk=self.pk, closed_at__isnull=False)
        return bool(closed.update(closed_at=None))

    def take(self, version: str) -> None:
        """Go by a newer version of the pack from now on; raises Stale where it has gone over since this row was read.

        Meetings that have opened keep the rules they opened under; what bodies have set stays stored.
        """
        if not Campaign.objects.filter(pk=self.pk, pack=self.pack).update(pack=version):
            raise Stale
        self.pack = version

    def kept_settings(self, version: str) -> dict[str, Any]:
        """Its own settings as the next campaign takes them over: without what this version has no place for."""
        gone = dropped(self.pack, version, self._own_layer())
        kept: dict[str, Any] = {}
        for outer, table in self.settings.items():
            if not isinstance(table, dict):
                kept |= {} if outer in gone else {outer: table}
            elif left := {k: v for k, v in table.items() if f"{outer}.{k}" not in gone}:
                kept[outer] = left
        return kept

    def _own_layer(self) -> Layer:
        own = {
            f"{outer}.{inner}" if inner else outer: value
            for outer, table in self.settings.items()
            for inner, value in (table.items() if isinstance(table, dict) else [("", table)])
        }
        return Layer(str(self), own)

    def dropped_by(self, version: str) -> dict[str, list[str]]:
        """What binds the campaign's cells and has no place in this version: labels by the body that set it."""
        layers = [
            *Setting.objects.layers(self.committee),
            *Setting.objects.below(self.committee),
            self._own_layer(),
        ]
        by_body = {layer.by: list(dropped(self.pack, version, layer).values()) for layer in layers}
        return {by: labels for by, labels in by_body.items() if labels}

    def rules_of(self, committee: Committee, cell: Cell | None = None) -> Rules:
        """The pack's rules with what binds this committee, or one cell of it, over them; own settings last."""
        return Rules.from_pack(load_pack(self.pack), self.settings, self.layers(committee, cell))

    def rules_for(self, cell: Cell) -> Rules:
        """The same for one cell."""
        return self.rules_of(cell.committee, cell)

    def layers(self, committee: Committee, cell: Cell | None = None) -> list[Layer]:
        """What binds there, from the centre down; this campaign's days stand after what its committee says in general.

        A body below may set days of its own; a day from before the period binds nobody. A cell that was moved away
        goes by the days of where it stands now.
        """
        over = (self.closing_over(cell) if cell else None) or self
        if over.deadlines:
            days = over._days()
            layers = Setting.objects.layers(committee, cell, over=over.committee, own=days)
        else:
            layers = Setting.objects.layers(committee, cell)
        return [layer.without_days_before(self.span.begins_on) for layer in layers]

    def _days(self) -> Layer:
        beginning = "" if self.kind == Campaign.Kind.YEAR else FOR_QUARTERS
        days = {f"{beginning}{DEADLINE}{step}": day for step, day in self.deadlines.items()}
        return Layer(f"{self.committee.executive_name}, đợt kiểm điểm {self.period}", days)

    def leader_posts_for(self, cell: Cell) -> LeaderPosts:
        """Which posts count as leadership in this cell, without all its other rules."""
        pack = load_pack(self.pack)
        layers = Setting.objects.layers(cell.committee, cell)
        return leader_posts(layer.serving(pack) for layer in layers)
