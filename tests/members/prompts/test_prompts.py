"""Gợi ý kiểm điểm: written above the cell with a basis, read where it is answered, taken back only before that."""

import pytest
from django.urls import reverse

from cells.models import CollectiveReport
from members.models import AuditEntry, Prompt, SelfReview
from tests.kit import factories
from tests.kit.clients import browser, phone, words_of

pytestmark = pytest.mark.django_db

VALUES = {
    "whom": "cell",
    "collective": "",
    "text": "Làm rõ việc thu gom rác.",
    "basis": "Kết luận 12-KL/ĐU",
}


@pytest.fixture
def meeting():
    return factories.loaded(factories.make_meeting(3))


@pytest.fixture
def above(meeting):
    return browser(factories.make_user(committee=meeting.cell.committee))


def page(meeting) -> str:
    return reverse("members:prompts", args=[meeting.cell_id, meeting.campaign.span])


def withdraw(client, prompt):
    return client.post(reverse("members:prompt_withdraw", args=[prompt.pk]), follow=True)


def test_the_secretary_sees_whom_the_committee_asks_and_cannot_write(meeting, above):
    member = factories.members_of(meeting)[1]
    for whom in ("cell", str(member.pk)):
        assert above.post(page(meeting), VALUES | {"whom": whom}).status_code == 302
    assert above.post(page(meeting), VALUES | {"whom": "collective", "collective": "Chi ủy"})
    secretary = browser(factories.secretary_of(meeting))
    shown = words_of(secretary.get(page(meeting)))
    for words in (str(member), "Chi ủy", str(meeting.cell), "Kết luận 12-KL/ĐU"):
        assert words in shown
    assert "Ghi gợi ý" not in shown
    assert secretary.post(page(meeting), VALUES).status_code == 403
    assert AuditEntry.objects.filter(verb="prompt.written").count() == 3


def test_what_was_sent_twice_is_asked_once_until_it_is_taken_back(meeting, above):
    for _ in range(2):
        assert above.post(page(meeting), VALUES).status_code == 302
    assert above.post(page(meeting), VALUES | {"basis": "Kết luận 13-KL/ĐU"}).status_code == 302
    assert Prompt.objects.count() == AuditEntry.objects.filter(verb="prompt.written").count() == 2
    withdraw(above, Prompt.objects.first())
    above.post(page(meeting), VALUES)
    assert Prompt.objects.filter(withdrawn_at=None).count() == 2


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": " "}, "Xin ghi gợi ý kiểm điểm điều gì."),
        ({"basis": ""}, "Xin ghi căn cứ: văn bản, kết luận nào."),
        ({"whom": "collective"}, "Xin ghi tên tập thể."),
        ({"whom": "999999"}, "Chi bộ không có đồng chí này trong đợt."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(meeting, above, values, sentence):
    answer = above.post(page(meeting), VALUES | values)
    assert (answer.status_code, Prompt.objects.count()) == (422, 0)
    assert sentence in words_of(answer)


def test_a_period_without_a_campaign_has_no_page(meeting, above):
    assert above.get(page(meeting).replace("2026", "2020")).status_code == 404


def test_the_report_shows_what_its_collective_is_asked_and_no_members(meeting):
    factories.make_prompt(meeting, text="Thu gom rác ở ngõ 12")
    factories.make_prompt(meeting, factories.members_of(meeting)[1], text="Đi họp muộn")
    secretary = browser(factories.secretary_of(meeting))
    shown = words_of(secretary.get(reverse("ballots:report", args=[meeting.pk])))
    assert "Thu gom rác ở ngõ 12" in shown
    assert "Đi họp muộn" not in shown


def test_a_member_reads_the_own_ones_where_the_review_is_written(meeting):
    first, second, *_ = factories.members_of(meeting)
    factories.make_prompt(meeting, second, text="Đi họp muộn")
    address = reverse("members:review_of", args=["2026"])
    shown = {m: words_of(phone(m, meeting=meeting).get(address)) for m in (first, second)}
    assert "Đi họp muộn" in shown[second]
    assert "Đi họp muộn" not in shown[first]


def test_it_is_taken_back_before_it_is_answered_and_stays_stored(meeting, above):
    prompt = factories.make_prompt(meeting)
    withdraw(above, prompt)
    assert prompt.text not in words_of(above.get(page(meeting)))
    prompt.refresh_from_db()
    assert prompt.withdrawn_at is not None
    assert withdraw(above, prompt).status_code == 404


def test_an_answered_one_is_not_taken_back(meeting, above):
    member = factories.members_of(meeting)[1]
    own, of_cell = factories.make_prompt(meeting, member), factories.make_prompt(meeting)
    SelfReview.objects.create(
        member=member,
        cell=meeting.cell,
        campaign=meeting.campaign,
        kind="member",
        on_paper=True,
    )
    CollectiveReport.objects.update_or_create(
        meeting=meeting, collective=None, defaults={"texts": {"prompts": "Đã phân công."}}
    )
    for prompt in (own, of_cell):
        assert "đã được giải trình" in words_of(withdraw(above, prompt))
    assert not Prompt.objects.exclude(withdrawn_at=None).exists()
