"""A cell of any size through its year: from the self-reviews to the decision, the same each time it is played."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from ballots.appraisal import subjects
from ballots.committee.quota import verbs as quota
from ballots.dossier import checks
from ballots.dossier.contents import sections_of
from ballots.meeting import running
from ballots.models import Issue, Paper, Poll, QuotaDraft
from ballots.report.sheet import Report, form_of
from ballots.results.decisions import cases_of
from ballots.secret.voter import Phone
from cells import codes
from cells.law.periods import Period
from cells.models import Collective, Meeting
from members.devices import links
from members.imports import waiting
from members.models import (
    Attendance,
    Comment,
    Device,
    Door,
    Finding,
    Member,
    Office,
    SelfReview,
)
from members.reviews import views as review_pages
from members.reviews.views import own_review
from members.rules.review_sheet import TEXT, Sheet
from tests.kit import factories, polls, verbs
from tests.kit.cases import HALL
from tests.kit.polls import poll_of
from tests.pictures import people
from tests.pictures.clock import turn_to

CODE = "482913"
GOOD = 2
# Of a hundred ballots, how many say HTXS, and how many that or HTT; the rest HT. The last row reaches no level.
SHARES = ((70, 97), (8, 94), (25, 88), (4, 86), (12, 91), (6, 95), (41, 86))


class Evening:
    """What is played, and who is in it; `steps` goes on from step to step and gives its name."""

    def __init__(self, size: int, year: int = 2026) -> None:
        self.turn_to(year)
        committee = factories.make_committee("Đảng bộ phường Hoa Sen")
        self.cell = factories.make_cell(committee, "Chi bộ Khu phố 7")
        self.members = people.make_members(self.cell, size)
        self.secretary = people.make_account(member=self.members[0])
        self.officer = people.make_account(
            committee=committee, last_name="Lê Thị", first_name="Thanh"
        )
        self.tokens: dict[Member, str] = {}
        self.meeting: Meeting
        self.begin(year)

    def begin(self, year: int) -> None:
        """The review of this year, nothing of it done yet; the same cell can be led through several."""
        self.turn_to(year)
        self.campaign = factories.make_campaign(self.cell.committee, year=year)
        verbs.make_list(self.secretary, self.cell, self.campaign)

    def turn_to(self, year: int) -> None:
        """Some days before that year's meeting."""
        self.begins = datetime(year, 12, 4, 19, 30, tzinfo=timezone.get_default_timezone())
        self.ends = self.begins + timedelta(minutes=95)
        turn_to(self.begins - timedelta(days=9, hours=11))

    def steps(self) -> Iterator[str]:
        """Play, step after step."""
        for step in (
            self.gather, self.prepare, self.check_in, self.report, self.tellers, self.issue, self.cast,
            self.count, self.conclude, self.close, self.send, self.mend, self.decide, self.petition,
        ):  # fmt: skip
            step()
            yield step.__name__

    # Before the meeting

    def gather(self) -> None:
        """Most have handed in, one is writing; files of two worksheets wait."""
        most = max(2, len(self.members) * 3 // 4)
        for member in self.members[1:most]:
            self.hand_in(member)
        self.writer = self.members[most:][:2][-1]
        self.write(self.writer, sections=2, criteria=4)
        if self.writer not in self.tokens:
            self.tokens[self.writer] = factories.make_device(self.writer)
        self.keep_files(pages=2)

    def prepare(self) -> None:
        """The meeting is planned, and its report drafted."""
        secretary, clerk = self.members[:2]
        self.meeting = verbs.plan_meeting(
            self.secretary, self.cell, self.campaign, starts_at=self.begins,
            venue="Nhà văn hoá Khu phố 7", chair=secretary, clerk=clerk,
        )  # fmt: skip
        self.type_report()
        self.fill()

    def write(self, member: Member, sections: int, criteria: int) -> Sheet:
        """Write so many texts and points of the form that suits the member."""
        row = own_review(member, self.campaign)
        form = review_pages.form_of(row)
        texts = {TEXT + s.key: people.DONE[n % 3] for n, s in enumerate(form.sections[:sections])}
        points = dict(list(people.points(form).items())[:criteria])
        sheet = Sheet.read(form, texts | points | {"self_level": "HTT"})
        row.save()
        row.keep(row.version, sheet.texts(), sheet.scores(), sheet.level_kept)
        return sheet

    def hand_in(self, member: Member) -> None:
        sheet = self.write(member, 99, 99)
        row = own_review(member, self.campaign)
        row.submit(row.version, sheet.form.version)

    def type_report(self, added: str = "") -> None:
        """The report of the cell; `added`: to what is said in the second and in the seventh place."""
        form = form_of(self.meeting.rules)
        stored = Report.load(self.meeting.report, form)
        texts = people.REPORT
        typed = {
            TEXT + section.key: texts[n % 3] + (added if n % 5 == 1 else "")
            for n, section in enumerate(form.sections)
        }
        typed |= people.points(form) | {"self_level": "HTT"}
        changed = Report.read(form, {**stored.typed, **typed})
        verbs.edit_report(self.secretary, self.meeting, changed, stored.seen)

    def fill(self) -> None:
        """What only single pages show: files read and not applied, a scan, a collective, a post."""
        self.keep_files(pages=1)
        title = {"kind": "evidence", "title": "Giấy khen 2026"}
        factories.make_attachment(self.cell, self.secretary, **title)
        self.meeting.collectives.create(name="Chi ủy Khu phố 7", size=3)
        post = {"kind": "union", "title": "Chi hội trưởng", "since": date(2024, 3, 8)}
        Office.objects.create(member=self.members[-1], **post)

    def keep_files(self, pages: int) -> None:
        """Lists of members that were read and not yet applied."""
        name, cell = "Danh sách đảng viên.xlsx", self.cell
        waiting.keep(self.secretary, cell, name, people.workbook(pages))
        waiting.keep(self.officer, cell.committee, name, people.workbook(pages, cell.name))

    # In the hall

    def check_in(self) -> None:
        """Half are here, a third knock, two of them with phones that are known."""
        self.meeting.collectives.all().delete()
        turn_to(self.begins - timedelta(minutes=20))
        verbs.open_checkin(self.secretary, self.meeting)
        self.meeting.code = CODE
        self.meeting.save(update_fields=["code"])
        voters = [m for m in self.members if m.status in ("full", "probationary")]
        half = (len(voters) + 1) // 2
        self.doors(voters)
        factories.arrive(self.meeting, *voters[:half])
        for member in voters[:half]:
            self.let_in(member)
        for place, member in enumerate(voters[half : half + max(1, len(voters) // 3)]):
            state = Device.State.ADMITTED if place in (1, 4) else Device.State.PENDING
            if member not in self.tokens:
                self.tokens[member] = factories.make_device(member, state=state)
            knocking = Device.objects.filter(member=member)
            knocking.update(meeting=self.meeting, number=11 + place * 37 % 88)
            self.knocker = member

    def doors(self, voters: list[Member]) -> None:
        """Three by paper, two by slips, where so many are there."""
        if len(voters) < 9:
            return
        full = [member for member in voters if member.status == "full"]
        rows = Attendance.objects.filter(meeting=self.meeting)
        rows.filter(member__in=full[5:8]).update(door=Door.PAPER)
        rows.filter(member__in=full[3:5]).update(door=Door.SLIP)

    def let_in(self, member: Member) -> None:
        door = Attendance.objects.get(meeting=self.meeting, member=member).door
        if door == Door.PHONE and member not in self.tokens:
            self.tokens[member] = factories.make_device(member, meeting=self.meeting)

    def report(self) -> None:
        """Everybody has come but two; the report is talked about and changed, and comments are taken down."""
        turn_to(self.begins)
        Device.objects.filter(meeting=self.meeting).update(number=None, state="admitted")
        rows = Attendance.objects.filter(meeting=self.meeting)
        absent = {row["name"] for row in HALL["members"] if row.get("attendance") != "present"}
        for member in self.members:
            if member.name in absent and len(self.members) > 3:
                rows.filter(member=member).update(state="excused", reason="Ốm, nằm viện")
            else:
                rows.filter(member=member).update(state="present")
                self.let_in(member)
        verbs.open_meeting(self.secretary, self.meeting)
        self.go_to("report")
        self.type_report(added=people.ADDED)
        guest = verbs.add_guest(
            self.secretary, self.meeting, "Trần Văn Sáu", "Ủy viên Ban Thường vụ Đảng ủy phường"
        )
        about = (None, self.members[1], None)
        for place, (on, text) in enumerate(zip(about, people.COMMENTS, strict=True)):
            by = guest if place == 2 else self.members[2]
            verbs.comment(self.secretary, self.meeting, by, on, text)

    def go_to(self, kind: str) -> None:
        """Walk on to the item of the agenda."""
        self.meeting.refresh_from_db()
        for item in self.meeting.items.order_by("position"):
            if item.kind == kind:
                break
            verbs.next_item(self.secretary, self.meeting, item.position)
        self.meeting.refresh_from_db()

    def tellers(self) -> None:
        """Tellers are named; they look at who is here."""
        turn_to(self.begins + timedelta(minutes=40))
        self.go_to("tellers")
        able = [pk for pk, why in running.teller_problems(self.meeting).items() if not why]
        # One who holds a phone leads.
        named = [m for m in self.members if m.pk in able and m in self.tokens][:3]
        voters = Attendance.objects.filter(meeting=self.meeting).voters_here()
        verbs.name_tellers(self.secretary, self.meeting, named, voters, voters)
        self.teller = named[0]
        self.go_to("poll")

    def issue(self) -> None:
        """The poll on the members hands out its ballots; two phones, and the one in a browser, have not asked yet."""
        turn_to(self.begins + timedelta(minutes=45))
        self.play_out(poll_of(self.meeting, 1))
        self.poll = poll_of(self.meeting, 2)
        self.slips = verbs.print_slips(self.secretary, self.poll, 8)
        verbs.open_issuing(self.secretary, self.poll)
        self.poll.refresh_from_db()
        self.phones = self.receive(waiting=2)

    def play_out(self, poll: Poll) -> None:
        """The whole poll on the cell, its papers and slips given up for phones."""
        rows = Attendance.objects.filter(meeting=self.meeting)
        doors = dict(rows.values_list("pk", "door"))
        rows.update(door=Door.PHONE)
        count = rows.voters_here()
        polls.play(poll, *[[1 if n % 6 == 0 else GOOD] for n in range(count)])
        for pk, door in doors.items():
            rows.filter(pk=pk).update(door=door)

    def cast(self) -> None:
        """The box is open, and two thirds are in it."""
        self.phones += [*self.receive(), *self.draw()]
        turn_to(self.begins + timedelta(minutes=52))
        verbs.open_box(self.secretary, self.poll, short_ok=True)
        polls.fill(self.poll, self.phones, self.ballots()[: len(self.phones) * 2 // 3])

    def receive(self, waiting: int = 0) -> list[Phone]:
        """Phones take their ballots, but for the last ones `waiting`, and the writer's, which is in a browser."""
        entries = Issue.objects.of(self.poll).filter(door=Door.PHONE, stamped=False)
        asking = list(entries.select_related("member"))
        if waiting:
            asking = [entry for entry in asking if entry.member != self.writer][:-waiting]
        phones = []
        for entry in asking:
            phone, request = self.new_phone()
            phone.accept_stamp(verbs.stamp(entry.member, request[:32], request[32:]))
            verbs.acknowledge(entry.member, request[:32])
            phones.append(phone)
        return phones

    def draw(self) -> list[Phone]:
        """Who has no phone draws a slip."""
        phones = []
        entries = Issue.objects.of(self.poll).filter(door=Door.SLIP).count()
        for code in self.slips[:entries]:
            phone, request = self.new_phone()
            letters = codes.read(code, 10)
            phone.accept_stamp(verbs.stamp_slip(request[:32], request[32:], letters))
            phones.append(phone)
        return phones

    def new_phone(self) -> tuple[Phone, bytes]:
        """A phone that knows the ballot, and what it asks with."""
        phone = Phone(bytes(self.poll.sheet))
        return phone, phone.request()

    def ballots(self) -> list[list[int]]:
        """A ballot for each voter: most marks good, each row with its own shares."""
        rows = range(self.poll.subjects.count())
        return [
            [next((m for m, most in enumerate(SHARES[r % 7], 1) if (v * 37 + r * 11) % 100 < most), 3) for r in rows]
            for v in range(len(self.phones))
        ]  # fmt: skip

    def count(self) -> None:
        """All is in the box, counted twice and confirmed."""
        sent = len(self.phones) * 2 // 3
        polls.fill(self.poll, self.phones[sent:], self.ballots()[sent:])
        polls.seal(self.poll)
        polls.count(self.poll)
        turn_to(self.begins + timedelta(minutes=65))

    def conclude(self) -> None:
        """The item of the result: on whom the ballots leave open, the chair has to conclude."""
        self.go_to("result")
        verbs.set_conclusion_text(self.secretary, self.meeting, people.REPORT[2])

    def close(self) -> None:
        """The chair has concluded on everybody, and the minutes are passed."""
        for case in cases_of(self.meeting):
            if not case.proposed and not case.collective:
                verbs.conclude(self.secretary, self.meeting, case.member, "HTT", people.AGREED)
        turn_to(self.ends)
        voters = Attendance.objects.filter(meeting=self.meeting).voters_here()
        counted = self.begins + timedelta(minutes=52), self.begins + timedelta(minutes=65)
        verbs.pass_minutes(
            self.secretary, self.meeting, voters, voters, self.ends, number=12, counted=counted, copies=3
        )  # fmt: skip
        verbs.close_meeting(self.secretary, self.meeting)
        self.meeting.refresh_from_db()

    def send(self) -> None:
        """The rest hands in on paper, and the file is sent up."""
        turn_to(self.ends + timedelta(hours=14))
        for member in self.members:
            row = own_review(member, self.campaign)
            if row.is_open:
                row.save()
                row.receive_paper(self.campaign.pack, "HTT")
        for subject in subjects.load(self.meeting):
            doubts = {doubt.key: people.REASON for doubt in subject.appraisal.unexplained}
            if doubts:
                seen = subject.seen(Finding.Kind.REASON)
                verbs.give_reasons(self.secretary, self.meeting, subject.member, doubts, seen)
        verbs.send_up(self.secretary, self.meeting)
        self.neighbours()

    def neighbours(self) -> None:
        """The other cells of the committee, each as far as it got."""
        people.make_neighbours(self.cell.committee, self.officer)

    def mend(self) -> None:
        """The committee returns the file with two places to be mended."""
        turn_to(self.ends + timedelta(days=3))
        sections = sections_of(checks.Evidence.load(self.meeting))
        facts = [fact for section in sections for fact in section.facts]
        pins = dict(zip(facts[2:4], people.PINS, strict=True))
        verbs.return_file(self.officer, self.meeting, 1, pins)

    def decide(self) -> None:
        """It was sent again, and the committee is about to decide."""
        turn_to(self.ends + timedelta(days=10))
        verbs.send_up(self.secretary, self.meeting, note="Đã sửa hai chỗ cấp trên nêu.")
        quota.make(self.officer, self.cell.committee, Period(self.campaign.year), "Lần 1")

    def petition(self) -> None:
        """It is decided, and one petitions."""
        decision = factories.make_decision(self.meeting, self.officer, *self.members[1:])
        verbs.petition(self.writer, decision, "Xin xem lại mức xếp loại của tôi.")

    # Where it is seen

    @property
    def places(self) -> dict[str, object]:
        """What stands in the addresses, by the words of tests/access_table.py."""
        own, here = {"cell": self.cell}, {"meeting__cell": self.cell}
        link = links.personal_link(self.members[-1], "")
        rows = {
            "meeting": Meeting.objects.filter(**own),
            "review": SelfReview.objects.filter(member=self.members[1]),
            "sitting": Meeting.objects.filter(committee=self.cell.committee_id),
            "collective": Collective.objects.filter(**here),
            "poll": Poll.objects.filter(**here, subjects__member__gt=0),
            "comment": Comment.objects.filter(**here),
            "draft": QuotaDraft.objects.filter(committee=self.cell.committee_id),
        }
        return {
            "cell": self.cell.pk,
            "committee": self.cell.committee_id,
            "member": self.members[-1].pk,
            "code": CODE,
            "token": link.rstrip("/").rpartition("/")[2],
            "paper": Paper.objects.filter(**own).values_list("check_code", flat=True).first(),
            **{name: row.values_list("pk", flat=True).first() for name, row in rows.items()},
        }

    def token_of(self, who: str) -> str:
        """The cookie of the phone of whom `who` names."""
        return self.tokens[getattr(self, who)]
