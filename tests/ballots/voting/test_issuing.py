"""A voter's stamp against what may happen while it is being made."""

import pytest

from ballots.models import Issue
from ballots.secret import keys
from ballots.secret.voter import Phone
from ballots.voting import issuing
from tests.kit import factories, polls, verbs


@pytest.fixture
def poll(meeting):
    """The poll on the members while it issues; the first voter already holds a stamp, so that the box can open."""
    poll = polls.poll_of(meeting, 2)
    verbs.open_issuing(factories.secretary_of(meeting), poll)
    poll.refresh_from_db()
    ask(poll, factories.members_of(meeting)[0])
    return poll


def ask(poll, voter) -> bytes:
    request = Phone(bytes(poll.sheet)).request()
    return verbs.stamp(voter, request[:32], request[32:])


def while_signing(monkeypatch, happens) -> None:
    """Let something happen after the signature is made and before it is kept."""
    sign = issuing._sign

    def signs(p: bytes, blinded: bytes) -> bytes:
        made = sign(p, blinded)
        happens()
        return made

    monkeypatch.setattr(issuing, "_sign", signs)


def test_a_stamp_that_is_late_for_the_box_is_neither_kept_nor_given(
    poll, secretary, member, monkeypatch
):
    while_signing(monkeypatch, lambda: verbs.open_box(secretary, poll, short_ok=True))
    with pytest.raises(verbs.Refused, match="hết lúc phát phiếu") as refusal:
        ask(poll, member)
    assert refusal.value.status == 410
    assert not Issue.objects.of(poll).get(member=member).stamped


def test_a_voter_who_is_declined_while_signing_gets_no_stamp(poll, secretary, member, monkeypatch):
    entry = Issue.objects.of(poll).get(member=member)
    while_signing(monkeypatch, lambda: verbs.decline(secretary, entry, "Bận việc gấp"))
    with pytest.raises(verbs.Refused, match="không nhận phiếu"):
        ask(poll, member)
    entry.refresh_from_db()
    assert not entry.stamped


def test_the_phone_that_asks_twice_at_once_gets_one_answer(poll, member, monkeypatch):
    request = Phone(bytes(poll.sheet)).request()
    first = []

    def ask_again() -> None:
        monkeypatch.undo()
        first.append(verbs.stamp(member, request[:32], request[32:]))

    while_signing(monkeypatch, ask_again)
    assert verbs.stamp(member, request[:32], request[32:]) == first[0]


def test_without_its_key_issuing_says_what_to_do(poll, member):
    keys.unlink(poll.p, "sign")
    with pytest.raises(verbs.Refused, match="Phát lại cho tất cả"):
        ask(poll, member)
