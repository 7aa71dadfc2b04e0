"""Files kept with the review: taken in only as made anew, added, and superseded; none is ever deleted."""

import hashlib
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from cells.models import Campaign, Cell
from cells.stale import STALE
from members.models import Attachment, Member, User
from partyreview import confined

EMPTY = "Tệp này rỗng. Xin chọn tệp khác."
HEAVY = "Tệp này lớn hơn {} MB. Xin chụp lại ở chế độ thường, hoặc quét ở độ phân giải thấp hơn."
TOGETHER = "Các tệp gửi một lần vượt quá {} MB. Xin gửi tệp này ở lần sau."
OTHER = "Chỉ nhận ảnh (JPEG, PNG, WebP) và tệp PDF. Xin chụp ảnh trang giấy, hoặc lưu văn bản thành PDF."
COSTLY = (
    "Tệp này quá nặng nên máy chủ không làm lại được. Xin chụp ảnh từng trang ở chế độ thường, hoặc in ra tệp PDF "
    "mới rồi gửi tệp ấy."
)
TWICE = "Tệp này đã có trong hồ sơ, ở “{}”, nên không thêm lần nữa. Xin chọn tệp khác."
FORMER = "Tệp này đã có ở hồ sơ {}, ở “{}”. Xin chọn tệp của kỳ này."
ELSEWHERE = (
    "Tệp này đã là ảnh trang ký của một chi bộ khác trong đảng bộ. Xin chọn tệp của chi bộ mình."
)
NONE = "Xin chụp hoặc chọn ít nhất một tệp."
MEGABYTE = 1024 * 1024


class Refused(Exception):
    """A file that is not taken in; the message is one Vietnamese sentence that says what to do."""


def cleaned(file: UploadedFile) -> tuple[bytes, str]:
    """What is kept of a file that was sent, and its content type: JPEG for any picture, or PDF.

    Neither its name nor the type its sender claims is believed. Raises Refused.
    """
    data = _received(file)
    if data.startswith(b"%PDF-"):
        fresh = _made_anew("members.files.pdf_files:cleaned", data, settings.ATTACHMENT_PAGES)
        return _within_limit(fresh), Attachment.Type.PDF
    if _is_picture(data):
        limits = settings.ATTACHMENT_PIXELS, settings.ATTACHMENT_SIDE
        return _made_anew("members.files.pictures:cleaned", data, *limits), Attachment.Type.JPEG
    raise Refused(OTHER)


def _is_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a kind of picture we read, or of an iPhone's."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or data[4:8] == b"ftyp"
    )


def _made_anew(task: str, data: bytes, *limits: int) -> bytes:
    """What the task makes of the file, in a process of its own: few bytes may unfold to hours and gigabytes."""
    try:
        return confined.run(task, data, *limits)
    except confined.Refusal as refusal:
        raise Refused(str(refusal)) from refusal
    except confined.Costly as cost:
        raise Refused(COSTLY) from cost


def _received(file: UploadedFile) -> bytes:
    """The bytes of a file that is neither empty nor too large, and came whole."""
    if (file.size or 0) > settings.ATTACHMENT_MAX:
        raise Refused(HEAVY.format(settings.ATTACHMENT_MAX // MEGABYTE))
    data: bytes = file.read()
    if len(data) < (file.size or 0):  # the files before it took all the room of the request
        raise Refused(TOGETHER.format(settings.ATTACHMENTS_MAX // MEGABYTE))
    if not data:
        raise Refused(EMPTY)
    return data


def _within_limit(data: bytes) -> bytes:
    """The same; a PDF may have been packed so tightly that it is larger when unpacked."""
    if len(data) > settings.ATTACHMENT_MAX:
        raise Refused(HEAVY.format(settings.ATTACHMENT_MAX // MEGABYTE))
    return data


def add(
    actor: User,
    cell: Cell,
    campaign: Campaign,
    kind: str,
    file: UploadedFile,
    member: Member | None = None,
    title: str = "",
) -> Attachment:
    """Keep a file with the cell's review, or with one member's; raises Refused."""
    _must_attach(actor, cell)
    row = Attachment(cell=cell, campaign=campaign, kind=kind, member=member, title=title)
    _fill(row, actor, file)
    with transaction.atomic():
        _must_be_new(row)
        row.save(force_insert=True)
        actor.record("attachment.added", row, kind=row.kind, sha256=row.sha256)
    return row


def from_above(
    actor: User, cell: Cell, campaign: Campaign, kind: str, file: UploadedFile, title: str
) -> Attachment:
    """A paper of the committee above for the cell's file, taken in and not stored yet; raises Refused."""
    row = Attachment(cell=cell, campaign=campaign, kind=kind, title=title)
    _fill(row, actor, file)
    return row


def add_all(
    actor: User,
    cell: Cell,
    campaign: Campaign,
    kind: str,
    files: Sequence[UploadedFile],
    member: Member | None = None,
    title: str = "",
) -> tuple[int, list[str]]:
    """Keep each of several files by itself, pages of one title numbered.

    Returns how many were taken, and a sentence for each that was not.
    """
    taken, refused = 0, []
    for number, file in enumerate(files, start=1):
        name = f"{title or Attachment.Kind(kind).label}, trang {number}" if files[1:] else title
        try:
            add(actor, cell, campaign, kind, file, member, name)
            taken += 1
        except Refused as refusal:
            refused.append(f"{file.name}: {refusal}" if files[1:] else str(refusal))
    return taken, refused


def supersede(actor: User, old: Attachment, file: UploadedFile | None) -> Attachment:
    """Put another file in the place of `old`, which stays readable; raises Refused, also if somebody else just did."""
    _must_attach(actor, old.cell)
    if old.kind in Attachment.FROM_ABOVE:
        raise PermissionDenied
    if file is None:
        raise Refused(NONE)
    about = {"cell": old.cell, "campaign": old.campaign, "member": old.member}
    row = Attachment(**about, kind=old.kind, title=old.title, supersedes=old)
    _fill(row, actor, file)
    with transaction.atomic():
        Attachment.objects.select_for_update(no_key=True).only("pk").get(pk=old.pk)
        if Attachment.objects.filter(supersedes=old).exists():
            raise Refused(STALE)
        _must_be_new(row)
        row.save(force_insert=True)
        actor.record("attachment.superseded", old, by=row.pk, sha256=row.sha256)
    return row


def _must_attach(actor: User, cell: Cell) -> None:
    if not actor.has_perm("members.attach", cell):
        raise PermissionDenied


def _fill(row: Attachment, actor: User, file: UploadedFile) -> None:
    row.content, row.content_type = cleaned(file)
    row.sha256 = hashlib.sha256(row.content).hexdigest()
    row.by = actor


def _must_be_new(row: Attachment) -> None:
    """Refused where the very same file can only be a mistake: there already, of another period, of another cell.

    Evidence may serve in several years, and one paper of an agency in several cells. Two presses wait for each other.
    """
    Cell.objects.select_for_update(no_key=True).only("pk").get(pk=row.cell_id)
    same = Attachment.objects.filter(sha256=row.sha256, kind=row.kind).defer("content")
    own = same.filter(cell=row.cell, member=row.member).select_related("campaign")
    for each in own.filter(superseded_by=None):
        if each.campaign_id == row.campaign_id:
            raise Refused(TWICE.format(each))
        if row.kind in Attachment.OF_ONE_PERIOD:
            raise Refused(FORMER.format(each.campaign.period, each))
    beside = same.filter(cell__committee=row.cell.committee_id).exclude(cell=row.cell_id)
    if row.kind == Attachment.Kind.SIGNED and beside.exists():
        raise Refused(ELSEWHERE)
