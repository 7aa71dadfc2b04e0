"""Each unique constraint with the race it stops: of rows written at once past every check, one is kept."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model, UniqueConstraint

from ballots.models import (
    Box,
    Classification,
    Decision,
    Difference,
    InvalidReason,
    Issue,
    Job,
    JobPart,
    Paper,
    Petition,
    Pin,
    Poll,
    RowTally,
    Sealed,
    Slip,
    Subject,
    Submission,
    Teller,
)
from cells.models import (
    AgendaItem,
    Campaign,
    Cell,
    Collective,
    CollectiveReport,
    Meeting,
    Setting,
)
from members.models import (
    Assessment,
    Attachment,
    Attendance,
    Device,
    FormerYear,
    MemberImport,
    PhoneChange,
    ReviewLine,
    SelfReview,
    SelfReviewVersion,
    Transfer,
)
from tests.kit import rows_above
from tests.kit.rows import KINDS, THREADS, World, act_of, act_paper_of, finding_of, paper_of
from tests.kit.threads import together

# What happens at once → the row that each of four threads writes; `n` is the thread.
RACES: dict[str, tuple[str, Callable[[World, int], Model]]] = {
    "cell_name_once_per_committee": (
        "two officers add the same cell",
        lambda w, n: Cell(committee=w.cell.committee, name="Chi bộ mới", place=str(n)),
    ),
    "one_setting_per_committee_and_key": (
        "two officers of a committee set the same rule",
        lambda w, n: Setting(committee=w.cell.committee, key="base", value="full", basis=str(n)),
    ),
    "one_setting_per_cell_and_key": (
        "two officers of a cell set the same rule",
        lambda w, n: Setting(cell=w.cell, key="base", value="full", basis=str(n)),
    ),
    "one_campaign_per_committee_and_year": (
        "two officers start the year's review",
        lambda w, n: Campaign(committee=w.cell.committee, year=2030, pack="2025.1"),
    ),
    "one_main_meeting_per_cell_and_campaign": (
        "a second click on planning",
        lambda w, n: Meeting(
            cell=Cell.objects.get(name="Chi bộ mới"),
            campaign=w.meeting.campaign,
            starts_at=w.meeting.starts_at,
        ),
    ),
    "one_open_difference_per_poll": (
        "two tellers' devices find a fault at once, and each takes itself for the first",
        lambda w, n: Difference(poll=w.poll, member=w.others[n], fault="Sai."),
    ),
    "one_item_per_position": (
        "two items at one place of the agenda",
        lambda w, n: AgendaItem(meeting=w.empty, position=1, title=str(n)),
    ),
    "one_attendance_per_meeting_and_member": (
        "a member listed twice, and so with two votes",
        lambda w, n: Attendance(meeting=w.meeting, member=w.member, position=90 + n),
    ),
    "one_presenter_per_meeting": (
        "two members named at once to present the report",
        lambda w, n: Attendance(
            meeting=w.empty, member=w.others[n], position=50 + n, presents=True
        ),
    ),
    "one_chair_and_one_clerk": (
        "two chairs named at once",
        lambda w, n: Attendance(
            meeting=w.empty, member=w.others[n], position=n, duty=Attendance.Duty.CHAIR
        ),
    ),
    "one_review_line_per_member_and_campaign": (
        "the year's list made by two clicks",
        lambda w, n: ReviewLine(
            cell=w.member.cell, member=w.member, campaign=w.meeting.campaign, status="subject"
        ),
    ),
    "one_self_review_per_member_and_campaign": (
        "the first words of a self-review stored from two tabs",
        lambda w, n: SelfReview(
            cell=w.member.cell, member=w.member, campaign=w.meeting.campaign, kind="member"
        ),
    ),
    "one_kept_version_per_number": (
        "a self-review handed in twice at once",
        lambda w, n: SelfReviewVersion(review=w.review, number=1, pack=str(n), kind="member"),
    ),
    "one_import_per_cell_and_user": (
        "a sheet uploaded by two clicks",
        lambda w, n: MemberImport(cell=w.cell, user=w.user, file_name=str(n), sheet={}),
    ),
    "one_import_per_committee_and_user": (
        "a sheet for many cells uploaded by two clicks",
        lambda w, n: MemberImport(
            committee=w.cell.committee, user=w.user, file_name=str(n), sheet={}
        ),
    ),
    "one_open_stay_per_member": (
        "a member sent to two places at once",
        lambda w, n: Transfer(member=w.member, kind="stay", place=str(n), since=date(2026, 3, 1)),
    ),
    "one_number_per_knocking_phone": (
        "two phones draw the same two digits, and the wrong one is admitted",
        lambda w, n: Device(
            member=w.others[n], meeting=w.meeting, number=47, token_hash=f"number {n}"
        ),
    ),
    "one_knock_per_browser": (
        "a name tapped twice, and a second number for the same phone",
        lambda w, n: Device(
            member=w.others[n],
            meeting=w.meeting,
            number=20 + n,
            browser="one",
            token_hash=f"browser {n}",
        ),
    ),
    "one_mark_per_member_and_kind": (
        "one changed phone marked twice",
        lambda w, n: PhoneChange(meeting=w.meeting, member=w.member, kind="moved"),
    ),
    "one_admitted_phone_per_member": (
        "two phones of one member admitted, by code and by personal link",
        lambda w, n: Device(member=w.member, state="admitted", token_hash=f"admitted {n}"),
    ),
    "one_active_poll_per_meeting": (
        "two polls opened at once",
        lambda w, n: Poll(
            meeting=w.meeting, number=10 + n, title="", door_key="", state="issuing"
        ),
    ),
    "poll_number_once_per_meeting": (
        "two polls planned at once",
        lambda w, n: Poll(meeting=w.meeting, number=30, title=str(n), door_key=""),
    ),
    "one_subject_per_row": (
        "two names in one row of the ballot",
        lambda w, n: Subject(poll=w.poll, position=7, member=w.others[n], label=str(n)),
    ),
    "one_row_per_subject": (
        "one name in two rows of the ballot",
        lambda w, n: Subject(poll=w.poll, position=10 + n, member=w.member, label=""),
    ),
    "one_line_per_invalid_reason": (
        "one reason of invalid ballots written by two clicks",
        lambda w, n: InvalidReason(poll=w.poll, reason="Không đánh dấu", count=1 + n),
    ),
    "one_row_per_collective": (
        "one leadership collective in two rows of the ballot",
        lambda w, n: Subject(poll=w.poll, position=20 + n, collective=w.body, label=""),
    ),
    "one_issue_per_voter_and_round": (
        "a voter entered twice on the roll, and so with two stamps",
        lambda w, n: Issue(poll=w.poll, round=1, member=w.member),
    ),
    "one_stamp_per_slip": (
        "a slip entered twice, and so with two stamps",
        lambda w, n: Slip(poll=w.poll, round=1, code_hash="one", blinded=bytes([n])),
    ),
    "one_teller_post_per_member": (
        "a teller named twice",
        lambda w, n: Teller(meeting=w.meeting, member=w.member),
    ),
    "one_lead_teller_per_meeting": (
        "two leaders named at once",
        lambda w, n: Teller(meeting=w.empty, member=w.others[n], lead=True),
    ),
    "one_tally_per_row": (
        "a box counted twice at once",
        lambda w, n: RowTally(poll=w.poll, position=1, good=n),
    ),
    "one_current_level_per_member": (
        "two results of one member",
        lambda w, n: Classification(meeting=w.meeting, member=w.member, source="vote", level="HT"),
    ),
    "one_current_level_of_the_cell": (
        "two results of the cell",
        lambda w, n: Classification(meeting=w.meeting, source="vote", level="HT"),
    ),
    "one_current_level_per_collective": (
        "two results of one leadership collective",
        lambda w, n: Classification(meeting=w.empty, collective=w.body, source="vote", level="HT"),
    ),
    "one_locked_paper_of_a_kind": (
        "minutes passed twice at once",
        lambda w, n: paper_of(w, kind="minutes", sha256=str(n)),
    ),
    "paper_number_once_per_term": (
        "two papers of one term under one number",
        lambda w, n: paper_of(w, kind=KINDS[n], series="BB", number=5, term=date(2025, 3, 1)),
    ),
    "paper_number_once_without_term": (
        "two papers under one number, in a cell that names no term",
        lambda w, n: paper_of(w, kind=KINDS[n], series="BB", number=6),
    ),
    "one_submission_per_number": (
        "the file sent up by two clicks",
        lambda w, n: Submission(meeting=w.meeting, by=w.user),
    ),
    "one_pin_per_place": (
        "one place of a file pinned by two officers",
        lambda w, n: Pin(submission=w.returned, place="sums", about="", text=str(n)),
    ),
    "one_decision_per_number": (
        "a file decided by two officers",
        lambda w, n: Decision(
            meeting=w.meeting, symbol=str(n + 1), dated=date(2026, 12, 1), by=w.user
        ),
    ),
    "one_committee_decision_per_symbol": ("one paper twice", lambda w, n: act_of(w, "9")),
    "one_locked_paper_of_a_decision": ("made by two workers", lambda w, n: act_paper_of(w, n)),
    "one_waiting_petition_per_member": (
        "a petition sent by two taps",
        lambda w, n: Petition(decision=w.decision, member=w.member, text=f"Lần {n}"),
    ),
    "one_assessment_per_member_campaign_and_body": (
        "a remark put in from two tabs",
        lambda w, n: Assessment(
            cell=w.member.cell,
            member=w.member,
            campaign=w.meeting.campaign,
            body="executive",
            remark=str(n),
        ),
    ),
    "one_finding_per_member_and_key": (
        "a flag on a member confirmed by two clicks",
        lambda w, n: finding_of(w, member=w.member, evidence=str(n)),
    ),
    "one_finding_per_cell_and_key": (
        "a flag on the cell confirmed by two clicks",
        lambda w, n: finding_of(w, evidence=str(n)),
    ),
    "one_finding_per_collective_and_key": (
        "a flag on a leadership collective confirmed by two clicks",
        lambda w, n: finding_of(w, collective=w.body, evidence=str(n)),
    ),
    "one_collective_per_meeting_and_name": (
        "a leadership collective added by two clicks",
        lambda w, n: Collective(meeting=w.meeting, name="Chi ủy", size=3),
    ),
    "one_report_of_the_cell_per_meeting": (
        "the first words of a report stored from two windows",
        lambda w, n: CollectiveReport(meeting=w.empty, summary=str(n)),
    ),
    "one_former_year_of_a_member": (
        "a former year taken from a sheet by two clicks",
        lambda w, n: FormerYear(member=w.member, year=2024, shortcomings=str(n), by=w.user),
    ),
    "one_unfinished_job_of_its_kind": (
        "a piece of work asked for by two clicks",
        lambda w, n: Job(kind="papers", about=str(n), asked_by=w.user, args={"committee": 1}),
    ),
    "one_part_of_each_number": (
        "two workers that store the result of one piece of work",
        lambda w, n: JobPart(job=w.job, number=1, data=bytes([n])),
    ),
}
# Keys that are unique by themselves, for which the same holds.
KEYS: dict[str, tuple[str, Callable[[World, int], Model]]] = {
    "box.tag": (
        "two ballots under one number",
        lambda w, n: Box(tag=b"t" * 32, poll=w.poll, data=bytes([n])),
    ),
    "sealed.hash": (
        "a ballot sealed twice",
        lambda w, n: Sealed(hash=b"h" * 32, poll=w.poll, data=bytes([n])),
    ),
    "poll.p": (
        "two polls under one sheet",
        lambda w, n: Poll(meeting=w.empty, number=n, title="", door_key="", p="ab" * 32),
    ),
    "meeting.code": (
        "two halls with the same six digits",
        lambda w, n: Meeting(
            cell=w.cell,
            campaign=w.meeting.campaign,
            kind=Meeting.Kind.EXTRA,
            starts_at=w.meeting.starts_at,
            code="482913",
        ),
    ),
    "device.token_hash": (
        "one cookie for two members",
        lambda w, n: Device(member=w.others[n], token_hash="one"),
    ),
    "collectivereport.collective": (
        "the first words of a leadership collective's report stored from two windows",
        lambda w, n: CollectiveReport(meeting=w.empty, collective=w.body, summary=str(n)),
    ),
    "paper.supersedes": (
        "two papers in the place of one",
        lambda w, n: paper_of(w, kind="summary", supersedes=w.paper),
    ),
    "classification.supersedes": (
        "a level corrected twice at once",
        lambda w, n: Classification(
            meeting=w.empty, member=w.member, source="vote", level="HT", supersedes=w.level
        ),
    ),
    "attachment.supersedes": (
        "a file replaced by two clicks",
        lambda w, n: Attachment(
            cell=w.cell,
            campaign=w.meeting.campaign,
            by=w.user,
            kind="signed",
            content_type="image/jpeg",
            content=bytes([n]),
            supersedes=w.scan,
        ),
    ),
    "paper.check_code": (
        "one check code on two papers",
        lambda w, n: Paper(
            meeting=w.empty if n % 2 else w.meeting,
            cell=w.cell,
            kind="count",
            check_code="ABCDEFGHJKLM",
            pdf=b"",
            docx=b"",
        ),
    ),
}


def insert(row: Model) -> bool:
    row.save(force_insert=True)
    return True


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_rows_written_at_once_the_database_keeps_one():
    world = World()
    for name, (what, make) in (RACES | rows_above.RACES | KEYS).items():
        written = [make(world, n) for n in range(THREADS)]
        results = together(*[lambda row=row: insert(row) for row in written])
        seen = Counter(type(result) for result in results)
        assert seen == {bool: 1, IntegrityError: THREADS - 1}, f"{name}: {what}"


def test_every_unique_constraint_has_its_race():
    models = [
        m
        for label in ("cells", "members", "ballots")
        for m in apps.get_app_config(label).get_models()
    ]
    named = {
        constraint.name
        for model in models
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    assert named == {*RACES, *rows_above.RACES}
