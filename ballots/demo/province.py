"""A province of many cells, to be shown or measured: the first hold their meetings, the others are copies."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from ballots.demo import scenario, seeding
from ballots.demo.rehearsal.play import Evening
from ballots.demo.seeding import Seeded
from ballots.models import (
    Classification,
    Decision,
    Paper,
    Poll,
    RowTally,
    Standing,
    Subject,
    Submission,
)
from ballots.papers import lock
from ballots.results import recording
from ballots.results.filed import listed_of
from cells import wording
from cells.law.guidance import version_of
from cells.models import (
    AgendaItem,
    Campaign,
    Cell,
    Collective,
    CollectiveReport,
    Committee,
    Meeting,
)
from cells.models.columns import DrawnField
from members.devices import links
from members.files import keeping
from members.models import Attachment, Attendance, Member, Office, ReviewLine, User

YEAR, PACK = 2026, "2025"
MEMBERS = 20
WARD = 30  # cells of one committee
# So many cells hold their own meetings; where there are more of them, these few, and all others are copies.
ALL_PLAYED, PLAYED = 30, 3
# The first file and every so many after it ask for an eye: sections left blank, no signed page, a head above his cell.
# So do as many of the copies, by chance. In all others every check is green, once the self-reviews are in.
ODD = 10
BATCH = 100  # cells that are copied at once
BATCH_OF_PAPERS = 4
TOP, PLACE = "Đảng bộ tỉnh Mẫu", "Gia Lai"
REPORT = {
    "strengths": "Chi bộ giữ nền nếp sinh hoạt, 12/12 kỳ đúng Điều lệ.",
    "shortcomings": "Việc thu gom rác ở ngõ 12 còn chậm.",
    "causes": "Phân công chưa rõ người.",
    "solutions": "Phân công từng đồng chí chi ủy phụ trách một ngõ.",
    "next_year": "Kiểm tra mỗi quý một lần.",
}
# The other sections of the form, which the odd ones leave blank.
OTHERS = {
    "principles": "Chi bộ giữ nguyên tắc tập trung dân chủ, quy chế làm việc; nội bộ đoàn kết.",
    "building": "Học tập chuyên đề mỗi quý một lần; chi ủy gương mẫu làm trước.",
    "inspection": "Kiểm tra 02 đảng viên, giám sát 01 chuyên đề; không có tham nhũng, lãng phí, tiêu cực.",
    "causes": REPORT["causes"],
    "remedied": "Việc sinh hoạt chuyên đề muộn, nêu ở kỳ trước, đã khắc phục từ quý I.",
    "responsibility": "Chi ủy nhận trách nhiệm về phân công; đồng chí phụ trách ngõ 12 nhận trách nhiệm trực tiếp.",
}
SCORE = 84
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Rơ Châm")
MIDDLES = ("Văn", "Thị", "Minh", "Xuân", "Thanh")
GIVEN = ("An", "Bình", "Cường", "Dung", "Đức", "Hạnh", "Khoa", "Lan", "Nga", "Phúc", "Quý")
POSTS = {0: "Bí thư", 1: "Phó Bí thư", 2: "Chi ủy viên"}
RETURNED_AT = datetime(YEAR, 12, 15, 9, tzinfo=timezone.get_default_timezone())
# What becomes of a file, in how many of twenty cells; "" before it is sent, "none" before a meeting is planned.
FATES = {"sent": 11, "returned": 2, "decided": 3, "": 2, "none": 2}
# In the order in which they name each other, with the way from each to its cell.
COPIED: Mapping[type[models.Model], str] = {
    Member: "cell",
    Office: "member__cell",
    Meeting: "cell",
    AgendaItem: "meeting__cell",
    Collective: "meeting__cell",
    CollectiveReport: "meeting__cell",
    Attendance: "meeting__cell",
    Poll: "meeting__cell",
    Subject: "poll__meeting__cell",
    RowTally: "poll__meeting__cell",
    Classification: "meeting__cell",
    ReviewLine: "cell",
    Attachment: "cell",
    Paper: "cell",
}
OF_PEOPLE = (Member, Office)

# Holds the meeting of a seeded cell to its end.
Play = Callable[[scenario.Scenario, Seeded], object]


@dataclass(frozen=True)
class Province:
    """What was made: the committee at the top, its review, and who may see all of it."""

    committee: Committee
    campaign: Campaign
    officer: User


def make(number: int, seed: int, play: Play) -> Province:
    """So many cells in wards under one committee; names and figures are the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    top: Committee = Committee.objects.add_root({"name": TOP, "place": PLACE})
    campaign = Campaign.objects.create(committee=top, year=YEAR, pack=version_of(PACK))
    officer = seeding.account(
        f"cap-tren-{top.pk}", committee=top, last_name="Nguyễn Văn", first_name="Mẫu"
    )
    wards = [
        Committee.objects.add_child(top, {"name": f"Đảng bộ phường {place}", "place": PLACE})
        for place in range(1, 2 + (number - 1) // WARD)
    ]
    played = number if number <= ALL_PLAYED else PLAYED
    held = []
    for place in range(played):
        story = scenario.load(json.dumps(_story(place, chance)).encode())
        seeded = seeding.make_cell_under(story, wards[place // WARD], campaign, officer)
        play(story, seeded)
        if not _is_odd(place):
            _sign(seeded, place)
        _send_up(seeded)
        held.append(seeded.cell)
    new = [
        Cell(committee=wards[place // WARD], name=_name(place), place=PLACE)
        for place in range(played, number)
    ]
    Cell.objects.bulk_create(new)
    fates = chance.choices(list(FATES), list(FATES.values()), k=len(new))
    clean = len(held) - 1
    sources = chance.choices(held, [max(1, clean), *[ODD - 1] * clean], k=len(new))
    _copy(list(zip(sources, new, fates, strict=True)))
    _decide(officer, [cell for cell, fate in zip(new, fates, strict=True) if fate == "decided"])
    recording.fill()
    return Province(top, campaign, officer)


def over(site: str) -> Play:
    """Hold meetings over HTTP, on a server of the same database."""

    def play(story: scenario.Scenario, seeded: Seeded) -> None:
        Evening(story, seeded, site, links.sign_in_link(seeded.secretary, site)).play()

    return play


def _is_odd(place: int) -> bool:
    """Whether the file of the cell that holds its meeting at this place asks for an eye."""
    return place % ODD == 0


def _name(place: int) -> str:
    return f"Chi bộ Khu phố {place % WARD + 1}"


def _story(place: int, chance: random.Random) -> dict[str, Any]:
    """One evening, as `manage.py rehearse` reads it: twenty members who vote on the cell and on each other."""
    everybody = [f"{f} {m} {g}" for f in FAMILIES for m in MIDDLES for g in GIVEN]
    names = chance.sample(everybody, MEMBERS)
    return {
        "committee": TOP,
        "cell": _name(place),
        "place": PLACE,
        "campaign": {"year": YEAR, "pack": PACK, "basis": [], "settings": {}},
        "meeting": {
            "starts": f"{YEAR}-12-04T19:30",
            "ends": f"{YEAR}-12-04T21:05",
            "venue": f"Nhà văn hoá khu phố {place + 1}",
            "chair": names[0],
            "clerk": names[1],
            "tellers": names[4:6],
        },
        "report": REPORT if _is_odd(place) else REPORT | {"others": OTHERS},
        "guests": [],
        "members": [
            {
                "name": name,
                "born": 1955 + chance.randint(0, 45),
                "post": POSTS.get(at, "Đảng viên"),
                "status": "full",
                "attendance": "present",
                "self_level": "HTT",
                "rated": True,
            }
            for at, name in enumerate(names)
        ],
        "cell_self_level": "HTT",
        **({} if _is_odd(place) else {"cell_self_score": SCORE}),
        "polls": _polls(names, chance, is_odd=_is_odd(place)),
    }


def _polls(names: list[str], chance: random.Random, *, is_odd: bool) -> list[dict[str, Any]]:
    """One on the cell, one on its members; of the odd ones the head is above the cell, and some may stay undecided."""
    best, some = chance.randint(2, 8), chance.randint(6, 14)
    if some * 2 == MEMBERS and not is_odd:
        some += 1
    top = names[0] if is_odd else names[2]
    first = {"*": "HTT", top: "HTXS", names[3]: "HTXS", names[7]: "HT"}
    second = {"*": "HTT", top: "HTXS", names[5]: "HTXS"}
    return [
        {
            "title": f"Xếp loại chất lượng {whom} năm {YEAR}",
            "subjects": subjects,
            "levels": ["HTXS", "HTT", "HT", "KHT"],
            "ballots": [
                {"count": number, "marks": marks},
                {"count": MEMBERS - number, "marks": others},
            ],
        }
        for whom, subjects, number, marks, others in (
            ("chi bộ", "cell", best, {"cell": "HTXS"}, {"cell": "HTT"}),
            ("đảng viên", "members", some, first, second),
        )
    ]


def _sign(seeded: Seeded, place: int) -> None:
    """Keep a picture of the signed page with the file, as the secretary does."""
    from ballots.demo.signed_page import drawn  # not at the start

    picture = SimpleUploadedFile("trang-ky.jpg", drawn(place))
    kind = Attachment.Kind.SIGNED
    keeping.add(seeded.secretary, seeded.cell, seeded.campaign, kind, picture)


def _send_up(seeded: Seeded) -> None:
    """The other papers of the file, and its sending."""
    meeting = Meeting.objects.get(cell=seeded.cell)
    for kind in lock.file_of(meeting):
        Paper.objects.replace(lock.draft(meeting, kind, "").paper)
    Submission.objects.create(meeting=meeting, by=seeded.secretary, listed=listed_of(meeting))


def _copy(targets: list[tuple[Cell, Cell, str]]) -> None:
    """Give each of these cells what its source has, as far as its fate goes; the files arrive in this order."""
    sources = {source.pk: source for source, _, _ in targets}
    sendings = Submission.objects.filter(meeting__cell__in=sources).select_related("meeting")
    by_source = {sending.meeting.cell_id: sending for sending in sendings}
    for start in range(0, len(targets), BATCH):
        batch = [
            (of.pk, fate, Keys({Cell: {of.pk: cell.pk}}))
            for of, cell, fate in targets[start : start + BATCH]
        ]
        for pk, source in sources.items():
            _copy_from(source, [(fate, own) for of, fate, own in batch if of == pk])
        Submission.objects.bulk_create(
            submission_of(fate, by_source[of], own)
            for of, fate, own in batch
            if fate not in ("", "none")
        )


def _copy_from(source: Cell, copies: list[tuple[str, "Keys"]]) -> None:
    """All rows of one source, for each of these copies as far as its fate goes; their new keys are noted."""
    for model, way in COPIED.items():
        rows = list(model._default_manager.filter(**{way: source}).order_by("pk"))
        chosen = [keys for fate, keys in copies if fate != "none" or model in OF_PEOPLE]
        size = BATCH_OF_PAPERS if model is Paper else BATCH
        for first in range(0, len(chosen), size):
            copy_rows(rows, chosen[first : first + size])


# Of the rows of one source, by model: what stands for each in one copy.
Keys = dict[type[models.Model], dict[Any, Any]]


def copy_rows(rows: list[models.Model], copies: list[Keys]) -> None:
    """All rows of one model, for each of these copies; their new keys are noted."""
    if not rows:
        return
    model = type(rows[0])
    made = [(row, keys, _copied(row, keys)) for keys in copies for row in rows]
    model._default_manager.bulk_create([new for _, _, new in made])
    for row, keys, new in made:
        keys.setdefault(model, {})[row.pk] = new.pk


def _copied(row: models.Model, keys: Keys) -> models.Model:
    """One row that names the copies of what the row names; whatever is drawn by chance is drawn anew."""
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, DrawnField):
            value = field.get_default()
        elif isinstance(field, models.ForeignKey) and value is not None:
            value = keys.get(field.related_model, {}).get(value, value)
        if field.attname == "id" and not isinstance(field, DrawnField):
            continue
        values[field.attname] = value
    own = next(iter(keys[Cell].values()))
    if isinstance(row, Paper):
        values["pdf"] = bytes(row.pdf) + b"\n%% %d\n" % own
        values["docx"] = _commented(bytes(row.docx), own)
        values["sha256"] = hashlib.sha256(values["pdf"]).hexdigest()
    if isinstance(row, Attachment):
        values["content"] = _noted(bytes(row.content), own)
        values["sha256"] = hashlib.sha256(values["content"]).hexdigest()
    if isinstance(row, Poll) and row.sheet:
        values["sheet"] = bytes(row.sheet).replace(row.pk.encode(), values["id"].encode())
        values["p"] = hashlib.sha256(values["sheet"]).hexdigest()
    return type(row)(**values)


def _commented(docx: bytes, number: int) -> bytes:
    """The same Word file with a comment of the ZIP that it is: its last two bytes say how long that is."""
    comment = b"%d" % number
    return docx[:-2] + len(comment).to_bytes(2, "little") + comment


def _noted(picture: bytes, number: int) -> bytes:
    """The same JPEG picture with a comment, right behind its first two bytes."""
    comment = b"%d" % number
    return (
        picture[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + picture[2:]
    )


def submission_of(fate: str, source: Submission, keys: Keys) -> Submission:
    returned: dict[str, Any] = {}
    if fate == "returned":
        returned = {"returned_by": source.by, "returned_at": RETURNED_AT}
    people = ("leaders", "reviewed", "outside")
    listed = source.listed | {
        what: [keys[Member][member] for member in source.listed[what]] for what in people
    }
    (meeting,) = keys[Meeting].values()
    return Submission(meeting_id=meeting, by=source.by, listed=listed, **returned)


def _decide(officer: User, cells: list[Cell]) -> None:
    """The committee gives what these cells propose."""
    meetings = Meeting.objects.filter(cell__in=cells).order_by("pk")
    decisions = {
        meeting.pk: Decision(
            meeting=meeting,
            symbol=f"{wording.two_digits(place)}-QĐ/TU",
            dated=date(YEAR, 12, 20),
            by=officer,
        )
        for place, meeting in enumerate(meetings, start=1)
    }
    Decision.objects.bulk_create(decisions.values())
    sent = Submission.objects.standing(Standing.SENT).filter(meeting__in=meetings)
    sent.update(approved_by=officer, approved_at=timezone.now())
    Classification.objects.bulk_create(_decided(decisions), batch_size=1000)


def _decided(decisions: Mapping[int, Decision]) -> Iterator[Classification]:
    proposed = Classification.objects.proposed().filter(meeting__in=decisions)
    for row in proposed:
        yield Classification(
            meeting_id=row.meeting_id,
            member_id=row.member_id,
            collective_id=row.collective_id,
            level=row.level,
            stage=Classification.Stage.DECIDED,
            source=Classification.Source.ABOVE,
            decision=decisions[row.meeting_id],
        )
