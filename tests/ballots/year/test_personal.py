"""What is kept about a member is handed to that member, and no ballot, no draft and no other person is in it."""

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from ballots.models import Issue
from ballots.year.personal import export, tables
from members.models import AuditEntry, Comment, Member, SelfReview
from tests.kit import factories, walk
from tests.kit.clients import browser, phone
from tests.kit.room import Room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("undrawn")]
SECRET = "Nguyễn Thị Người Khác"


@pytest.fixture
def room() -> Room:
    """After a meeting with its ballot; of the second member there is something in most tables."""
    room = Room(5)
    walk.furnish(room.meeting, room.secretary)
    Comment.objects.create(
        meeting=room.meeting, by=room.members[2], on=room.members[1], text="Cần cố gắng hơn"
    )
    room.open().stamp().box().cast(1, 2, 2, 2, 2).seal().agree().confirm()
    walk.pass_minutes(room)
    member = room.members[1]
    Member.objects.filter(pk=member.pk).update(card_number="24000001", citizen_id="052075000001")
    Member.objects.exclude(pk=member.pk).update(note=SECRET)
    return room


def member_of(room: Room) -> Member:
    return Member.objects.get(pk=room.members[1].pk)


def test_every_table_that_points_at_a_member_is_handed_out_or_left_out_for_a_reason():
    pointing = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in Member._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    assert pointing == {*tables.TABLES, *tables.LEFT_OUT}
    assert all(tables.LEFT_OUT.values())


def test_every_column_of_a_member_is_handed_out_but_those_of_the_program():
    names = {field.name for field in Member._meta.concrete_fields}
    assert names - set(tables.OWN) == {
        "id",
        "name_sort",
        "name_search",
        "position",
        "link_nonce",
    }


def test_no_column_of_another_person_is_handed_out():
    for place, columns in tables.TABLES.items():
        model = apps.get_model(place.rpartition(".")[0])
        targets = {
            model._meta.get_field(name).related_model._meta.label
            for name in columns
            if model._meta.get_field(name).is_relation
        }
        assert not targets & {"members.Member", "members.User", "ballots.Poll", "ballots.Issue"}


def test_the_secretary_downloads_it_and_that_is_written_down(room):
    member = member_of(room)
    answer = browser(room.secretary).post(reverse("ballots:member_data", args=[member.pk]))
    assert "no-store" in answer["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    names = archive.namelist()
    assert any("kiem diem" in name.lower() and name.endswith(".pdf") for name in names)
    assert any(name.startswith("tep-kem/") for name in names)
    told = json.loads(archive.read(export.DATA))
    assert told["Đảng viên"]["số thẻ đảng viên"] == "24000001"
    assert len(told) == len(tables.TABLES) + 2
    line = AuditEntry.objects.first()
    assert (line.verb, line.user) == ("member.exported", room.secretary)


def test_no_ballot_and_no_other_person_is_in_it(room):
    member = member_of(room)
    text = json.dumps(export.data_of(member), ensure_ascii=False)
    assert "Cần cố gắng hơn" in text
    for other in room.members[2:]:
        assert str(Member.objects.get(pk=other.pk)) not in text
    assert SECRET not in text
    issue = Issue.objects.get(member=member)
    for secret in (issue.blinded, issue.blind_sig):
        assert bytes(secret or b"-").hex() not in text
    assert room.poll.p not in text


def test_what_is_being_written_is_not_the_secretarys_to_read(room):
    member = member_of(room)
    SelfReview.objects.filter(member=member).update(texts={"strengths": "Đang viết dở"})
    assert "Đang viết dở" not in json.dumps(export.data_of(member), ensure_ascii=False)


def test_the_operator_hands_it_out_by_card_or_citizen_number(room, tmp_path, capsys):
    username = room.secretary.username
    for at, number in enumerate(("24000001", "052075000001")):
        path = tmp_path / f"{at}.zip"
        call_command("member_data", number, to=path, user=username)
        assert export.DATA in zipfile.ZipFile(path).namelist()
        assert path.stat().st_mode & 0o077 == 0
    for number, user in (("99", username), ("24000001", "")):
        with pytest.raises(SystemExit):
            call_command("member_data", number, to=tmp_path / "no.zip", user=user)
    assert not (tmp_path / "no.zip").exists()
    assert "Xin ghi --user" in capsys.readouterr().err


def test_a_number_is_shown_where_it_is_edited_and_on_no_other_page(room):
    """Sheets and files apart: those of a list have the numbers, which the committee above asks for."""
    member = member_of(room)
    roles = {
        "secretary": browser(room.secretary),
        "above": browser(factories.make_user(committee=room.meeting.cell.committee)),
        "anonymous": browser(),
        "phone": phone(room.members[2], meeting=room.meeting),
    }
    shown = set()
    for role, name, address in walk.addresses(room):
        if role in roles:
            answer = roles[role].get(address)
            is_page = answer.get("Content-Type", "").startswith("text/html")
            page = answer.content.decode() if is_page else ""
            if member.card_number in page or member.citizen_id in page:
                shown.add(name)
    assert shown <= {"members:member_edit"}
    own = reverse("members:member_edit", args=[member.pk])
    assert member.citizen_id in roles["secretary"].get(own).content.decode()
