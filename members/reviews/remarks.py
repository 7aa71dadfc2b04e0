"""What bodies say of members (nhận xét, đề xuất): read from a page, checked, kept over what that page showed."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cells import wording
from cells.law.guidance import load_pack
from cells.law.review_forms import PERSONAL, ReviewForm, kinds
from cells.models import Campaign, Cell, Level
from cells.stale import STALE, Stale, fingerprint
from members.models import Assessment, Member, SelfReview, User
from members.rules import fields
from members.rules.review_sheet import Sheet

Body = Assessment.Body
LEVEL, SCORE, REMARK, BY = "level", "score", "remark", "by_body"
# What each body says; a residence only remarks (quy định 213).
PLACES: dict[str, tuple[str, ...]] = {
    Body.MANAGER: (LEVEL, REMARK),
    Body.UNIONS: (LEVEL, REMARK),
    Body.RESIDENCE: (REMARK,),
    Body.EXECUTIVE: (LEVEL, SCORE, REMARK),
    Body.POST: (BY, LEVEL, REMARK),
}
LONGEST = 5_000
TOO_LONG = "Nhận xét quá dài. Xin viết gọn lại, dưới 5.000 chữ cái."
LONGEST_NAME = 200
LONG_NAME = "Tên nơi kiểm điểm quá dài, xin ghi dưới 200 chữ cái."
NO_BODY = "Xin ghi tập thể nào đã kiểm điểm, xếp loại, ví dụ: Tập thể lãnh đạo Cục."
NO_LEVEL = "Xin chọn một mức trong danh sách, hoặc để “Chưa đề xuất”."


@dataclass(frozen=True)
class Entry:
    """One body's places on a page for one member: what is stored, what was typed, and what is wrong with that."""

    member: Member
    body: str
    row: Assessment | None
    typed: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def stored(cls, member: Member, body: str, row: Assessment | None) -> "Entry":
        """As the table has it."""
        return cls(member, body, row, _typed(body, row))

    @classmethod
    def read(
        cls, member: Member, body: str, row: Assessment | None, data: Mapping[str, str]
    ) -> "Entry":
        """As it was sent. What its sender left as it was shown is no change, whatever is stored by now."""
        entry = cls.stored(member, body, row)
        if entry.name(REMARK) not in data:
            return entry
        typed = {place: data.get(entry.name(place), entry.typed[place]) for place in PLACES[body]}
        sent = replace(entry, typed=typed)
        version, _, shown = data.get(entry.mark_name, "").partition(".")
        tidy = sent._tidied()
        if fingerprint(tidy) in (shown, fingerprint(entry.typed)):
            return entry
        problems = dict(sent._mistakes())
        if version != str(entry.version):
            problems["stale"] = STALE
        return replace(sent, problems=problems, changed=True)

    def name(self, place: str) -> str:
        """What the place is called in the form."""
        return f"{self.body}-{self.member.pk}-{place}"

    @property
    def mark_name(self) -> str:
        """What the hidden mark of what was shown is called in the form."""
        return self.name("mark")

    @property
    def mark(self) -> str:
        """What is stored: its version, and a digest that tells a change from what was left alone."""
        return f"{self.version}.{fingerprint(_typed(self.body, self.row))}"

    @property
    def version(self) -> int:
        """How often it was written."""
        return self.row.version if self.row else 0

    @property
    def label(self) -> str:
        """Who says it."""
        return Body(self.body).label

    @property
    def places(self) -> list[tuple[str, str, str, str]]:
        """Each place with its name in the form, what stands in it, and what is wrong with that."""
        return [
            (place, self.name(place), self.typed[place], self.problems.get(place, ""))
            for place in PLACES[self.body]
        ]

    @property
    def is_stale(self) -> bool:
        """Whether another page stored something since this one was shown."""
        return "stale" in self.problems

    def _tidied(self) -> dict[str, str]:
        """What was typed as it would be stored; what cannot be stored as it is."""
        tidy = dict(self.typed) | {REMARK: wording.visible(self.typed[REMARK])}
        if BY in tidy:
            tidy[BY] = " ".join(wording.visible(tidy[BY]).split())
        if SCORE in tidy:
            with contextlib.suppress(ValueError):
                tidy[SCORE] = _written(fields.score(tidy[SCORE]))
        return tidy

    def _mistakes(self) -> Iterable[tuple[str, str]]:
        if self.typed.get(LEVEL, "") not in {"", *Level.values}:
            yield LEVEL, NO_LEVEL
        try:
            fields.score(self.typed.get(SCORE, ""))
        except ValueError as error:
            yield SCORE, str(error)
        if len(self.typed[REMARK]) > LONGEST:
            yield REMARK, TOO_LONG
        yield from self._mistakes_of_body()

    def _mistakes_of_body(self) -> Iterable[tuple[str, str]]:
        body = self.typed.get(BY, "").strip()
        if len(body) > LONGEST_NAME:
            yield BY, LONG_NAME
        elif BY in self.typed and self.typed[LEVEL] and not body:
            yield BY, NO_BODY

    def values(self) -> dict[str, object]:
        """The columns to be stored; only for what has no problem."""
        tidy = self._tidied()
        values: dict[str, object] = {place: tidy[place] for place in PLACES[self.body]}
        if SCORE in values:
            values[SCORE] = fields.score(tidy[SCORE])
        return values


def _typed(body: str, row: Assessment | None) -> dict[str, str]:
    """What is stored, as it is shown."""
    if row is None:
        return dict.fromkeys(PLACES[body], "")
    shown = {LEVEL: row.level, SCORE: row.score_written, REMARK: row.remark, BY: row.by_body}
    return {place: shown[place] for place in PLACES[body]}


def _written(points: Decimal | None) -> str:
    return "" if points is None else wording.score(points)


def keep(actor: User, cell: Cell, campaign: Campaign, entry: Entry) -> Entry:
    """Store a changed entry, made in this cell, over what its page showed; the entry as it stands afterwards.

    An entry with problems comes back as it is; so does one that another page has overtaken, with that as its problem.
    """
    if not entry.changed or entry.problems:
        return entry
    if not actor.has_perm("members.assess", cell):
        raise PermissionDenied
    try:
        row = _store(actor, cell, campaign, entry)
    except Stale:
        rows = Assessment.objects.filter(member=entry.member, campaign=campaign, body=entry.body)
        return replace(entry, row=rows.first(), problems={"stale": STALE})
    return replace(Entry.stored(entry.member, entry.body, row), changed=True)


@transaction.atomic
def _store(actor: User, cell: Cell, campaign: Campaign, entry: Entry) -> Assessment:
    row, _ = Assessment.objects.get_or_create(
        member=entry.member, campaign=campaign, body=entry.body, defaults={"cell": cell}
    )
    seen = Assessment.objects.filter(pk=row.pk, version=entry.version)
    if not seen.update(version=F("version") + 1, saved_at=timezone.now(), **entry.values()):
        raise Stale
    row.refresh_from_db()
    actor.record("assessment.written", row, body=row.body, version=row.version)
    return row


@dataclass(frozen=True)
class Claim:
    """What a member has handed in: the level claimed, and the points where the form has any."""

    review: SelfReview
    total: str
    most: str

    @property
    def words(self) -> str:
        """The claim on one line."""
        if self.review.on_paper:
            return "Đã nộp bản giấy"
        level = self.review.get_self_level_display() or "không ghi mức"
        points = f", {self.total}/{self.most} điểm" if self.total else ""
        return f"Tự nhận: {level}{points}"


def claims(
    forms: Mapping[str, ReviewForm], campaign: Campaign, members: Iterable[Member]
) -> dict[int, Claim]:
    """What these members have handed in, by member; what is not handed in is its writer's alone."""
    submitted = SelfReview.objects.filter(
        member__in=[member.pk for member in members],
        campaign=campaign,
        state=SelfReview.State.SUBMITTED,
    )
    return {review.member_id: _claim(review, forms[review.kind]) for review in submitted}


def forms_of(cell: Cell, campaign: Campaign) -> dict[str, ReviewForm]:
    """The forms in force in the cell, by kind: read once for a whole list."""
    pack, rules = load_pack(campaign.pack), campaign.rules_for(cell)
    return {
        kind: ReviewForm.from_pack(pack, kind, rules) for kind in PERSONAL if kind in kinds(pack)
    }


def _claim(review: SelfReview, form: ReviewForm) -> Claim:
    form = form.with_stored_criteria(review.criteria)
    sheet = Sheet.stored(form, {}, review.scores, review.self_level)
    scored = bool(form.points) and not review.on_paper
    return Claim(review, sheet.total if scored else "", sheet.most)
