"""The whole file (hồ sơ) of one meeting as a ZIP, for the cell's own records."""

import json
from typing import IO

from ballots.models import Paper
from ballots.papers.bundles import Bundle
from ballots.papers.file_names import file_name, name_in_folder
from ballots.papers.personal.gather import gather_form, last_submitted
from ballots.papers.press import render
from ballots.papers.report.gather import gather_report
from ballots.results import figures
from cells import wording
from cells.models import Meeting
from cells.models.pieces import in_pieces
from members.models import Attachment
from members.rules.names import ListedNames

ENCLOSED, FORMS = "tep-kem", "ban-kiem-diem"
TYPES = {Attachment.Type.PDF.value: "pdf", Attachment.Type.JPEG.value: "jpg"}
FIGURES = "ket-qua.json"


def write(meeting: Meeting, file: IO[bytes]) -> None:
    """Write the papers in force, the files kept with the review and the frozen figures, with index and check sums."""
    with Bundle(file, ["Nội dung"]) as bundle:
        locked = Paper.objects.current().filter(meeting=meeting).order_by("pk")
        keys = list(locked.values_list("pk", flat=True))
        for paper in in_pieces(keys, Paper.objects.all(), 4):
            label = paper.get_kind_display()
            bundle.add_paper(paper, file_name(meeting, label), label)
        voted = figures.load(meeting)
        _add_collectives(bundle, meeting)
        _add_forms(bundle, meeting, voted.names)
        _add_enclosed(bundle, meeting, voted.names)
        figures_text = json.dumps(voted.as_dict(), ensure_ascii=False, indent=1)
        bundle.add(FIGURES, figures_text.encode(), "JSON, để máy đọc", "Số liệu của hội nghị")


def _add_collectives(bundle: Bundle, meeting: Meeting) -> None:
    """The reports of leadership collectives, rendered now."""
    for body in meeting.collectives.select_related("stored_report"):
        if body.report.is_written:
            content = render.pdf(render.html(gather_report(meeting, body)))
            name = file_name(meeting, f"{Paper.Kind.REPORT.label} {body}")
            about = f"{Paper.Kind.REPORT.label} – {body}"
            bundle.add(f"{name}.pdf", content, "PDF, lập lúc tải", about)


def _add_forms(bundle: Bundle, meeting: Meeting, names: ListedNames) -> None:
    """The members' own forms as they were handed in, rendered now; Word would double the wait."""
    for version in last_submitted(meeting).values():
        if version.on_paper:
            continue
        member = names.label(version.review.member)
        content = render.pdf(render.html(gather_form(meeting, version)))
        name = file_name(meeting, f"Ban kiem diem {member}")
        about = f"Bản kiểm điểm – {member}"
        bundle.add(f"{FORMS}/{name}.pdf", content, "PDF, lập lúc tải", about)


def _add_enclosed(bundle: Bundle, meeting: Meeting, names: ListedNames) -> None:
    """The scans and photographs, named by what they are and whom they concern, never by how somebody called them."""
    attachments = Attachment.objects.of(meeting.cell, meeting.campaign).current()
    keys = list(attachments.values_list("pk", flat=True))
    for scan in in_pieces(keys, Attachment.objects.select_related("member"), 4):
        add_scan(bundle, meeting, scan, names)


def add_scan(
    bundle: Bundle,
    meeting: Meeting,
    scan: Attachment,
    names: ListedNames,
    folder: str = "",
    *whose: str,
) -> None:
    """Put a scan in below `folder`; `whose`: what the index says before what it is."""
    kind = scan.get_kind_display()
    member = names.label(scan.member) if scan.member else ""
    about = f"{kind} – {member}" if member else str(scan)
    named = name_in_folder if folder else file_name
    name = named(meeting, f"{kind} {member}".strip())
    path = f"{folder}{ENCLOSED}/{wording.file_name(name)}.{TYPES[scan.content_type]}"
    bundle.add(path, bytes(scan.content), scan.get_content_type_display(), *whose, about)
