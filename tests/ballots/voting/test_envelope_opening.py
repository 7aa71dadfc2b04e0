"""Opening a sealed envelope: two accounts, a reason, a count again; no ballot is shown, and nothing opens twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from ballots.core.verbs import Refused
from ballots.models import Envelope, EnvelopeOpening, RowTally
from ballots.secret import envelope, keys
from ballots.voting import envelope_opening, envelopes
from members.models import AuditEntry
from members.offices.chains import faults
from tests.kit import envelopes as kit
from tests.kit.boxes import flipped
from tests.kit.clients import browser, words_of
from tests.kit.factories import make_user, secretary_of

pytestmark = pytest.mark.django_db
MIXED = [[2], [1], [0], [2], [3]]


@pytest.fixture
def kept():
    """A confirmed poll with its envelope, and the key on paper."""
    return kit.sealed(MIXED)


def test_the_count_again_stands_beside_the_confirmed_one(kept):
    poll, key = kept
    opening = kit.witnessed(poll)
    comparison = envelope_opening.open_with(opening.opener, opening, key)
    (row,) = comparison.rows
    assert row.confirmed == row.again == (1, 2, 1, 0, 0)
    assert comparison.ballots == (("Thu về", 5, 5), ("Hợp lệ", 4, 4), ("Không hợp lệ", 1, 1))
    assert comparison.is_equal
    opening.refresh_from_db()
    assert opening.equal is True
    assert opening.opened_at


def test_a_total_that_was_changed_shows(kept):
    poll, key = kept
    RowTally.objects.filter(poll=poll).update(excellent=2, good=1)
    opening = kit.witnessed(poll)
    assert not envelope_opening.open_with(opening.opener, opening, key).is_equal
    opening.refresh_from_db()
    assert opening.equal is False


def test_each_step_is_a_line_of_the_audit_and_none_has_the_key(kept):
    poll, key = kept
    opening = kit.witnessed(poll)
    envelope_opening.open_with(opening.opener, opening, key)
    lines = AuditEntry.objects.filter(verb__startswith="poll.envelope")
    assert sorted(lines.values_list("verb", flat=True)) == [
        "poll.envelope_key_printed",
        "poll.envelope_key_read",
        "poll.envelope_opened",
        "poll.envelope_opening_asked",
        "poll.envelope_opening_witnessed",
    ]
    opened = lines.get(verb="poll.envelope_opened")
    assert opened.user == opening.opener
    assert opened.note == {
        "witness": opening.witness_id,
        "reason": kit.REASON,
        "basis": kit.BASIS,
        "equal": True,
    }
    assert key[20:40] not in str(list(AuditEntry.objects.values()))
    assert not list(faults())


def test_without_a_witness_nothing_opens(kept):
    poll, key = kept
    opening = envelope_opening.ask(kit.officer_above(poll), poll, kit.REASON, kit.BASIS)
    with pytest.raises(Refused, match="Chưa có người chứng kiến"):
        envelope_opening.open_with(opening.opener, opening, key)


def test_nobody_witnesses_his_own_opening(kept):
    poll, _ = kept
    opening = envelope_opening.ask(kit.officer_above(poll), poll, kit.REASON, kit.BASIS)
    with pytest.raises(Refused, match="người khác"):
        envelope_opening.witness(opening.opener, opening)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnvelopeOpening.objects.update(witness=opening.opener)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnvelopeOpening.objects.update(opened_at=timezone.now(), equal=True)


def test_of_two_witnesses_one_is_recorded(kept):
    poll, _ = kept
    opening = kit.witnessed(poll)
    with pytest.raises(Refused, match="quá 30 phút hoặc đã xong"):
        envelope_opening.witness(kit.officer_above(poll), opening)


def test_only_officers_above_open_and_only_those_concerned_witness(kept):
    poll, key = kept
    with pytest.raises(PermissionDenied):
        envelope_opening.ask(secretary_of(poll.meeting), poll, kit.REASON, kit.BASIS)
    stranger = make_user(is_superuser=True)
    with pytest.raises(PermissionDenied):
        envelope_opening.ask(stranger, poll, kit.REASON, kit.BASIS)
    opening = kit.witnessed(poll)
    with pytest.raises(PermissionDenied):
        envelope_opening.witness(stranger, opening)
    with pytest.raises(PermissionDenied):
        envelope_opening.open_with(opening.witness, opening, key)


def test_an_opening_asks_for_reason_and_basis(kept):
    poll, _ = kept
    for words in (("", kit.BASIS), (kit.REASON, "")):
        with pytest.raises(ValidationError, match="lý do và căn cứ"):
            envelope_opening.ask(kit.officer_above(poll), poll, *words)


def test_an_opening_lapses_and_is_no_second_one(kept):
    poll, key = kept
    opening = kit.witnessed(poll)
    EnvelopeOpening.objects.update(asked_at=timezone.now() - timedelta(minutes=31))
    with pytest.raises(Refused, match="quá 30 phút"):
        envelope_opening.open_with(opening.opener, opening, key)
    EnvelopeOpening.objects.update(asked_at=timezone.now())
    envelope_opening.open_with(opening.opener, opening, key)
    with pytest.raises(Refused, match="đã xong"):
        envelope_opening.open_with(opening.opener, opening, key)


def test_what_cannot_be_opened_is_told_in_one_sentence_each(kept):
    poll, key = kept
    opening = kit.witnessed(poll)
    cases = [
        (key[:-1] + ("p" if key[-1] == "Q" else "q"), "thiếu hoặc sai một chữ"),
        (envelope.new_key().secret, "phong bì khác"),
    ]
    for typed, sentence in cases:
        with pytest.raises(Refused, match=sentence):
            envelope_opening.open_with(opening.opener, opening, typed)
    data = bytes(kit.envelope_of(poll).data)
    Envelope.objects.update(data=flipped(data, len(data) - 1))
    with pytest.raises(Refused, match="dữ liệu trong phong bì đã hỏng"):
        envelope_opening.open_with(opening.opener, opening, key)
    last = kit.envelope_of(poll).kept_until
    envelopes.destroy_due(last + timedelta(days=1))
    with pytest.raises(Refused, match="đã huỷ ngày"):
        envelope_opening.open_with(opening.opener, opening, key)
    opening.refresh_from_db()
    assert opening.opened_at is None


def test_an_envelope_of_another_poll_does_not_pass_for_this_one(kept):
    poll, key = kept
    marks = envelope.unseal(
        key,
        kit.envelope_of(poll).recipient,
        bytes.fromhex(poll.p),
        bytes(kit.envelope_of(poll).data),
    )
    other = envelope.seal(kit.envelope_of(poll).recipient, b"\1" * 32, marks)
    Envelope.objects.update(data=other)
    opening = kit.witnessed(poll)
    with pytest.raises(Refused, match="đã hỏng"):
        envelope_opening.open_with(opening.opener, opening, key)


def test_workers_that_saw_a_key_are_replaced_even_where_it_was_wrong(kept):
    poll, _ = kept
    opening = kit.witnessed(poll)
    before = keys.made_store().read("generation")
    with pytest.raises(Refused):
        envelope_opening.open_with(opening.opener, opening, "x")
    assert keys.made_store().read("generation") != before


# Over HTTP.


def test_the_pages_of_an_opening(kept):
    poll, key = kept
    url = {
        name: reverse(f"ballots:{name}", args=[poll.pk])
        for name in ("envelope", "envelope_ask", "envelope_witness", "envelope_open")
    }
    above, secretary = browser(kit.officer_above(poll)), browser(secretary_of(poll.meeting))
    assert "Đề nghị mở phong bì" in words_of(above.get(url["envelope"]))
    assert "Đề nghị mở phong bì" not in words_of(secretary.get(url["envelope"]))
    refused = above.post(url["envelope_ask"], {"reason": "x"}, follow=True)
    assert "Xin ghi căn cứ" in words_of(refused)
    above.post(url["envelope_ask"], {"reason": kit.REASON, "basis": kit.BASIS})
    opening = {"opening": EnvelopeOpening.objects.get().pk}
    assert "Tôi chứng kiến" not in words_of(above.get(url["envelope"])).partition("Cả việc mở")[2]
    assert "Tôi chứng kiến việc mở" in words_of(secretary.get(url["envelope"]))
    secretary.post(url["envelope_witness"], opening)
    assert "Mở phong bì, đếm lại" in words_of(above.get(url["envelope"]))
    wrong = above.post(url["envelope_open"], opening | {"key": "abc"}, follow=True)
    assert "thiếu hoặc sai một chữ" in words_of(wrong)
    shown = above.post(url["envelope_open"], opening | {"key": key})
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    assert "đúng bằng kết quả tổ kiểm phiếu đã xác nhận" in words_of(shown)
    assert key[20:40] not in shown.content.decode()
    again = words_of(above.get(url["envelope"]))
    assert "Các lần đã mở" in again
    assert "đếm lại bằng kết quả đã xác nhận" in again
    assert above.post(url["envelope_open"], {"opening": 0, "key": key}).status_code == 302


def test_each_number_stands_beside_the_confirmed_one_and_says_where_they_differ(kept):
    poll, key = kept
    RowTally.objects.filter(poll=poll).update(excellent=2, good=1)
    opening = kit.witnessed(poll)
    address = reverse("ballots:envelope_open", args=[poll.pk])
    page = browser(opening.opener).post(address, {"opening": opening.pk, "key": key})
    words = words_of(page)
    assert "không bằng kết quả đã xác nhận" in words
    assert f"{poll.meeting.cell}: khác nhau 02 ≠ 01 01 ≠ 02 01 = 01 00 = 00 00 = 00" in words


def test_a_destroyed_envelope_says_who_burns_the_key(kept):
    poll, _ = kept
    envelopes.destroy_due(kit.envelope_of(poll).kept_until + timedelta(days=1))
    page = browser(kit.officer_above(poll)).get(reverse("ballots:envelope", args=[poll.pk]))
    assert "Bí thư đốt tờ khoá trước một thành viên tổ kiểm phiếu" in words_of(page)
    assert "Đề nghị mở" not in words_of(page)
