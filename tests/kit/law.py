"""A cell's review under guidance packs that a test changes in memory, and all that it shows and prints."""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.models import Classification, Decision, Poll
from ballots.papers.file_names import file_name
from ballots.papers.kinds import KINDS
from ballots.papers.personal.gather import gather_form
from ballots.papers.press import render
from ballots.papers.rulings.gather import papers_of
from ballots.results.classification import CELL_ADDRESS as CELL
from cells.law import guidance
from cells.law.periods import Period
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.models import Cell, Meeting, Setting
from members.models import Attendance, Door, Member, Office, SelfReview
from members.reviews import retention
from tests.kit import appraising, factories, polls, verbs
from tests.kit.clients import browser, phone

# The newest version of each: what an older one says is held by the newer, or was mended in it.
CAMPAIGNS = {
    guidance.version_of("2023"): {"pack": "2023"},
    guidance.version_of("2025"): {"pack": "2025"},
    guidance.version_of("quy"): {"pack": "quy", "kind": "q3"},
}
# Pages of the secretary. Those that list the rules, criteria, conditions and flags are left out: they show everything.
OF_MEETING = (
    "meeting",
    "appraisal",
    "roster",
    "report",
    "comments",
    "tellers",
    "polls",
    "checkin",
)
OF_MEETING += ("results", "conclude", "minutes", "sending", "dossier", "projector")
OF_CELL = ("review_list", "reviews")
WAITING = ("meeting", "roster", "report", "polls")
LONG = date(2020, 1, 1)
# A paper of this day is set under the layout before the one of today.
EARLIER = datetime(2025, 12, 18, 14, tzinfo=UTC)
# What differs each time, whatever the law says: tokens, keys of rows in addresses and fields.
CHANCE = re.compile(
    r'lúc \d\d:\d\d|name="csrfmiddlewaretoken" value="\w+"|"csrf\w*": ?"\w+"|(?<=/)[0-9a-f]{32}(?=/)|(?<=/)\d+(?=[/.])'
    r'|(?<=value=")\d+(?=")|(?<=[-"])\d{1,6}(?=")'
)
Path = tuple[str | int, ...]


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a pack as it is written, with the way to it; an empty table or list is a value."""
    keys = list(node) if isinstance(node, dict) else []
    if isinstance(node, list):
        keys = list(range(len(node)))
    if not keys:
        yield path, node
    for key in keys:
        yield from leaves(node[key], (*path, key))


def changed(pack: dict[str, Any], path: Path, change: Callable[[Any], Any]) -> dict[str, Any]:
    """The pack with another value there."""
    pack = copy.deepcopy(pack)
    node = pack
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = change(node[path[-1]])
    return pack


class Law:
    """The packs, read from memory for the length of a test."""

    def __init__(self, monkeypatch) -> None:
        versions = [
            version for name in guidance.pack_names() for version in guidance.versions(name)
        ]
        self.written = {version: guidance._read(version) for version in versions}
        self.newest = {version: self.written[version] for version in CAMPAIGNS}
        self.now = dict(self.written)
        monkeypatch.setattr(guidance, "_read", lambda version: self.now[version])

    def say(self, version: str, pack: dict[str, Any]) -> None:
        """From here on this version says so."""
        self.now[version] = pack
        self.forget()

    def forget(self) -> None:
        """Let the packs be read anew."""
        guidance._pack.cache_clear()
        guidance._origins.cache_clear()


def make_cell(name: str) -> Cell:
    """A cell with a case for every exclusion, and one that misses it by a day; four deputies make five leaders."""
    cell = factories.make_cell(factories.make_committee(f"Đảng bộ {name}"), f"Chi bộ {name}")
    status = Member.Status
    factories.make_member(cell, "Miễn Văn Một", status=status.EXEMPT)
    factories.make_member(cell, "Đình Văn Hai", status=status.SUSPENDED)
    for given, day in (("Ba", date(2026, 9, 1)), ("Bốn", date(2026, 6, 30))):
        factories.make_member(
            cell, f"Mới Văn {given}", admitted_on=day, status=status.PROBATIONARY
        )
    for given, since in (("Năm", date(2026, 8, 30)), ("Sáu", LONG), ("Bảy", LONG), ("Tám", LONG)):
        deputy = factories.make_member(cell, f"Phó Văn {given}")
        Office.objects.create(member=deputy, kind=Office.Kind.DEPUTY, since=since)
    return cell


def plan(version: str, name: str) -> Meeting:
    """A meeting of ten voters, planned."""
    return factories.make_meeting(6, make_cell(name), **CAMPAIGNS[version])


def open_it(meeting: Meeting) -> Meeting:
    """Open it with one voter missing, and name two tellers."""
    officer = factories.secretary_of(meeting)
    full = Attendance.objects.filter(meeting=meeting, standing=Member.Status.FULL)
    full.update(state=Attendance.State.PRESENT)
    free = full.filter(duty="", member__office=None).order_by("pk")
    Attendance.objects.filter(pk=free[0].pk).update(state=Attendance.State.ABSENT)
    verbs.open_meeting(officer, meeting)
    verbs.name_tellers(officer, meeting, [row.member for row in free[1:3]], 6, 6)
    return Meeting.objects.get(pk=meeting.pk)


def hold(version: str) -> Meeting:
    """A meeting under way whose polls are counted, a poll of one level among them.

    A fifth of the rows gets HTXS, the others HTT: too many by one reading of the cap, and with one rounding, alone.
    Two of the nine ballots say HT on every row.
    """
    meeting = plan(version, "Một")
    officer = factories.secretary_of(meeting)
    if not Poll.objects.filter(meeting=meeting, subjects__member=None).exists():
        verbs.plan_poll(officer, meeting, "Xếp loại chi bộ", None, ["HTXS", "HTT", "HT", "KHT"])
    verbs.plan_poll(officer, meeting, "Bình chọn", None, ["HTXS"])
    meeting = open_it(meeting)
    for poll in Poll.objects.filter(meeting=meeting):
        rows = poll.subjects.count()
        best = [1] * (rows // 5) + [2] * (rows - rows // 5)
        ballots = [best] * 7 + [[3] * rows] * 2
        least = len(poll.levels)
        polls.play(poll, *[[min(mark, least) for mark in ballot] for ballot in ballots])
    member = factories.members_of(meeting)[0]
    pack = guidance.load_pack(version)
    leader = ReviewForm.from_pack(pack, "leader", meeting.rules)
    scores = {criterion.key: str(criterion.points) for criterion in leader.criteria}
    appraising.submitted(meeting, member, kind="leader", scores=scores)
    factories.make_remark(meeting, member, level="HTT", score=96)
    return Meeting.objects.get(pk=meeting.pk)


def shows(version: str) -> dict[str, Callable[[], str]]:
    """Everything that tells what the law is, by name: each is read anew when it is called.

    Of the meeting that `hold` makes under the pack as it is now, of another that waits to be opened, and of what is
    made and undone at each reading, where the law counts when a thing is made.
    """
    held, waiting = hold(version), plan(version, "Hai")
    officer, period = secretary(held), held.campaign.span
    pages = {name: partial(read, officer, name, held.pk) for name in OF_MEETING}
    pages |= {name: partial(read, officer, name, held.cell_id, period) for name in OF_CELL}
    for name, subject in appraised(held).items():
        pages[name] = partial(read, officer, "appraisal_subject", held.pk, subject)
    committee = held.cell.committee
    above = browser(factories.make_user(committee=committee))
    pages["campaigns"] = partial(read, above, "cells:campaigns", committee.pk)
    pages |= {f"paper:{kind}": partial(paper, held, kind) for kind in KINDS}
    pages["earlier"] = partial(paper, held, "minutes", EARLIER)
    pages["file"] = lambda: file_name(Meeting.objects.get(pk=held.pk), "bien-ban")
    own = secretary(waiting)
    pages |= {f"waiting:{name}": partial(read, own, name, waiting.pk) for name in WAITING}
    pages["waiting:poll"] = partial(read, own, "poll", polls.poll_of(waiting).pk)
    pages["waiting:home"] = partial(read, own, "home")
    pages |= forms(waiting)
    made = [begun, finishing, planned, led, rated_anew, listed]
    made += [opened, counted, closed, paper_poll, campaign, alike]
    if "retention" in guidance.load_pack(version):
        made.append(old)
    return pages | {show.__name__: partial(undone, show, version) for show in made}


def appraised(held: Meeting) -> dict[str, object]:
    """Subjects of the meeting, as an address names them: the cell, its head, and a member without office if any."""
    rated = Attendance.objects.of(held).filter(rated=True)
    ordinary = rated.filter(member__office=None).first() or rated[0]
    return {"subject": CELL, "member": rated[0].member_id, "ordinary": ordinary.member_id}


def forms(waiting: Meeting) -> dict[str, Callable[[], str]]:
    """The self-review of each kind: on the phone, when it is sent empty, and printed."""
    kinds = guidance.load_pack(waiting.campaign.pack)["review"]["forms"].keys() - {COLLECTIVE}
    pages: dict[str, Callable[[], str]] = {}
    for kind, member in zip(sorted(kinds), factories.members_of(waiting), strict=False):
        about = {"cell": waiting.cell, "member": member, "campaign": waiting.campaign}
        review = SelfReview.objects.create(**about, kind=kind)
        own, period = phone(member), waiting.campaign.span
        pages[f"form:{kind}"] = partial(read, own, "members:review_of", period)
        pages[f"sent:{kind}"] = partial(undone, sent, own, period)
        pages[f"print:{kind}"] = partial(undone, printed, waiting, review)
    return pages


def sent(own: Client, period: Period) -> str:
    """What an empty form is answered with."""
    address = reverse("members:review_of", args=[period])
    answer = own.post(address, {"version": 0, "do": "submit"}, follow=True)
    return CHANCE.sub("", answer.content.decode())


def printed(waiting: Meeting, review: SelfReview) -> str:
    """The form as a paper."""
    values = {"pack": waiting.rules.version, "kind": review.kind, "self_level": "HTT"}
    return render.fragment(gather_form(waiting, review.versions.create(number=1, **values)))


def secretary(meeting: Meeting) -> Client:
    """The secretary's browser."""
    return browser(factories.secretary_of(meeting))


def read(client: Client, name: str, *args: object) -> str:
    """A page without what is different each time; a page that is not there reads as its status."""
    answer = client.get(reverse(name if ":" in name else f"ballots:{name}", args=args))
    if answer.status_code != 200:
        return str(answer.status_code)
    return CHANCE.sub("", answer.content.decode())


def paper(meeting: Meeting, kind: str, day: datetime | None = None) -> str:
    """A paper of the file, as if the meeting were held on this day."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    meeting.starts_at = day or meeting.starts_at
    return render.html(KINDS[kind].gather(meeting))


# Made and undone at each reading.


def begun(version: str) -> str:
    """The secretary's home before anything of the year is done."""
    cell = make_cell("Ba")
    factories.make_campaign(cell.committee, **CAMPAIGNS[version])
    first, *_ = factories.make_members(cell, 3)
    return read(browser(factories.make_user(first)), "home")


def finishing(version: str) -> str:
    """The same where the committee has set by which day the whole review is over, each day of the pack in its turn."""
    cell = make_cell("Ba")
    factories.make_campaign(cell.committee, **CAMPAIGNS[version])
    first, *_ = factories.make_members(cell, 3)
    own = browser(factories.make_user(first))
    about = {"committee": cell.committee, "basis": "NQ 7"}
    about["key"] = "quarter.finish" if "kind" in CAMPAIGNS[version] else "finish"
    pages = []
    for day in guidance.load_pack(version)["finish_days"]:
        Setting.objects.update_or_create(**about, defaults={"value": day})
        pages.append(read(own, "home"))
    return "".join(pages)


def planned(version: str) -> str:
    """The polls of a meeting that is planned just now."""
    meeting = plan(version, "Ba")
    return read(secretary(meeting), "polls", meeting.pk)


def led(version: str) -> str:
    """The polls of a meeting that is to review an executive of three, and the page that lists collectives."""
    meeting = plan(version, "Ba")
    try:
        verbs.add_collective(factories.secretary_of(meeting), meeting, "Chi ủy", 3)
    except verbs.Refused as refusal:
        return str(refusal)
    return read(secretary(meeting), "polls", meeting.pk)


def rated_anew(version: str) -> str:
    """The committee's decision that puts another level in the place of one decided before."""
    meeting = plan(version, "Ba")
    officer = factories.make_user(committee=meeting.cell.committee)
    member = factories.members_of(meeting)[0]
    decided = factories.make_decision(meeting, officer, member)
    again = {"symbol": "131-QĐ/ĐU", "note": "Kết luận thanh tra", "number": 2}
    decision = Decision.objects.create(meeting=meeting, dated=decided.dated, by=officer, **again)
    about = {"meeting": meeting, "member": member, "stage": "decided", "source": "above"}
    Classification.objects.replace(**about, decision=decision, level="HT")
    data = papers_of(decision).rerating
    return "" if data is None else render.html(data)


def listed(version: str) -> str:
    """The year's list as the rules make it."""
    meeting = plan(version, "Ba")
    return read(secretary(meeting), "review_list", meeting.cell_id, meeting.campaign.span)


def opened(version: str) -> str:
    """The page of a meeting that has just been opened."""
    meeting = open_it(plan(version, "Ba"))
    return read(secretary(meeting), "meeting", meeting.pk)


def counted(version: str) -> str:
    """The results of a poll that is counted just now: seven of nine for one level."""
    meeting = open_it(plan(version, "Ba"))
    poll = polls.poll_of(meeting)
    rows = poll.subjects.count()
    polls.play(poll, *[[2] * rows] * 7, *[[3] * rows] * 2)
    return read(secretary(meeting), "results", meeting.pk)


def closed(version: str) -> str:
    """The secretary's home when the meeting is over."""
    meeting = open_it(plan(version, "Ba"))
    over = {"state": Meeting.State.CLOSED, "closed_at": timezone.now()}
    Meeting.objects.filter(pk=meeting.pk).update(**over)
    return read(secretary(meeting), "home")


def paper_poll(version: str) -> str:
    """What is said when a poll is to be opened in which three vote on paper."""
    meeting = open_it(plan(version, "Ba"))
    present = Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT)
    three = list(present.values_list("pk", flat=True)[:3])
    Attendance.objects.filter(pk__in=three).update(door=Door.PAPER)
    try:
        verbs.open_issuing(factories.secretary_of(meeting), polls.poll_of(meeting))
    except verbs.Refused as refusal:
        return str(refusal)
    return "opened"


def campaign(version: str) -> str:
    """What the committee is told that opens a campaign of this kind under this pack."""
    committee = factories.make_committee("Đảng bộ Ba")
    above = browser(factories.make_user(committee=committee))
    form = {"kind": "year", "year": 2026, "basis": "", **CAMPAIGNS[version]}
    answer = above.post(reverse("cells:campaigns", args=[committee.pk]), form)
    return CHANCE.sub("", answer.content.decode())


def old(version: str) -> str:
    """How many reviews of a member who has handed in one in each of five years need not stay."""
    member = factories.make_member()
    for year in range(2020, 2025):
        values = {**CAMPAIGNS[version], "year": year}
        about = factories.make_campaign(member.cell.committee, **values)
        values = {"cell": member.cell, "member": member, "campaign": about, "kind": "member"}
        review = SelfReview.objects.create(**values)
        review.versions.create(number=1, pack=version, kind="member")
    return str(len(retention.old_reviews()))


def alike(version: str) -> str:
    """The form of a member who took four fifths over from last year's."""
    meeting = plan(version, "Ba")
    member = factories.members_of(meeting)[0]
    words = [f"chữ{number}" for number in range(50)]
    values = {**CAMPAIGNS[version], "year": 2025}
    former = factories.make_campaign(meeting.cell.committee, **values)
    texts = {former: words, meeting.campaign: [*words[:40], *"abcdefghij"]}
    for about, text in texts.items():
        values = {"cell": meeting.cell, "member": member, "campaign": about, "kind": "leader"}
        review = SelfReview.objects.create(**values, texts={"strengths": " ".join(text)})
        if about == former:
            values = {"kind": "leader", "texts": review.texts}
            review.versions.create(number=1, pack=version, **values)
            handed_in = {"state": SelfReview.State.SUBMITTED, "submitted_at": timezone.now()}
            SelfReview.objects.filter(pk=review.pk).update(**handed_in)
    own = phone(member)
    return read(own, "members:review_of", meeting.campaign.span)


def undone(show: Callable[..., str], *args: Any) -> str:
    """What it shows; whatever was written for it is gone afterwards. Verbs may be durable inside, as in a test."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        said = show(*args)
        transaction.set_rollback(True)
    return said
