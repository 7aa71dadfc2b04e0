"""Comments: taken down by subject and kind, changed, struck out; those of guests."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cells.models import Meeting
from cells.stale import STALE
from members.models import Attendance, AuditEntry, Comment, Guest
from tests.kit import factories
from tests.kit.paper_readers import words

pytestmark = pytest.mark.django_db


def url(name: str, meeting: Meeting) -> str:
    return reverse(f"ballots:{name}", args=[meeting.pk])


def test_comments_are_taken_down_by_subject_and_the_subject_stays_chosen(client, running):
    one, two, *_ = factories.members_of(running)
    form = {"by": one.pk, "on": two.pk, "text": "Cần mạnh dạn hơn.", "kind": "opinion"}
    answer = client.post(url("comments", running), form, follow=True)
    assert answer.context["form"].initial == {"on": str(two.pk)}
    client.post(url("comments", running), form | {"on": "", "reserved": "on"})
    page = client.get(url("comments", running)).content.decode()
    assert page.index("Tập thể chi bộ</h3>") < page.index(f"Đồng chí {two.name}</h3>")
    assert "(ý kiến bảo lưu)" in page


def test_a_comment_sent_twice_is_taken_down_once(client, running):
    one, two, *_ = factories.members_of(running)
    form = {"by": one.pk, "on": two.pk, "text": "Cần mạnh dạn hơn.", "kind": "opinion"}
    others = [{"by": two.pk}, {"on": ""}, {"kind": "cause"}, {"reserved": "on"}, {"text": "Khác."}]
    for data in [form, *(form | other for other in others), form]:
        assert client.post(url("comments", running), data).status_code == 302
    assert Comment.objects.count() == 1 + len(others)
    assert AuditEntry.objects.filter(verb="comment.taken").count() == 1 + len(others)


def test_a_comment_is_taken_down_otherwise_and_the_audit_keeps_what_it_was(client, running):
    one, two, *_ = factories.members_of(running)
    form = {"by": one.pk, "on": two.pk, "text": "Cần mạnh dạn hơn.", "kind": "shortcoming"}
    client.post(url("comments", running), form)
    comment = Comment.objects.get()
    edit = reverse("ballots:comment_edit", args=[running.pk, comment.pk])
    assert "Cần mạnh dạn hơn." in client.get(edit).content.decode()
    changed = {"by": one.pk, "on": "", "text": "Rất tốt.", "kind": "strength", "reserved": "on"}
    assert client.post(edit, changed).status_code == 302
    comment.refresh_from_db()
    assert (comment.text, comment.kind, comment.on) == ("Rất tốt.", "strength", None)
    assert comment.reserved
    line = AuditEntry.objects.get(verb="comment.changed")
    assert line.note["text"] == "Cần mạnh dạn hơn."
    refused = client.post(edit, changed | {"text": " "}).content.decode()
    assert "Xin ghi nội dung ý kiến." in refused


def test_an_old_page_does_not_write_over_a_comment_that_was_changed_meanwhile(client, running):
    one = factories.members_of(running)[0]
    form = {"by": one.pk, "text": "Ngắn.", "kind": "opinion"}
    client.post(url("comments", running), form)
    edit = reverse("ballots:comment_edit", args=[running.pk, Comment.objects.get().pk])
    seen = client.get(edit).context["seen"]
    client.post(edit, form | {"text": "Dài hơn nhiều.", "seen": seen})
    refused = client.post(edit, form | {"text": "Cũ.", "seen": seen})
    assert f"{STALE} Đang lưu: “Dài hơn nhiều.”" in refused.content.decode()
    assert (
        client.post(edit, form | {"text": "Cũ.", "seen": refused.context["seen"]}).status_code
        == 302
    )
    assert Comment.objects.get().text == "Cũ."


def test_who_has_gone_meanwhile_still_speaks_in_the_comment_that_is_changed(client, running):
    one = factories.members_of(running)[0]
    client.post(url("comments", running), {"by": one.pk, "text": "Nhất trí.", "kind": "opinion"})
    Attendance.objects.filter(member=one).update(state=Attendance.State.ABSENT)
    edit = reverse("ballots:comment_edit", args=[running.pk, Comment.objects.get().pk])
    form = {"by": one.pk, "text": "Nhất trí cao.", "kind": "opinion"}
    assert client.post(edit, form).status_code == 302
    assert Comment.objects.get().text == "Nhất trí cao."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"by": ""}, "Xin chọn người phát biểu."),
        ({"text": " "}, "Xin ghi nội dung ý kiến."),
        ({"by": "999999"}, "Hãy chọn"),
        ({"kind": "shout"}, "Hãy chọn"),
    ],
)
def test_a_refused_comment_keeps_what_was_typed(client, running, change, sentence):
    one, two, *_ = factories.members_of(running)
    form = {"by": one.pk, "on": two.pk, "text": "Cần mạnh dạn.", "kind": "opinion"} | change
    answer = client.post(url("comments", running), form).content.decode()
    assert sentence in answer
    assert not Comment.objects.exists()


def test_a_guest_speaks_is_named_in_the_minutes_and_stays_on_the_list(client, running):
    guest = Guest.objects.create(meeting=running, name="Đỗ Thị Hà", post="Ủy viên Ban Thường vụ")
    two = factories.members_of(running)[1]
    form = {"by": f"khach-{guest.pk}", "on": two.pk, "text": "Đồng ý.", "kind": "opinion"}
    answer = client.post(url("comments", running), form, follow=True)
    assert "đ/c Đỗ Thị Hà (đại biểu)" in answer.content.decode()
    minutes = client.get(url("minutes", running)).content.decode()
    assert "Ý kiến của đại diện cấp trên dự hội nghị" in minutes
    text = f"Đồng chí Đỗ Thị Hà, Ủy viên Ban Thường vụ (về đồng chí {two}): Đồng ý."
    assert text in words(minutes)
    refused = client.post(url("guest_remove", running), {"guest": guest.pk}, follow=True)
    assert "Xin bỏ ý kiến ấy" in refused.content.decode()
    client.post(url("comment_remove", running), {"comment": Comment.objects.get().pk})
    client.post(url("guest_remove", running), {"guest": guest.pk})
    assert not Guest.objects.exists()


@pytest.mark.parametrize("both", [True, False])
def test_a_comment_has_exactly_one_speaker(running, both):
    one = factories.members_of(running)[0]
    guest = Guest.objects.create(meeting=running, name="Đỗ Thị Hà")
    by_name = {"by": one, "guest": guest} if both else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(meeting=running, text="Ai nói?", **by_name)


def test_nobody_speaks_before_the_meeting_is_open(client, planned):
    factories.arrive(planned)
    one = factories.members_of(planned)[0]
    form = {"by": one.pk, "on": "", "text": "Ý kiến sớm", "kind": "opinion"}
    answer = client.post(url("comments", planned), form).content.decode()
    assert "Hội nghị chưa khai mạc" in answer
    assert "Ý kiến sớm" in answer


def test_a_comment_struck_twice_is_struck_once(client, running):
    one, *_ = factories.members_of(running)
    comment = Comment.objects.create(meeting=running, by=one, text="Nhầm")
    client.post(url("comment_remove", running), {"comment": comment.pk})
    again = client.post(url("comment_remove", running), {"comment": comment.pk}, follow=True)
    assert STALE in again.content.decode()
    assert not Comment.objects.exists()
