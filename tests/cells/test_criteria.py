"""Sets of criteria that committees set: they add up, keep their keys, are inherited, and never re-read old points."""

import re

import pytest
from django.urls import reverse

from cells.law.criteria import keyed, refusals
from cells.law.guidance import Layer, load_pack
from cells.law.review_forms import ReviewForm
from cells.law.rules import Rules
from cells.models import Setting
from cells.stale import STALE
from members.models import SelfReview, SelfReviewVersion
from tests.kit import factories
from tests.kit.clients import phone
from tests.kit.reviews import FULL

PATTERN = load_pack("2025")["review"]["criteria"]["outside"]
THREE = {"title": "Chung", "items": ["Một", "Hai", "Ba"]}
OWN = [
    {"key": "common", "part": "common", "points": "10", "scoring": "pass", **THREE},
    {"key": "result", "part": "result", "points": "70", "scoring": "graded", "title": "Kết quả"},
]


def form_of(*layers: Layer, pack: str = "2025", kind: str = "outside") -> ReviewForm:
    return ReviewForm.from_pack(
        load_pack(pack), kind, Rules.from_pack(load_pack(pack), {}, layers)
    )


WARD = Layer("Đảng ủy phường", {"criteria.outside": OWN}, {"criteria.outside": "QĐ 9-QĐ/ĐU"})


def test_the_nearest_set_is_in_force_and_says_who_set_it():
    province = Layer("Tỉnh ủy", {"criteria.outside": [*OWN[:1], *PATTERN[1:]]})
    form = form_of(province, WARD)
    assert [criterion.title for criterion in form.criteria] == ["Một", "Hai", "Ba", "Kết quả"]
    assert form.origins["criteria"].words == "Đảng ủy phường quy định: QĐ 9-QĐ/ĐU"
    assert form.points == 100


def test_a_set_for_the_year_is_not_that_of_a_quarter_and_the_other_way_round():
    pattern = load_pack("quy")["review"]["criteria"]["leader"]
    own = [{**group, "title": f"Riêng: {group['title']}"} for group in pattern]
    layer = Layer("Đảng ủy", {"quarter.criteria.leader": own, "criteria.leader": OWN})
    assert "Riêng" in next(form_of(layer, pack="quy", kind="leader").criteria).title
    assert [c.title for c in form_of(layer, kind="leader").criteria][-1] == "Kết quả"
    assert next(form_of(layer, pack="2023").criteria, None) is None, "2023 gives no points"


@pytest.mark.parametrize(
    ("points", "sentence"),
    [("10", ""), ("9.5", "cộng lại được 28,5 điểm, phải đúng 30 điểm"), ("11", "được 33 điểm")],
)
def test_a_set_adds_up_as_the_packs_own_does(points, sentence):
    text = list(refusals([{**OWN[0], "points": points}, OWN[1]], PATTERN))
    assert [sentence in line for line in text] == ([True] if sentence else [])


@pytest.mark.parametrize(
    ("items", "keys"),
    [
        (["Một", "Hai", "Ba"], ["common-1", "common-2", "common-3"]),
        (["Một", "Hai, sửa lại", "Ba"], ["common-1", "common-2", "common-3"]),
        (["Mới", "Một", "Hai", "Ba"], ["common-4", "common-1", "common-2", "common-3"]),
        (["Hai", "Ba"], ["common-2", "common-3"]),
    ],
)
def test_a_criterion_keeps_its_key(items, keys):
    made = keyed([{**OWN[0], "items": items, "title": "Tên khác"}, {**OWN[1], "key": ""}], OWN)
    assert made[0]["keys"] == keys
    assert [group["key"] for group in made] == ["common", "g1"]


def test_points_stand_only_while_their_criterion_asks_the_same():
    before = form_of(WARD)
    changed = [{**OWN[0], "items": ["Một", "Hai, khác", "Ba"]}, OWN[1]]
    after = form_of(Layer("Đảng ủy", {"criteria.outside": changed}))
    scores = {"common-1": "10", "common-2": "0", "result": "55"}
    assert after.carried(scores, before.stored_criteria()) == {"common-1": "10", "result": "55"}
    assert after.with_stored_criteria(before.stored_criteria()).groups == before.groups
    assert after.mark != before.mark


# On the pages


def address(body, kind: str = "outside", query: str = "") -> str:
    place = "committee" if hasattr(body, "path") else "cell"
    return reverse(f"cells:{place}_criteria", args=[body.pk, kind]) + query


def sent(*groups: dict, basis: str = "QĐ 9-QĐ/ĐU", seen: str = "") -> dict[str, str]:
    """The form as a browser sends it."""
    data = {"nhom-TOTAL_FORMS": str(len(groups)), "nhom-INITIAL_FORMS": "2"}
    for place, group in enumerate(groups):
        values = {**group, "items": "\n".join(group.get("items", []))}
        data |= {f"nhom-{place}-{name}": str(value) for name, value in values.items()}
    return data | {"basis": basis, "seen": seen}


@pytest.mark.django_db
def test_a_ward_sets_criteria_and_its_cells_have_them_with_their_origin(
    browser, ward, meeting, secretary
):
    assert "phụ lục 5: tiêu chí chung 3 và 1" in browser.get(address(ward)).content.decode()
    assert browser.post(address(ward), sent(*OWN)).status_code == 302
    setting = Setting.objects.get()
    assert (setting.key, setting.value[0]["keys"][0]) == ("criteria.outside", "common-1")
    browser.force_login(secretary)
    shown = browser.get(address(meeting.cell)).content.decode()
    assert f"{setting.set_by} quy định: QĐ 9-QĐ/ĐU" in shown
    assert re.search(r"<td>\d+\. Ba</td>\s*<td class=\"num\">10</td>", shown)
    rules = reverse("cells:cell_rules", args=[meeting.cell_id])
    assert "4 tiêu chí, 100 điểm" in browser.get(rules).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "basis", "sentence"),
    [
        ({"points": "9"}, "QĐ 9", "cộng lại được 27 điểm, phải đúng 30 điểm"),
        ({"points": "mười"}, "QĐ 9", "Xin ghi số điểm lớn hơn 0"),
        ({"title": " "}, "QĐ 9", "Xin ghi tên nhóm tiêu chí"),
        ({"items": ["Một", "Một"]}, "QĐ 9", "Có tiêu chí viết hai lần"),
        ({}, " ", "Xin ghi căn cứ của bộ tiêu chí này"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser, ward, change, basis, sentence):
    answer = browser.post(address(ward), sent({**OWN[0], **change}, OWN[1], basis=basis))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Một" in answer.content.decode().partition("<textarea")[2]
    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_of_two_pages_the_second_is_told_and_may_then_replace(browser, ward):
    browser.post(address(ward), sent(*OWN))
    other = sent({**OWN[0], "title": "Tên khác"}, OWN[1])
    answer = browser.post(address(ward), other)
    assert STALE in answer.content.decode()
    seen = answer.context["basis"]["seen"].value()
    assert browser.post(address(ward), other | {"seen": seen}).status_code == 302
    assert Setting.objects.get().value[0]["title"] == "Tên khác"


@pytest.mark.django_db
def test_a_meeting_keeps_the_criteria_of_its_opening(browser, ward, meeting):
    planned = factories.make_meeting(3, cell=factories.make_cell(ward))
    browser.post(address(ward), sent(*OWN))

    def shown(closed_meeting):
        page = browser.get(
            reverse("ballots:meeting_rules", args=[closed_meeting.pk])
        ).content.decode()
        return "quy định: QĐ 9-QĐ/ĐU" in page

    assert (shown(meeting), shown(planned)) == (False, True)


@pytest.mark.django_db
def test_a_set_taken_back_leaves_that_of_the_pack(browser, ward):
    browser.post(address(ward), sent(*OWN))
    browser.post(reverse("cells:setting_remove", args=[Setting.objects.get().pk]))
    assert "phụ lục 5: tiêu chí chung 3 và 1" in browser.get(address(ward)).content.decode()


@pytest.mark.django_db
def test_a_set_that_does_not_add_up_for_this_pack_is_not_in_force_and_the_page_says_so(
    browser, ward
):
    Setting.objects.create(
        committee=ward, key="criteria.outside", value=OWN[:1], basis="QĐ 9-QĐ/ĐU"
    )
    page = browser.get(address(ward)).content.decode()
    assert "không khớp tổng điểm của bộ hướng dẫn này nên không có hiệu lực" in page
    assert "phụ lục 5: tiêu chí chung 3 và 1" in page


@pytest.mark.django_db
def test_a_group_may_be_dropped_and_another_added(browser, ward):
    third = {
        "key": "",
        "part": "result",
        "points": "70",
        "scoring": "graded",
        "title": "Việc chi bộ giao",
    }
    data = sent(*OWN, third) | {"nhom-1-DELETE": "on"}
    assert browser.post(address(ward), data).status_code == 302
    assert [group["title"] for group in Setting.objects.get().value] == [
        "Chung",
        "Việc chi bộ giao",
    ]


@pytest.mark.django_db
def test_a_quarter_has_a_set_of_its_own(browser, ward):
    shown = browser.get(address(ward, "leader", "?ky=quy")).content.decode()
    assert "Trục kết quả trọng tâm thứ nhất" in shown
    groups = load_pack("quy")["review"]["criteria"]["leader"]
    data = sent(*groups) | {
        "nhom-INITIAL_FORMS": str(len(groups)),
        "nhom-3-title": "Chuyển đổi số",
    }
    assert browser.post(address(ward, "leader", "?ky=quy"), data).status_code == 302
    assert Setting.objects.get().key == "quarter.criteria.leader"
    assert "Chuyển đổi số" in browser.get(address(ward, "leader", "?ky=quy")).content.decode()
    assert "Chuyển đổi số" not in browser.get(address(ward, "leader")).content.decode()


MEMBER = [
    {"key": "conduct", "part": "common", "points": "30", "scoring": "graded", "title": "Đạo đức, lối sống"},
    {"key": "result", "part": "result", "points": "70", "scoring": "graded", "title": "Kết quả"},
]  # fmt: skip


@pytest.mark.django_db
def test_the_form_on_the_phone_follows_and_what_was_handed_in_stays_as_it_was():
    planned = factories.make_meeting(5)
    first, second = factories.members_of(planned)[3:5]
    page = "/hop/ban-kiem-diem/"
    early, late = (phone(member) for member in (first, second))
    assert early.post(page, FULL | {"version": 0, "do": "submit"}).status_code == 302
    late.post(page, FULL | {"version": 0, "do": "save"})
    ward = planned.cell.committee
    Setting.objects.create(committee=ward, key="criteria.member", value=MEMBER, basis="QĐ 9")
    shown = early.get(page).content.decode()
    assert "Có quan điểm, bản lĩnh chính trị vững vàng" in shown
    assert "30/30 + 55/70 = 85/100" in shown
    review = SelfReviewVersion.objects.get()
    assert len(review.criteria["groups"]) == 4
    shown = late.get(page).content.decode()
    assert "Đạo đức, lối sống" in shown
    assert "xin đồng chí chấm lại chỗ còn trống" in shown
    assert "quy định: QĐ 9" in shown


@pytest.mark.django_db
def test_a_page_opened_before_the_set_was_changed_stores_no_points_under_the_new_one():
    planned = factories.make_meeting(5)
    own = phone(factories.members_of(planned)[4])
    opened = own.get("/hop/ban-kiem-diem/")
    mark = opened.context["sheet"].form.mark
    Setting.objects.create(
        committee=planned.cell.committee, key="criteria.member", value=MEMBER, basis="QĐ 9"
    )
    data = FULL | {"version": 0, "do": "save", "criteria": mark}
    answer = own.post("/hop/ban-kiem-diem/", data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert STALE in page
    assert "Viết ở mục strengths." in page
    assert 'value="55"' not in page
    assert not SelfReview.objects.get().scores
