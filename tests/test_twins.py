"""Namesakes on every page and paper: beside the name stands the year of birth or, of one year, the day."""

import html
import io
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.jobs import asking
from ballots.models import Decision, Job, Paper, Teller
from ballots.papers import lock
from ballots.papers.kinds import OF_MINUTES
from ballots.papers.press import render
from ballots.results.decisions import cases_of
from ballots.voting import differences
from cells.models import Meeting
from members.models import Attachment, Device, Member, SelfReview
from tests.kit import factories, sendings, verbs, walk
from tests.kit.clients import browser, phone
from tests.kit.paper_readers import text_of_word
from tests.kit.polls import poll_of
from tests.kit.room import Room
from tests.kit.verbs import Act, LevelDecision

# Each is two people: of two years, or of one year and two days; one name as two people spell it.
TWINS = [
    (("Trần Văn Hoà", date(1970, 5, 1)), ("Trần Văn Hòa", date(1982, 6, 2))),
    (("Nguyễn Văn Hùng", date(1975, 3, 12)), ("Nguyễn Văn Hùng", date(1975, 9, 27))),
    (("K'Brôi", date(1968, 1, 3)), ("K\u2019Brôi", date(1969, 2, 4))),
    (("Y Bim Niê", date(1980, 7, 5)), ("Y Bim Niê", date(1980, 8, 6))),
]
NAMED = re.compile(
    "Trần Văn Ho(?:à|òa|a)|Nguyễn Văn Hùng|K['\u2019]Brôi|Y Bim Niê"
    "|Tran Van Hoa|Nguyen Van Hung|K Broi|Y Bim Nie"  # in the names of files
)
BORN = re.compile(
    r"\s*\((1970|1982|12/03/1975|27/09/1975|1968|1969|05/07/1980|06/08/1980)\)"
    "| (1970|1982|12 03 1975|27 09 1975|1968|1969|05 07 1980|06 08 1980)"
)


# Beside their own day of birth, or where a paper or an account is the person's own and bears the plain name.
ALWAYS = (
    r'class="account-name">',
    r'<p class="name">|(BÍ THƯ|THƯ KÝ|CHỦ TRÌ HỘI NGHỊ|TỔ TRƯỞNG|NGƯỜI TỰ KIỂM ĐIỂM) (Trần|Nguyễn|K|Y )',
    r"Họ và tên:? ",
)
ALLOWED = {
    "members:member_edit": (*ALWAYS, r'name="name" value='),
    "members:member_sheet": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}",),
    "members:committee_sheet": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}",),
    "members:review": (*ALWAYS, r"<dt>Họ và tên</dt>"),
    "members:review_of": (*ALWAYS, r"<dt>Họ và tên</dt>"),
}


def make_twins(meeting: Meeting) -> None:
    """Give the first half of the list names, and the second half the same ones."""
    members = factories.members_of(meeting)
    half = len(members) // 2
    for at, pair in enumerate(TWINS):
        for member, (name, born_on) in zip((members[at], members[at + half]), pair, strict=True):
            member.name, member.born_on, member.born_year = name, born_on, born_on.year
            member.save()


def readable(text: str) -> str:
    """The text with what HTML and JSON write by numbers."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), html.unescape(text))
    return unicodedata.normalize("NFC", text)


def bare(text: str) -> list[str]:
    """Where a name stands without its year or day, with what stands around it."""
    text = readable(text)
    return [
        re.sub(r"\s+", " ", text[max(0, match.start() - 60) : match.end() + 25])
        for match in NAMED.finditer(text)
        if not BORN.match(re.sub(r"<[^>]*>", "", text[match.end() : match.end() + 60]))
    ]


def texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """What can be read in a page or a file, with its name; file by file of an archive."""
    if content.startswith(b"PK"):
        package = zipfile.ZipFile(io.BytesIO(content))
        names = package.namelist()
        if "word/document.xml" in names:
            yield name, text_of_word(content)
        elif "xl/workbook.xml" in names:
            for sheet in load_workbook(io.BytesIO(content)):
                yield name, "\n".join(str(cell.value or "") for row in sheet for cell in row)
        else:
            yield name, "\n".join(names)
            for inner in names:
                yield from texts_of(f"{name} {inner}", package.read(inner))
    elif not content.startswith(b"\xff\xd8"):
        yield name, content.decode(errors="replace")


@pytest.fixture
def drawn_as_pages(monkeypatch) -> None:
    """The page of a paper stands for its PDF; its Word copy is made."""
    monkeypatch.setattr(render, "pdf", lambda page: b"%PDF-" + page.encode())


class Shown:
    """Whatever somebody looked at: where a name stood bare, and which pages and files named anybody at all."""

    def __init__(self) -> None:
        self.bare: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.naming: set[str] = set()

    def look(self, who: Client, name: str, address: str, when: str) -> None:
        answer = who.get(address)
        if answer.status_code == 200:  # some are not there yet, or lead elsewhere
            self.note(name, b"".join(answer), when)

    def note(self, name: str, content: bytes, when: str) -> None:
        for part, text in texts_of(name, content):
            self.naming |= {name} if NAMED.search(readable(text)) else set()
            for place in bare(text):
                if not any(re.search(allowed, place) for allowed in ALLOWED.get(part, ALWAYS)):
                    self.bare[part, place].append(when)


def roles(meeting: Meeting, teller: Member, writer: Member) -> dict[str, Client]:
    return {
        "anonymous": browser(),
        "phone": phone(writer, meeting=meeting),
        "teller": phone(teller, meeting=meeting),
        "secretary": browser(factories.secretary_of(meeting)),
        "above": browser(factories.make_user(committee=meeting.cell.committee)),
    }


def play(room: Room, number: int) -> None:
    room.poll = poll_of(room.meeting, number)
    room.open().stamp().box().cast(*[2] * len(room.members)).seal().agree().confirm()


def put_in_question(room: Room) -> None:
    """Sealed, and the other teller's device counted something else."""
    room.cast(*[2] * len(room.members)).seal()
    other = Teller.objects.exclude(member=room.teller).get(meeting=room.meeting).member
    differences.differs(other, room.poll, "hai dòng lệch nhau")


STAGES: dict[str, Callable[[Room], object]] = {
    "planned": lambda room: walk.furnish(room.meeting, room.secretary),
    "issuing": lambda room: room.open(),
    "casting": lambda room: room.stamp().box(),
    "differing": put_in_question,
    "counted": lambda room: room.agree(),
    "voted": lambda room: (room.confirm(), play(room, 2)),
    "passed": walk.pass_minutes,
}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("drawn_as_pages")
def test_no_namesake_stands_bare_on_any_page_at_any_stage_of_the_evening():
    meeting = factories.make_open_meeting(8)
    make_twins(meeting)
    room, shown = Room(meeting=meeting), Shown()
    verbs.open_checkin(room.secretary, meeting)
    for at, member in enumerate(room.members[2:]):
        factories.make_device(member, state=Device.State.PENDING, meeting=meeting, number=20 + at)
    browsers = roles(meeting, room.teller, room.members[1])
    browsers["knocking"] = phone(room.members[3], state="pending", meeting=meeting, number=47)
    for stage, go_on in STAGES.items():
        go_on(room)
        if stage in ("casting", "voted"):  # as before, and as after
            continue
        pages = walk.addresses(room)
        begins = (
            "" if stage in ("planned", "passed") else "ballots:"
        )  # the others stay as they were
        for role, name, address in [*pages, ("knocking", "members:wait", "/hop/cho/")]:
            if role in browsers and name.startswith(begins):
                shown.look(browsers[role], name, address, f"{stage}, {role}")
    assert shown.bare == {}
    assert len(shown.naming) > 40


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("drawn_as_pages")
def test_no_namesake_stands_bare_in_the_file_the_decision_and_what_is_downloaded():
    meeting, shown = sendings.make_ready(8, voted=True), Shown()
    make_twins(meeting)
    secretary, members = factories.secretary_of(meeting), factories.members_of(meeting)
    officer = factories.make_user(committee=meeting.cell.committee)
    for member in members[:4]:
        sendings.make_scan(meeting, "residence", member=member)
    lock_anew(meeting)
    verbs.send_up(secretary, meeting)
    sections = sections_of(checks.Evidence.load(meeting))
    pins = {fact: f"Xem lại {fact.title}" for section in sections for fact in section.facts}
    verbs.return_file(officer, meeting, 1, pins)
    browsers = roles(meeting, members[2], members[1]) | {"above": browser(officer)}
    places = {
        **walk.of_the_meeting(meeting, members[1]),
        "review": SelfReview.objects.get(member=members[1]).pk,
        "attachment": Attachment.objects.filter(member=members[1]).first().pk,
        "poll": poll_of(meeting).pk,
    }
    for role, name, address in walk.looks(places):
        if role in browsers and not name.endswith(walk.FILES):
            shown.look(browsers[role], name, address, f"returned, {role}")
    verbs.send_up(secretary, meeting, "Đã sửa")
    chosen = {case.key: LevelDecision(case.proposed) for case in cases_of(meeting)}
    act = Act(1, "125-QĐ/ĐU", timezone.localdate(), 2, "")
    verbs.decide(officer, meeting, act, chosen)
    decision = Decision.objects.last_of(meeting)
    for member in members[:6]:
        verbs.petition(member, decision, "Xin xem lại.")
    papers = Paper.objects.current().filter(meeting=meeting).values_list("pk", flat=True)
    args = {"committee": meeting.cell.committee_id, "period": str(meeting.campaign.span)}
    job = asking.ask(officer, Job.Kind.PAPERS, "Văn bản", args)
    places |= {"decision": decision.pk, "job": job.pk}
    every = [places | {"paper": paper} for paper in papers]
    for role, name, address in sorted({look for each in every for look in walk.looks(each)}):
        if role in ("phone", "above") or (role == "secretary" and name.endswith("dossier_zip")):
            shown.look(browsers[role], name, address, f"decided, {role}")
    assert shown.bare == {}
    assert {"ballots:dossier_zip", "ballots:job_file", "ballots:paper"} <= shown.naming
    assert len(shown.naming) > 30


def lock_anew(meeting: Meeting) -> None:
    """The minutes with the names as they are now."""
    for kind in OF_MINUTES:
        paper = lock.draft(meeting, kind, "https://kiemdiem.example").paper
        Paper.objects.filter(meeting=meeting, kind=kind).update(pdf=paper.pdf, docx=paper.docx)
