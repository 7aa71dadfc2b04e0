"""Changes marked word by word: nothing of either version is lost, and single words do not splinter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.report.marking import GONE, NEW, SAME, Piece, passages


def shown(before: str, after: str) -> list[str]:
    """The passages with added words in [+ +] and those taken away in [- -]."""
    signs = {SAME: ("", ""), NEW: ("[+", "+]"), GONE: ("[-", "-]")}
    return [
        "".join(f"{signs[p.kind][0]}{p.text}{signs[p.kind][1]}" for p in passage)
        for passage in passages(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Một câu.", "Một câu.", []),
        ("", "", []),
        ("", "Viết mới.", ["[+Viết mới.+]"]),
        ("Bỏ đi.", "", ["[-Bỏ đi.-]"]),
        (
            "Chi bộ hoàn thành tốt nhiệm vụ.",
            "Chi bộ hoàn thành xuất sắc nhiệm vụ.",
            ["Chi bộ hoàn thành [-tốt -][+xuất sắc +]nhiệm vụ."],
        ),
        ("Có 02 đồng chí.", "Có 03 đồng chí.", ["Có [-02 -][+03 +]đồng chí."]),
        ("Giữ nguyên.\nSửa đoạn hai.", "Giữ nguyên.\nSửa đoạn ba.", ["Sửa đoạn [-hai-][+ba+]."]),
        ("A.\nB.\nC.", "A.\nC.\nD.", ["[-B.-]", "[+D.+]"]),
        ("Hai đoạn.\n\n\nVà trống.", "Hai đoạn.\nVà  trống.", []),
        (
            "Đã làm tốt việc được giao ở cơ sở.",
            "Mới làm khá phần được phân công ở cơ sở.",
            ["[-Đã làm tốt việc được giao -][+Mới làm khá phần được phân công +]ở cơ sở."],
        ),
        ("x <b>1</b>", "x <b>2</b>", ["x <b>[-1-][+2+]</b>"]),
    ],
)
def test_words_that_changed_are_marked(before, after, marked):
    assert shown(before, after) == marked


TEXT = st.text(alphabet="abcđ .\n", max_size=60)


@given(TEXT, TEXT)
def test_both_versions_can_be_read_from_the_marks(before, after):
    marked = passages(before, after)
    for kind, text in ((GONE, before), (NEW, after)):
        words = "".join(p.text for passage in marked for p in passage if p.kind in (kind, SAME))
        assert set("".join(words.split())) <= set(text)
    assert all(isinstance(piece, Piece) and piece.text for passage in marked for piece in passage)
    if not marked:
        assert before.split() == after.split()


@pytest.mark.parametrize("words", ["a ", "a\n", "ab cd "])
def test_a_hostile_text_is_compared_at_once(words):
    marked = passages(words * 8000, "cd " + words * 8000 + " ab")
    assert marked
