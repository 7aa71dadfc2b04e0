"""Việc mới of an opened envelope: who is told, what the line says of the opening, and that it says nothing counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.core.news import tell_of_opening
from ballots.core.verbs import Refused
from ballots.models import Envelope, EnvelopeOpening, Poll
from ballots.news.places import address_of
from ballots.voting import envelope_opening
from cells.models import Committee
from members.models import News, User
from tests.kit import envelopes as kit
from tests.kit import factories, sittings
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db
KIND = News.Kind.ENVELOPE_OPENED
MIXED = [[2], [1], [0], [2], [3]]


def told() -> list[User]:
    """Who has a line of it, by account."""
    lines = News.objects.filter(kind=KIND).select_related("account").order_by("account")
    return [line.account for line in lines]


@pytest.fixture
def opened():
    """An envelope that was opened from above; a colleague of the opener looks on."""
    poll, key = kit.sealed(MIXED)
    kit.officer_above(poll)
    opening = kit.witnessed(poll)
    envelope_opening.open_with(opening.opener, opening, key)
    opening.refresh_from_db()
    return opening


def test_the_secretary_and_the_other_officers_above_are_told_and_who_opened_is_not(opened):
    poll = opened.envelope.poll
    colleague = User.objects.get(committee=poll.meeting.over, pk__lt=opened.opener_id)
    assert told() == sorted([factories.secretary_of(poll.meeting), colleague], key=lambda u: u.pk)
    line = News.objects.filter(kind=KIND).first()
    assert (line.about, line.key) == (f"{poll.meeting.cell}, năm 2026", opened.pk)


def test_the_line_says_who_opened_when_and_why_and_leads_to_the_envelope(opened):
    secretary = factories.secretary_of(opened.envelope.poll.meeting)
    page = browser(secretary)
    listed = words_of(page.get(reverse("ballots:news")))
    assert "Đã mở phong bì niêm phong: " in listed
    opener, witness = (who.get_full_name() for who in (opened.opener, opened.witness))
    assert f"{opener[0].upper()}{opener[1:]} mở, trước {witness}." in listed
    assert f"Căn cứ: {kit.BASIS}. Lý do: {kit.REASON}" in listed
    line = News.objects.get(account=secretary)
    assert address_of(secretary, line) == reverse("ballots:envelope", args=[opened.envelope_id])
    answer = page.post(reverse("ballots:news_open", args=[line.pk]), follow=True)
    assert "Các lần đã mở" in words_of(answer)
    assert News.objects.get(pk=line.pk).is_read


def test_nothing_that_was_counted_stands_in_it(opened):
    """Not even whether both counts agree: a list that stays ninety days and may be projected tells no result."""
    page = browser(factories.secretary_of(opened.envelope.poll.meeting))
    EnvelopeOpening.objects.update(equal=True)
    equal = page.get(reverse("ballots:news")).context["lines"]
    alike = words_of(page.get(reverse("ballots:news")))
    EnvelopeOpening.objects.update(equal=False)
    assert words_of(page.get(reverse("ballots:news"))) == alike
    assert [line.about for line, _ in equal] == [f"{opened.envelope.poll.meeting.cell}, năm 2026"]


def test_an_opening_that_is_refused_tells_nobody():
    poll, _ = kit.sealed(MIXED)
    opening = kit.witnessed(poll)
    with pytest.raises(Refused):
        envelope_opening.open_with(opening.opener, opening, "x")
    assert told() == []


def test_of_a_committees_own_meeting_its_officers_and_those_above_are_told():
    meeting = sittings.make_planned_sitting()
    top = factories.make_committee()
    Committee.objects.move(meeting.committee, top, "last-child")
    above = [factories.make_user(committee=top) for _ in range(2)]
    poll = Poll.objects.filter(meeting__pk=meeting.pk).first()
    envelope = Envelope.objects.create(poll=poll)
    opening = EnvelopeOpening(envelope=envelope, opener=above[0], reason="Đơn", basis="QĐ")
    opening.save()
    tell_of_opening(above[0], EnvelopeOpening.objects.get())
    (own,) = User.objects.filter(committee=meeting.committee)
    assert told() == [own, above[1]]
    assert News.objects.filter(account=own, about__contains="Ban Thường vụ").exists()
    News.objects.all().delete()
    tell_of_opening(own, EnvelopeOpening.objects.get())
    assert told() == above


def test_the_page_costs_as_much_for_thirty_openings_as_for_one(opened):
    secretary = factories.secretary_of(opened.envelope.poll.meeting)
    counts = []
    for number in (0, 29):
        for place in range(number):
            opening = EnvelopeOpening.objects.create(
                envelope=opened.envelope, opener=opened.opener, reason=f"Đơn {place}", basis="QĐ"
            )
            EnvelopeOpening.objects.filter(pk=opening.pk).update(witness=opened.witness)
            News.objects.tell([secretary.pk], KIND, "Chi bộ 1, năm 2026", opening.pk)
        page = browser(User.objects.get(pk=secretary.pk))
        with CaptureQueriesContext(connection) as asked:
            page.get(reverse("ballots:news"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_telling_costs_as_much_for_many_officers_as_for_one(opened):
    counts, user = [], opened.opener
    for number in (0, 20):
        for _ in range(number):
            kit.officer_above(opened.envelope.poll)
        opening = EnvelopeOpening.objects.get(pk=opened.pk)
        with CaptureQueriesContext(connection) as asked:
            tell_of_opening(user, opening)
        counts.append(len(asked))
    assert counts[0] == counts[1]
