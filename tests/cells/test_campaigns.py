"""Campaigns: which period, under which pack, opened by an officer of the committee; and how periods are written."""

from datetime import date

import pytest
from django.urls import reverse

from cells.forms.campaigns import CampaignForm
from cells.law.guidance import advice, load_pack, pack_names, version_of
from cells.law.periods import Period
from cells.models import Campaign
from members.models import AuditEntry
from tests.kit import factories


@pytest.mark.parametrize(
    ("text", "words", "ends_on"),
    [
        ("2026", "năm 2026", date(2026, 12, 31)),
        ("2026-q1", "quý I năm 2026", date(2026, 3, 31)),
        ("2026-q3", "quý III năm 2026", date(2026, 9, 30)),
    ],
)
def test_a_period_is_read_written_and_ends(text, words, ends_on):
    period = Period.parse(text)
    assert (str(period), period.words, period.ends_on) == (text, words, ends_on)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-q4", "2026-", "quý III", "2026-q3x", "\uff12026"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="Kỳ kiểm điểm"):
        Period.parse(text)


def test_every_pack_serves_the_year_or_the_quarter_and_says_what_it_is():
    assert pack_names("year") == ["2023", "2025"]
    assert pack_names("quarter") == ["quy"]
    assert all(load_pack(name)["label"] for name in pack_names())
    assert all(line.source and line.certainty for line in advice("quy"))


@pytest.fixture
def ward(db):
    return factories.make_committee("Đảng bộ phường An Bình")


@pytest.fixture
def browser(client, ward):
    client.force_login(factories.make_user(committee=ward))
    return client


def opened(browser, ward, **values):
    data = {"kind": "year", "year": "2026", "pack": "", "basis": ""} | values
    return browser.post(reverse("cells:campaigns", args=[ward.pk]), data, follow=True)


def test_an_officer_opens_a_quarter_and_the_cells_below_see_it(browser, ward):
    cell = factories.make_cell(factories.make_committee("Đảng bộ bộ phận", ward))
    answer = opened(browser, ward, kind="q3", basis="HD 03-HD/TVĐU\n\nKH 15-KH/ĐU")
    assert "Đã mở đợt kiểm điểm quý III năm 2026" in answer.content.decode()
    campaign = Campaign.objects.reaching(cell.committee).get()
    assert (campaign.pack, campaign.basis) == (version_of("quy"), ["HD 03-HD/TVĐU", "KH 15-KH/ĐU"])
    assert AuditEntry.objects.get(verb="campaign.opened").note == {"period": "2026-q3"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "q1", "pack": "2025"}, "Bộ hướng dẫn này không dùng cho quý I năm 2026"),
        ({"pack": "quy"}, "Bộ hướng dẫn này không dùng cho năm 2026"),
        ({"year": "26"}, "Xin ghi một năm từ 2018 đến 2099"),
        ({"year": "nay"}, "Xin ghi năm, bốn chữ số"),
        ({"year": "2025"}, "Đảng bộ đã có đợt kiểm điểm của kỳ này"),
        ({"basis": "x" * 301}, "Mỗi dòng căn cứ dài nhất 300 chữ"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(browser, ward, values, sentence):
    factories.make_campaign(ward, year=2025)
    answer = opened(browser, ward, basis=values.pop("basis", "KH 15"), **values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Campaign.objects.count() == 1


def test_a_year_far_from_this_one_is_asked_about_once(browser, ward):
    asked = opened(browser, ward, year="2062")
    assert "mà đợt kiểm điểm này là của năm 2062." in asked.content.decode()
    assert not Campaign.objects.exists()
    opened(browser, ward, year="2062", sure=asked.context["sure"])
    assert Campaign.objects.get().year == 2062


@pytest.mark.parametrize(
    ("years", "offered"), [([], 2026), ([2023], 2026), ([2025, 2026], 2027), ([2026, 2027], 2028)]
)
def test_this_year_is_offered_or_the_next_without_a_campaign(ward, years, offered):
    factories.make_campaign(ward, year=2026, kind="q3", pack="quy")
    for year in years:
        factories.make_campaign(ward, year=year)
    assert CampaignForm(None, committee=ward, today=date(2026, 11, 26)).initial["year"] == offered


def test_the_basis_of_a_former_guidance_is_not_passed_on(browser, ward):
    factories.make_campaign(ward, year=2023, pack="2023", basis=["HD 9-HD/ĐU"])
    page = browser.get(reverse("cells:campaigns", args=[ward.pk])).content.decode()
    assert page.count("HD 9-HD/ĐU") == 1  # in the list of campaigns
    assert "được điền sẵn" not in page


def test_the_form_begins_where_the_last_year_ended(browser, ward, time_machine):
    time_machine.move_to("2026-11-26T09:00:00+07:00", tick=False)
    factories.make_campaign(ward, year=2025, basis=["KH 8-KH/ĐU"], settings={"quorum": ">=2/3"})
    page = browser.get(reverse("cells:campaigns", args=[ward.pk])).content.decode()
    assert 'value="2026"' in page
    assert "KH 8-KH/ĐU" in page
    opened(browser, ward, keep_settings="on")
    assert Campaign.objects.get(year=2026).settings == {"quorum": ">=2/3"}


def test_of_a_year_and_a_quarter_the_one_that_ends_later_comes_first(ward):
    for kind in ("q1", "year", "q3"):
        factories.make_campaign(ward, kind=kind, pack="2025" if kind == "year" else "quy")
    factories.make_campaign(ward, year=2025)
    current = Campaign.objects.current(factories.make_cell(ward))
    assert [str(c.span) for c in current] == ["2026", "2026-q3", "2026-q1"]


@pytest.mark.django_db
def test_the_officer_says_what_the_executive_is_called(client):
    committee = factories.make_committee("Đảng bộ phường Hoa Sen")
    client.force_login(factories.make_user(committee=committee))
    page = f"/hop/dang-bo/{committee.pk}/"
    shown = client.get(f"{page}dot-kiem-diem/").content.decode()
    assert 'value="Đảng ủy phường Hoa Sen"' in shown
    client.post(f"{page}cap-uy/", {"executive": "  Đảng ủy  Hoa Sen "})
    committee.refresh_from_db()
    assert committee.executive_name == "Đảng ủy Hoa Sen"
    refused = client.post(f"{page}cap-uy/", {"executive": "Đảng\u200bủy"})
    assert refused.status_code == 422
    client.post(f"{page}cap-uy/", {"executive": ""})
    committee.refresh_from_db()
    assert committee.executive_name == "Đảng ủy phường Hoa Sen"
