"""The bytes of the ballot: lengths of the appendix, both directions, and everything malformed."""

import hashlib
import json
import unicodedata
from dataclasses import FrozenInstanceError
from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ballots.secret import blind_signature, sheet
from ballots.secret.sheet import BadBallot, BadList, BadSheet
from ballots.secret.voter import Phone

KEY = blind_signature.generate_key()
LEVELS = [("HTXS", "Hoàn thành xuất sắc nhiệm vụ"), ("HTT", "Hoàn thành tốt nhiệm vụ")]
PARTS = {
    "poll": "0123456789abcdef" * 2,
    "round": 1,
    "n": KEY.n,
    "title": "Xếp loại đảng viên năm 2026",
    "levels": LEVELS,
    "rows": ["Nguyễn Văn An", "Trần Thị Bình", "Đỗ Đức"],
}
SHEET = sheet.build_sheet(**PARTS)
READ = sheet.parse_sheet(SHEET)


def folded(marks=(1, 2, 0), paper=SHEET, key=KEY):
    phone = Phone(paper)
    phone.accept_stamp(blind_signature.blind_sign(key, phone.request()[32:]))
    return phone.fold(marks)


BODY = folded()


def test_a_sheet_is_read_as_it_was_built():
    assert len(READ.p) == sheet.P_LENGTH
    assert READ.p == hashlib.sha256(SHEET).digest() == sheet.digest(SHEET)
    assert (READ.poll, READ.round, READ.n) == (PARTS["poll"], 1, KEY.n)
    assert (READ.title, READ.levels, READ.rows) == (
        PARTS["title"],
        tuple(LEVELS),
        tuple(PARTS["rows"]),
    )
    assert READ.body_length == 481 + 3


def test_the_key_of_a_sheet_is_base64url_of_256_bytes_without_padding():
    written = json.loads(SHEET)
    assert list(written) == ["v", "poll", "round", "n", "title", "levels", "rows"]
    assert len(written["n"]) == 342
    assert written["v"] == 1
    assert "Nguyễn".encode() in SHEET


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("00000000000000ff", "0000 0255"),
        ("ffffffffffffffff", "0955 1615"),
        ("0" * 16, "0000 0000"),
        ("00000000499602d2", "3456 7890"),
    ],
)
def test_eight_digits_name_the_sheet_for_people(first, shown):
    p = bytes.fromhex(first + "ab" * 24)
    assert sheet.Sheet(p, "", 1, 0, "", (), ()).digits == shown


def test_names_are_composed_on_the_sheet():
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Hạnh")
    made = sheet.build_sheet(**PARTS | {"rows": [apart]})
    assert sheet.parse_sheet(made).rows == ("Nguyễn Thị Hạnh",)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_any_names_survive_the_sheet(names):
    try:
        made = sheet.build_sheet(**PARTS | {"rows": names})
    except BadSheet:
        assert any("\ud800" <= letter <= "\udfff" for name in names for letter in name)
    else:
        expected = [unicodedata.normalize("NFC", name) for name in names]
        assert list(sheet.parse_sheet(made).rows) == expected


@pytest.mark.parametrize("levels", [1, 9])
def test_one_level_and_nine_find_room_on_a_sheet(levels):
    made = sheet.build_sheet(**PARTS | {"levels": [("A", "a")] * levels})
    assert len(sheet.parse_sheet(made).levels) == levels


def test_neither_a_sheet_nor_a_ballot_is_changed_and_a_ballot_does_not_say_what_it_is():
    ballot = sheet.check_body(BODY, READ)
    for value, name in ((READ, "n"), (ballot, "marks")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, b"")
    assert "marks" not in repr(ballot)


@pytest.mark.parametrize(
    "change",
    [
        {"poll": "0123"},
        {"poll": "AB" * 16},
        {"poll": "ab" * 15 + "  "},
        {"round": 0},
        {"round": -1},
        {"round": "1"},
        {"round": True},
        {"round": 1.0},
        {"n": KEY.n // 2},
        {"n": KEY.n + 1},
        {"n": KEY.n << 8},
        {"title": ""},
        {"levels": []},
        {"levels": [("A", "a")] * 10},
        {"levels": [("A", "")]},
        {"levels": [("A", "a", "b")]},
        {"rows": []},
        {"rows": [""]},
        {"rows": [1]},
        {"rows": ["\ud800"]},
    ],
)
def test_no_sheet_is_built_from_parts_out_of_range(change):
    with pytest.raises(BadSheet):
        sheet.build_sheet(**PARTS | change)


def edited(**changes):
    return json.dumps(
        json.loads(SHEET) | changes, ensure_ascii=False, separators=(",", ":")
    ).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff" + SHEET,
        SHEET + b"\n",
        SHEET.replace(b'"round":1', b'"round": 1'),
        SHEET.replace(b'"round":1', b'"round":1,"round":1'),
        SHEET.replace(b'"round":1', b'"round":NaN'),
        SHEET.replace(b'{"v":1,', b"{").replace(b"]}", b'],"v":1}'),
        SHEET.replace("ễ".encode(), b"\\u1ec5"),
        unicodedata.normalize("NFD", SHEET.decode()).encode(),
        edited(extra=1),
        edited(v=2),
        edited(v=True),
        edited(n="AQAB"),
        edited(n=json.loads(SHEET)["n"] + "="),
        edited(rows="ABC"),
        edited(rows={"A": 1}),
        edited(levels=["AB"]),
        edited(levels=[["A", "a"]] * 10),
    ],
)
def test_only_the_very_bytes_that_we_write_are_a_sheet(data):
    with pytest.raises(BadSheet):
        sheet.parse_sheet(data)


def test_every_part_has_the_length_of_the_appendix():
    phone = Phone(SHEET)
    ballot = sheet.parse_body(BODY, 3)
    assert len(phone.request()) == sheet.REQUEST_LENGTH == 288
    assert len(phone.request(b"0123456789")) == sheet.REQUEST_LENGTH + sheet.CODE_LENGTH == 298
    assert len(sheet.token_message(READ.p, phone.pub)) == 117
    assert len(sheet.token_input(READ.p, phone.pub, phone.prefix)) == 149
    assert len(ballot.payload) == 161 + 3
    assert len(BODY) == 481 + 3
    assert len(sheet.encrypt_box(token_bytes(32), ballot)[1]) == 509 + 3


def test_a_ballot_is_read_as_it_was_folded():
    ballot = sheet.check_body(BODY, READ)
    assert ballot.body == BODY
    assert ballot.marks == bytes([1, 2, 0])
    assert ballot.hash == hashlib.sha256(b"partyreview/ballot/1\0" + ballot.payload).digest()
    stamped = ballot.prefix + b"partyreview/token/1\0" + READ.p + ballot.pub
    assert ballot.number == hashlib.sha256(stamped).digest()


def test_a_ballot_without_any_mark_is_well_formed():
    assert sheet.check_body(folded([0, 0, 0]), READ).marks == bytes(3)


def test_folding_twice_gives_another_hash_for_the_same_number():
    phone = Phone(SHEET)
    phone.accept_stamp(blind_signature.blind_sign(KEY, phone.request()[32:]))
    ballots = [sheet.check_body(phone.fold([1, 1, 1]), READ) for _ in range(2)]
    assert ballots[0].hash != ballots[1].hash == phone.hash
    assert ballots[0].number == ballots[1].number


@pytest.mark.parametrize("length", [0, 1, 483, 485, 482, 740])
def test_any_other_length_is_refused(length):
    with pytest.raises(BadBallot, match="length"):
        sheet.check_body((BODY * 2)[:length], READ)


def test_a_ballot_with_any_byte_changed_is_refused():
    for position in range(len(BODY)):
        changed = BODY[:position] + bytes([BODY[position] ^ 1]) + BODY[position + 1 :]
        with pytest.raises(BadBallot):
            sheet.check_body(changed, READ)


OTHER_KEY = blind_signature.generate_key()
NEXT_ROUND = sheet.build_sheet(**PARTS | {"round": 2})


@pytest.mark.parametrize(
    "body",
    [
        folded([3, 1, 1]),
        folded([255, 0, 0]),
        folded(paper=NEXT_ROUND),
        folded(paper=sheet.build_sheet(**PARTS | {"n": OTHER_KEY.n}), key=OTHER_KEY),
    ],
    ids=["a level too many", "mark 255", "of the next round", "under another key"],
)
def test_a_sound_ballot_of_something_else_is_refused(body):
    with pytest.raises(BadBallot):
        sheet.check_body(body, READ)


def test_a_stamp_made_with_another_salt_length_is_refused():
    phone = Phone(SHEET)
    stamped = sheet.token_input(READ.p, phone.pub, phone.prefix)
    z, r = blind_signature.blind(KEY.n, stamped, salt=b"")
    answer = blind_signature.blind_sign(KEY, z)
    phone.stamp = blind_signature.finalize(KEY.n, stamped, answer, r, salt_length=0)
    with pytest.raises(BadBallot, match="stamp"):
        sheet.check_body(phone.fold([1, 1, 1]), READ)


def test_a_stamp_serves_only_its_own_one_time_key():
    thief, owner = Phone(SHEET), Phone(SHEET)
    owner.accept_stamp(blind_signature.blind_sign(KEY, owner.request()[32:]))
    thief.stamp, thief.prefix = owner.stamp, owner.prefix
    with pytest.raises(BadBallot, match="stamp"):
        sheet.check_body(thief.fold([1, 1, 1]), READ)
    thief.pub = owner.pub
    with pytest.raises(BadBallot, match="own key"):
        sheet.check_body(thief.fold([1, 1, 1]), READ)


@pytest.mark.parametrize(
    "pub", [b"", bytes(65), b"\x04" + bytes(64), b"\x02" + b"\x01" * 32, b"\x05" + b"\x01" * 64]
)
def test_what_is_no_point_has_signed_nothing(pub):
    assert not sheet.verify_signature(pub, b"payload", bytes(64))


def test_a_signature_is_taken_in_one_form_alone():
    key, payload = ec.generate_private_key(ec.SECP256R1()), b"payload"
    signature, pub = sheet.sign_payload(key, payload), sheet.public_point(key)
    assert sheet.verify_signature(pub, payload, signature)
    short = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    assert not sheet.verify_signature(short, payload, signature)
    assert not sheet.verify_signature(pub, payload, signature[:32] + b"\0" + signature[32:])
    while signature[32]:  # until the first byte of s is zero and might be left out
        signature = sheet.sign_payload(key, payload)
    assert sheet.verify_signature(pub, payload, signature)
    assert not sheet.verify_signature(pub, payload, signature[:32] + signature[33:])


def test_a_box_row_opens_only_under_its_key_and_tag():
    ballot = sheet.check_body(BODY, READ)
    key, other = token_bytes(32), token_bytes(32)
    tag, data = sheet.encrypt_box(key, ballot)
    assert sheet.decrypt_box(key, tag, data) == BODY
    assert sheet.box_tag(key, ballot.number) == tag != sheet.box_tag(other, ballot.number)
    for wrong in [
        (other, tag, data),
        (key, bytes(32), data),
        (key, tag, data[:-1]),
        (key, tag, b""),
    ]:
        with pytest.raises(BadBallot, match="decrypted"):
            sheet.decrypt_box(*wrong)


def test_a_sealed_row_opens_only_under_its_key_and_hash():
    ballot = sheet.check_body(BODY, READ)
    key = token_bytes(32)
    data = sheet.encrypt_sealed(key, ballot.hash, BODY)
    assert sheet.decrypt_sealed(key, ballot.hash, data) == BODY
    for wrong in [(token_bytes(32), ballot.hash, data), (key, bytes(32), data)]:
        with pytest.raises(BadBallot, match="decrypted"):
            sheet.decrypt_sealed(*wrong)


HASHES = [bytes([i]) * 32 for i in (7, 1, 200)]
LIST = sheet.build_list(READ.p, HASHES)


def test_a_sealed_list_is_ascending_and_read_back():
    assert LIST.startswith(b"partyreview/sealed/1\0" + READ.p + b"\x00\x03\x01\x01")
    assert len(LIST) == 21 + 32 + 2 + 3 * 32
    assert sheet.parse_list(LIST, READ.p) == sorted(HASHES)
    assert sheet.parse_list(sheet.build_list(READ.p, []), READ.p) == []


def test_no_hash_stands_twice_in_a_list():
    with pytest.raises(BadList):
        sheet.build_list(READ.p, [*HASHES, HASHES[0]])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        LIST[:-1],
        LIST + b"\0",
        LIST + bytes(32),
        LIST[:-64] + LIST[-32:] + LIST[-64:-32],
        LIST[:53] + b"\x00\x02" + LIST[55:],
        LIST[:55] + LIST[55:87] * 3,
        LIST.replace(b"sealed/1", b"sealed/2"),
        sheet.build_list(bytes(32), HASHES),
    ],
)
def test_only_the_very_bytes_that_we_write_are_a_list(data):
    with pytest.raises(BadList):
        sheet.parse_list(data, READ.p)
