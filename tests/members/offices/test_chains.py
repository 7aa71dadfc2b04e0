"""The audit's chains: what stands is proved, and every line that was changed, taken out or put in is named."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from members.models import AuditChain, AuditEntry, AuditLink
from members.offices import chains
from tests.kit import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    """A secretary of each of two cells and an officer of their committee, each of whom has done three things."""
    committee = factories.make_committee()
    secretaries = [
        factories.make_user(
            factories.make_member(factories.make_cell(committee), office="secretary")
        )
        for _ in range(2)
    ]
    made = [*secretaries, factories.make_user(committee=committee)]
    for number in range(3):
        for user in made:
            user.record("member.edited", committee, field="Tên", number=number)
    return made


def verified(*options: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("audit_log", "--verify", *options, stdout=said)
    except SystemExit as end:
        return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def entry_of(user, number: int) -> AuditEntry:
    return AuditEntry.objects.get(auditlink__chain__name=user.body, auditlink__number=number)


def test_each_body_has_a_chain_of_its_own_and_all_stand(officers):
    names = [user.body for user in officers]
    assert [AuditChain.objects.get(name=name).number for name in names] == [3, 3, 3]
    code, said = verified()
    assert code == 0
    assert "9 dòng trong chuỗi, không chỗ nào sai." in said


def change(user):
    AuditEntry.objects.filter(pk=entry_of(user, 2).pk).update(note={"field": "khác"})


def change_with_its_digest(user):
    entry = entry_of(user, 2)
    entry.verb = "member.added"
    entry.save()
    former = AuditLink.objects.get(chain__name=user.body, number=1)
    digest = entry.digest(user.body, 2, former.digest)
    AuditLink.objects.filter(entry=entry).update(digest=digest)


def remove(user):
    entry = entry_of(user, 2)
    entry.auditlink.delete()
    entry.delete()


def remove_the_last(user):
    entry = entry_of(user, 3)
    entry.auditlink.delete()
    entry.delete()


def insert(user):
    AuditEntry.objects.create(user=user, verb="member.edited")


def name_another(user):
    AuditEntry.objects.filter(pk=entry_of(user, 1).pk).update(
        user=factories.make_user(committee=factories.make_committee())
    )


WRONG = {
    "a line changed": (change, "dòng 2: đã bị sửa"),
    "a line changed and its digest with it": (change_with_its_digest, "dòng 3: đã bị sửa"),
    "a line removed": (remove, "thiếu dòng 2"),
    "the last line removed": (remove_the_last, "dòng cuối là 2 nhưng sổ ghi 3"),
    "a line put in": (insert, "không nằm trong chuỗi nào"),
    "another put in for who did it": (name_another, "dòng 1: đã bị sửa"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_was_done_to_a_line_is_named(name, officers):
    harm, words = WRONG[name]
    harm(officers[1])
    code, said = verified()
    assert code == 1
    assert words in said
    others = [user.body for user in officers if user is not officers[1]]
    assert not any(f"Chuỗi {other}," in said for other in others)


def test_a_chain_that_was_written_anew_as_a_whole_differs_from_what_was_kept_elsewhere(
    officers, tmp_path
):
    kept = tmp_path / "dau-chuoi"
    with kept.open("w") as file:
        call_command("audit_log", "--heads", stdout=file)
    officers[0].record("member.edited")
    assert verified("--against", str(kept))[0] == 0, "a chain that grew is the same chain"
    AuditLink.objects.all().delete()
    AuditChain.objects.all().delete()
    AuditEntry.objects.filter(user=officers[0]).last().delete()
    call_command("audit_log", "--link", stdout=io.StringIO())
    assert verified()[0] == 0
    code, said = verified("--against", str(kept))
    assert code == 1
    assert f"Chuỗi {officers[0].body}: dòng 3 không còn như lần ghi lại trước" in said


def test_a_file_that_is_no_list_of_heads_is_refused_in_one_sentence(officers, tmp_path):
    other = tmp_path / "khac"
    other.write_text("không phải")
    with pytest.raises(SystemExit, match="không phải do audit_log --heads ghi"):
        call_command("audit_log", "--verify", "--against", str(other))


def test_lines_of_before_there_were_chains_are_told_apart_and_linked_in_their_order(officers):
    AuditLink.objects.all().delete()
    AuditChain.objects.all().delete()
    code, said = verified()
    assert code == 0
    assert "9 dòng có từ trước khi có chuỗi" in said
    assert chains.link_all() == 9
    assert verified() == (0, "9 dòng trong chuỗi, không chỗ nào sai.\n")
    assert list(
        AuditLink.objects.filter(chain__name=officers[0].body).values_list("entry", flat=True)
    ) == sorted(AuditEntry.objects.filter(user=officers[0]).values_list("pk", flat=True))


def test_a_line_whose_act_was_undone_leaves_no_gap(officers):
    with transaction.atomic():
        officers[0].record("member.edited")
        transaction.set_rollback(True)
    officers[0].record("member.edited")
    assert verified()[0] == 0
