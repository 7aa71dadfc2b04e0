"""Both public cases through their whole year: reviews, report, meeting, count, minutes, and the file sent up."""

import hashlib
import io
import zipfile

import pytest

from ballots.appraisal import subjects
from ballots.demo import seeding
from ballots.demo.scenario import Scenario
from ballots.dossier import archive, checks
from ballots.models import Paper, Poll
from ballots.papers.kinds import KINDS
from ballots.results import figures
from cells.law.guidance import load_pack
from cells.law.review_forms import COLLECTIVE, ReviewForm
from cells.models import Meeting
from cells.wording import fraction, percent_of, score
from members.models import Attendance, Door, Finding, User
from members.reviews.views import form_of, own_review
from members.rules.review_sheet import GRADE, SCORE, TEXT, Sheet
from tests.kit import cases, factories, polls, verbs
from tests.kit.paper_readers import followed_by, pages_in, words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CASES = {"2023": cases.SEED, "2025": cases.HALL}
SITE = "https://kiemdiem.example"
DONE = "Đã làm tốt việc được giao."


def filled(form: ReviewForm, level: str) -> Sheet:
    """Every text written, every criterion passed, and a result that suits the level."""
    short = {"HTXS": 5, "HTT": 15}.get(level, 40)
    typed = {TEXT + section.key: DONE for section in form.sections}
    typed |= {GRADE + section.key: next(iter(form.grades)) for section in form.graded}
    for criterion in form.criteria:
        less = short if criterion.points > short else 0
        typed[SCORE + criterion.key] = score(criterion.points - less)
    sheet = Sheet.read(form, typed | {"self_level": level}).checked()
    assert sheet.problems == {}
    return sheet


def hand_in_reviews(meeting: Meeting) -> None:
    for place in Attendance.objects.of(meeting).filter(rated=True):
        row = own_review(place.member, meeting.campaign)
        row.save()
        sheet = filled(form_of(row), place.self_level)
        row.keep(0, sheet.texts(), sheet.scores(), sheet.level_kept, grades=sheet.grades())
        row.submit(row.version, sheet.form.version)


def write_report(user: User, meeting: Meeting) -> None:
    """All sections of Mẫu 01; the score stays what the case says."""
    form = ReviewForm.from_pack(load_pack(meeting.rules.version), COLLECTIVE, meeting.rules)
    texts = {section.key: DONE for section in form.sections}
    factories.set_report(meeting, texts=texts)
    meeting.refresh_from_db()


def come(case: Scenario, meeting: Meeting) -> None:
    """Everybody comes, or stays away, as the case says; the tablet's voters hold a phone too."""
    for place in Attendance.objects.of(meeting):
        person = case.members[place.position - 1]
        place.state, place.reason = person.attendance, person.reason
        place.door = Door.PHONE
        place.save(update_fields=["state", "reason", "door"])


def marks_of(case: Scenario, number: int, poll: Poll) -> list[list[int]]:
    """The ballots of the case's poll as rows of marks: 1 for the highest level on the sheet, 0 for none."""
    planned = case.polls[number]
    keys = case.subjects(planned)
    dealt = []
    for ballot in planned.ballots:
        levels = [ballot.marks.get(key, ballot.marks.get("*")) for key in keys]
        row = [list(planned.levels).index(level) + 1 if level else 0 for level in levels]
        dealt += [row] * ballot.count
    return dealt


def vote(case: Scenario, meeting: Meeting) -> None:
    for number, poll in enumerate(Poll.objects.filter(meeting=meeting).order_by("number")):
        polls.play(poll, *marks_of(case, number, poll))


def explain(user: User, meeting: Meeting) -> None:
    """A reason for every doubt, as the secretary writes it."""
    for subject in subjects.load(meeting):
        reasons = {doubt.key: "Chi bộ đã thảo luận kỹ." for doubt in subject.appraisal.unexplained}
        if reasons:
            seen = subject.seen(Finding.Kind.REASON)
            verbs.give_reasons(user, meeting, subject.member, reasons, seen)


def held_meeting(case: Scenario) -> tuple[Meeting, User]:
    """The case's meeting, closed, with everything that its file needs."""
    meeting, seeded = seeding.seed(case)
    user = seeded.secretary
    hand_in_reviews(meeting)
    write_report(user, meeting)
    come(case, meeting)
    verbs.open_meeting(user, meeting)
    tellers = [seeded.members[name] for name in case.meeting.tellers]
    verbs.name_tellers(user, meeting, tellers, 8, 8)
    vote(case, meeting)
    explain(user, meeting)
    meeting.refresh_from_db()
    ends = seeding._aware(case.meeting.ends)
    verbs.pass_minutes(user, meeting, 8, 8, ends, SITE)
    verbs.close_meeting(user, meeting)
    meeting.refresh_from_db()
    return meeting, user


def text_of(paper: Paper) -> str:
    return words(" ".join(pages_in(bytes(paper.pdf))))


@pytest.mark.parametrize("pack", CASES)
def test_the_case_holds_a_complete_and_checked_file(pack):
    meeting, user = held_meeting(cases.load(CASES[pack]))
    wrong = checks.lines_of(checks.groups_for(meeting), checks.State.MEND)
    assert [check.sentence for check in wrong] == []
    verbs.send_up(user, meeting, site=SITE)
    papers = {paper.kind: paper for paper in Paper.objects.filter(meeting=meeting)}
    assert set(papers) == set(KINDS)
    texts = {kind: text_of(paper) for kind, paper in papers.items()}
    for kind, paper in papers.items():
        text = texts[kind]
        assert "DỰ THẢO" not in text
        assert meeting.rules.version in followed_by(bytes(paper.pdf))
        assert paper.check_code[:4] in text
    distribution = figures.load(meeting).distribution
    for kind in (Paper.Kind.MINUTES, Paper.Kind.SUMMARY, Paper.Kind.UPWARD):
        text = texts[kind]
        for number in distribution.counts.values():
            assert fraction(number, distribution.of) in text
            assert percent_of(number, distribution.of) in text
    whole_file(meeting, papers)


def whole_file(meeting: Meeting, papers: dict[str, Paper]) -> None:
    """One ZIP with every paper as it was locked, every member's own form, and check sums that hold."""
    buffer = io.BytesIO()
    archive.write(meeting, buffer)
    with zipfile.ZipFile(buffer) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    assert all(name.isascii() for name in files)
    assert {bytes(paper.pdf) for paper in papers.values()} <= set(files.values())
    forms = [name for name in files if name.startswith("ban-kiem-diem/")]
    assert len(forms) == Attendance.objects.filter(meeting=meeting, rated=True).count()
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name in sums
    }
    assert set(forms) <= set(sums)
