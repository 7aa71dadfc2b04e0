"""The sealed envelope: printed, read back, sealed with the confirmation, destroyed; or left out, with the reason."""

import hashlib
from datetime import date, timedelta

import pyrage
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pyrage import x25519

from ballots.core.verbs import Refused
from ballots.models import Envelope, Poll
from ballots.secret import envelope
from ballots.secret.recounting import Reader
from ballots.voting import envelopes
from tests.kit import envelopes as kit
from tests.kit import polls, verbs
from tests.kit.clients import browser, phone, words_of
from tests.kit.factories import make_open_meeting, secretary_of

pytestmark = pytest.mark.django_db
MIXED = [[2], [1], [0], [2], [3]]


@pytest.fixture
def poll() -> Poll:
    """Counted, not confirmed, in a meeting that keeps envelopes."""
    return kit.count(polls.poll_of(kit.make_keeping()), MIXED)


def test_by_default_only_totals_are_kept():
    poll = polls.poll_of(make_open_meeting())
    polls.play(poll, *MIXED)
    assert poll.confirmed
    assert not Envelope.objects.exists()


def test_the_marks_alone_go_into_the_envelope_sorted_by_their_bytes():
    poll, key = kit.sealed(MIXED)
    row = kit.envelope_of(poll)
    assert row.sha256 == hashlib.sha256(row.data).hexdigest()
    content = pyrage.decrypt(bytes(row.data), [x25519.Identity.from_str(key)])
    head = envelope.TAG + bytes.fromhex(poll.p) + b"\0\5\0\1"
    assert content == head + bytes([0, 1, 2, 2, 3])
    assert not poll.sealed_set.exclude(data=b"").exists()


def test_the_term_counts_from_the_day_of_the_meeting():
    poll, _ = kit.sealed(MIXED)
    held = poll.meeting.starts_at.date()
    assert kit.envelope_of(poll).kept_until == envelope.last_day(held, kit.MONTHS)


@pytest.mark.parametrize(
    ("held", "months", "last"),
    [
        (date(2026, 12, 4), 6, date(2027, 6, 4)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_last_of_a_shorter_month(held, months, last):
    assert envelope.last_day(held, months) == last


def test_nothing_is_confirmed_before_the_printed_key_was_read_back(poll):
    for prepare in (lambda: None, lambda: kit.print_key(poll)):
        prepare()
        with pytest.raises(Refused, match="Chưa đọc lại khoá phong bì"):
            polls.confirm(poll)
    poll.refresh_from_db()
    assert not poll.confirmed
    assert poll.sealed_set.exclude(data=b"").count() == 5


def test_the_meeting_never_waits_for_a_printer(poll):
    polls.confirm(poll, without_envelope="Máy in hỏng")
    row = kit.envelope_of(poll)
    assert poll.confirmed
    assert (row.left_out, row.sha256, bytes(row.data), row.recipient) == (
        "Máy in hỏng",
        "",
        b"",
        "",
    )


def test_a_reason_outweighs_a_key_that_was_read(poll):
    kit.read_back(poll, kit.print_key(poll))
    polls.confirm(poll, without_envelope="Hội nghị không giữ")
    assert not kit.envelope_of(poll).is_sealed


def test_of_fewer_than_five_ballots_no_envelope_is_made():
    poll = kit.count(polls.poll_of(kit.make_keeping()), MIXED[:4])
    with pytest.raises(Refused, match="Dưới 05 phiếu"):
        kit.print_key(poll)
    polls.confirm(poll)
    assert kit.envelope_of(poll).left_out == envelopes.FEW_OF_MINUTES


def test_printing_again_forgets_the_key_before(poll):
    former = kit.print_key(poll)
    kit.read_back(poll, former)
    key = kit.print_key(poll)
    assert not kit.envelope_of(poll).checked
    with pytest.raises(Refused, match="không phải khoá in lần cuối"):
        kit.read_back(poll, former)
    kit.read_back(poll, key)
    polls.confirm(poll)
    row = kit.envelope_of(poll)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes(row.data), [x25519.Identity.from_str(former)])
    assert row.key_check == ""


def test_a_key_is_read_back_only_once_one_was_printed(poll):
    with pytest.raises(Refused, match="Chưa in khoá"):
        kit.read_back(poll, envelope.new_key().secret)


def test_no_key_is_printed_outside_its_time():
    poll = polls.poll_of(kit.make_keeping())
    with pytest.raises(Refused, match="khi đã kiểm phiếu xong"):
        kit.print_key(poll)
    poll, _ = kit.sealed(MIXED)
    with pytest.raises(Refused, match="khi đã kiểm phiếu xong"):
        kit.print_key(poll)
    other = polls.poll_of(make_open_meeting())
    with pytest.raises(Refused, match="không giữ phong bì"):
        kit.print_key(other)


def test_a_poll_that_ends_void_leaves_no_envelope(poll):
    kit.print_key(poll)
    from ballots.voting.polling import void_now

    with transaction.atomic():
        void_now(poll, "Thử")
    assert not Envelope.objects.exists()


# What the database refuses by itself.


@pytest.mark.parametrize(
    "values",
    [
        {"sha256": "ab" * 32, "recipient": "age1x", "kept_until": date(2027, 1, 1)},
        {"sha256": "ab" * 32, "checked": True, "kept_until": date(2027, 1, 1)},
        {"sha256": "ab" * 32, "checked": True, "recipient": "age1x"},
        {"kept_until": date(2027, 1, 1)},
        {
            "sha256": "ab" * 32,
            "checked": True,
            "recipient": "age1x",
            "left_out": "x",
            "kept_until": date(2027, 1, 1),
        },
        {"destroyed_on": date(2027, 1, 1)},
    ],
)
def test_the_database_knows_no_half_an_envelope(poll, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.create(poll=poll, **values)


def test_a_destroyed_envelope_holds_nothing():
    poll, _ = kit.sealed(MIXED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.filter(poll=poll).update(destroyed_on=date(2027, 1, 1))


# The term.


def test_an_envelope_is_emptied_the_day_after_its_term_and_once():
    poll, _ = kit.sealed(MIXED)
    last = kit.envelope_of(poll).kept_until
    assert envelopes.destroy_due(last) == 0
    next_day = last + timedelta(days=1)
    assert (envelopes.destroy_due(next_day), envelopes.destroy_due(next_day)) == (1, 0)
    row = kit.envelope_of(poll)
    assert (bytes(row.data), row.destroyed_on, row.is_sealed) == (b"", next_day, False)
    assert row.sha256


# Over HTTP.


def test_the_key_is_answered_once_and_readable_by_the_page_that_asked_alone(poll):
    officer, reader = browser(secretary_of(poll.meeting)), Reader()
    page = officer.get(reverse("ballots:envelope_paper", args=[poll.pk]))
    assert "Tắt máy chiếu" in words_of(page)
    answer = officer.post(
        reverse("ballots:envelope_key", args=[poll.pk]),
        reader.point,
        content_type="application/octet-stream",
    )
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    paper = reader.open(bytes.fromhex(poll.p), answer.content)
    assert b"AGE-SECRET-KEY-1" in paper
    assert b"AGE-SECRET" not in answer.content
    no_point = officer.post(
        reverse("ballots:envelope_key", args=[poll.pk]),
        b"\4" * 65,
        content_type="application/octet-stream",
    )
    assert no_point.status_code == 400


def test_the_teller_reads_the_key_back_then_confirms(poll):
    device = phone(polls.teller_of(poll.meeting))
    page = words_of(device.get(reverse("ballots:count")))
    assert "Đọc lại khoá" in page
    assert "Xác nhận kết quả" not in page
    key = kit.print_key(poll)
    url = reverse("ballots:envelope_read")
    wrong = {"check": envelope.check_of(envelope.new_key().secret)}
    assert device.post(url, wrong, content_type="application/json").status_code == 409
    for broken in ({}, {"check": "x"}, {"check": key}):
        assert device.post(url, broken, content_type="application/json").status_code == 400
    right = {"check": envelope.check_of(key)}
    assert device.post(url, right, content_type="application/json").json() == {"read": True}
    assert "Đã đọc đúng khoá phong bì" in words_of(device.get(reverse("ballots:count")))
    done = words_of(device.post(reverse("ballots:confirm"), {"poll": poll.pk}, follow=True))
    assert "phong bì niêm phong giữ các dấu trên phiếu đến hết ngày" in done


def test_the_teller_confirms_without_an_envelope_for_a_reason(poll):
    device = phone(polls.teller_of(poll.meeting))
    reason = {"poll": poll.pk, "without_envelope": "Máy in hỏng"}
    done = words_of(device.post(reverse("ballots:confirm"), reason, follow=True))
    assert "Không lập phong bì niêm phong: Máy in hỏng" in done


def test_few_ballots_are_told_on_the_tellers_page():
    poll = kit.count(polls.poll_of(kit.make_keeping()), MIXED[:4])
    page = words_of(phone(polls.teller_of(poll.meeting)).get(reverse("ballots:count")))
    assert "Dưới 05 phiếu thì không lập phong bì" in page
    assert "Xác nhận kết quả" in page


def test_the_code_of_the_paper_leads_to_who_needs_the_key(poll):
    url = reverse("ballots:envelope_code", args=[poll.pk])
    assert browser().get(url).url == reverse("ballots:count")
    polls.confirm(poll, without_envelope="Máy in hỏng")
    assert browser().get(url).url == reverse("ballots:envelope", args=[poll.pk])
    assert browser().get(reverse("ballots:envelope_code", args=["0" * 32])).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "{whole}",
        "{letters}",
        "{small}",
        "  {groups} ",
        "https://x.vn/hop/phong-bi/1/#{whole}",
    ],
)
def test_a_key_is_typed_as_people_type(typed):
    key = envelope.new_key().secret
    letters = key.removeprefix(envelope.HEAD)
    groups = " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    forms = {"whole": key, "letters": letters, "small": letters.lower(), "groups": groups}
    from ballots.voting.envelope_opening import key_of

    assert key_of(typed.format(**forms)) == key
    assert len(letters) == envelope.LETTERS


def test_a_second_confirmation_changes_nothing():
    poll, _ = kit.sealed(MIXED)
    before = kit.envelope_of(poll)
    verbs.confirm(polls.teller_of(poll.meeting), poll, "Lý do muộn")
    after = kit.envelope_of(poll)
    assert (after.sha256, after.left_out) == (before.sha256, "")
