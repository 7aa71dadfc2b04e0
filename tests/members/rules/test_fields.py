"""One person's data as people write them."""

from datetime import date

import pytest

from members.rules import fields

TODAY = date(2026, 12, 5)


@pytest.mark.parametrize(
    ("written", "oldest", "day"),
    [
        ("05/07/1975", 1900, "1975-07-05"),
        ("5-7-1975", 1900, "1975-07-05"),
        (" 5 . 7 . 1975 ", 1900, "1975-07-05"),
        ("1975-07-05", 1900, "1975-07-05"),
        ("1975-07-05 00:00:00", 1900, "1975-07-05"),
        ("ngày 05 tháng 7 năm 1975", 1900, "1975-07-05"),
        ("5/7/75", 1900, "1975-07-05"),
        ("3/2/05", fields.FOUNDED, "2005-02-03"),
        ("3/2/26", fields.FOUNDED, "2026-02-03"),
        ("29/02/2000", 1900, "2000-02-29"),
    ],
)
def test_a_day_is_read_as_people_write_it(written, oldest, day):
    assert fields.day(written, TODAY, oldest).isoformat() == day


@pytest.mark.parametrize(
    ("written", "oldest", "words"),
    [
        ("31/02/1975", 1900, "Tháng 2 năm 1975 không có ngày 31."),
        ("29/02/1900", 1900, "Tháng 2 năm 1900 không có ngày 29."),
        ("1975-04-31", 1900, "Tháng 4 năm 1975 không có ngày 31."),
        ("0/4/1975", 1900, "Tháng 4 năm 1975 không có ngày 0."),
        ("12/25/1975", 1900, "Không có tháng 25. Xin ghi theo thứ tự ngày/tháng/năm"),
        ("1975", 1900, "ngày/tháng/năm"),
        ("7/1975", 1900, "ngày/tháng/năm"),
        ("hôm qua", 1900, "ngày/tháng/năm"),
        ("", 1900, "ngày/tháng/năm"),
        ("\u0665/\u0667/1975", 1900, "ngày/tháng/năm"),
        ("5/7/26", 1900, "bốn chữ số"),
        ("5/7/975", 1900, "bốn chữ số"),
        ("5/7/0975", 1900, "Năm 975"),
        ("1/1/1929", fields.FOUNDED, "Năm 1929"),
    ],
)
def test_what_is_no_day_or_leaves_the_century_open_is_refused(written, oldest, words):
    with pytest.raises(ValueError, match=words):
        fields.day(written, TODAY, oldest)


@pytest.mark.parametrize(
    ("clean", "written", "expected"),
    [
        (fields.phone, "0912 345.678", "0912345678"),
        (fields.phone, "+84 (912) 345-678", "+84912345678"),
        (fields.phone, "", ""),
        (fields.card_number, "24.084 012", "24084012"),
        (fields.citizen_id, "001 075 012 345", "001075012345"),
        (fields.citizen_id, "012345678", "012345678"),
        (fields.citizen_id, "", ""),
    ],
)
def test_numbers_that_are_text_keep_their_zeros(clean, written, expected):
    assert clean(written) == expected


@pytest.mark.parametrize(
    ("clean", "written", "words"),
    [
        (fields.phone, "gọi sau", "Số điện thoại"),
        (fields.phone, "0912345678/0987654321", "một số"),
        (fields.citizen_id, "12345", "12 chữ số"),
        (fields.citizen_id, "00107501234x", "12 chữ số"),
    ],
)
def test_numbers_that_cannot_be_are_refused(clean, written, words):
    with pytest.raises(ValueError, match=words):
        clean(written)


def test_what_cannot_all_be_true_is_said():
    day = date(1975, 7, 5)
    assert fields.contradiction(day, 1974, None, None) == fields.BIRTH_DISAGREES
    later, earlier = date(2001, 2, 3), date(2000, 2, 3)
    assert fields.contradiction(day, 1975, later, earlier) == fields.OFFICIAL_FIRST
    assert fields.contradiction(day, None, earlier, later) == ""
