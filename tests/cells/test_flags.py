"""Cases that force or cap a level, as committees set them: put out of force and back, added, inherited; on a basis."""

import pytest
from django.urls import reverse

from cells.law.flags import flags_of
from cells.law.guidance import Layer, load_pack, pack_names
from cells.law.review_forms import kinds
from cells.law.rules import Rules
from cells.models import Setting
from cells.stale import STALE
from tests.kit import factories

OWN = {"title": "Bỏ sinh hoạt ba kỳ", "subjects": ["member", "leader"], "at_most": "HT"}


def rules_of(*layers: Layer, pack: str = "2025") -> Rules:
    return Rules.from_pack(load_pack(pack), {}, layers)


def layer(by: str, pack: str, **values) -> Layer:
    """What one body has set, for the kind of review that the pack serves."""
    prefix = "quarter.flag." if pack == "quy" else "flag."
    keys = {prefix + key: value for key, value in values.items()}
    return Layer(by, keys, dict.fromkeys(keys, f"NQ của {by}"))


EVERY = [(pack, flag.key) for pack in pack_names() for flag in flags_of(load_pack(pack))]


@pytest.mark.parametrize("pack", pack_names())
def test_the_packs_own_have_each_a_key_of_their_own_and_are_all_in_force(pack):
    flags = rules_of(pack=pack).flags
    assert len({flag.key for flag in flags}) == len(flags)
    assert all(flag.is_in_force and flag.switched is None for flag in flags)
    assert {kind for flag in flags for kind in flag.subjects} <= set(kinds(load_pack(pack)))


@pytest.mark.parametrize(("pack", "key"), EVERY)
def test_one_is_put_out_of_force_above_and_back_below_and_the_nearest_wins(pack, key):
    province, cell = layer("Tỉnh ủy", pack, **{key: False}), layer("Chi bộ", pack, **{key: True})
    before = [flag.key for flag in rules_of(pack=pack).flags_for("leader")]
    out = rules_of(province, pack=pack)
    assert [f.key for f in out.flags_for("leader")] == [k for k in before if k != key]
    (flag,) = (flag for flag in out.flags if flag.key == key)
    assert flag.switched.words == "Tỉnh ủy quy định: NQ của Tỉnh ủy"
    back = rules_of(province, cell, pack=pack)
    assert [flag.key for flag in back.flags_for("leader")] == before
    (flag,) = (flag for flag in back.flags if flag.key == key)
    assert flag.basis.endswith("; Chi bộ quy định: NQ của Chi bộ")


@pytest.mark.parametrize("pack", pack_names())
def test_one_is_added_for_its_subjects_and_all_below_may_put_it_out_of_force(pack):
    ward = layer("Đảng ủy phường", pack, **{"own-1": OWN})
    rules = rules_of(ward, pack=pack)
    flag = rules.flags_for("leader")[-1]
    assert (flag.key, flag.effect, flag.forces) == ("own-1", "không quá HT", False)
    assert flag.words == "Bỏ sinh hoạt ba kỳ (không quá HT)"
    assert flag.basis == "Đảng ủy phường quy định: NQ của Đảng ủy phường"
    assert "own-1" not in [flag.key for flag in rules.flags_for("collective")]
    below = rules_of(ward, layer("Chi bộ", pack, **{"own-1": False}), pack=pack)
    assert "own-1" not in [flag.key for flag in below.flags_for("leader")]


@pytest.mark.parametrize(
    "values", [{"gone": False}, {"gone": True}, {"own-1": OWN | {"at_most": "TỐT"}}]
)
@pytest.mark.parametrize("pack", pack_names())
def test_what_names_no_known_case_or_level_changes_nothing(pack, values):
    assert rules_of(layer("Tỉnh ủy", pack, **values), pack=pack).flags == rules_of(pack=pack).flags


def test_what_is_set_for_the_year_is_not_that_of_a_quarter_and_the_other_way_round():
    year, quarter = layer("A", "2025", **{"own-1": OWN}), layer("B", "quy", **{"own-2": OWN})
    of_year, of_quarter = rules_of(year, quarter), rules_of(year, quarter, pack="quy")
    assert of_year.flags[-1].key == "own-1"
    assert of_quarter.flags[-1].key == "own-2"


# On the pages


def address(body, query: str = "") -> str:
    place = "committee" if hasattr(body, "path") else "cell"
    return reverse(f"cells:{place}_flags", args=[body.pk]) + query


def switch(do: str = "out", flag: str = "disciplined", **values: str) -> dict[str, str]:
    return {"do": do, "flag": flag, "basis": "NQ 7", "seen": ""} | values


def added(**values) -> dict[str, object]:
    return {
        "do": "add",
        "title": "Bỏ sinh hoạt ba kỳ",
        "subjects": ["member", "leader"],
        "effect": "at_most",
        "limit": "HT",
        "basis": "NQ 7",
    } | values


@pytest.mark.django_db
def test_a_case_is_put_out_of_force_with_its_basis_and_cells_may_take_it_back(
    browser, ward, meeting, secretary
):
    assert "Vi phạm gắn với hoạt động công vụ" in browser.get(address(ward)).content.decode()
    answer = browser.post(address(ward), switch())
    assert answer.url == f"{address(ward)}#disciplined"
    setting = Setting.objects.get()
    assert (setting.key, setting.value, setting.basis) == ("flag.disciplined", False, "NQ 7")
    browser.force_login(secretary)
    for page in (address(meeting.cell), reverse("cells:cell_rules", args=[meeting.cell_id])):
        assert f"{ward.executive_name} quy định: NQ 7" in browser.get(page).content.decode()
    assert "</span> Thôi áp dụng" in browser.get(address(meeting.cell)).content.decode()
    browser.post(address(meeting.cell), switch("back"))
    assert "disciplined" in [
        flag.key for flag in meeting.campaign.rules_for(meeting.cell).flags_for("member")
    ]


@pytest.mark.django_db
def test_down_the_tree_the_nearest_body_wins_for_cases_and_for_conditions_alike():
    centre = factories.make_committee("Trung ương")
    province = factories.make_committee("Tỉnh ủy", centre)
    ward = factories.make_committee("Phường", province)
    meeting = factories.make_meeting(3, cell=factories.make_cell(ward, "Chi bộ 4"))
    beside = factories.make_meeting(3, cell=factories.make_cell(ward, "Chi bộ 5"))
    line = [{"committee": body} for body in (centre, province, ward)] + [{"cell": meeting.cell}]
    for number, body in enumerate(line):
        named = {"items": [f"Tầng {number}"]}
        Setting.objects.create(**body, key="conditions.member.HTT", value=named, basis="NQ 7")
        value = {"value": number % 2 == 1, "basis": "NQ 7"}
        Setting.objects.create(**body, key="flag.disciplined", **value)
        meeting.refresh_from_db()
        beside.refresh_from_db()
        of_cell, of_other = meeting.rules, beside.rules
        for rules, tier in ((of_cell, number), (of_other, min(number, 2))):
            assert rules.conditions["conditions.member.HTT"]["items"] == [f"Tầng {tier}"]
            (flag,) = (flag for flag in rules.flags if flag.key == "disciplined")
            assert (flag.is_in_force, flag.switched.set_by) == (
                tier % 2 == 1,
                ["Trung ương", "Tỉnh ủy", "Phường", "Chi bộ 4"][tier],
            )


@pytest.mark.django_db
def test_a_case_is_added_and_taken_away_by_who_added_it(browser, ward, meeting, secretary):
    assert browser.post(address(ward), added()).status_code == 302
    setting = Setting.objects.get()
    assert setting.value == OWN
    shown = browser.get(address(ward)).content.decode()
    assert "Bỏ trường hợp này" in shown
    assert f"{ward.executive_name} quy định: NQ 7" in shown
    browser.force_login(secretary)
    assert "Bỏ trường hợp này" not in browser.get(address(meeting.cell)).content.decode()
    browser.force_login(factories.make_user(committee=ward))
    answer = browser.post(reverse("cells:setting_remove", args=[setting.pk]), follow=True)
    assert answer.redirect_chain == [(address(ward), 302)]
    assert "Đã bỏ trường hợp riêng" in answer.content.decode()
    browser.post(address(ward), added())
    assert Setting.objects.get().key != setting.key, "what was confirmed is kept by the key"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (switch(basis=" "), "Xin ghi căn cứ của thiết lập này"),
        (added(title=" "), "Xin ghi trường hợp ấy là gì."),
        (added(title="…"), "Xin ghi trường hợp ấy là gì."),
        (
            added(title="vi phạm gắn với hoạt động công vụ, bị kỷ luật từ khiển trách trở lên"),
            "đã có trong danh sách",
        ),
        (added(title="Ẩn\u202e"), "ký tự ẩn"),
        (added(subjects=[]), "Xin chọn ít nhất một loại đối tượng."),
        (added(effect=""), "Xin chọn phải xếp mức, hay chỉ không được xếp cao hơn mức."),
        (added(limit=""), "Xin chọn mức."),
        (added(limit="HTXS"), "Xin chọn mức."),
        (added(basis=""), "Xin ghi căn cứ của trường hợp này"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser, ward, sent, sentence):
    answer = browser.post(address(ward), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) == 1
    assert all(str(sent.get(name, "")).strip() in page for name in ("title", "basis"))
    if sent.get("subjects"):
        assert page.count(" checked") == (3 if sent["effect"] else 2)
    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_of_two_pages_the_second_is_told(browser, ward):
    browser.post(address(ward), switch())
    answer = browser.post(address(ward), switch(basis="NQ 8"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert STALE in page
    assert "NQ 8" in page
    assert Setting.objects.get().basis == "NQ 7"


@pytest.mark.django_db
def test_what_this_body_added_is_never_turned_into_a_switch(browser, ward):
    browser.post(address(ward), added())
    setting = Setting.objects.get()
    key = setting.key.removeprefix("flag.")
    for sent in (switch(flag=key), switch(flag="gone"), switch(do=""), {"do": "else"}):
        answer = browser.post(address(ward), sent, follow=True)
        assert "Không có trường hợp này" in answer.content.decode()
    assert Setting.objects.get().value == OWN


@pytest.mark.django_db
def test_a_quarter_has_cases_of_its_own(browser, ward):
    query = "?ky=quy"
    browser.post(address(ward, query), added(subjects=["leader"]))
    setting = Setting.objects.get()
    assert setting.key.startswith("quarter.flag.own-")
    assert "Bỏ sinh hoạt ba kỳ" in browser.get(address(ward, query)).content.decode()
    assert "Bỏ sinh hoạt ba kỳ" not in browser.get(address(ward)).content.decode()
    answer = browser.post(reverse("cells:setting_remove", args=[setting.pk]))
    assert answer.url == address(ward, query)


@pytest.mark.django_db
def test_where_the_pack_names_no_case_it_says_why_and_a_committee_adds_its_own(browser):
    meeting = factories.make_meeting(4, year=2023, pack="2023.1")
    ward = meeting.cell.committee
    browser.force_login(factories.make_user(committee=ward))
    shown = browser.get(address(ward)).content.decode()
    assert "Các trường hợp theo QĐ 124-QĐ/TW chưa đọc được" in shown
    browser.post(address(ward), added())
    assert [flag.title for flag in meeting.rules.flags_for("member")] == ["Bỏ sinh hoạt ba kỳ"]


@pytest.mark.django_db
def test_a_meeting_keeps_the_cases_of_its_opening(browser, ward, meeting):
    planned = factories.make_meeting(3, cell=factories.make_cell(ward))
    browser.post(address(ward), switch())

    def has(closed_meeting):
        return "disciplined" in [flag.key for flag in closed_meeting.rules.flags_for("member")]

    assert (has(meeting), has(planned)) == (True, False)
    planned.open()
    Setting.objects.all().delete()
    assert not has(planned)
    shown = browser.get(reverse("ballots:meeting_rules", args=[planned.pk])).content.decode()
    assert "</span> Thôi áp dụng" in shown
    assert f"{ward.executive_name} quy định: NQ 7" in shown
