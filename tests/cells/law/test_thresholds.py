"""How people write a threshold."""

import pytest

from cells.law.thresholds import Threshold


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (">1/2", ">1/2"),
        ("> 1 / 2", ">1/2"),
        ("trên 1/2", ">1/2"),
        ("Quá nửa", ">1/2"),
        ("quá bán", ">1/2"),
        ("trên một nửa", ">1/2"),
        ("hơn 50%", ">1/2"),
        (">=2/3", ">=2/3"),
        ("≥ 2/3", ">=2/3"),
        ("từ 2/3", ">=2/3"),
        ("  từ  2/3 trở lên ", ">=2/3"),
        ("2/3 trở lên", ">=2/3"),
        ("ít nhất 66,5 %", ">=133/200"),
        ("từ 50%", ">=1/2"),
    ],
)
def test_a_threshold_is_read_where_its_meaning_is_exact(written, code):
    threshold = Threshold.read(written)
    assert threshold.code == code
    assert Threshold.read(str(threshold)) == threshold == Threshold.parse(code)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("50%", "Xin ghi rõ “trên” hay “từ” trước “50%”."),
        ("1/2", "Xin ghi rõ"),
        ("trên 1/2 trở lên", "Xin ghi rõ"),
        ("trên 3/2", "Chưa hiểu ngưỡng “trên 3/2”."),
        ("trên 1/0", "Chưa hiểu"),
        ("từ 101%", "Chưa hiểu"),
        ("đa số", "Chưa hiểu"),
        ("gần nửa", "Chưa hiểu"),
        ("", "Chưa hiểu"),
    ],
)
def test_what_may_mean_two_things_is_refused(written, sentence):
    with pytest.raises(ValueError, match=sentence):
        Threshold.read(written)
