"""One member's data as a ZIP: a file of JSON, the member's own forms and notices as PDF, the member's own scans."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from ballots.dossier.archive import TYPES
from ballots.papers.bundles import Bundle
from ballots.papers.file_names import file_name
from ballots.papers.kinds import NOTICE, RULINGS
from ballots.papers.personal.gather import gather_own_copy, meeting_of
from ballots.papers.press import render
from ballots.papers.rulings.gather import notice_of
from ballots.results import former_years
from ballots.year.personal.tables import HANDED_IN, OWN, TABLES
from cells import wording
from cells.models.pieces import in_pieces
from members.models import Attachment, Member, SelfReviewVersion
from members.offices.audit_words import WORDS

DATA = "du-lieu.json"


def write(member: Member, file: IO[bytes]) -> None:
    """Write everything into `file`, with index and check sums."""
    with Bundle(file, ["Nội dung"]) as bundle:
        text = json.dumps(data_of(member), ensure_ascii=False, indent=1)
        bundle.add(DATA, text.encode(), "JSON", "Dữ liệu")
        for version in _last_handed_in(member):
            meeting = meeting_of(version)
            name = file_name(meeting, f"Ban kiem diem {member}")
            content = render.pdf(render.html(gather_own_copy(meeting, version)))
            bundle.add(f"{name}.pdf", content, "PDF, lập lúc tải", "Bản kiểm điểm")
        for own in former_years.of_member(member).values():
            if own.decided is not None:
                name = file_name(own.decided.meeting, RULINGS[NOTICE])
                content = render.pdf(render.html(notice_of(own.decided)))
                bundle.add(f"{name}.pdf", content, "PDF, lập lúc tải", RULINGS[NOTICE])
        kept = Attachment.objects.current().filter(member=member)
        keys = list(kept.values_list("pk", flat=True))
        for scan in in_pieces(keys, Attachment.objects.select_related("campaign", "member"), 4):
            name = wording.file_name(f"{scan.campaign} {scan.get_kind_display()}")
            path = f"tep-kem/{name}.{TYPES[scan.content_type]}"
            bundle.add(path, bytes(scan.content), scan.get_content_type_display(), str(scan))


def name_of(member: Member) -> str:
    """What the ZIP is called."""
    return wording.file_name(f"Du lieu ca nhan {member} {timezone.localdate()}") + ".zip"


def data_of(member: Member) -> dict[str, Any]:
    """Each table by its Vietnamese name, each row by those of its columns."""
    told: dict[str, Any] = {"Đảng viên": _row(member, OWN)}
    for place, columns in TABLES.items():
        label, _, column = place.rpartition(".")
        model = apps.get_model(label)
        rows = model._default_manager.filter(**{column: member}).order_by("pk")
        title = f"{model._meta.verbose_name} ({model._meta.get_field(column).verbose_name})"
        told[title] = [_row(row, columns) for row in rows]
    versions = SelfReviewVersion.objects.filter(review__member=member).order_by("review", "number")
    told["bản kiểm điểm đã nộp"] = [
        {"đợt": str(each.review.campaign), **_row(each, HANDED_IN)}
        for each in versions.select_related("review__campaign")
    ]
    return told


def _row(row: Model, columns: tuple[str, ...]) -> dict[str, Any]:
    return {str(row._meta.get_field(name).verbose_name): _value(row, name) for name in columns}  # type: ignore[union-attr]


def _value(row: Model, name: str) -> Any:
    """As a reader understands it: choices in words, other rows by what they are called."""
    value = getattr(row, name)
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if name == "verb":
        return WORDS.get(value, value)
    shown = getattr(row, f"get_{name}_display", None)
    return shown() if shown else value


def _last_handed_in(member: Member) -> Iterator[SelfReviewVersion]:
    """The last of each campaign, unless it was a paper."""
    versions = SelfReviewVersion.objects.filter(review__member=member)
    versions = versions.select_related(
        "review__campaign", "review__member", "review__cell__committee"
    )
    last = {version.review_id: version for version in versions.order_by("number")}
    yield from (version for version in last.values() if not version.on_paper)
