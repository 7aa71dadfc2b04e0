"""The columns of a members' sheet: their official headings, and the words by which others are recognised."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from members.imports.spreadsheets.values import plain

NAME, MIDDLE, GIVEN, BIRTH = "name", "name_middle", "name_given", "born_on"
# Year of birth in two columns, one for men and one for women; and columns to be ticked.
BIRTH_MALE, BIRTH_FEMALE, MALE, FEMALE = "born_male", "born_female", "male", "female"
NUMBER, ERRORS, CELL = "number", "errors", "cell"

# The official headings in the order of the export; born_on holds the year alone where no day is known.
OFFICIAL: Mapping[str, str] = {
    NUMBER: "STT",
    NAME: "Họ và tên",
    BIRTH: "Ngày sinh",
    "gender": "Giới tính",
    "citizen_id": "Số CCCD",
    "phone": "Số điện thoại",
    "card_number": "Số thẻ đảng viên",
    "admitted_on": "Ngày vào Đảng",
    "official_on": "Ngày chính thức",
    "post": "Chức vụ",
    "status": "Diện",
    "home_town": "Quê quán",
    "education": "Học vấn",
    "theory": "Lý luận chính trị",
    "profession": "Chuyên môn",
    "badge": "Huy hiệu Đảng",
    "workplace": "Đơn vị công tác",
    "note": "Ghi chú",
    "position": "Thứ tự danh sách",
}
OTHERS: Mapping[str, str] = {
    "born_year": "Năm sinh",
    MIDDLE: "Họ và tên đệm",
    GIVEN: "Tên",
    BIRTH_MALE: "Năm sinh (nam)",
    BIRTH_FEMALE: "Năm sinh (nữ)",
    MALE: "Nam",
    FEMALE: "Nữ",
    CELL: "Chi bộ",
    ERRORS: "Lỗi",
}
HEADINGS: Mapping[str, str] = {**OFFICIAL, **OTHERS}

LONGEST = 120  # longer text is a sentence, not a heading

# What people write, without accents. Words that say nothing (FILLERS) may be left out or added anywhere.
WORDS: Mapping[str, str] = {
    NUMBER: "stt, tt, thu tu, so thu tu, so tt",
    NAME: "ho ten, ho ten khai sinh, ho ten dang dung, ho ten dang vien, ten dang vien, ho dem ten, ho chu dem ten",
    MIDDLE: "ho, ho dem, ho chu dem, ho ten dem, ho lot",
    GIVEN: "ten, ten rieng",
    BIRTH: "sinh, sinh ngay, ngay sinh, ngay thang nam sinh",
    "born_year": "nam sinh, sinh nam",
    BIRTH_MALE: "nam sinh nam, ngay sinh nam",
    BIRTH_FEMALE: "nam sinh nu, ngay sinh nu",
    "gender": "gioi tinh, gioi, phai, nam nu",
    FEMALE: "nu",
    "citizen_id": "cccd, cmnd, cmtnd, can cuoc, can cuoc cong dan, cccd cmnd, cmnd cccd, dinh danh, "
    "dinh danh ca nhan, chung minh nhan dan",
    "phone": "dien thoai, dt, sdt, dtdd, dien thoai di dong, di dong, zalo, dien thoai lien he, dien thoai zalo",
    "card_number": "the dang, the dang vien, the, the dv",
    "admitted_on": "vao dang, ket nap, ket nap dang, vao dang du bi, du bi, vao dcsvn, vao dang cong san viet nam, "
    "ket nap vao dang",
    "official_on": "chinh thuc, vao dang chinh thuc, cong nhan chinh thuc, chuyen chinh thuc, dang vien chinh thuc, "
    "cong nhan dang vien chinh thuc, cong nhan dv chinh thuc",
    "post": "chuc vu, chuc danh, chuc vu dang, chuc vu trong dang, chuc vu chi bo, chuc vu trong chi bo",
    "status": "dien, dien dang vien, trang thai, loai dang vien, tinh trang, tinh trang dang vien, "
    "trang thai dang vien, trang thai sinh hoat, dien sinh hoat",
    "home_town": "que quan, nguyen quan, que",
    "education": "hoc van, van hoa, giao duc pho thong, gdpt, hoc van pho thong",
    "theory": "ly luan chinh tri, llct, ly luan, chinh tri, lyluan chinh tri",
    "profession": "chuyen mon, chuyen mon nghiep vu, nghiep vu chuyen mon, cmnv",
    "badge": "huy hieu, huy hieu dang, hhd, tang huy hieu dang",
    "workplace": "don vi cong tac, noi cong tac, co quan, co quan cong tac, noi lam viec, don vi, "
    "co quan don vi cong tac",
    "note": "ghi chu",
    "position": "thu tu danh sach, thu tu trong danh sach",
    CELL: "ten chi bo, chi bo sinh hoat, chi bo dang sinh hoat, thuoc chi bo, sinh hoat tai, sinh hoat tai chi bo, "
    "dang sinh hoat tai, noi sinh hoat, noi sinh hoat dang, don vi sinh hoat, to chuc dang, ten to chuc dang, "
    "to chuc dang sinh hoat, to chuc co so dang, tcd, tccsd",
    ERRORS: "loi",
}
# In a sheet of many cells this means the cell, where no other column does.
CELL_TOO = frozenset({"don vi", "ten don vi"})
# fmt: off
FILLERS = frozenset({
    "va", "so", "ngay", "thang", "nam", "trinh", "do", "cua", "dong", "chi", "dc", "hien", "nay", "neu", "co", "ghi",
    "ro", "day", "du", "theo", "ma", "hoac",
})
# fmt: on


def _key(words: str) -> str:
    """The words that say something; all of them where none does."""
    key_words = [word for word in words.split() if word not in FILLERS]
    return " ".join(key_words)


_EXACT = {words.strip(): field for field, line in WORDS.items() for words in line.split(",")}
# Too short to be part of a longer heading.
_ALONE = {"dang vien": NAME, "chi bo": CELL}
_LOOSE: dict[str, str] = {}
for _words, _field in _EXACT.items():
    if _key(_words):
        _LOOSE.setdefault(_key(_words), _field)


def recognise(heading: str) -> str:
    """The field that a heading means; empty where it means none that is kept."""
    if heading.strip().lower() == "nam":  # without accents it would be a year
        return MALE
    if len(heading) > LONGEST:
        return ""
    outside = re.sub(r"\([^()]*\)", " ", heading)
    for written in dict.fromkeys([plain(heading), plain(outside)]):
        field = _EXACT.get(written) or _ALONE.get(written) or _LOOSE.get(_key(written))
        if field:
            return field
    return ""


def recognise_two(upper: str, lower: str) -> str:
    """The field meant by a heading of two lines: "Năm sinh" over "Nam" and "Nữ", "Ngày vào Đảng" over "Dự bị"."""
    if not upper or not lower or upper == lower:
        return recognise(upper or lower)
    above = recognise(upper)
    sex = {"nam": 0, "nu": 1}.get(plain(lower))
    if sex is not None and above in (BIRTH, "born_year"):
        return (BIRTH_MALE, BIRTH_FEMALE)[sex]
    if sex is not None and above == "gender":
        return (MALE, FEMALE)[sex]
    return recognise(f"{upper} {lower}") or recognise(lower)


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its letter, its heading as written, and the field it means ("" for none)."""

    number: int
    letter: str
    heading: str
    field: str
