"""Who: members, their posts, and the accounts of officers."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from cells import wording
from cells.law.posts import LeaderPosts
from cells.models import Cell, CellQuerySet, Committee, Meeting, MeetingQuerySet
from cells.models.columns import DerivedField
from cells.models.places import line_of
from members.models.audit import OPERATOR, AuditEntry
from members.models.news import News
from members.rules import fields, identity, names


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, asked by cell and by name."""

    def missing_from(self, meeting: Meeting) -> "MemberQuerySet":
        """Members of the meeting's cell who are not on its list."""
        return self.filter(cell=meeting.cell_id, left_on=None).exclude(attendance__meeting=meeting)

    def in_cell(self, cell: Cell) -> "MemberQuerySet":
        """Members of the cell who have not left it."""
        return self.filter(cell=cell, left_on=None)

    def listed_names(self) -> names.ListedNames:
        """How these, being a whole list, are written."""
        return names.ListedNames(self.only("name", "born_year", "born_on", "card_number"))

    def names_by_cell(self) -> names.ListedByCell:
        """How these, of one cell or of many, are written, each as the list of its cell does."""
        rows = list(self.values_list("cell", "name_sort"))
        alike = Member.objects.filter(
            cell__in={cell for cell, _ in rows},
            name_sort__in={key for _, key in rows},
            left_on=None,
        )
        fields = alike.only("cell", "name", "born_year", "born_on", "card_number")
        return names.ListedByCell((member.cell_id, member) for member in fields)

    def search(self, text: str) -> "MemberQuerySet":
        """Find by name without accents ("duc" finds Đức), or by the last digits of card number or phone."""
        condition = Q(name_search__contains=wording.search_key(text))
        if text.strip().isdigit():
            condition |= Q(card_number__endswith=text.strip()) | Q(phone__endswith=text.strip())
        return self.filter(condition)


class Member(models.Model):
    """Đảng viên. Only full members (chính thức) vote; exempt ones when they come."""

    class Status(models.TextChoices):
        FULL = "full", "Chính thức"
        PROBATIONARY = "probationary", "Dự bị"
        EXEMPT = "exempt", "Miễn công tác và sinh hoạt đảng"
        SUSPENDED = "suspended", "Đình chỉ sinh hoạt đảng"

    class Gender(models.TextChoices):
        MALE = "male", "Nam"
        FEMALE = "female", "Nữ"

    # Not reviewed by their standing (QĐ 366, QĐ 24 điều 7); the label of the standing is the reason.
    NOT_REVIEWED = (Status.EXEMPT, Status.SUSPENDED)

    cell = models.ForeignKey(Cell, models.PROTECT, verbose_name="chi bộ")
    name = models.CharField("họ và tên", max_length=100)
    name_sort = DerivedField(names.sort_key)
    name_search = DerivedField(wording.search_key)
    status = models.CharField("diện", max_length=12, choices=Status, default=Status.FULL)
    post = models.CharField("chức vụ", max_length=fields.LINE, blank=True, default="")
    # The cell's own order of its list; equal numbers are ordered by office and given name.
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    born_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    born_on = models.DateField("ngày sinh", null=True, blank=True)
    admitted_on = models.DateField("ngày vào Đảng", null=True, blank=True)
    official_on = models.DateField("ngày chính thức", null=True, blank=True)
    card_number = models.CharField("số thẻ đảng viên", max_length=20, blank=True, default="")
    phone = models.CharField("số điện thoại", max_length=20, blank=True, default="")
    # What the members' sheets of the committee above ask for; the review itself needs none of it.
    gender = models.CharField("giới tính", max_length=6, choices=Gender, blank=True, default="")
    citizen_id = models.CharField("số CCCD", max_length=12, blank=True, default="")
    home_town = models.CharField("quê quán", max_length=fields.LINE, blank=True, default="")
    education = models.CharField("học vấn", max_length=fields.LINE, blank=True, default="")
    theory = models.CharField("lý luận chính trị", max_length=fields.LINE, blank=True, default="")
    profession = models.CharField("chuyên môn", max_length=fields.LINE, blank=True, default="")
    badge = models.CharField("huy hiệu Đảng", max_length=fields.LINE, blank=True, default="")
    workplace = models.CharField("đơn vị công tác", max_length=fields.LINE, blank=True, default="")
    note = models.CharField("ghi chú", max_length=fields.LINE, blank=True, default="")
    left_on = models.DateField("ngày chuyển đi", null=True, blank=True)
    # Part of the personal link; changed when the link is used or made anew.
    link_nonce = models.CharField(max_length=16, blank=True, default="", editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "đảng viên"
        verbose_name_plural = "đảng viên"
        ordering = ["name_sort", "born_year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["full", "probationary", "exempt", "suspended"]),
                name="member_status_known",
                violation_error_message="Diện đảng viên không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(gender__in=["", "male", "female"]),
                name="member_gender_known",
                violation_error_message="Giới tính không đúng.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="member_has_a_name",
                violation_error_message=fields.NO_NAME,
            ),
            models.CheckConstraint(
                condition=Q(born_on=None) | Q(born_year=None) | Q(born_on__year=F("born_year")),
                name="member_birth_agrees",
                violation_error_message=fields.BIRTH_DISAGREES,
            ),
            models.CheckConstraint(
                condition=Q(admitted_on=None)
                | Q(official_on=None)
                | Q(official_on__gte=F("admitted_on")),
                name="member_official_after_admission",
                violation_error_message=fields.OFFICIAL_FIRST,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signs(self) -> dict[str, str]:
        """What tells this person from others of the name, as `members/rules/identity.py` compares it."""
        return {
            field: str(getattr(self, field) or "") for field in (*identity.STRONG, "born_year")
        }

    @property
    def told(self) -> dict[str, str]:
        """What is set beside another record of the name, as a sheet tells it."""
        beside = ("name", identity.WEAK, "post", "home_town", "workplace")
        return self.signs | {field: str(getattr(self, field) or "") for field in beside}

    @cached_property
    def listed_name(self) -> str:
        """The name as the list of the member's cell writes it; it asks for namesakes: for a sentence, not for rows."""
        alike = Member.objects.filter(cell=self.cell_id, left_on=None, name_sort=self.name_sort)
        return alike.listed_names().label(self)

    @property
    def body(self) -> str:
        """For whom the member acts, as chains of the audit are named."""
        return f"cell:{self.cell_id}"

    def record(self, verb: str, subject: models.Model | None = None, **note: object) -> None:
        """Write an audit line in this member's name."""
        AuditEntry.objects.append(self.body, verb, subject, note, member=self)


IN_CELL = ("secretary", "deputy", "executive")  # kinds of office in the cell's own executive
RUNS = ("secretary", "deputy")  # of these, the ones who run the cell


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices, asked by date."""

    def held(self, on: date | None = None) -> "OfficeQuerySet":
        """Those in the cell itself that are in force (`in_force`): who runs it."""
        return self.in_force(on).filter(kind__in=IN_CELL)

    def leading(self, posts: LeaderPosts, on: date | None = None) -> "list[Office]":
        """Those in force that count as leadership, in the cell or elsewhere."""
        return [office for office in self.in_force(on) if office.leads(posts)]

    def in_force(self, on: date | None = None) -> "OfficeQuerySet":
        """Those held on that day, the last day of an office counts; without a day, those nobody has given up."""
        if on is None:
            return self.filter(until=None)
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class Office(models.Model):
    """Chức vụ over dates: who runs the cell, and what posts members hold outside its executive, by their title."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", "Bí thư"
        DEPUTY = "deputy", "Phó Bí thư"
        EXECUTIVE = "executive", "Chi ủy viên"
        AGENCY = "agency", "Chức vụ ở cơ quan, đơn vị"
        UNION = "union", "Chức vụ ở đoàn thể"
        PARTY = "party", "Chức vụ Đảng ngoài chi ủy"

    # Those with a title of their own.
    OUTSIDE = (Kind.AGENCY, Kind.UNION, Kind.PARTY)

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="đảng viên")
    kind = models.CharField("chức vụ", max_length=10, choices=Kind)
    title = models.CharField("tên chức vụ", max_length=fields.LINE, blank=True, default="")
    since = models.DateField("từ ngày")
    until = models.DateField("đến ngày", null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ["member", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["secretary", "deputy", "executive", "agency", "union", "party"]
                ),
                name="office_kind_known",
                violation_error_message="Chức vụ không đúng.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["secretary", "deputy", "executive"], title="")
                | Q(kind__in=["agency", "union", "party"]) & ~Q(title=""),
                name="post_outside_the_cell_has_a_title",
                violation_error_message="Xin ghi tên chức vụ ở cơ quan, đoàn thể, như “Trưởng phòng”.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="office_ends_after_it_begins",
                violation_error_message="Ngày thôi giữ chức vụ không thể trước ngày giữ chức vụ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.member}"

    @property
    def name(self) -> str:
        """What the post is called."""
        return self.title or self.get_kind_display()

    def leads(self, posts: LeaderPosts) -> bool:
        """Whether it counts as leadership: in the cell always, elsewhere by the list in force."""
        return self.kind in IN_CELL or posts.covers(self.title)


class User(AbstractUser):
    """Tài khoản of an officer: the secretary of a cell (through `member`), or an officer of a committee."""

    member = models.OneToOneField(
        Member, models.PROTECT, null=True, blank=True, verbose_name="đảng viên"
    )
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, verbose_name="cấp ủy"
    )
    # Whether news are told by e-mail too, where there is an address and the server sends mail.
    by_mail = models.BooleanField("nhận thư báo việc mới", default=True, db_default=True)

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def get_full_name(self) -> str:
        """Family name first, as names are written; the member's own where the account has none, else the duty."""
        name = f"{self.last_name} {self.first_name}".strip()
        if not name and self.member:
            name = str(self.member)
        if not name and self.committee:
            name = f"cán bộ {self.committee.executive_name}"
        return name

    def own_cells(self) -> CellQuerySet:
        """Cells this officer runs: where the member is in office as secretary or deputy."""
        in_office = Office.objects.held().filter(member=self.member_id, kind__in=RUNS)
        return Cell.objects.filter(pk__in=in_office.values("member__cell"))

    def cells(self) -> CellQuerySet:
        """Cells this officer may see: the own one, and all under the own committee."""
        seen = Q(pk__in=self.own_cells().values("pk"))
        if self.committee is not None:
            seen |= Q(committee__path__startswith=self.committee.path)
        return Cell.objects.filter(seen)

    def committees(self) -> models.QuerySet[Committee]:
        """Committees this officer may see: the own one, and all below it."""
        return self.committee.subtree() if self.committee else Committee.objects.none()

    def meetings(self) -> MeetingQuerySet:
        """Meetings of cells that this officer may see; rehearsals only in the own cell."""
        own = Q(cell__in=self.own_cells())
        if self.committee is None:
            return Meeting.objects.filter(own)
        return Meeting.objects.filter(
            own | (Q(cell__in=self.cells()) & ~Q(kind=Meeting.Kind.REHEARSAL))
        )

    @property
    def body(self) -> str:
        """For whom the officer acts, as chains of the audit are named: the committee, else the own cell."""
        if self.committee_id:
            return f"committee:{self.committee_id}"
        return self.member.body if self.member else OPERATOR

    def sittings(self) -> MeetingQuerySet:
        """Meetings of committees that this officer may see: of the own one and those below; rehearsals of the own."""
        seen = Q(committee__in=self.committees()) & ~Q(kind=Meeting.Kind.REHEARSAL)
        return Meeting.objects.filter(seen | Q(committee=self.committee_id, cell=None))

    def meetings_of_any_body(self) -> MeetingQuerySet:
        """Those of cells and of committees."""
        seen = Q(pk__in=self.meetings().values("pk")) | Q(pk__in=self.sittings().values("pk"))
        return Meeting.objects.filter(seen)

    @cached_property
    def unread_news(self) -> int:
        """How many lines of news this officer has not opened; asked once in a request."""
        return News.objects.filter(account=self).unread().kept().count()

    @classmethod
    def running(cls, cells: Iterable[Cell | int]) -> "dict[int, int]":
        """The accounts of who runs these cells, each with its cell, by their keys."""
        held = Office.objects.held().filter(member__cell__in=cells, kind__in=RUNS)
        rows = cls.objects.filter(is_active=True, member__in=held.values("member"))
        return dict(rows.values_list("pk", "member__cell"))

    @classmethod
    def nearest(cls, committee: Committee) -> "dict[int, Committee]":
        """The accounts of the committee's officers, each with it; where it has none, of the nearest above that has."""
        rows = cls.objects.filter(is_active=True, committee__path__in=line_of(committee))
        found = {user.pk: user.committee for user in rows.select_related("committee")}
        nearest = max((own.path for own in found.values() if own), default="")
        return {pk: own for pk, own in found.items() if own and own.path == nearest}

    def tell_below(self, kind: str, subject: models.Model, about: str, by: Committee) -> None:
        """Have all who work under this committee, but this officer, read of it among their news."""
        of_committee = Q(committee__path__startswith=by.path)
        offices = Office.objects.held().filter(kind__in=RUNS)
        below = offices.filter(member__cell__committee__path__startswith=by.path)
        rows = User.objects.filter(
            of_committee | Q(member__in=below.values("member")), is_active=True
        )
        News.objects.tell(rows.values_list("pk", flat=True), kind, about, subject.pk, self.pk)

    def record(self, verb: str, subject: models.Model | None = None, **note: object) -> None:
        """Write an audit line in this officer's name."""
        AuditEntry.objects.append(self.body, verb, subject, note, user=self)
