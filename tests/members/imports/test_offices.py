"""Which office in a cell the words of a post name."""

import pytest

from members.imports.offices import kind_in


@pytest.mark.parametrize(
    ("post", "kind"),
    [
        ("Bí thư", "secretary"),
        ("BÍ THƯ CHI BỘ", "secretary"),
        ("Trưởng thôn, Bí thư", "secretary"),
        ("Bí thư kiêm Trưởng phòng", "secretary"),
        ("Phó Bí thư", "deputy"),
        ("PBT", "deputy"),
        ("Chi ủy viên; Kế toán", "executive"),
        ("Chi uỷ viên", "executive"),
        ("Bí thư Đoàn thanh niên", ""),
        ("Nguyên Bí thư", ""),
        ("Thư ký", ""),
        ("", ""),
    ],
)
def test_only_a_post_that_is_an_office_in_the_cell_is_taken_for_one(post, kind):
    assert kind_in(post) == kind
