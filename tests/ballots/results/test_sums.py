"""The stored totals: what every committee reads is what a slow count finds, after every step of every file."""

from collections import Counter
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import Classification, Submission, Total, UnratedTotal
from ballots.results import recording, sums
from ballots.results.decisions import cases_of
from ballots.results.sums import Sums
from cells.law.periods import Period
from cells.models import Cell, Committee, Level
from tests.kit import factories, sendings, trees, verbs

YEAR = Period(2026)
STAGES = ("proposed", "decided", "waiting")
pytestmark = pytest.mark.django_db


def told(committee: Committee) -> dict[str, Counter]:
    """What is stored, in the words of the slow count; of who is not rated by the group's rows."""
    groups = {}
    for group, own in sums.of_committee(committee, YEAR).groups.items():
        numbers = Counter(total=own.total, reviewed=own.reviewed, rated=own.rated)
        for stage in STAGES:
            numbers += Counter({(stage, code): n for code, n in own.at(stage).items()})
        groups[group] = numbers
    return groups


def without_reasons(groups: dict[str, Counter]) -> tuple[dict[str, Counter], Counter]:
    """The numbers by group, and the reasons of all groups together."""
    words = ("Không thuộc diện", "Chưa xếp loại")
    reasons: Counter = Counter()
    for numbers in groups.values():
        for key in [key for key in numbers if key[0] in words]:
            reasons[key] += numbers.pop(key)
    return groups, reasons


@settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.randoms())
def test_what_every_committee_reads_is_what_a_slow_count_finds_after_every_step(chance):
    with transaction.atomic():
        tree, places = trees.Tree(chance), {}
        for _ in range(5):
            tree.step()
            note_places(places)
            check(tree.top, places)
        for committee in tree.committees:
            check(committee, places)
        check_parts(tree)
        assert list(recording.differences()) == []
        transaction.set_rollback(True)


def check(committee: Committee, places: dict[int, Committee]) -> None:
    numbers, reasons = without_reasons(trees.counted(committee, places))
    assert told(committee) == numbers
    stored = {(r.status, r.reason): r.number for r in sums.reasons(committee, YEAR)}
    assert stored == reasons


def note_places(places: dict[int, Committee]) -> None:
    """Where each file stood when it was first decided: it stays there, wherever its cell goes."""
    decided = Classification.objects.decided().values_list("meeting", "meeting__cell__committee")
    for meeting, committee in decided:
        places.setdefault(meeting, Committee.objects.get(pk=committee))


def check_parts(tree: trees.Tree) -> None:
    """The next level down and the own cells add up to the whole."""
    for committee in tree.committees:
        whole = sums.of_committee(committee, YEAR).people
        branches = sums.by_branch(committee, YEAR)
        assert sum((each.people for each in branches.values()), Sums()) == whole
        own = sums.by_cell(committee, YEAR)
        assert (
            sum((each.people for each in own.values()), Sums())
            == branches.get(committee.path, sums.Rollup({})).people
        )


def numbers_of(committee: Committee) -> dict[str, tuple]:
    rollup = sums.of_committee(committee, YEAR)
    return {
        group: (own.total, own.rated, own.at("proposed")["HTT"], own.at("decided")["HTT"])
        for group, own in rollup.groups.items()
    }


def test_a_file_counts_from_its_sending_to_its_return_and_again_and_decided_beside_proposed(
    undrawn,
):
    meeting = sendings.make_ready(voted=True)
    committee, secretary = meeting.cell.committee, factories.secretary_of(meeting)
    officer = factories.make_user(committee=committee)
    assert numbers_of(committee) == {}
    verbs.send_up(secretary, meeting)
    sent = {"cell": (1, 1, 1, 0), "leader": (1, 1, 1, 0), "member": (3, 2, 2, 0)}
    assert numbers_of(committee) == sent
    place = FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03")
    verbs.return_file(officer, meeting, 1, {place: "Cộng lại"})
    assert numbers_of(committee) == {}
    verbs.send_up(secretary, meeting, "Đã sửa")
    assert numbers_of(committee) == sent
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(meeting)}
    first = next(iter(verdicts))
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=2)
    verbs.decide(officer, meeting, act, {first: verdicts[first]})
    assert sums.of_committee(committee, YEAR).groups["cell"].at("decided")["HTT"] == 1
    again = verbs.Act(2, "126-QĐ/ĐU", timezone.localdate(), sending=2, note="Xem lại")
    changed = verdicts | {first: verbs.LevelDecision("HTXS", "Có thành tích")}
    verbs.decide(officer, meeting, again, changed)
    groups = sums.of_committee(committee, YEAR).groups
    assert groups["cell"].at("decided") == {"HTXS": 1, "HTT": 0, "HT": 0, "KHT": 0}
    assert groups["cell"].at("proposed") == {"HTXS": 0, "HTT": 1, "HT": 0, "KHT": 0}
    assert groups["member"].at("decided")["HTT"] == 2
    assert list(recording.differences()) == []
    assert [(r.status, r.reason, r.number) for r in sums.reasons(committee, YEAR)] == [
        ("Chưa xếp loại", "Mới kết nạp", 1)
    ]


def test_a_decided_file_stays_where_it_was_decided_and_one_that_waits_goes_with_its_cell(undrawn):
    sent = sendings.make_sent()
    former, officer = sent.cell.committee, factories.make_user(committee=sent.cell.committee)
    later = factories.make_committee()
    Cell.objects.filter(pk=sent.cell_id).update(committee=later)
    assert (told(former), told(later)) == ({}, told(later))
    assert told(later)
    Cell.objects.filter(pk=sent.cell_id).update(committee=former)
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    verbs.decide(officer, factories.loaded(sent), act, {"chi-bo": verbs.LevelDecision("HTT")})
    Cell.objects.filter(pk=sent.cell_id).update(committee=later)
    assert told(former)
    assert told(later) == {}
    recording.rebuild()
    assert told(former)
    assert sums.files(former, YEAR) == (1, 1)


def test_what_was_decided_counts_while_a_file_that_was_reopened_is_mended(undrawn):
    sent = sendings.make_sent()
    committee, officer = sent.cell.committee, factories.make_user(committee=sent.cell.committee)
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    verbs.decide(officer, factories.loaded(sent), act, {"chi-bo": verbs.LevelDecision("HTT")})
    before = told(committee)
    now = {"returned_at": timezone.now(), "returned_by": officer}
    Submission.objects.update(**now)
    recording.rebuild()
    assert told(committee) == before


def test_what_becomes_of_posts_and_lists_after_the_sending_changes_no_total(undrawn):
    sent = sendings.make_sent()
    committee = sent.cell.committee
    before = told(committee)
    secretary = factories.secretary_of(sent).member
    secretary.office_set.update(until=sent.starts_at.date().replace(year=2021))
    sendings.line_of(sent, 3).__class__.objects.update(status="not_subject", reason="Miễn")
    assert list(recording.differences()) == []
    recording.rebuild()
    assert told(committee) == before


def test_the_command_lists_each_difference_mends_it_and_fills_what_a_former_version_sent(
    undrawn, capsys
):
    sendings.make_sent()
    call_command("totals", "--check")
    assert capsys.readouterr().out == "Số tổng hợp khớp với hồ sơ và quyết định.\n"
    Total.objects.filter(group="member").update(proposed_htt=1, waiting_htt=1)
    UnratedTotal.objects.update(reason="Khác")
    with pytest.raises(SystemExit) as ended:
        call_command("totals", "--check")
    wrong = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert len(wrong) == 5
    assert "đề nghị HTT: đã lưu 1, cộng lại 2." in "\n".join(wrong)
    assert wrong[-1] == "4 số tổng hợp không khớp. Xin chạy: manage.py totals --rebuild"
    call_command("totals", "--rebuild")
    call_command("totals", "--check")
    Total.objects.all().delete()
    Submission.objects.update(listed={})
    call_command("totals", "--fill")
    call_command("totals", "--check")
    assert Total.objects.count() == 3
    capsys.readouterr()
    call_command("totals", "--fill")
    assert capsys.readouterr().out == ""


def test_a_database_just_filled_learns_how_many_rows_it_has_before_many_files_are_added_up(
    undrawn, monkeypatch
):
    sendings.make_sent()
    monkeypatch.setattr(recording, "BATCH", 1)
    with CaptureQueriesContext(connection) as few:
        recording.rebuild()
    sendings.make_sent()
    with CaptureQueriesContext(connection) as many:
        recording.rebuild()
    assert ["ANALYZE" in [q["sql"] for q in asked] for asked in (few, many)] == [False, True]


def test_totals_are_written_in_the_transaction_of_the_verb_or_not_at_all(
    undrawn, transactional_db
):
    sent = sendings.make_sent()
    with pytest.raises(RuntimeError):
        recording.record(sent)


def test_no_total_counts_more_levels_than_it_has_rated(undrawn):
    sendings.make_sent()
    for wrong in ({"proposed_htt": 9}, {"decided_kht": 1}, {"rated": 9}, {"group": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Total.objects.filter(group="member").update(**wrong)


def test_shares_are_exact_and_there_is_none_of_nobody():
    levels = {"HTXS": 1, "HTT": 6, "HT": 1, "KHT": 0}
    own = Sums(9, 9, 8, proposed=levels)
    assert own.share("proposed") == Fraction(1, 8)
    assert own.share_of_good("proposed") == Fraction(1, 6)
    assert own.share_of_good_or_better("proposed") == Fraction(1, 7)
    assert Sums().share("proposed") is None
    assert Sums().share_of_good("decided") is None
    assert Sums().share_of_good_or_better("decided") is None
    assert own.open_at("proposed") == 0
    assert own.open_at("decided") == 8
    assert list((own + own).at("proposed").values()) == [2, 12, 2, 0]
    assert list(own.at("decided")) == Level.values
