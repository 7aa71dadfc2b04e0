"""From a member's submitted self-review, and what others said of the member, to the filled-in form."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ballots.models import Classification, Paper
from ballots.papers import heads
from ballots.papers.data import Authority, Head, Points, ScoredPart, SectionText, Signer
from ballots.papers.personal.data import Answer, PersonalData, Remark
from ballots.papers.signing import signer
from ballots.results import levels
from cells import wording
from cells.law.criteria import PARTS as PART_NAMES
from cells.law.guidance import load_pack
from cells.law.review_forms import OUTSIDE, PARTS, CriterionGroup, ReviewForm
from cells.models import Meeting
from members.models import Assessment, Attendance, Member, Office, SelfReviewVersion
from members.rules.promises import STATES

SUMS = {"common": "Cộng điểm tiêu chí chung", "result": "Cộng điểm kết quả thực hiện nhiệm vụ"}
# Posts, as forms ask for them.
FORM_ORDER = (Office.Kind.PARTY, Office.Kind.AGENCY, Office.Kind.UNION)
REMEDIED = "remedied"  # the section that last year's shortcomings belong to


def last_submitted(meeting: Meeting) -> dict[int, SelfReviewVersion]:
    """What each member of the meeting's cell submitted last, by member."""
    versions = SelfReviewVersion.objects.filter(
        review__campaign=meeting.campaign_id, review__cell=meeting.cell_id
    )
    rows = versions.select_related("review__member").order_by("review", "number")
    return {row.review.member_id: row for row in rows}


def _form_of(meeting: Meeting, version: SelfReviewVersion) -> ReviewForm:
    """The form as it stood when it was filled in."""
    form = ReviewForm.from_pack(load_pack(version.pack), version.kind, meeting.rules)
    return form.with_stored_criteria(version.criteria)


def _head(meeting: Meeting, version: SelfReviewVersion) -> Head:
    """Dated the day it was handed in; only a rehearsal's is marked, for its writer has passed it."""
    head = heads.head(meeting, meeting.rules, timezone.localtime(version.at).date())
    mark = head.mark if meeting.is_rehearsal else ""
    return replace(head, pack=version.pack, series="", mark=mark)


def gather_form(meeting: Meeting, version: SelfReviewVersion) -> PersonalData:
    """The form that was filled in at this submission; ValueError for a paper, of which nothing is known."""
    return _filled_in(meeting, version, _others(meeting, version))


def gather_own_copy(meeting: Meeting, version: SelfReviewVersion) -> PersonalData:
    """The writer's own copy: `gather_form` once the minutes are passed, until then a draft without the others.

    What officers prepare is theirs until the cell has passed it.
    """
    if meeting.pk and Paper.objects.passed(meeting):
        return gather_form(meeting, version)
    made = _filled_in(meeting, version, _nobody(meeting, version))
    return replace(made, head=replace(made.head, mark=heads.DRAFT), for_others=True)


def meeting_of(version: SelfReviewVersion) -> Meeting:
    """The meeting that deals with this review: which gave its writer a level, else the latest to list the writer.

    Before one is planned, a meeting that is not stored, as far as a form names it.
    """
    review = version.review
    level = Classification.objects.filter(meeting=OuterRef("meeting"), member=review.member_id)
    listed = Attendance.objects.filter(
        member=review.member_id,
        meeting__campaign=review.campaign_id,
        meeting__cell__isnull=False,  # a committee's meeting lists its voters, and reviews nobody
    ).exclude(meeting__kind=Meeting.Kind.REHEARSAL)
    attendance = (
        listed.alias(rates=Exists(level))
        .select_related("meeting__cell__committee", "meeting__campaign")
        .order_by("-rates", "-meeting__starts_at")
        .first()
    )
    if attendance is not None:
        return attendance.meeting
    return Meeting(cell=review.cell, campaign=review.campaign, starts_at=version.at)


def _filled_in(
    meeting: Meeting, version: SelfReviewVersion, others: Mapping[str, Any]
) -> PersonalData:
    """The form with what `others` wrote below it, by the fields of PersonalData."""
    if version.on_paper:
        raise ValueError("Bản giấy không có nội dung trong phần mềm.")
    member = version.review.member
    form = _form_of(meeting, version)
    titles = {section.key: section.title for section in form.sections}
    graded = {section.key for section in form.graded}
    return PersonalData(
        head=_head(meeting, version),
        form=form.number,
        title=form.title,
        subtitle=form.subtitle,
        member=member.name,
        facts=_facts(form, member, meeting, version),
        headings=form.parts,
        sections=tuple(
            SectionText(
                section.title,
                version.texts.get(section.key, ""),
                section.optional,
                section.group,
                version.grades.get(section.key, "") if section.key in graded else None,
            )
            for section in form.sections
        ),
        grades=form.grades,
        answers=_answers(version.answers),
        answered_in=titles.get(REMEDIED, form.sections[-1].title),
        groups=tuple(_points(group, _scores(version)) for group in form.groups),
        sums=_sums(form, _scores(version)),
        levels=heads.levels(form.levels),
        self_level=version.self_level,
        has_others=form.has_others,
        **others,
    )


def _others(meeting: Meeting, version: SelfReviewVersion) -> dict[str, Any]:
    """What the unit head, the cell and the committee above have written about the member by now."""
    member = version.review.member
    assessments = {
        row.body: row
        for row in Assessment.objects.of(meeting.cell, meeting.campaign).filter(member=member)
    }
    manager = _remark(assessments.get(Assessment.Body.MANAGER.value))
    return {
        "manager": None if version.kind == OUTSIDE and not manager.text else manager,
        "executive": _remark(assessments.get(Assessment.Body.EXECUTIVE.value)),
        **levels_of(meeting, member),
        "above": _above(meeting, member),
        "signer": signer(meeting, heads.local(meeting.starts_at).date()),
    }


def _above(meeting: Meeting, member: Member) -> Authority:
    """Who signed the decision on the member's level; before it, the committee above the cell without a name."""
    decided = levels.of_meeting(meeting).get(member.pk, levels.InForce()).decided
    body = wording.body_of(meeting.cell.committee.executive_name)
    decision = decided.decision if decided else None
    if decision is None:
        return Authority(body)
    return Authority(decision.body or body, decision.signer_post, decision.signer)


def _nobody(meeting: Meeting, version: SelfReviewVersion) -> dict[str, Any]:
    """The same with nothing written yet."""
    return {
        "manager": None if version.kind == OUTSIDE else Remark(),
        "executive": Remark(),
        "cell_level": "",
        "decided": "",
        "above": Authority(wording.body_of(meeting.cell.committee.executive_name)),
        "signer": Signer(Office.Kind.SECRETARY.label.upper(), ""),
    }


def _facts(
    form: ReviewForm, member: Member, meeting: Meeting, version: SelfReviewVersion
) -> tuple[tuple[str, str], ...]:
    """What the form asks about its writer, in its order; posts are those held on the day it was handed in."""
    born = str(member.born_year or "")
    if member.born_on:
        born = wording.short_date(member.born_on)
    posts: dict[str, list[str]] = {}
    for office in Office.objects.in_force(timezone.localdate(version.at)).filter(member=member):
        kind = office.kind if office.title else Office.Kind.PARTY  # without a title, in the cell
        posts.setdefault(kind, []).append(office.name)
    party, agency, union = (", ".join(posts.get(k, [])) for k in FORM_ORDER)
    is_known = member.post.casefold() in (party.casefold(), union.casefold())
    known = {
        "name": ("Họ và tên", member.name),
        "born": ("Ngày sinh" if member.born_on else "Năm sinh", born),
        "post": ("Chức vụ", member.post),
        "party_post": ("Chức vụ Đảng", party),
        # Where no post in the agency is put in over dates, what the list of members says.
        "state_post": ("Chức vụ chính quyền", agency or ("" if is_known else member.post)),
        "union_post": ("Chức vụ đoàn thể", union),
        "workplace": ("Đơn vị công tác", member.workplace),
        "cell": ("Chi bộ", wording.capitalized(meeting.cell.name.removeprefix("Chi bộ ").strip())),
    }
    return tuple(known[key] for key in form.facts)


def _answers(answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            str(answers[key].get("item", "")),
            STATES.get(answers[key].get("state", ""), "Chưa trả lời"),
            str(answers[key].get("why", "")),
        )
        for key in sorted(answers, key=lambda key: (len(key), key))
    )


def _scores(version: SelfReviewVersion) -> dict[str, Decimal]:
    return {key: Decimal(text) for key, text in version.scores.items()}


def _points(group: CriterionGroup, scores: Mapping[str, Decimal]) -> ScoredPart:
    """A group with its sum; no lines where the group is its only criterion."""
    lines = tuple(Points(c.title, c.points, scores.get(c.key)) for c in group.criteria)
    total = sum((line.score for line in lines if line.score is not None), Decimal(0))
    alone = len(lines) == 1 and lines[0].title == group.title
    return ScoredPart(Points(group.title, group.points, total), () if alone else lines)


def _sums(form: ReviewForm, scores: Mapping[str, Decimal]) -> tuple[Points, ...]:
    """The sum of each part, and of all."""
    most = {
        part: sum((group.points for group in form.groups if group.part == part), Decimal(0))
        for part in PARTS
    }
    names = PART_NAMES if form.parts else SUMS
    parts = [Points(names[part], most[part], form.total(scores, part)) for part in PARTS]
    whole = Points("Tổng điểm", form.points, form.total(scores))
    return (*parts, whole) if form.groups else ()


def _remark(assessment: Assessment | None) -> Remark:
    return Remark(assessment.remark, assessment.level) if assessment else Remark()


def levels_of(meeting: Meeting, member: Member) -> dict[str, str]:
    """What the cell proposes, once its minutes are passed, and what the committee above has decided."""
    own = levels.of_meeting(meeting).get(member.pk, levels.InForce())
    proposed = own.proposed if Paper.objects.passed(meeting) else None
    return {
        "cell_level": proposed.level if proposed else "",
        "decided": own.decided.level if own.decided else "",
    }
