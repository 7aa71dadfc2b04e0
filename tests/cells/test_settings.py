"""What committees and cells set over the guidance pack: who may, with which basis, and from when it binds."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cells.models import Meeting, Setting
from members.models import AuditEntry
from tests.kit import factories, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(meeting):
    return meeting.cell.committee


def page(client, body, **data):
    kind = "committee" if hasattr(body, "path") else "cell"
    address = reverse(f"cells:{kind}_rules", args=[body.pk])
    answer = client.post(address, data, follow=True) if data else client.get(address)
    return answer.content.decode()


def test_every_rule_stands_on_the_page_with_its_source(client, officer, ward):
    client.force_login(officer)
    shown = page(client, ward)
    assert "Tỷ lệ phiếu tính trên số nào" in shown
    assert "QĐ 366-QĐ/TW, điều 11" in shown
    assert "chưa thấy quy định, cấp ủy quyết định" in shown
    assert "Tập thể lãnh đạo được kiểm điểm riêng khi có ít nhất" in shown
    remembered = shown[shown.index("Điều cần nhớ") :]
    assert "Người được kiểm điểm thì phải được xếp loại" in remembered
    assert "QĐ 366-QĐ/TW, điều 17" in remembered


def test_a_committee_sets_a_value_with_its_basis_and_it_binds_its_cells(
    client, officer, ward, meeting
):
    client.force_login(officer)
    shown = page(client, ward, key="cap.percent", value="25", basis="HD 03-HD/TU, ngày 02/7/2026")
    assert "quy định: HD 03-HD/TU, ngày 02/7/2026" in shown
    rules = meeting.campaign.rules_for(meeting.cell)
    assert rules.cap.percent == 25
    line = AuditEntry.objects.get(verb="setting.changed")
    assert (line.user, line.note["value"], line.note["basis"][:5]) == (officer, 25, "HD 03")


def test_a_number_far_from_the_packs_is_asked_about_once(client, officer, ward):
    client.force_login(officer)
    address = reverse("cells:committee_rules", args=[ward.pk])
    typed = {"key": "cap.percent", "value": "2", "basis": "NQ 1"}
    asked = client.post(address, typed)
    assert "Giá trị 2 khác xa giá trị 20 của bộ hướng dẫn." in asked.content.decode()
    assert not Setting.objects.exists()
    assert client.post(address, typed | {"sure": asked.context["sure"]}).status_code == 302
    assert Setting.objects.get().value == 2


def test_the_cell_is_nearer_than_its_committee(meeting, ward):
    Setting.objects.create(committee=ward, key="base", value="present", basis="HD 1")
    Setting.objects.create(cell=meeting.cell, key="base", value="issued", basis="NQ 2")
    assert meeting.campaign.rules_for(meeting.cell).base == "issued"
    other = factories.make_cell(ward)
    assert meeting.campaign.rules_for(other).base == "present"
    stranger = factories.make_cell()
    assert meeting.campaign.rules_for(stranger).base == "summoned"


def test_a_committee_above_binds_those_below_until_they_set_their_own():
    province = factories.make_committee("Tỉnh ủy")
    ward = factories.make_committee("Đảng bộ phường", province)
    cell = factories.make_cell(ward)
    Setting.objects.create(committee=province, key="threshold.HTXS", value=">=2/3", basis="HD 3")
    Setting.objects.create(committee=province, key="quorum", value=">=2/3", basis="HD 3")
    Setting.objects.create(committee=ward, key="quorum", value=">1/2", basis="CV 4")
    rules = factories.make_campaign(province).rules_for(cell)
    assert (str(rules.thresholds["HTXS"]), str(rules.quorum)) == ("từ 2/3 trở lên", "trên 1/2")


def test_a_quarter_shares_the_rules_of_the_year_but_no_deadline_and_may_have_its_own(
    client, officer, meeting, ward
):
    quarter = factories.make_campaign(ward, kind="q3", pack="quy")
    for key, value in (
        ("base", "present"),
        ("quorum", ">=2/3"),
        ("deadline.meeting", "2026-12-10"),
    ):
        Setting.objects.create(committee=ward, key=key, value=value, basis="HD 1")
    client.force_login(officer)
    address = reverse("cells:committee_rules", args=[ward.pk]) + "?ky=quy"
    for key, value in (("base", "full"), ("deadline.meeting", "2026-09-12")):
        answer = client.post(address, {"key": key, "value": value, "basis": "HD 2"})
        assert answer.url == f"{address}#{key}"
    rules = quarter.rules_for(meeting.cell)
    assert (rules.base, str(rules.quorum)) == ("full", "từ 2/3 trở lên")
    assert str(rules.deadlines["meeting"]) == "2026-09-12"
    of_the_year = meeting.campaign.rules_for(meeting.cell)
    assert (of_the_year.base, str(of_the_year.deadlines["meeting"])) == ("present", "2026-12-10")


def test_a_meeting_keeps_the_rules_of_its_opening(meeting, ward):
    planned = factories.make_meeting(3)
    assert planned.rules.base == "summoned"
    for body in (ward, planned.cell.committee):
        Setting.objects.create(committee=body, key="base", value="present", basis="HD 1")
    meeting.refresh_from_db()
    planned.refresh_from_db()
    assert meeting.rules.base == "summoned"
    assert planned.rules.base == "present"
    factories.arrive(planned)
    verbs.open_meeting(factories.secretary_of(planned), planned)
    Setting.objects.all().delete()
    opened = Meeting.objects.get(pk=planned.pk)
    assert (opened.rules.base, opened.rules.origin("base").source) == ("present", "HD 1")


@pytest.mark.parametrize(
    ("key", "value", "basis", "sentence"),
    [
        ("cap.percent", "25", "", "Xin ghi căn cứ"),
        ("cap.percent", "", "HD 1", "Xin ghi giá trị."),
        (
            "cap.percent",
            "101",
            "HD 1",
            "“Tỷ lệ trần HTXS (%)” phải là một số nguyên từ 0 đến 100.",
        ),
        ("cap.percent", "nhiều", "HD 1", "phải là một số nguyên từ 0 đến 100."),
        (
            "likeness",
            "101",
            "HD 1",
            "thì nhắc người viết (%)” phải là một số nguyên từ 0 đến 100.",
        ),
        (
            "min_voters",
            "-1",
            "HD 1",
            "“Ít người bỏ phiếu hơn thì nhắc” phải là một số nguyên từ 0",
        ),
        ("min_tellers", "0", "HD 1", "trong tổ kiểm phiếu” phải là một số nguyên từ 1 đến 1000."),
        ("deadline.list", "mai", "HD 1", "Xin ghi một ngày"),
        (
            "threshold.*",
            "đa số",
            "HD 1",
            "Chưa hiểu ngưỡng “đa số”; viết như “trên 1/2” hoặc “từ 2/3”.",
        ),
        ("threshold.*", "50%", "HD 1", "Xin ghi rõ “trên” hay “từ” trước “50%”."),
        ("base", "voters", "HD 1", "Hãy chọn một lựa chọn hợp lệ"),
        ("bands", "1", "HD 1", "Không có mục quy định này"),
    ],
)
def test_a_wrong_value_gets_one_sentence_and_sets_nothing(
    client, officer, ward, key, value, basis, sentence
):
    client.force_login(officer)
    assert sentence in page(client, ward, key=key, value=value, basis=basis)
    assert not Setting.objects.exists()


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("threshold.HTXS", 'value="trên 1/2"'),
        ("quorum", 'value="trên 1/2"'),
        ("cap.percent", 'value="20"'),
        ("score_step", 'value="0,5"'),
        ("min_tellers", "Một số nguyên từ 1 đến 1000."),
        ("base", '<option value="summoned" selected>'),
    ],
)
def test_a_value_is_set_from_the_one_in_force(client, officer, ward, key, shown):
    client.force_login(officer)
    _, _, after = page(client, ward).partition(f'<input type="hidden" name="key" value="{key}">')
    form = after.partition("</form>")[0]
    assert shown in form
    assert "Quy định khác" not in page(client, ward)


def test_a_threshold_is_written_as_people_say_it(client, officer, ward):
    client.force_login(officer)
    page(client, ward, key="threshold.HTXS", value="Từ 2/3 trở lên", basis="HD 1")
    assert Setting.objects.get().value == ">=2/3"


def test_the_meeting_says_by_which_rules_it_is_held(client, secretary, meeting):
    client.force_login(secretary)
    shown = client.get(reverse("ballots:meeting_rules", args=[meeting.pk])).content.decode()
    assert "Hội nghị giữ các quy định có hiệu lực lúc khai mạc" in shown
    assert "Bộ hướng dẫn 2025.3" in shown
    assert 'id="cap.percent"' in shown


def test_what_is_taken_back_leaves_the_value_of_those_above(client, officer, ward, meeting):
    setting = Setting.objects.create(committee=ward, key="base", value="present", basis="HD 1")
    client.force_login(officer)
    client.post(reverse("cells:setting_remove", args=[setting.pk]))
    assert meeting.campaign.rules_for(meeting.cell).base == "summoned"
    assert AuditEntry.objects.filter(verb="setting.removed").exists()


def test_the_secretary_sees_the_committees_rules_and_sets_those_of_the_own_cell(
    client, secretary, meeting, ward
):
    Setting.objects.create(committee=ward, key="base", value="present", basis="HD 1")
    client.force_login(secretary)
    assert "quy định: HD 1" in page(client, meeting.cell)
    page(client, meeting.cell, key="base", value="full", basis="NQ 07-NQ/CB")
    assert Setting.objects.get(cell=meeting.cell).value == "full"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"basis": ""}, "Xin ghi căn cứ"), ({"cell": None}, "đúng một cấp ủy hoặc một chi bộ")],
)
def test_a_setting_has_one_body_and_a_basis(meeting, values, sentence):
    row = {"cell": meeting.cell, "key": "base", "value": "full", "basis": "NQ 1"} | values
    with pytest.raises(ValidationError, match=sentence):
        Setting(**row).validate_constraints()
