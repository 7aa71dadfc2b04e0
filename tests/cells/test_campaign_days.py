"""A campaign after a former one, and until when each step is to be done in it."""

from datetime import date

import pytest
from django.urls import reverse

from ballots.year.steps import facts_of, next_of, steps_of
from cells.forms.deadlines import CloneForm
from cells.law.deadlines import moved, out_of_order
from cells.law.guidance import version_of
from cells.law.periods import Period
from cells.models import Campaign, Setting
from cells.wording import long_date
from members.models import AuditEntry
from tests.kit import factories
from tests.kit.clients import browser, words_of

DAYS = {
    "list": "2026-11-16",
    "reviews": "2026-11-30",
    "meeting": "2026-12-11",
    "sending": "2026-12-18",
}
TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 12, 10), 12, date(2026, 12, 10)),
        (date(2025, 12, 12), 12, date(2026, 12, 11)),  # a Saturday
        (date(2026, 1, 1), 4, date(2026, 4, 29)),  # two holidays
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 26)),  # the end of a shorter month, a Sunday
    ],
)
def test_a_day_is_moved_to_a_working_day_that_gives_no_more_time(day, months, later):
    assert moved(day, months) == later


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({}, {}),
        ({"list": date(2026, 1, 1), "sending": date(2026, 12, 31)}, {}),
        ({"reviews": date(2026, 5, 5), "meeting": date(2026, 5, 5)}, {}),
        ({"list": date(2025, 12, 31)}, {"list": "khi kỳ kiểm điểm bắt đầu"}),
        ({"sending": date(2027, 1, 1)}, {"sending": "sau hạn chung 31/12/2026"}),
        ({"list": date(2026, 5, 6), "meeting": date(2026, 5, 5)}, {"meeting": "Rà danh sách"}),
    ],
)
def test_days_lie_in_the_period_and_in_the_order_of_the_steps(days, wrong):
    said = out_of_order(days, date(2026, 1, 1), date(2026, 12, 31))
    assert said.keys() == wrong.keys()
    assert all(wrong[step] in said[step] for step in wrong)


@pytest.mark.parametrize(
    ("of", "following", "months"),
    [("2026", "2027", 12), ("2026-q1", "2026-q2", 3), ("2026-q3", "2027-q1", 6)],
)
def test_the_period_that_follows_is_of_the_same_kind(of, following, months):
    period, then = Period.parse(of), Period.parse(following)
    assert (period.following, period.months_to(then)) == (then, months)


@pytest.fixture
def ward(db):
    return factories.make_committee("Đảng bộ phường An Bình")


@pytest.fixture
def officer(ward):
    return browser(factories.make_user(committee=ward))


def page(ward, period="2025", name="campaign_clone") -> str:
    return reverse(f"cells:{name}", args=[ward.pk, Period.parse(period)])


def sent(officer, address, **values):
    """Press the form of this page as it stands, with these values."""
    form = officer.get(address).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data = {k: v.strftime("%d/%m/%Y") if isinstance(v, date) else v for k, v in data.items()}
    return officer.post(address, data | values, follow=True)


def former(ward, **values):
    days = {step: f"2025{day[4:]}" for step, day in DAYS.items()}
    return factories.make_campaign(
        ward, **{"year": 2025, "deadlines": days, "basis": ["KH 8"], "pack": "2025.1"} | values
    )


def test_one_press_opens_the_next_year_with_pack_settings_basis_and_days(officer, ward):
    former(ward, settings={"quorum": ">=2/3"})
    answer = sent(officer, page(ward), sure="")
    if (
        answer.status_code == 422
    ):  # the days of this year have passed, on the day that the tests run
        answer = sent(officer, page(ward), sure=answer.context["sure"])
    new = Campaign.objects.get(year=2026)
    assert (new.pack, new.basis, new.settings) == (
        version_of("2025"),
        ["KH 8"],
        {"quorum": ">=2/3"},
    )
    assert new.deadlines == DAYS
    assert AuditEntry.objects.filter(verb="campaign.opened").count() == 1


def test_the_page_tells_the_newer_version_and_what_has_no_place_in_it(ward, officer, monkeypatch):
    former(ward)
    monkeypatch.setattr(Campaign, "dropped_by", lambda *_: {"Đảng ủy": ["Điều kiện riêng"]})
    shown = words_of(officer.get(page(ward)))
    assert "theo bản 2025.1; đợt này lấy bản mới nhất" in shown
    assert "Đảng ủy: Điều kiện riêng." in shown


def test_pressed_twice_it_opens_one_campaign_and_says_so(officer, ward):
    former(ward)
    data = {"period": "2026", "pack": "2025", "basis": ""}
    for _ in range(2):
        answer = officer.post(page(ward), data, follow=True)
    assert answer.status_code == 422
    assert "Đợt này vừa được mở" in words_of(answer)
    assert Campaign.objects.count() == 2


def test_there_is_no_campaign_after_one_that_never_was(officer, ward):
    above = factories.make_campaign(factories.make_committee(), year=2025)
    for committee in (ward, above.committee):
        assert officer.get(page(committee)).status_code == 404
        assert officer.post(page(committee), {}).status_code == 404


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"list": "31/12/2025"}, "Hạn này trước ngày 01/01/2026"),
        ({"sending": "15/01/2027"}, "Hạn này sau hạn chung 30/12/2026"),
        ({"meeting": "01/11/2026"}, "Hạn này trước hạn “Nộp bản kiểm điểm cá nhân”"),
        ({"meeting": "32/13/2026"}, "Xin ghi ngày/tháng/năm"),
        ({"pack": "quy"}, "Không có bộ hướng dẫn này cho kỳ ấy"),
        ({"basis": "x" * 301}, "Mỗi dòng căn cứ dài nhất 300 chữ"),
    ],
)
def test_what_is_wrong_with_the_next_campaign_is_said_and_nothing_is_opened(
    officer, ward, values, sentence
):
    former(ward)
    answer = sent(officer, page(ward), **values)
    assert (answer.status_code, Campaign.objects.count()) == (422, 1)
    assert sentence in answer.content.decode()


def test_a_day_that_has_passed_is_asked_about_once(ward):
    mine = former(ward)
    form = CloneForm(None, former=mine, today=TODAY)
    data = {name: form[name].value() or "" for name in form.fields} | {"list": "01/11/2026"}
    again = CloneForm(data, former=mine, today=TODAY)
    assert again.is_valid()
    assert again.questions == ["Hạn “Rà danh sách kiểm điểm” là 01/11/2026, đã qua."]


def test_a_period_long_over_is_not_offered(ward):
    old = factories.make_campaign(ward, year=2020)
    assert CloneForm(None, former=old, today=TODAY).campaign.span == Period(2026)


@pytest.mark.parametrize(
    ("above", "own", "binding"),
    [
        ({}, {}, "2026-12-11"),
        ({"meeting": "2026-12-01"}, {}, "2026-12-11"),  # what the committee says in general
        ({}, {"meeting": "2026-12-04"}, "2026-12-04"),  # the body nearer to the cell
        ({}, {"meeting": "2025-12-04"}, "2026-12-11"),  # of the year before
    ],
)
def test_the_days_of_a_campaign_bind_all_below_but_who_has_set_its_own(ward, above, own, binding):
    cell = factories.make_cell(factories.make_committee("Đảng bộ bộ phận", ward))
    for body, days in ((ward, above), (cell.committee, own)):
        for step, day in days.items():
            Setting.objects.create(committee=body, key=f"deadline.{step}", value=day, basis="KH")
    campaign = factories.make_campaign(ward, deadlines=DAYS)
    rules = campaign.rules_for(cell)
    assert rules.deadlines["meeting"] == date.fromisoformat(binding)
    stated = next(rule for rule in rules.stated() if rule.key == "deadline.sending")
    assert "đợt kiểm điểm năm 2026" in stated.origin


def test_a_quarter_has_days_of_its_own(ward):
    cell = factories.make_cell(ward)
    days = {"meeting": "2026-10-05"}
    quarter = factories.make_campaign(ward, kind="q3", pack="quy", deadlines=days)
    year = factories.make_campaign(ward)
    assert str(quarter.rules_for(cell).deadlines["meeting"]) == "2026-10-05"
    assert "meeting" not in year.rules_for(cell).deadlines


def test_a_changed_day_stands_at_the_next_step_of_a_cell(officer, ward):
    cell = factories.make_cell(ward)
    campaign = factories.make_campaign(ward, deadlines=DAYS)
    address = page(ward, "2026", "campaign")
    answer = sent(officer, address, list="20/11/2026")
    if answer.status_code == 422:
        answer = sent(officer, address, list="20/11/2026", sure=answer.context["sure"])
    assert "Đã ghi" in words_of(answer)
    campaign.refresh_from_db()
    following = next_of(steps_of(facts_of(cell, campaign)))
    assert (following.label, long_date(following.due)) == (
        "Rà danh sách kiểm điểm",
        long_date(date(2026, 11, 20)),
    )
    assert AuditEntry.objects.get(verb="campaign.days_set").note["days"]["list"] == "2026-11-20"


def test_an_old_page_changes_no_day(officer, ward):
    factories.make_campaign(ward, deadlines=DAYS)
    address = page(ward, "2026", "campaign")
    answer = sent(officer, address, drawn="0" * 16, list="")
    assert answer.status_code == 422
    assert "Trang này đã cũ" in answer.content.decode()
    assert Campaign.objects.get().deadlines == DAYS
