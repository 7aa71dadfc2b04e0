"""The program dies anywhere between a cell and its committee: a file is sent, returned, decided whole or not."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from ballots.dossier.places import FileFact, Place, PlaceKind
from ballots.models import (
    Classification,
    Decision,
    DecisionPaper,
    Paper,
    Petition,
    Pin,
    Submission,
    Total,
    UnratedTotal,
)
from ballots.results import recording
from ballots.results.decisions import cases_of
from cells.models import Meeting
from members.models import AuditEntry
from tests.kit import factories, sendings, verbs
from tests.kit.dying import dying_at, everything

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TABLES = (
    *(Submission, Pin, Decision, DecisionPaper, Classification),
    *(Paper, Petition, Total, UnratedTotal, AuditEntry),
)


def officer_of(meeting: Meeting):
    return factories.make_user(committee=meeting.cell.committee)


def sending() -> Callable[[], object]:
    meeting = sendings.make_ready(voted=True)
    secretary = factories.secretary_of(meeting)
    return lambda: verbs.send_up(secretary, meeting)


def returning() -> Callable[[], object]:
    meeting = sendings.make_sent()
    officer = officer_of(meeting)
    place = FileFact(Place.mint(PlaceKind.SUMS), "", "Số đảng viên theo mức", "HTT 03")
    return lambda: verbs.return_file(officer, meeting, 1, {place: "Cộng lại"})


def approving() -> Callable[[], object]:
    meeting = sendings.make_sent()
    officer = officer_of(meeting)
    return lambda: verbs.approve(officer, meeting, 1)


def deciding() -> Callable[[], object]:
    meeting = sendings.make_sent()
    officer = officer_of(meeting)
    verdicts = {case.key: verbs.LevelDecision("HTT") for case in cases_of(meeting)}
    act = verbs.Act(1, "125-QĐ/ĐU", timezone.localdate(), sending=1)
    return lambda: verbs.decide(officer, meeting, act, verdicts)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("prepare", [sending, returning, approving, deciding])
def test_an_act_on_a_file_that_dies_anywhere_is_undone_or_done_and_can_be_taken_again(prepare):
    act = prepare()
    old, statement = everything(TABLES), 1
    while dying_at(statement, act):
        assert everything(TABLES) == old
        assert list(recording.differences()) == []
        statement += 1
    assert statement > 5
    assert everything(TABLES) != old
    assert list(recording.differences()) == []
