"""Where: committees in their tree, cells, and what each has set over the guidance pack."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from treebeard.mp_tree import MP_Node

from cells.law.guidance import FLAGS, FOR_QUARTERS, Layer
from cells.models.columns import DerivedField
from cells.wording import executive_of, natural_key, search_key


class Committee(MP_Node):  # type: ignore[misc]
    """Đảng bộ, with the committee (đảng ủy) that leads it; a tree from the centre down."""

    name = models.CharField("tên đảng bộ", max_length=200)
    executive = models.CharField("tên cấp ủy", max_length=200, blank=True, default="")
    place = models.CharField("địa danh", max_length=100, blank=True, default="")
    # Merged into another one, or dissolved: it stays for what was done in its time.
    ended_on = models.DateField("thôi hoạt động từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "đảng bộ"
        verbose_name_plural = "đảng bộ"

    def __str__(self) -> str:
        return self.name

    @property
    def executive_name(self) -> str:
        """What its executive (cấp ủy) is called: as put in, else as names of committees make it."""
        return self.executive or executive_of(self.name)

    @property
    def above(self) -> "Committee | None":
        """The one right above it; None at the top of what is put in."""
        parent: Committee | None = Committee.objects.filter(path__in=line_of(self)[:-1]).last()
        return parent

    @property
    def below(self) -> models.QuerySet["Committee"]:
        """Those right below it that have not ended."""
        children: models.QuerySet[Committee] = Committee.objects.get_children(self)
        return children.filter(ended_on=None)

    def subtree(self) -> models.QuerySet["Committee"]:
        """This committee and all below it: one indexed prefix query."""
        tree: models.QuerySet[Committee] = Committee.objects.filter(path__startswith=self.path)
        return tree


def line_of(committee: Committee) -> list[str]:
    """Paths of the committee and of all above it."""
    step = Committee.steplen
    return [committee.path[:end] for end in range(step, len(committee.path) + step, step)]


class CellQuerySet(models.QuerySet["Cell"]):
    """Cells, asked by committee."""

    def under(self, committee: Committee) -> "CellQuerySet":
        """Cells of the committee and of all committees below it."""
        return self.filter(committee__path__startswith=committee.path)

    def standing(self) -> "CellQuerySet":
        """Those that have not been dissolved."""
        return self.filter(ended_on=None)


class Cell(models.Model):
    """Chi bộ: the leaf of the tree; it meets, votes and has members."""

    committee = models.ForeignKey(Committee, models.PROTECT, verbose_name="đảng bộ")
    name = models.CharField("tên chi bộ", max_length=200)
    # Empty beside a server of a version before, until the row is saved by this one.
    name_sort = DerivedField(natural_key, db_default="")
    name_search = DerivedField(search_key, db_default="")
    place = models.CharField("địa danh", max_length=100, blank=True, default="")
    # Papers are numbered per kind within one term (nhiệm kỳ).
    term_since = models.DateField("nhiệm kỳ từ ngày", null=True, blank=True)
    ended_on = models.DateField("giải thể từ ngày", null=True, blank=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = "chi bộ"
        verbose_name_plural = "chi bộ"
        ordering = ["committee__path", "name"]
        indexes = [models.Index(fields=["committee", "name_sort"], name="cells_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "name"],
                name="cell_name_once_per_committee",
                violation_error_message="Đảng bộ đã có chi bộ mang tên này.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def named_below(self, committee: Committee) -> str:
        """As a body above it calls it, which knows many of one name: with its own committee, where that is another."""
        own = self.committee_id == committee.pk
        return self.name if own else f"{self.name}, {self.committee}"


class SettingQuerySet(models.QuerySet["Setting"]):
    """Settings, asked by those they bind."""

    def layers(
        self,
        committee: Committee,
        cell: Cell | None = None,
        *,
        over: Committee | None = None,
        own: Layer | None = None,
    ) -> list[Layer]:
        """What binds the committee, or one cell of it: one layer per body that set something, from the centre down.

        `own` stands where `over` would: after what it and those above it have set.
        """
        settings = self.filter(
            Q(committee__path__in=line_of(committee)) | Q(cell__isnull=False, cell=cell)
        )
        if over is None or own is None:
            return settings.by_body()
        rows = settings.in_order()
        outer = [r for r in rows if r.committee and over.path.startswith(r.committee.path)]
        return [*_by_body(outer), own, *_by_body(row for row in rows if row not in outer)]

    def below(self, committee: Committee) -> list[Layer]:
        """What bodies below the committee have set, its cells among them: a layer each."""
        inside = Q(committee__path__startswith=committee.path) & ~Q(committee=committee)
        return self.filter(inside | Q(cell__committee__path__startswith=committee.path)).by_body()

    def by_body(self) -> list[Layer]:
        """One layer per body, from the centre down, cells last."""
        return _by_body(self.in_order())

    def in_order(self) -> "list[Setting]":
        """From the centre down, cells last."""
        rows = self.select_related("committee", "cell").order_by("cell", "committee__path", "key")
        return sorted(rows, key=lambda row: row.cell_id is not None)


def _by_body(rows: "Iterable[Setting]") -> list[Layer]:
    by_body: dict[str, list[Setting]] = {}
    for row in rows:
        by_body.setdefault(row.set_by, []).append(row)
    return [
        Layer(by, {row.key: row.value for row in own}, {row.key: row.basis for row in own})
        for by, own in by_body.items()
    ]


class Setting(models.Model):
    """Thiết lập riêng: one value a committee, or a cell, has set over the guidance pack, and its basis."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, verbose_name="đảng bộ"
    )
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, verbose_name="chi bộ")
    key = models.CharField("khoá", max_length=40)
    value = models.JSONField("giá trị")
    basis = models.CharField("căn cứ", max_length=300)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = "thiết lập riêng"
        verbose_name_plural = "thiết lập riêng"
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "key"],
                name="one_setting_per_committee_and_key",
                violation_error_message="Cấp ủy đã có thiết lập riêng cho mục này.",
            ),
            models.UniqueConstraint(
                fields=["cell", "key"],
                name="one_setting_per_cell_and_key",
                violation_error_message="Chi bộ đã có thiết lập riêng cho mục này.",
            ),
            models.CheckConstraint(
                condition=Q(committee=None, cell__isnull=False)
                | Q(committee__isnull=False, cell=None),
                name="setting_has_one_body",
                violation_error_message="Thiết lập riêng phải của đúng một cấp ủy hoặc một chi bộ.",
            ),
            models.CheckConstraint(
                condition=~Q(basis=""),
                name="setting_has_a_basis",
                violation_error_message="Xin ghi căn cứ: văn bản hoặc nghị quyết nào quy định như vậy.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"

    @property
    def adds_a_flag(self) -> bool:
        """Whether it is a case of this body's own, not a word about a known one."""
        is_flag = self.key.removeprefix(FOR_QUARTERS).startswith(FLAGS)
        return is_flag and isinstance(self.value, dict)

    @property
    def set_by(self) -> str:
        """Who set it, as pages name it."""
        return str(self.cell or (self.committee and self.committee.executive_name))
