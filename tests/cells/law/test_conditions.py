"""Conditions of a level that committees set: level by level, the nearest wins, and what stays keeps its key."""

import pytest
from django.urls import reverse

from cells.law.conditions import group_of, made, own_levels
from cells.law.guidance import Layer, load_pack, pack_names
from cells.law.review_forms import ReviewForm, kinds
from cells.law.rules import Rules
from cells.models import Setting
from cells.stale import STALE
from tests.kit import factories

OWN = {"key": "leader-HTXS", "items": ["Một", "Hai"], "keys": ["leader-HTXS-4", "leader-HTXS-1"]}
EVERY = [(pack, kind) for pack in pack_names() for kind in kinds(load_pack(pack))]


def form_of(*layers: Layer, pack: str = "2025", kind: str = "leader") -> ReviewForm:
    return ReviewForm.from_pack(
        load_pack(pack), kind, Rules.from_pack(load_pack(pack), {}, layers)
    )


def layer(by: str, key: str, *items: str) -> Layer:
    return Layer(by, {key: {"items": list(items)}}, {key: f"NQ của {by}"})


@pytest.mark.parametrize(("pack", "kind"), EVERY)
def test_without_a_set_of_ones_own_the_packs_conditions_stand_under_numbered_keys(pack, kind):
    stated = load_pack(pack)["review"]["conditions"][kind]
    pack_conditions = {level: words for level, words in stated.items() if words}
    form = form_of(pack=pack, kind=kind)
    assert {
        level: tuple(form.conditions[level].values()) for level in form.conditions
    } == pack_conditions
    for level, conditions in form.conditions.items():
        assert list(conditions) == [f"{kind}-{level}-{n + 1}" for n in range(len(conditions))]
    assert form.conditions_origin == "Như trong bộ hướng dẫn"


@pytest.mark.parametrize(("pack", "kind"), EVERY)
def test_a_body_sets_one_level_and_the_others_stay_where_they_come_from(pack, kind):
    key = ("quarter." if pack == "quy" else "") + f"conditions.{kind}.HTXS"
    before = form_of(pack=pack, kind=kind)
    after = form_of(layer("Tỉnh ủy", key, "Riêng"), pack=pack, kind=kind)
    assert after.conditions["HTXS"] == {f"{kind}-HTXS-1": "Riêng"}
    assert after.origins["conditions.HTXS"].words == "Tỉnh ủy quy định: NQ của Tỉnh ủy"
    assert after.conditions_origin == "HTXS: Tỉnh ủy quy định: NQ của Tỉnh ủy"
    others = [level for level in before.levels if level != "HTXS"]
    for level in others:
        assert after.conditions.get(level) == before.conditions.get(level)
        name = f"conditions.{level}"
        assert after.origins.get(name) == before.origins.get(name)


def test_the_nearest_wins_level_by_level_and_the_year_is_not_the_quarter():
    province = layer("Tỉnh ủy", "conditions.leader.HTXS", "Của tỉnh")
    ward = layer("Đảng ủy phường", "conditions.leader.HTXS", "Của phường")
    cell = layer("Chi bộ 4", "conditions.leader.HTT", "Của chi bộ")
    form = form_of(province, ward, cell)
    assert [*form.conditions["HTXS"].values(), *form.conditions["HTT"].values()] == [
        "Của phường",
        "Của chi bộ",
    ]
    assert form.conditions_origin.startswith("HTXS: Đảng ủy phường quy định")
    assert "Của phường" not in form_of(province, ward, pack="quy").condition_texts.values()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("conditions.nobody.HTXS", {"items": ["Một"]}),
        ("conditions.leader.TỐT", {"items": ["Một"]}),
        ("conditions.leader.HTXS", {"items": []}),
    ],
)
def test_what_the_pack_has_no_place_for_is_not_in_force(key, value):
    assert own_levels(load_pack("2025"), [Layer("Tỉnh ủy", {key: value})]) == {}


@pytest.mark.parametrize(
    ("items", "keys"),
    [
        (["Một", "Hai"], ["leader-HTXS-4", "leader-HTXS-1"]),
        (["Hai", "Một"], ["leader-HTXS-1", "leader-HTXS-4"]),
        (["Một", "Hai, viết lại"], ["leader-HTXS-4", "leader-HTXS-1"]),
        (["Hai"], ["leader-HTXS-1"]),
        (["Một", "Mới", "Hai"], ["leader-HTXS-4", "leader-HTXS-2", "leader-HTXS-1"]),
    ],
)
def test_a_condition_that_stays_keeps_its_key(items, keys):
    assert made(items, OWN)["keys"] == keys


@pytest.mark.parametrize(("pack", "kind"), EVERY)
def test_the_packs_own_keep_their_keys_when_one_is_added(pack, kind):
    former = group_of(load_pack(pack), kind, "HTT", {})
    keys = made([*former["items"], "Thêm"], former)["keys"]
    assert keys == [f"{kind}-HTT-{n + 1}" for n in range(len(former["items"]) + 1)]


# On the pages


def address(body, kind: str = "member", query: str = "") -> str:
    place = "committee" if hasattr(body, "path") else "cell"
    return reverse(f"cells:{place}_conditions", args=[body.pk, kind]) + query


def sent(*items: str, level: str = "HTT", **values: str) -> dict[str, str]:
    return {"level": level, "items": "\n".join(items), "basis": "NQ 7", "seen": ""} | values


@pytest.mark.django_db
def test_a_ward_sets_a_levels_conditions_and_its_cells_have_them_with_their_origin(
    browser, ward, meeting, secretary
):
    shown = browser.get(address(ward)).content.decode()
    assert "QĐ 366-QĐ/TW, điều 11 (chắc chắn, đọc trong văn bản)" in shown
    answer = browser.post(address(ward), sent("Giữ nguyên", "Thêm một việc"))
    assert answer.url == f"{address(ward)}#HTT"
    setting = Setting.objects.get()
    assert (setting.key, setting.basis) == ("conditions.member.HTT", "NQ 7")
    browser.force_login(secretary)
    for page in (address(meeting.cell), reverse("cells:cell_rules", args=[meeting.cell_id])):
        assert f"{setting.set_by} quy định: NQ 7" in browser.get(page).content.decode()
    assert "Thêm một việc" in browser.get(address(meeting.cell)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("items", "basis", "sentence"),
    [
        (["", "  "], "NQ 7", "Xin ghi ít nhất một điều kiện"),
        (["Một", "…"], "NQ 7", "Có dòng chưa có chữ nào"),
        (["Một", " Một "], "NQ 7", "Có điều kiện viết hai lần"),
        (["Một" * 200], "NQ 7", "Mỗi điều kiện dài nhất 500 chữ"),
        ([f"Điều {n}" for n in range(21)], "NQ 7", "nhiều nhất 20 điều kiện, ở đây là 21"),
        (["Một\u202e"], "NQ 7", "ký tự ẩn"),
        (["Một", "Hai"], " ", "Xin ghi căn cứ của điều kiện này"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser, ward, items, basis, sentence):
    answer = browser.post(address(ward), sent(*items, basis=basis))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) == 1
    assert all(item.strip() in page for item in items)
    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_of_two_pages_the_second_is_told_and_may_then_replace(browser, ward):
    browser.post(address(ward), sent("Một"))
    answer = browser.post(address(ward), sent("Hai"))
    page = answer.content.decode()
    assert STALE in page
    (form,) = (line.form for line in answer.context["lines"] if line.form.is_bound)
    again = sent("Hai", seen=form["seen"].value())
    assert browser.post(address(ward), again).status_code == 302
    assert Setting.objects.get().value["items"] == ["Hai"]


@pytest.mark.django_db
def test_one_button_goes_back_to_what_is_above_and_to_the_page(browser, ward):
    browser.post(address(ward, query="?ky=quy", kind="leader"), sent("Riêng của quý"))
    setting = Setting.objects.get()
    assert setting.key == "quarter.conditions.leader.HTT"
    assert "Riêng của quý" not in browser.get(address(ward, kind="leader")).content.decode()
    answer = browser.post(reverse("cells:setting_remove", args=[setting.pk]))
    assert answer.url == address(ward, kind="leader", query="?ky=quy")
    assert "Riêng của quý" not in browser.get(answer.url).content.decode()


@pytest.mark.django_db
def test_where_the_pack_has_no_conditions_a_committee_sets_its_own(browser):
    meeting = factories.make_meeting(4, year=2023, pack="2023.1")
    ward = meeting.cell.committee
    browser.force_login(factories.make_user(committee=ward))
    shown = browser.get(address(ward)).content.decode()
    assert "Điều kiện từng mức theo QĐ 124-QĐ/TW chưa đọc được" in shown
    browser.post(address(ward), sent("Việc của phường"))
    assert meeting.rules.conditions["conditions.member.HTT"]["items"] == ["Việc của phường"]


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["", "TỐT"])
def test_a_press_that_names_no_level_sets_nothing(browser, ward, level):
    answer = browser.post(address(ward), sent("Một", level=level), follow=True)
    assert "Không có mức này" in answer.content.decode()
    assert browser.get(address(ward, kind="nobody")).status_code == 404
    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_a_meeting_keeps_the_conditions_of_its_opening(browser, ward, meeting):
    planned = factories.make_meeting(3, cell=factories.make_cell(ward))
    browser.post(address(ward), sent("Mới đặt"))
    key = "conditions.member.HTT"
    assert key not in meeting.rules.conditions
    assert planned.rules.conditions[key]["items"] == ["Mới đặt"]
    planned.open()
    Setting.objects.all().delete()
    rules = reverse("ballots:meeting_rules", args=[planned.pk])
    assert f"{ward.executive_name} quy định: NQ 7" in browser.get(rules).content.decode()
    assert planned.rules.conditions[key]["items"] == ["Mới đặt"]
