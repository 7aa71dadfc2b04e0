"""A newer version of a campaign's pack: offered with what it changes, taken by one press that was asked about."""

import pytest
from django.urls import reverse

from cells.models import Campaign, Meeting, Setting
from cells.stale import STALE
from members.models import AuditEntry, SelfReview
from members.reviews.views import sheet_of
from tests.kit import appraising, factories
from tests.kit.packs import forget, publish

pytestmark = pytest.mark.django_db
CAP = '[rules.cap.percent]\nlabel = "Tỷ lệ trần HTXS (%)"\nvalue = '
FLAG = '[[review.flags]]\nkey = "most-undone"'


@pytest.fixture
def old(meeting) -> Campaign:
    """The campaign of an open meeting, under the first version of its pack; another of its meetings is planned."""
    Campaign.objects.filter(pk=meeting.campaign_id).update(pack="2025.1")
    frozen = Meeting.objects.get(pk=meeting.pk).frozen_rules | {"pack": "2025.1"}
    Meeting.objects.filter(pk=meeting.pk).update(frozen_rules=frozen)
    beside = factories.make_cell(meeting.cell.committee)
    campaign = Campaign.objects.get(pk=meeting.campaign_id)
    Meeting.objects.create(cell=beside, campaign=campaign, starts_at=meeting.starts_at)
    return campaign


@pytest.fixture
def offered(old, monkeypatch, tmp_path):
    """The campaign, once a newer version is published."""
    text = {CAP + "20": CAP + "25", FLAG: FLAG.replace("most-", "")}
    publish(monkeypatch, tmp_path, "2025.1", "2025.9", text)
    yield old
    forget()


def url(campaign) -> str:
    return reverse("cells:campaign_version", args=[campaign.committee_id, campaign.span])


def press(browser, campaign, **sent: str):
    return browser.post(url(campaign), {"former": "2025.1", "newer": "2025.9"} | sent)


def pack_of(campaign) -> str:
    return Campaign.objects.get(pk=campaign.pk).pack


def test_the_committee_is_offered_the_newer_version_and_nothing_changes_by_itself(
    browser, offered
):
    page = browser.get(reverse("cells:campaigns", args=[offered.committee_id])).content.decode()
    assert "đã có bản quy định mới hơn, bản 2025.9" in page
    assert url(offered) in page
    shown = browser.get(url(offered)).content.decode()
    assert "<del>20</del>" in shown
    assert "<ins>25</ins>" in shown
    assert "QĐ 366-QĐ/TW, điều 11" in shown
    assert pack_of(offered) == "2025.1"


def test_it_is_taken_by_a_press_that_was_asked_about_and_open_meetings_keep_their_rules(
    browser, offered, meeting
):
    asked = press(browser, offered)
    assert "01 hội nghị đã khai mạc giữ quy định của lúc khai mạc" in asked.content.decode()
    assert "01 hội nghị chưa khai mạc theo bản 2025.9 ngay" in asked.content.decode()
    assert pack_of(offered) == "2025.1"
    assert press(browser, offered, sure=asked.context["sure"]).status_code == 302
    assert pack_of(offered) == "2025.9"
    note = AuditEntry.objects.get(verb="campaign.version_taken").note
    assert note == {"former": "2025.1", "newer": "2025.9", "dropped": {}}
    caps = {
        each.state: (each.rules.version, each.rules.cap.percent) for each in Meeting.objects.all()
    }
    assert caps == {"open": ("2025.1", 20), "planned": ("2025.9", 25)}
    assert "đang theo bản mới nhất" in browser.get(url(offered)).content.decode()


def test_settings_stay_and_those_without_a_place_are_named(browser, offered, meeting):
    ward, cell = offered.committee, meeting.cell
    Setting.objects.create(committee=ward, key="cap.percent", value=22, basis="HD 1")
    Setting.objects.create(cell=cell, key="flag.most-undone", value=False, basis="NQ 2")
    shown = browser.get(url(offered)).content.decode()
    assert f"{ward.executive_name} đã đặt riêng mục này" in shown
    assert f"{cell}: Trường hợp: Trên 50% nhiệm vụ không hoàn thành." in shown
    press(browser, offered, sure=browser.get(url(offered)).context["sure"])
    assert Setting.objects.count() == 2
    planned = Meeting.objects.get(state=Meeting.State.PLANNED)
    assert (planned.rules.version, planned.rules.cap.percent) == ("2025.9", 22)
    assert str(cell) in AuditEntry.objects.get(verb="campaign.version_taken").note["dropped"]


def test_what_was_asked_about_something_else_is_asked_again(browser, offered):
    sure = press(browser, offered).context["sure"]
    Setting.objects.create(
        committee=offered.committee, key="flag.most-undone", value=False, basis="NQ 2"
    )
    assert press(browser, offered, sure=sure).status_code == 422
    assert pack_of(offered) == "2025.1"


@pytest.mark.parametrize("sent", [{"former": "2025.0"}, {"newer": "2025.2"}, {"newer": ""}])
def test_a_page_drawn_from_other_versions_changes_nothing(browser, offered, sent):
    sure = press(browser, offered).context["sure"]
    answer = press(browser, offered, **({"sure": sure} | sent))
    assert STALE in answer.content.decode() or answer.context["form"].errors
    assert pack_of(offered) == "2025.1"


def test_of_two_who_press_at_once_the_second_reads_that_the_page_is_old(
    browser, offered, monkeypatch
):
    sure = press(browser, offered).context["sure"]
    take = Campaign.take

    def overtaken(campaign, version):
        Campaign.objects.filter(pk=campaign.pk).update(pack=version)
        take(campaign, version)

    monkeypatch.setattr(Campaign, "take", overtaken)
    assert STALE in press(browser, offered, sure=sure).content.decode()
    assert not AuditEntry.objects.filter(verb="campaign.version_taken").exists()


def test_an_officer_below_is_told_and_a_campaign_from_above_is_not_theirs_to_move(client, offered):
    below = factories.make_committee("Đảng bộ bộ phận", offered.committee)
    client.force_login(factories.make_user(committee=below))
    page = client.get(reverse("cells:campaigns", args=[below.pk])).content.decode()
    assert f"do {offered.committee} quyết định dùng" in page
    assert url(offered) not in page
    assert client.get(url(offered)).status_code == 404
    own = reverse("cells:campaign_version", args=[below.pk, offered.span])
    assert client.post(own).status_code == 404


def test_what_was_handed_in_stays_in_the_form_it_was_written_in(
    browser, old, meeting, monkeypatch, tmp_path
):
    """A draft goes over to the new form; both keep their texts."""
    one, two, *_ = factories.members_of(meeting)
    values = {"cell": meeting.cell, "campaign": old, "kind": "member"}
    handed_in = appraising.submitted(meeting, one)
    handed_in.versions.create(number=1, pack=old.pack, kind="member")
    draft = SelfReview.objects.create(member=two, texts={"strengths": "Chăm chỉ"}, **values)
    added = '  { key = "pledge", title = "Thực hiện cam kết" },\n'
    first = "[review.sections.personal]\nvalue = [\n"
    publish(monkeypatch, tmp_path, "2025.1", "2025.9", {first: first + added})
    Campaign.objects.get(pk=old.pk).take("2025.9")
    asked = {}
    for review in (handed_in, draft):
        fresh = SelfReview.objects.select_related("cell__committee", "campaign").get(pk=review.pk)
        asked[review] = sheet_of(fresh)
    forget()
    titles = {review: [field.title for field in sheet.sections] for review, sheet in asked.items()}
    assert "Thực hiện cam kết" not in titles[handed_in]
    assert titles[draft][0] == "Thực hiện cam kết"
    assert asked[draft].typed["text-strengths"] == "Chăm chỉ"
