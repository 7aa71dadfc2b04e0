"""Trả lại hồ sơ: the committee pins what is to be mended, the cell lands on the line, mends it and sends again."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.dossier import checks, returned
from ballots.dossier.contents import sections_of
from ballots.dossier.places import ADDRESSES, FileFact, Place, PlaceKind
from ballots.models import Pin, Submission
from cells.models import Cell, Committee, Meeting
from cells.stale import STALE
from members.models import Attachment, AuditEntry, ReviewLine, User
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, words_of
from tests.kit.made_once import made_once
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]

SITE = "https://kiemdiem.example"


@pytest.fixture
@made_once
def sent() -> Meeting:
    """A file that lies with the committee above; ballots were counted, so every kind of number is in it."""
    meeting = sendings.make_ready(voted=True)
    send(meeting)
    return meeting


@pytest.fixture
def officer(sent) -> User:
    return factories.make_user(committee=sent.cell.committee)


def send(meeting: Meeting, note: str = "") -> Submission:
    return verbs.send_up(factories.secretary_of(meeting), meeting, note, SITE)


def every_place(meeting: Meeting) -> dict[str, FileFact]:
    sections = sections_of(checks.Evidence.load(meeting))
    return {fact.place.key: fact for section in sections for fact in section.facts}


def line_fact(meeting: Meeting, at: int = -1) -> FileFact:
    """The year's line of a member: by default of the one who is not rated."""
    return every_place(meeting)[f"line:{sendings.line_of(meeting, at).pk}"]


def give_back(officer: User, meeting: Meeting, *query: FileFact, number: int = 1) -> Submission:
    pins = {fact: f"Xem lại {fact.title}" for fact in query or [line_fact(meeting)]}
    return verbs.return_file(officer, meeting, number, pins)


def page_of(user: User, name: str, *args: object) -> str:
    return browser(user).get(reverse(name, args=args)).content.decode()


def test_a_place_reads_back_from_its_key_and_unknown_keys_are_none(sent):
    for key, fact in every_place(sent).items():
        assert Place.parse(key) == fact.place
    with pytest.raises(ValueError, match="elsewhere"):
        Place.parse("elsewhere:1")


def test_a_returned_file_keeps_what_is_to_be_mended_and_who_asked(sent, officer):
    fact = line_fact(sent)
    came_back = give_back(officer, sent, fact)
    assert (came_back.is_returned, came_back.returned_by) == (True, officer)
    pin = Pin.objects.get()
    assert (pin.submission, pin.place, pin.about) == (came_back, fact.place.key, fact.about)
    assert fact.about.endswith("Diện kiểm điểm: Chưa xếp loại. Mới kết nạp")
    assert AuditEntry.objects.get(verb="file.returned").note == {"number": 1, "pins": 1}


REFUSED = {
    "nothing is asked": ([], 1, "Xin ghi ít nhất một chỗ cần sửa"),
    "the cell has sent again": (["sums"], 2, STALE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_not_returned_when(sent, officer, name):
    keys, number, sentence = REFUSED[name]
    by_name = {every_place(sent)[key]: "Cộng lại" for key in keys}
    with pytest.raises(Refused, match=sentence):
        verbs.return_file(officer, sent, number, by_name)
    assert not Pin.objects.exists()
    assert Submission.objects.is_above(sent)


def test_a_file_is_returned_once(sent, officer):
    give_back(officer, sent)
    with pytest.raises(Refused, match="đã được trả lại"):
        give_back(officer, sent, every_place(sent)["sums"])
    assert Pin.objects.count() == 1


@pytest.mark.parametrize("who", ["the cell's secretary", "an officer beside"])
def test_only_officers_above_return_a_file(sent, who):
    beside = factories.make_user(committee=factories.make_committee())
    user = beside if who == "an officer beside" else factories.secretary_of(sent)
    with pytest.raises(PermissionDenied):
        give_back(user, sent)
    assert Submission.objects.is_above(sent)


def test_an_officer_of_a_higher_committee_may_return_it_too(sent):
    below = Committee.objects.get(pk=sent.cell.committee_id)
    ward = factories.make_committee(parent=below)
    Cell.objects.filter(pk=sent.cell_id).update(committee=ward)
    sent = Meeting.objects.get(pk=sent.pk)
    assert give_back(factories.make_user(committee=below), sent).is_returned


def test_sending_again_closes_the_matter_and_needs_no_other_words(sent, officer):
    give_back(officer, sent)
    secretary = factories.secretary_of(sent)
    page = page_of(secretary, "ballots:sending", sent.pk)
    assert "Cấp trên trả lại hồ sơ: 01 chỗ cần sửa" in page
    assert "Đã sửa 01 chỗ cấp trên nêu." in page
    send(sent, "Đã sửa 01 chỗ cấp trên nêu.")
    assert Submission.objects.is_above(sent)
    assert returned.returned_file(sent.cell, sent.campaign) is None
    assert "chỗ cần sửa" not in page_of(secretary, "ballots:home")


def test_what_the_cell_has_sent_knowing_it_is_not_asked_a_second_time(sent, officer):
    """The stand-in sends without looking, as a browser would not: the first press of the page is asked."""
    give_back(officer, sent)
    secretary = browser(factories.secretary_of(sent))
    address = reverse("ballots:sending", args=[sent.pk])
    Attachment.objects.filter(kind="signed").delete()
    again = {"next": 2, "note": "Đã sửa", "returned": Submission.objects.last_of(sent).pk}
    response = secretary.post(address, again)
    assert "Ảnh trang ký: Chưa có" in response.content.decode()
    assert secretary.post(address, again | {"sure": response.context["sure"]}).status_code == 302
    give_back(officer, sent, number=2)
    blind = secretary.post(address, {"next": 3, "note": "Sửa tiếp"}, follow=True)
    assert STALE in blind.content.decode()
    assert not Submission.objects.is_above(sent)
    seen = Submission.objects.last_of(sent).pk
    again = {"next": 3, "note": "Sửa tiếp", "returned": seen}
    unmended = secretary.post(address, again)
    assert "Từ lần gửi trước chưa có gì đổi" in unmended.content.decode()
    sendings.make_scan(sent, Attachment.Kind.EVIDENCE, title="Giấy khen")
    assert secretary.post(address, again).status_code == 302
    assert Submission.objects.is_above(sent)


def test_going_on_from_page_to_page_leaves_no_place_out(sent, officer):
    every = every_place(sent)
    keys = ("other", "sums", f"line:{sendings.line_of(sent, -1).pk}", "report", "level:chi-bo")
    give_back(officer, sent, *(every[key] for key in keys))
    came_back = returned.returned_file(sent.cell, sent.campaign)
    fix, seen = came_back.fixes[0], []
    while fix is not None:
        path = fix.url.partition("#")[0]
        seen += [each.number for each in came_back.on(path)]
        fix = came_back.after(path)
    assert seen == [1, 2, 3, 4, 5]
    assert [fix.pin.place for fix in came_back.fixes][-1] == "other"


def test_what_the_meeting_passed_is_explained_in_the_cells_own_words(sent, officer):
    every = every_place(sent)
    give_back(officer, sent, every["sums"], every["paper:upward"], line_fact(sent))
    secretary = factories.secretary_of(sent)
    page = page_of(secretary, "ballots:sending", sent.pk)
    assert "chỗ cấp trên nêu." not in page
    assert page.count("Xem lại Báo cáo kết quả") == 2  # in the list, and at the number itself
    send(sent, "Giải trình: đủ 08 đồng chí.")
    assert "(lần 2" in page_of(officer, "ballots:submission", sent.pk)


def test_what_a_second_officer_wrote_is_named_as_not_recorded(sent, officer):
    give_back(officer, sent)
    address = reverse("ballots:submission", args=[sent.pk])
    late = browser(officer).post(address, {"number": "1", "other": "Thiếu giấy mời họp"})
    page = late.content.decode()
    assert "Hồ sơ này đã được trả lại. Xin chờ chi bộ gửi lại." in page
    assert "Thiếu giấy mời họp" in page
    assert Pin.objects.count() == 1


def test_the_answer_to_sending_starts_at_the_top_of_the_page(sent, officer):
    give_back(officer, sent)
    address = reverse("ballots:sending", args=[sent.pk])
    assert f'<form method="post" action="{address}" data-do="send_up"' in page_of(
        factories.secretary_of(sent), "ballots:sending", sent.pk
    )


def test_home_leads_to_the_very_line(sent, officer):
    fact = line_fact(sent)
    give_back(officer, sent, fact, every_place(sent)["sums"])
    home = page_of(factories.secretary_of(sent), "ballots:home")
    line = sendings.line_of(sent, -1)
    address = reverse("ballots:review_list", args=[sent.cell_id, 2026])
    assert f'href="{address}#dv-{line.pk}"' in home
    assert "02 chỗ cần sửa" in home


def test_every_place_leads_to_a_line_that_is_there(sent, officer):
    secretary = browser(factories.secretary_of(sent))
    give_back(officer, sent, *every_place(sent).values())
    fixes = returned.returned_file(sent.cell, sent.campaign).fixes
    kinds = {Place.parse(fix.pin.place).kind for fix in fixes}
    assert kinds >= ADDRESSES.keys() - {PlaceKind.FILES, PlaceKind.REASONS}
    for fix in fixes:
        path, _, anchor = fix.url.partition("#")
        answer = secretary.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, fix.url
        assert not anchor or f'id="{anchor}"' in page, fix.url
        if "gui-cap-tren" not in path:
            assert f"Chỗ cần sửa {fix.number:02}/{len(fixes):02}" in page
            assert fix.pin.text in page
    assert [fix.is_locked for fix in fixes if fix.pin.place == "sums"] == [True]


def test_nobody_but_the_cell_sees_what_is_to_be_mended_on_its_pages(sent, officer):
    give_back(officer, sent)
    address = ("ballots:review_list", sent.cell_id, 2026)
    assert "Xem lại Diện kiểm điểm" in page_of(factories.secretary_of(sent), *address)
    assert "Xem lại Diện kiểm điểm" not in page_of(officer, *address)


def test_reasons_can_be_written_again_once_the_file_is_returned(sent, officer):
    secretary = factories.secretary_of(sent)
    member = factories.members_of(sent)[1]
    with pytest.raises(Refused, match="đã gửi cấp trên"):
        verbs.give_reasons(secretary, sent, member, {}, "")
    give_back(officer, sent)
    assert 'name="seen"' in page_of(secretary, "ballots:appraisal_subject", sent.pk, member.pk)


def press(officer: User, meeting: Meeting, **fields: str):
    address = reverse("ballots:submission", args=[meeting.pk])
    return browser(officer).post(address, {"number": "1"} | fields)


def test_the_officer_presses_a_number_writes_and_returns(sent, officer):
    page = page_of(officer, "ballots:submission", sent.pk)
    words = words_of(browser(officer).get(reverse("ballots:submission", args=[sent.pk])))
    assert f"Máy kiểm tra: {checks.summary_of(checks.groups_for(sent))}." in words
    fact = line_fact(sent)
    assert press(officer, sent, **{fact.place.key: "Ghi rõ ngày kết nạp"}).status_code == 302
    assert Pin.objects.get().text == "Ghi rõ ngày kết nạp"
    page = page_of(officer, "ballots:submission", sent.pk)
    assert "chờ chi bộ gửi lại" in page
    assert "Ghi rõ ngày kết nạp" in page
    assert "Trả lại hồ sơ cho" not in page


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({}, "Xin ghi ít nhất một chỗ cần sửa"),
        ({"sums": "x" * 1001}, "1000"),
        ({"sums": "Cộng lại", "number": "7"}, STALE),
    ],
)
def test_what_was_written_stays_when_the_return_is_refused(sent, officer, written, sentence):
    answer = press(officer, sent, **written)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert written.get("sums", "") in page
    assert not Pin.objects.exists()


def test_the_officer_sees_in_the_next_sending_what_was_asked_before(sent, officer):
    give_back(officer, sent)
    send(sent, "Đã sửa 01 chỗ cấp trên nêu.")
    page = page_of(officer, "ballots:submission", sent.pk)
    assert "Những lần trước đã nêu" in page
    assert "Xem lại Diện kiểm điểm" in page
    assert 'data-label="Lý do gửi lại">Đã sửa 01 chỗ cấp trên nêu.<' in page


def test_the_board_tells_files_that_are_here_from_those_returned(sent, officer):
    address = reverse("ballots:committee", args=[sent.cell.committee_id])
    assert "Chờ duyệt: 1" in words_of(browser(officer).get(address))
    give_back(officer, sent)
    page = words_of(browser(officer).get(address))
    assert ("Chờ duyệt: 0" in page, "Trả lại: 1" in page) == (True, True)
    shown = browser(officer).get(address, {"trang_thai": "returned"}).content.decode()
    assert sent.cell.name in shown


def test_the_officer_takes_the_whole_file_along_once_it_was_sent(officer, sent):
    address = reverse("ballots:dossier_zip", args=[sent.pk])
    answer = browser(officer).get(address)
    names = zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert [name for name in names if name.startswith("tep-kem/")]
    Submission.objects.all().delete()
    assert browser(officer).get(address).status_code == 403


def test_a_longer_list_costs_no_more_queries(sent):
    bigger = sendings.make_ready(12, voted=True)
    counts = []
    for meeting in (sent, bigger):
        fresh = Meeting.objects.select_related("cell__committee", "campaign").get(pk=meeting.pk)
        with CaptureQueriesContext(connection) as queries:
            every_place(fresh)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_line_that_leaves_the_list_leaves_its_pin(sent, officer):
    give_back(officer, sent)
    ReviewLine.objects.filter(pk=sendings.line_of(sent, -1).pk).delete()
    fixes = returned.returned_file(sent.cell, sent.campaign).fixes
    assert fixes[0].pin.text == "Xem lại Diện kiểm điểm"
    assert browser(factories.secretary_of(sent)).get(fixes[0].url).status_code == 200


def test_the_officer_reads_first_what_changed_since_the_sending_before(sent, officer):
    give_back(officer, sent)
    old = sendings.make_scan(sent, Attachment.Kind.EVIDENCE, title="Giấy khen cũ")
    send(sent, "Đã thêm giấy khen")
    page = page_of(officer, "ballots:submission", sent.pk)
    assert "Thêm tệp: Giấy khen cũ." in page
    assert page.index("Thêm tệp") < page.index("Văn bản và tệp kèm")
    give_back(officer, sent, number=2)
    new = sendings.make_scan(sent, Attachment.Kind.EVIDENCE, title="Giấy khen mới")
    Attachment.objects.filter(pk=new.pk).update(supersedes=old)
    send(sent, "Đã thay")
    page = page_of(officer, "ballots:submission", sent.pk)
    assert "Thay tệp: Giấy khen mới." in page
    assert "Giấy khen cũ." not in page


def test_what_is_too_long_is_refused_and_kept(sent, officer):
    form = {"number": 1, line_fact(sent).place.key: "Xem lại. " * 200}
    answer = browser(officer).post(reverse("ballots:submission", args=[sent.pk]), form)
    assert answer.status_code == 422
    assert "Xem lại. Xem lại." in answer.content.decode()
    assert Submission.objects.is_above(sent)
