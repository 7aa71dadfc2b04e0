"""The phone in Python: what it asks, what it believes."""

import pytest

from ballots.secret import blind_signature, sheet
from ballots.secret.blind_signature import BlindSignatureError
from ballots.secret.voter import Phone

KEY = blind_signature.generate_key()
SHEET = sheet.build_sheet("ab" * 16, 1, KEY.n, "Xếp loại", [("HTT", "Tốt")], ["Nguyễn Văn An"])


def test_a_phone_goes_from_sheet_to_ballot():
    phone = Phone(SHEET)
    request = phone.request()
    assert request[:32] == sheet.digest(SHEET)
    phone.accept_stamp(blind_signature.blind_sign(KEY, request[32:]))
    ballot = sheet.check_body(phone.fold([1]), sheet.parse_sheet(SHEET))
    assert (ballot.hash, ballot.stamp, ballot.pub) == (phone.hash, phone.stamp, phone.pub)


def test_asking_again_asks_the_same():
    phone = Phone(SHEET)
    assert phone.request() == phone.request() == phone.request(b"")


def test_two_phones_have_nothing_in_common_but_the_sheet():
    one, other = Phone(SHEET), Phone(SHEET)
    assert one.request()[32:] != other.request()[32:]
    assert one.prefix != other.prefix
    assert one.pub != other.pub


@pytest.mark.parametrize("answer", [b"", bytes(256), b"<html>", b"\x01" * 256])
def test_a_phone_keeps_no_answer_that_is_no_stamp(answer):
    phone = Phone(SHEET)
    with pytest.raises(BlindSignatureError):
        phone.accept_stamp(answer)
    assert phone.stamp == b""


def test_a_stamp_under_another_key_is_refused():
    phone = Phone(SHEET)
    z = phone.request()[32:]
    with pytest.raises(BlindSignatureError):
        phone.accept_stamp(blind_signature.blind_sign(blind_signature.generate_key(), z))
