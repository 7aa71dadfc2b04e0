"""Self-reviews: their states, two pages at once, what is kept, and where the level goes. No web."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cells.law.guidance import load_pack
from cells.law.review_forms import ReviewForm
from cells.law.rules import Rules
from cells.models import InvalidTransition
from cells.stale import STALE
from members.models import Attendance, CannotKeep, SelfReview, SelfReviewVersion
from members.rules.review_sheet import LONGEST, Sheet
from tests.kit import factories, verbs

PACK = load_pack("2025")
FORM = ReviewForm.from_pack(PACK, "member", Rules.from_pack(PACK, {}))
STATES = SelfReview.State


@pytest.fixture
def review(db) -> SelfReview:
    """The draft of the fifth member of a planned meeting, written once."""
    meeting = factories.make_meeting(5)
    member = factories.members_of(meeting)[4]
    row = SelfReview.objects.create(
        cell=member.cell, member=member, campaign=meeting.campaign, kind="member"
    )
    row.keep(0, {"strengths": "Một"}, {"result": "61.5"}, "HTT")
    return row


def submitted(review: SelfReview) -> SelfReview:
    review.submit(review.version, "2025.1")
    return review


def place(review: SelfReview) -> Attendance:
    return Attendance.objects.get(member=review.member)


def test_a_member_writes_hands_in_gets_it_back_and_hands_in_again(review):
    submitted(review)
    review.send_back("Mục II quá ngắn.")
    assert (review.state, review.remark) == (STATES.RETURNED, "Mục II quá ngắn.")
    review.keep(review.version, {"strengths": "Hai"}, {}, "HT")
    submitted(review)
    assert (review.state, review.remark) == (STATES.SUBMITTED, "")
    versions = SelfReviewVersion.objects.filter(review=review)
    assert [(v.texts["strengths"], v.self_level, v.pack) for v in versions] == [
        ("Một", "HTT", "2025.1"),
        ("Hai", "HT", "2025.1"),
    ]


def test_of_two_pages_the_second_is_told_and_overwrites_nothing(review):
    other = SelfReview.objects.get(pk=review.pk)
    review.keep(review.version, {"strengths": "Mới"}, {}, "")
    with pytest.raises(CannotKeep, match=STALE):
        other.keep(other.version, {"strengths": "Cũ"}, {}, "")
    with pytest.raises(CannotKeep):
        SelfReview.objects.get(pk=review.pk).submit(1, "2025.1")
    assert SelfReview.objects.get().texts == {"strengths": "Mới"}
    assert not SelfReviewVersion.objects.exists()


@pytest.mark.parametrize(
    "step",
    [
        lambda row: row.keep(row.version, {}, {}, ""),
        lambda row: row.submit(row.version, "2025.1"),
        lambda row: row.promise_paper(),
        lambda row: row.receive_paper("2025.1"),
        lambda row: row.change_kind("outside"),
    ],
)
def test_what_was_handed_in_changes_no_more(review, step):
    submitted(review)
    with pytest.raises(InvalidTransition, match="bản kiểm điểm đã nộp"):
        step(review)


def test_only_what_was_handed_in_is_sent_back(review):
    with pytest.raises(InvalidTransition):
        review.send_back("Sửa lại.")


def test_sending_back_needs_a_remark(review):
    submitted(review)
    with pytest.raises(IntegrityError), transaction.atomic():
        review.send_back("")


def test_a_member_has_one_self_review_per_campaign(review):
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfReview.objects.create(
            cell=review.member.cell, member=review.member, campaign=review.campaign, kind="member"
        )


def test_the_level_goes_to_the_planned_meeting_and_is_already_there_in_one_planned_later(review):
    assert place(review).self_level == ""
    submitted(review)
    assert place(review).self_level == "HTT"


def test_a_meeting_planned_later_has_the_levels_handed_in_before(db):
    cell = factories.make_cell()
    member = factories.make_member(cell, "Vũ Thị Hoa")
    campaign = factories.make_campaign(cell.committee)
    row = SelfReview.objects.create(
        cell=member.cell, member=member, campaign=campaign, kind="member"
    )
    row.keep(0, {}, {}, "HTT")
    submitted(row)
    factories.make_meeting(3, cell=cell)
    assert place(row).self_level == "HTT"


def test_a_meeting_that_has_begun_keeps_its_own_level_and_stops_the_writing(review):
    meeting = place(review).meeting
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), meeting)
    for step in (
        lambda: review.keep(review.version, {}, {}, ""),
        lambda: review.submit(review.version, "2025.1"),
    ):
        with pytest.raises(CannotKeep, match="đang họp"):
            step()
    assert place(review).self_level == ""


def test_a_paper_is_promised_and_then_taken_in(review):
    review.promise_paper()
    assert (review.state, review.on_paper) == (STATES.DRAFT, True)
    review.receive_paper("2025.1")
    assert (review.state, review.on_paper) == (STATES.SUBMITTED, True)
    assert SelfReviewVersion.objects.get().on_paper


def test_another_form_keeps_the_words_and_drops_the_points(review):
    review.change_kind("outside")
    assert (review.kind, review.texts, review.scores) == ("outside", {"strengths": "Một"}, {})


# What is filled in


def filled(**changes) -> dict[str, str]:
    """Everything filled in, as a phone sends it."""
    data = {f"text-{section.key}": "Không có" for section in FORM.sections}
    data |= {f"score-{c.key}": "2" for c in FORM.criteria if c.key != "result"}
    return data | {"score-result": "61,5", "self_level": "HTXS"} | changes


def test_a_full_sheet_has_no_problem_and_its_sum_and_band():
    sheet = Sheet.read(FORM, filled()).checked()
    assert (sheet.problems, sheet.total, sheet.band) == ({}, "91,5", "HTXS")
    assert sheet.parts == [("30", "30"), ("61,5", "70")]
    assert sheet.scores()["result"] == "61.5"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text-weaknesses", " \n", "không có thì ghi “Không có”"),
        ("text-direction", "\u200b", "không có thì ghi “Không có”"),
        ("score-conduct-3", "", "Xin chọn “Đảm bảo” hoặc"),
        ("score-conduct-3", "1", "Xin chọn “Đảm bảo” hoặc"),
        ("score-result", "71", "từ 0 đến 70"),
        ("score-result", "61.3", "mỗi bước 0,5"),
        ("self_level", "", "Xin chọn mức"),
        ("self_level", "GIOI", "Xin chọn mức"),
    ],
)
def test_what_is_missing_is_said_at_its_place(field, value, sentence):
    sheet = Sheet.read(FORM, filled(**{field: value})).checked()
    assert list(sheet.problems) == [field] == [sheet.first_problem]
    assert sentence in sheet.problems[field]


def test_an_empty_draft_is_no_mistake_and_an_empty_sheet_names_every_place_in_order():
    draft = Sheet.read(FORM, {})
    assert (draft.problems, draft.band, draft.texts(), draft.scores()) == ({}, "", {}, {})
    missing = list(draft.checked().problems)
    texts = [section for section in FORM.sections if not section.optional]
    assert len(missing) == len(texts) + len(list(FORM.criteria)) + 1
    assert (missing[0], missing[-1]) == (f"text-{FORM.sections[0].key}", "self_level")


def test_optional_sections_may_stay_empty():
    data = filled(**{"text-prompts": "", "text-responsibility": ""})
    assert Sheet.read(FORM, data).checked().problems == {}


def test_what_is_wrong_is_not_stored_but_shown_again():
    sheet = Sheet.read(FORM, filled(**{"score-result": "nhiều"}))
    assert "result" not in sheet.scores()
    assert sheet.blocks[-1].fields[0].value == "nhiều"


def test_a_text_of_endless_length_is_refused_and_shown_again():
    sheet = Sheet.read(FORM, {"text-strengths": "a" * (LONGEST + 1)})
    assert "quá dài" in sheet.problems["text-strengths"]
    (field,) = (field for field in sheet.sections if field.name == "text-strengths")
    assert len(field.value) == LONGEST + 1


def test_all_of_a_group_may_be_passed_at_once_and_no_other_group():
    sheet = Sheet.read(FORM, {}).all_passed("conduct")
    assert (sheet.total, len(sheet.points)) == ("20", 10)
    assert Sheet.read(FORM, {}).all_passed("result").total == "0"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_is_typed_comes_back_as_it_was_stored(text):
    sheet = Sheet.read(FORM, {"text-strengths": text})
    again = Sheet.stored(FORM, sheet.texts(), sheet.scores(), sheet.level_kept)
    assert Sheet.read(FORM, again.typed).texts() == sheet.texts()
    assert "\0" not in sheet.texts().get("strengths", "")
