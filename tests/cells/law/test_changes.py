"""What a newer version of a pack says otherwise: every value, in words; and which settings have no place in it."""

import itertools
import re
from datetime import date, timedelta
from typing import Any

import pytest

from cells.law import guidance
from cells.law.changes import changes, dropped
from cells.law.guidance import CERTAINTIES, Layer, load_pack, pack_names, versions
from tests.kit.law import changed, leaves
from tests.kit.packs import forget, publish

CAP = '[rules.cap.percent]\nlabel = "Tỷ lệ trần HTXS (%)"\nvalue = 20'
FLAG = '[[review.flags]]\nkey = "most-undone"\ntitle = "Trên 50% nhiệm vụ không hoàn thành"'
OTHERWISE = {
    CAP: CAP.replace("20", "25"),
    '"Nghỉ thai sản",\n': "",
    'value = { HTXS = 90, HTT = 70, HT = 50, KHT = 0 }\nsource = "Điểm': (
        'value = { HTXS = 95, HTT = 70, HT = 50, KHT = 0 }\nsource = "Điểm'
    ),
    FLAG: '[[review.flags]]\nkey = "undone"\ntitle = "Một nửa nhiệm vụ không hoàn thành"',
    "Mẫu 2C-HD KĐ.ĐG 2025": "Mẫu 02C-HD KĐ.ĐG 2025",
    'source = "Nhắc riêng người viết, trên điện thoại của đồng chí ấy"': 'source = "Nhắc riêng"',
    'value = ["cell", "members"]': 'value = ["members", "cell"]',
}


@pytest.fixture(autouse=True)
def _as_published():
    yield
    forget()


@pytest.fixture
def newer(monkeypatch, tmp_path) -> str:
    """A version after 2025.1 that says these things otherwise."""
    publish(monkeypatch, tmp_path, "2025.1", "2025.9", OTHERWISE)
    return "2025.9"


@pytest.mark.parametrize(
    ("key", "group", "label", "before", "after"),
    [
        ("rules.cap.percent", "Quy định đang áp dụng", "Tỷ lệ trần HTXS (%)", "20", "25"),
        ("bands", "Quy định đang áp dụng", "Điểm tối thiểu của từng mức", "HTXS: 90", "HTXS: 95"),
        ("rules.polls", "Quy định đang áp dụng", "Thứ tự bỏ phiếu", "chi bộ", "đảng viên"),
        ("reasons", "Diện kiểm điểm, xếp loại", "Lý do chưa xếp loại, để chọn", "Nghỉ", "Nghỉ"),
        (
            "review.forms.outside.number",
            "Mẫu bản kiểm điểm",
            "Ký hiệu mẫu: Đảng viên không làm việc trong hệ thống chính trị",
            "Mẫu 2C",
            "Mẫu 02C",
        ),
        (
            "review.flags.undone",
            "Trường hợp phải xếp mức hoặc giới hạn mức",
            "Trường hợp",
            None,
            "Một nửa nhiệm vụ không hoàn thành",
        ),
        (
            "review.flags.most-undone",
            "Trường hợp phải xếp mức hoặc giới hạn mức",
            "Trường hợp",
            "Trên 50% nhiệm vụ không hoàn thành",
            None,
        ),
    ],
)
def test_a_value_that_changes_is_told_in_words_old_and_new(
    newer, key, group, label, before, after
):
    (change,) = [each for each in changes("2025.1", newer) if each.key == key]
    assert (change.group, change.label, change.is_of_source) == (group, label, False)
    for statement, words in ((change.before, before), (change.after, after)):
        assert (statement is None) == (words is None)
        assert words is None or statement.lines[0].startswith(words)


def test_only_what_changes_is_listed_and_a_line_that_is_gone_is_marked(newer):
    listed = {change.key: change for change in changes("2025.1", newer)}
    assert len(listed) == len(OTHERWISE) + 1  # a case is gone, and another has come
    assert ("Nghỉ thai sản", True) in listed["reasons"].gone
    assert all(not marked for _, marked in listed["reasons"].new)
    assert listed["rules.likeness"].is_of_source
    assert changes("2025.1", "2025.1") == []


# By these programs know a value; and what only says which pack it is.
CODES = r"name|version|serves.*|rules\..*|.*\.(key|kind|case|family|sections|effect)|levels.*|.*\.scoring"


def _otherwise(value: Any) -> Any:
    if value in CERTAINTIES:
        return next(word for word in CERTAINTIES if word != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return value + timedelta(days=1) if isinstance(value, date) else f"{value} khác"


@pytest.mark.parametrize("name", pack_names())
def test_no_value_of_a_pack_changes_unseen(monkeypatch, tmp_path, name):
    newest = versions(name)[-1]
    publish(monkeypatch, tmp_path, newest, f"{name}.99", {})
    pack = guidance._read(newest)
    seen: set[str] = set()
    for path, value in leaves(pack):
        place = re.sub(r"\.\d+", ".*", ".".join(map(str, path)))
        if place in seen or re.fullmatch(CODES, place) or value in ({}, [], ""):
            continue
        if str(value).isdecimal() and isinstance(value, str):
            continue  # points: an int in one pack, a text in another
        seen.add(place)
        other = changed(pack, path, _otherwise) | {"version": f"{name}.99"}
        kept = {newest: pack, f"{name}.99": other}
        monkeypatch.setattr(guidance, "_read", kept.__getitem__)
        forget()
        assert changes(newest, f"{name}.99"), place
    assert len(seen) > 50


def test_a_setting_without_a_place_in_the_newer_version_is_named(newer):
    set_here = {
        "flag.most-undone": False,
        "flag.decline": False,
        "flag.own": {"title": "A", "subjects": ["leader"], "force": "KHT"},
        "cap.percent": 22,
        "deadline.list": "2026-11-01",
    }
    lost = dropped("2025.1", newer, Layer("Đảng ủy phường", set_here))
    assert lost == {
        "flag.most-undone": "Trường hợp: Trên 50% nhiệm vụ không hoàn thành",
    }


def test_a_set_of_criteria_that_does_not_add_up_any_more_is_named(monkeypatch, tmp_path):
    line = '{ key = "result", part = "result", points = 70, scoring = "graded", title = "Nhóm tiêu chí về kết quả'
    common = '{ key = "common", part = "common", points = 30, scoring = "graded", title = "Nhóm tiêu chí chung", note'
    moved = {line: line.replace("70", "60"), common: common.replace("30", "40")}
    publish(monkeypatch, tmp_path, "2025.1", "2025.9", moved)
    own = [
        {"key": "a", "part": "common", "points": "30", "scoring": "graded", "title": "A"},
        {"key": "b", "part": "result", "points": "70", "scoring": "graded", "title": "B"},
    ]
    lost = dropped("2025.1", "2025.9", Layer("Đảng ủy", {"criteria.outside": own}))
    assert list(lost) == ["criteria.outside"]
    assert lost["criteria.outside"].startswith("Bộ tiêu chí: ")


@pytest.mark.parametrize("name", pack_names())
def test_no_published_version_asks_for_a_text_no_more_that_a_former_one_asked_for(name):
    """What somebody has begun to write under the former one would be out of sight."""
    for former, newer in itertools.pairwise(versions(name)):
        before, after = load_pack(former)["review"], load_pack(newer)["review"]
        for kind, form in before["forms"].items():
            now = {line["key"] for line in after["sections"][after["forms"][kind]["sections"]]}
            assert {line["key"] for line in before["sections"][form["sections"]]} <= now, kind
