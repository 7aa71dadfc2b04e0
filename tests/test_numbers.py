"""Every number that a person types is held against what the program knows: impossible is refused, unlikely asked once.

`NUMBERS` names each place where one is typed, what it is bound by, and how that is tried. A field of a form, a call
that makes one, or an input of a page that is not named there fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django import forms

from ballots.core import hands
from ballots.dossier.forms import SendForm
from ballots.meeting.forms import NO_SIZE, CollectiveForm, TellersForm
from ballots.meeting.minutes_forms import PassForm
from ballots.models import Paper, Poll
from ballots.papers import numbers
from ballots.papers.kinds import SERIES
from ballots.report.sheet import Report
from ballots.voting import planning
from ballots.voting.forms import SlipsForm
from ballots.voting.invalid import note_invalid
from cells.forms.campaigns import CampaignForm
from cells.forms.criteria import GroupForm
from cells.forms.settings import SettingForm
from cells.models import Meeting
from members.people.forms import MemberForm
from members.rules import fields
from members.rules.names import ListedNames
from members.rules.review_sheet import Sheet
from tests.kit import factories, polls, verbs
from tests.kit.reports import FORM
from tests.kit.scripts import Script
from tests.kit.typed_numbers import places

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


@dataclass(frozen=True)
class Number:
    """What a typed number is bound by; what is said to one that cannot be, and asked of one that hardly can."""

    known: str
    refusal: Callable[..., object]
    refused: str
    questions: Callable[..., list[str]] | None = None
    asked: str = ""


def errors(form: forms.BaseForm) -> str:
    return " ".join(str(error) for listed in form.errors.values() for error in listed)


def tellers(meeting, **typed: int) -> str:
    """Of a meeting of five, all there."""
    return errors(TellersForm(typed, [], ListedNames([]), {}, voters=5))


def minutes(meeting, **typed: object) -> str:
    return errors(PassForm(typed, voters=5, cell=meeting.cell))


def numbered(meeting, number: int = 4) -> None:
    """Papers of another meeting of the cell bear this number, in both series."""
    others = {"cell": meeting.cell, "campaign": meeting.campaign, "kind": "extra"}
    other = Meeting.objects.create(**others, starts_at=meeting.starts_at)
    for kind in (Paper.Kind.MINUTES, Paper.Kind.UPWARD):
        factories.make_paper(other, kind, number=number, series=SERIES[kind])


def taken_minutes(meeting) -> str:
    numbered(meeting)
    return minutes(meeting, number=4)


def asked_minutes(meeting, **typed: object) -> list[str]:
    """Of a form that is in order but for what is typed."""
    fine = {"yes": 5, "of": 5, "ends_on": "2026-12-05", "ends_time": "21:30"}
    form = PassForm(fine | typed, voters=5, cell=meeting.cell)
    assert form.is_valid(), form.errors
    return form.questions


def odd_minutes(meeting) -> list[str]:
    numbered(meeting)
    return asked_minutes(meeting, number=50)


def taken_of_file(meeting) -> str:
    numbered(meeting)
    kind = Paper.Kind.UPWARD
    return errors(SendForm({f"number_{kind}": 4}, meeting=meeting, kinds=[kind], again=False))


def odd_of_file(meeting) -> list[str]:
    numbered(meeting)
    return numbers.questions(meeting.cell, {Paper.Kind.UPWARD: 50}, meeting)


def alarm(meeting) -> str:
    """Of a poll that issued five ballots."""
    poll = polls.poll_of(meeting)
    alike = dict.fromkeys(("summoned", "present", "base", "issued", "collected", "valid"), 5)
    Poll.objects.filter(pk=poll.pk).update(state=Poll.State.COUNTED, **alike)
    with pytest.raises(verbs.Refused) as refused:
        verbs.note_alarm(factories.secretary_of(meeting), poll, 6, "Bỏ phiếu lại")
    return str(refused.value)


def invalid(meeting) -> str:
    """Of a poll that counted one invalid ballot among five."""
    poll = polls.poll_of(meeting)
    alike = dict.fromkeys(("summoned", "present", "base", "issued", "collected"), 5)
    counted = {"state": Poll.State.COUNTED, "confirmed": True, "valid": 4, "invalid": 1}
    Poll.objects.filter(pk=poll.pk).update(**counted, **alike)
    with pytest.raises(verbs.Refused) as refused:
        note_invalid(factories.secretary_of(meeting), poll, {"rách": 2})
    return str(refused.value)


def campaign(meeting, year: str) -> CampaignForm:
    data = {"kind": "year", "year": year, "pack": "", "basis": ""}
    form = CampaignForm(data, committee=meeting.cell.committee, today=TODAY)
    form.is_valid()
    return form


def setting(key: str, value: str) -> SettingForm:
    form = SettingForm({"value": value, "basis": "NQ 1"}, key=key, pack="2025", initial={})
    form.is_valid()
    return form


def group(points: str) -> str:
    form = GroupForm({"title": "A", "part": "common", "scoring": "graded", "points": points})
    return errors(form)


def member(meeting, **typed: str) -> str:
    data = {"name": "Lê Văn Mới", "status": "full"} | typed
    return errors(MemberForm(data, instance=factories.members_of(meeting)[0]))


def sheet(kind: type[Sheet], points: str) -> str:
    graded = next(c for c in FORM.criteria if c.scoring == "graded")
    return kind.read(FORM, {f"score-{graded.key}": points}).problems[f"score-{graded.key}"]


def total(points: str) -> str:
    return Report.read(FORM, {"self_score": points}).problems["self_score"]


def assessed(points: str) -> str:
    with pytest.raises(ValueError, match="điểm") as refused:
        fields.score(points)
    return str(refused.value)


def papers(call: str) -> str:
    """What the tellers' device says."""
    return Script("teller/paper.js")(f"return m.{call}")


FIVE = "Đang có mặt 05 đồng chí có quyền biểu quyết"
FEWER = "mà đang có mặt 05 đồng chí có quyền biểu quyết"
SCORE = "Xin ghi số điểm từ 0 đến 100"
SLIPS = Number(
    "the voters of the meeting",
    lambda meeting: errors(SlipsForm({"count": "501"})),
    "từ 1 đến 500",
    lambda meeting: planning.questions_of_slips(meeting, 6),
    "mà hội nghị có 05 đồng chí có quyền biểu quyết",
)
ALARM = Number("the ballots the poll issued", alarm, "Lượt này phát 05 phiếu")
INVALID = Number("the invalid ballots the poll counted", invalid, "có 01 phiếu không hợp lệ")
POINTS = "the criterion's points and the step of the rules"
NUMBERS: dict[str, Number] = {
    "ballots.meeting.forms.TellersForm.yes": Number(
        "the hands that voted, of which they are more than half",
        lambda meeting: tellers(meeting, yes=6, of=5),
        "không thể nhiều hơn tổng số biểu quyết",
    ),
    "ballots.meeting.forms.TellersForm.of": Number(
        "who is here and has a vote",
        lambda meeting: tellers(meeting, yes=400, of=400),
        FIVE,
        lambda meeting: hands.questions(4, 5),
        FEWER,
    ),
    "ballots.meeting.forms.CollectiveForm.size": Number(
        "nothing more: its members need not be of the cell",
        lambda meeting: errors(CollectiveForm({"name": "Chi ủy", "size": "1000"})),
        NO_SIZE,
    ),
    "ballots.meeting.minutes_forms.PassForm.yes": Number(
        "the hands that voted, of which they are more than half",
        lambda meeting: minutes(meeting, yes=2, of=5),
        "cần quá nửa số người biểu quyết",
    ),
    "ballots.meeting.minutes_forms.PassForm.of": Number(
        "who is here and has a vote",
        lambda meeting: minutes(meeting, yes=400, of=400),
        FIVE,
        lambda meeting: asked_minutes(meeting, yes=4, of=4),
        FEWER,
    ),
    "ballots.meeting.minutes_forms.PassForm.number": Number(
        "the papers of the cell's term",
        taken_minutes,
        "đã dùng cho một văn bản khác",
        odd_minutes,
        "số tiếp theo là 05",
    ),
    "ballots.meeting.minutes_forms.PassForm.copies": Number(
        "the places where they are filed",
        lambda meeting: minutes(meeting, copies=100),
        "Xin ghi số bản từ 1 đến 99",
        lambda meeting: asked_minutes(meeting, copies=1, filed="Chi bộ; Đảng ủy"),
        "Lập 01 bản mà ghi 02 nơi lưu.",
    ),
    "ballots.voting.forms:InvalidForm.__init__": INVALID,
    "templates/ballots/voting/invalid.html:{{ count.html_name }}": INVALID,
    "ballots.core.fields:paper_number": Number(
        "the papers of the cell's term",
        taken_of_file,
        "đã dùng cho một văn bản khác",
        odd_of_file,
        "số tiếp theo là 05",
    ),
    "ballots.voting.forms.AlarmForm.hands": ALARM,
    "ballots.voting.forms.SlipsForm.count": SLIPS,
    "templates/ballots/voting/poll.html:hands": ALARM,
    "templates/ballots/voting/poll.html:count": SLIPS,
    "cells.forms.campaigns.CampaignForm.year": Number(
        "this year, and the committee's campaigns",
        lambda meeting: errors(campaign(meeting, "26")),
        "từ 2018 đến 2099",
        lambda meeting: campaign(meeting, "2062").questions,
        "Nay là năm 2026 mà đợt kiểm điểm này là của năm 2062.",
    ),
    "cells.forms.settings:SettingForm._number_field": Number(
        "what the rule may be, and the value of the pack",
        lambda meeting: errors(setting("cap.percent", "200")),
        "phải là một số nguyên từ 0 đến 100",
        lambda meeting: setting("min_tellers", "900").questions,
        "Giá trị 900 khác xa giá trị 1 của bộ hướng dẫn.",
    ),
    "cells.forms.criteria.GroupForm.points": Number(
        "above 0, and the set adds up as the pack's (cells/law/criteria.py:refusals)",
        lambda meeting: group("-1"),
        "Xin ghi số điểm lớn hơn 0",
    ),
    "members.people.forms.MemberForm.born_year": Number(
        "who is now eighteen",
        lambda meeting: member(meeting, born_year="2020"),
        "đảng viên đủ 18 tuổi",
    ),
    "members.people.forms.MemberForm.position": Number(
        "nothing: it only puts members in order",
        lambda meeting: member(meeting, position="-1"),
        "Thứ tự là một số từ 0 đến 999",
    ),
    "templates/members/reviews/review.html:{{ field.name }}": Number(
        POINTS, lambda meeting: sheet(Sheet, "101"), "Xin ghi số điểm từ 0 đến"
    ),
    "templates/ballots/report/report.html:{{ field.name }}": Number(
        POINTS, lambda meeting: sheet(Report, "101"), "Xin ghi số điểm từ 0 đến"
    ),
    "templates/ballots/report/report.html:self_score": Number(
        "the scale of a hundred", lambda meeting: total("101"), SCORE
    ),
    "templates/members/reviews/parts/assessment_places.html:{{ name }}": Number(
        "the scale of a hundred", lambda meeting: assessed("101"), SCORE
    ),
    "static/teller/paper-screens.js": Number(
        "the paper ballots that were handed out",
        lambda meeting: papers("beginningTrouble('4', 3, ['An', 'Bình'])"),
        "nhiều hơn 03 phiếu giấy đã phát",
        lambda meeting: [papers("beginningQuestion('2', 3)")],
        "Đã phát 03 phiếu giấy mà trong hòm có 02 tờ.",
    ),
}
# Where digits are typed that count nothing, and what makes fields for others.
NO_COUNTS = {
    "templates/members/joining/join.html:code": "the six digits of the projector",
    "members.accounts.second_factor_forms.DigitsForm.code": "the six digits of an application",
    "ballots.core.fields:hand_count": "makes the fields of hands",
    "partyreview.http:_NUMBER": "reads the number a page was drawn from",
    "ballots.committee.decision.forms.DecisionForm.sending": "the number a page was drawn from",
    "ballots.committee.reopening.forms.ReopeningForm.number": "the number a page was drawn from",
    "members.imports.forms.OfficeForm.member": "the member beside whom a button was pressed",
}


def test_every_place_where_a_number_is_typed_is_named_with_what_bounds_it():
    assert set(places()) == {*NUMBERS, *NO_COUNTS}
    assert all(number.known for number in NUMBERS.values())


@pytest.fixture
def meeting() -> Meeting:
    """Open, five voters, all there."""
    return factories.make_open_meeting(5)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_cannot_be_is_refused_in_a_sentence(name, meeting):
    number = NUMBERS[name]
    assert number.refused in number.refusal(meeting)


@pytest.mark.parametrize("name", [name for name, each in NUMBERS.items() if each.questions])
def test_a_number_that_hardly_can_be_is_asked_about(name, meeting):
    number = NUMBERS[name]
    (question,) = number.questions(meeting)
    assert number.asked in question
