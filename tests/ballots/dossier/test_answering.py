"""What the cell answers to a pin, and two sendings side by side."""

import pytest
from django.urls import reverse

from ballots.dossier import returned, versions
from ballots.dossier.places import Place, PlaceKind
from ballots.models import Pin, Submission
from cells.models import Meeting
from cells.stale import STALE
from members.models import AuditEntry, ReviewLine, User
from tests.kit import factories, polls, sendings, verbs
from tests.kit.clients import browser
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]


@pytest.fixture
def came_back() -> Meeting:
    """A file that was returned for its sums, which nobody can change any more."""
    meeting = sendings.make_sent()
    verbs.return_file(officer_of(meeting), meeting, 1, sendings.asked_of(meeting))
    return meeting


def officer_of(meeting: Meeting) -> User:
    found = User.objects.filter(committee=meeting.cell.committee).first()
    return found or factories.make_user(committee=meeting.cell.committee)


def page_of(user: User, name: str, meeting: Meeting) -> str:
    return browser(user).get(reverse(name, args=[meeting.pk])).content.decode()


def answer(meeting: Meeting, text: str):
    pin = Pin.objects.get()
    client = browser(factories.secretary_of(meeting))
    return client.post(reverse("ballots:pin_answer", args=[pin.pk]), {"answer": text})


def test_the_cell_answers_instead_of_mending_and_the_committee_reads_it(came_back):
    assert answer(came_back, "Đủ 03 đồng chí, đã cộng lại.").status_code == 302
    assert AuditEntry.objects.get(verb="pin.answered").note == {"place": "sums"}
    secretary = factories.secretary_of(came_back)
    page = page_of(secretary, "ballots:sending", came_back)
    assert "Đã trả lời 01 chỗ cấp trên nêu." in page
    verbs.send_up(secretary, came_back, "Đã trả lời 01 chỗ cấp trên nêu.")
    page = page_of(officer_of(came_back), "ballots:submission", came_back)
    assert 'data-label="Chi bộ trả lời">Đủ 03 đồng chí, đã cộng lại.<' in page


def test_an_empty_answer_is_refused_on_the_page(came_back):
    refused = answer(came_back, " ")
    assert refused.status_code == 422
    assert "Xin ghi vì sao chỗ này giữ nguyên." in refused.content.decode()


def test_what_was_sent_again_is_answered_no_more(came_back):
    verbs.send_up(factories.secretary_of(came_back), came_back, "Giải trình")
    late = answer(came_back, "Đủ rồi")
    assert late.status_code == 422
    page = late.content.decode()
    assert (STALE in page, "Chữ vừa gõ: Đủ rồi" in page) == (True, True)
    with pytest.raises(Refused, match="Trang này đã cũ"):
        verbs.answer_pin(factories.secretary_of(came_back), came_back, Pin.objects.get(), "Đủ rồi")


def test_an_answered_place_is_not_asked_about_as_unmended(came_back):
    sendings.make_scan(came_back)
    secretary = browser(factories.secretary_of(came_back))
    Pin.objects.update(place="other")
    form = {"next": 2, "note": "Gửi lại", "returned": Submission.objects.last_of(came_back).pk}
    Pin.objects.update(answer="Việc này xã làm.")
    answer = secretary.post(reverse("ballots:sending", args=[came_back.pk]), form)
    assert "chưa có gì đổi" not in answer.content.decode()


def test_each_place_that_reads_otherwise_stands_beside_what_was_sent_before(came_back):
    line = sendings.line_of(came_back, -1)
    ReviewLine.objects.filter(pk=line.pk).update(reason="Kết nạp ngày 01/10/2026")
    sendings.make_scan(came_back, "evidence", title="Giấy khen")
    verbs.send_up(factories.secretary_of(came_back), came_back, "Đã sửa")
    first, second = Submission.objects.of(came_back)
    changes = {each.about: each for each in versions.changed_places(first, second)}
    mended = next(each for about, each in changes.items() if about.endswith("Diện kiểm điểm"))
    assert mended.before.endswith("Mới kết nạp")
    assert mended.after.endswith("Kết nạp ngày 01/10/2026")
    assert (changes["Tệp kèm"].before, changes["Tệp kèm"].after) == ("chưa có", "Giấy khen")
    assert "Báo cáo kết quả" not in changes  # it was sent with the first, too
    pairs = versions.paper_pairs(first)
    assert {pair.old.superseded_by for pair in pairs} == {pair.new for pair in pairs}
    page = page_of(officer_of(came_back), "ballots:submission", came_back)
    assert "Kết nạp ngày 01/10/2026" in page
    for pair in pairs:
        for paper in (pair.old, pair.new):
            assert reverse("ballots:paper", args=[paper.pk, "pdf"]) in page


def test_what_was_sent_before_places_were_kept_is_compared_with_nothing(came_back):
    Submission.objects.update(facts=None)
    verbs.send_up(factories.secretary_of(came_back), came_back, "Đã sửa")
    assert versions.changed_places(*Submission.objects.of(came_back)) == []


KEYS = {
    PlaceKind.LEVEL: "chi-bo",
    PlaceKind.REPORT: "",
    PlaceKind.PAPER: "upward",
    PlaceKind.REASONS: "chi-bo",
}


@pytest.mark.parametrize("kind", PlaceKind)
def test_a_pin_at_any_kind_of_place_leads_to_a_page_that_mends_it_and_can_be_answered(
    came_back, kind
):
    which = {
        PlaceKind.FILE: sendings.make_scan(came_back).pk,
        PlaceKind.LINE: sendings.line_of(came_back, 0).pk,
        PlaceKind.REVIEW: factories.members_of(came_back)[0].pk,
        PlaceKind.REMARKS: factories.members_of(came_back)[0].pk,
        PlaceKind.POLL: polls.poll_of(came_back).number,
        **KEYS,
    }.get(kind, "")
    Pin.objects.update(place=Place.mint(kind, which).key)
    secretary = browser(factories.secretary_of(came_back))
    fix = returned.returned_file(came_back.cell, came_back.campaign).fixes[0]
    path, _, anchor = fix.url.partition("#")
    page = secretary.get(path).content.decode()
    assert fix.pin.text in page
    assert not anchor or anchor == "reasons" or f'id="{anchor}"' in page
    assert answer(came_back, "Giữ nguyên.").status_code == 302
    assert Pin.objects.get().answer == "Giữ nguyên."
