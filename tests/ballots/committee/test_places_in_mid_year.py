"""Cells moved, merged, split or dissolved under a running campaign: their history stays, every count is true."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ballots.committee.board.lines import PETITIONS, UNDECIDED, Board
from ballots.committee.board.stages import Stage
from ballots.committee.closing.left_open import left_open
from ballots.committee.closing.verbs import close_campaign
from ballots.committee.queue.waiting import waiting_files
from ballots.core.verbs import NO_FIRST_FILE
from ballots.models import Decision, Submission
from ballots.results import recording, sums
from ballots.year.steps import facts_of
from cells.law.periods import Period
from cells.models import Campaign, Cell, Committee, Meeting, PlaceChange
from members.models import Member, Office, ReviewLine
from members.places import verbs as places
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, words_of
from tests.kit.verbs import Refused
from tests.kit.waiting import give_back, make_file

pytestmark = pytest.mark.django_db
YEAR = Period(2026)
ON, BASIS = date(2026, 11, 1), "QĐ 12-QĐ/ĐU"
DAYS = {"list": "2026-11-01", "meeting": "2026-11-05", "sending": "2026-11-10"}
TODAY = date(2026, 11, 20)
LATE = (Stage.NOT_BEGUN, Stage.DOING, Stage.HELD, Stage.RETURNED)


class World:
    """A province above the committees A and B, each with one cell beside the one that is tried.

    `own`: both have a campaign of their own; else the one of the province reaches all. `branched`: the cell that is
    tried stands in a committee below A.
    """

    def __init__(self, own: bool, branched: bool = False) -> None:
        self.top = factories.make_committee("Đảng bộ tỉnh")
        self.a, self.b = (factories.make_committee(name, self.top) for name in ("A", "B"))
        self.home = factories.make_committee("Đảng bộ xã", self.a) if branched else self.a
        self.officer = factories.make_user(committee=self.top)
        holders = (self.a, self.b) if own else (self.top,)
        made = [factories.make_campaign(each, deadlines=DAYS) for each in holders]
        self.campaign, self.campaign_of_b = made[0], made[-1]
        self.beside = factories.make_cell(self.a, "Chi bộ bên cạnh")
        factories.make_cell(self.b, "Chi bộ của B")

    def board(self, committee: Committee) -> Counter[str]:
        """Its numbers, without the cells that stand beside the one that is tried."""
        fresh = Committee.objects.get(pk=committee.pk)
        counts = Counter(Board(fresh, YEAR, TODAY).counts)
        counts[Stage.NOT_BEGUN] -= Cell.objects.under(fresh).filter(name__in=BESIDE).count()
        return +counts

    def late(self, committee: Committee) -> set[str]:
        fresh = Committee.objects.get(pk=committee.pk)
        board = Board(fresh, YEAR, TODAY)
        names = set(board.late().values_list("name", flat=True))
        assert board.late_number() == len(names)
        return names - set(BESIDE)

    def left(self, campaign: Campaign) -> dict[str, int]:
        """What its closing page lists, each line opening just as many cells."""
        campaign = factories.loaded_campaign(campaign)
        board = Board(campaign.committee, YEAR, TODAY)
        lines = {line.standing: line.number for line in left_open(campaign)}
        for standing, number in lines.items():
            if standing != PETITIONS:
                assert board.shown(standing, "", of=campaign).count() == number, standing
        beside = Cell.objects.under(campaign.committee).filter(name__in=BESIDE).count()
        lines[Stage.NOT_BEGUN] = lines.get(Stage.NOT_BEGUN, 0) - beside
        return {standing: number for standing, number in lines.items() if number}


BESIDE = ("Chi bộ bên cạnh", "Chi bộ của B")


# The cell of A that is tried, as it stands when it is moved.
def not_begun(world: World) -> Cell:
    return factories.make_cell(world.home, "Chi bộ 1")


def planned(world: World) -> Cell:
    cell = not_begun(world)
    meeting = Meeting.objects.create(
        cell=cell, campaign=world.campaign, starts_at=timezone.now(), venue="Hội trường"
    )
    assert meeting.state == Meeting.State.PLANNED
    return cell


def sent(world: World) -> Cell:
    return make_file(world.home, world.campaign, cell="Chi bộ 1").cell


def held(world: World) -> Cell:
    cell = not_begun(world)
    day = timezone.now() - timedelta(days=2)
    times = {"starts_at": day, "opened_at": day, "closed_at": day}
    Meeting.objects.create(cell=cell, campaign=world.campaign, state="closed", **times)
    factories.make_member(cell)
    return cell


def returned(world: World) -> Cell:
    cell = sent(world)
    give_back(cell.meeting_set.get())
    return cell


def approved(world: World) -> Cell:
    cell = sent(world)
    last = Submission.objects.get(meeting__cell=cell)
    with transaction.atomic():
        Submission.objects.approve(last, world.officer)
    return cell


def decided(world: World) -> Cell:
    cell = approved(world)
    meeting = cell.meeting_set.get()
    with transaction.atomic():
        factories.make_decision(meeting, world.officer, Member.objects.filter(cell=cell)[0])
        recording.record(meeting)
    return cell


STATES: dict[Callable[[World], Cell], tuple[str, str]] = {
    # how it stands on the board, and as what the closing page lists it ("": nothing is left)
    not_begun: (Stage.NOT_BEGUN, Stage.NOT_BEGUN),
    planned: (Stage.DOING, Stage.DOING),
    held: (Stage.HELD, Stage.HELD),
    sent: (Stage.SENT, Stage.SENT),
    returned: (Stage.RETURNED, Stage.RETURNED),
    approved: (Stage.APPROVED, UNDECIDED),
    decided: (Stage.APPROVED, ""),
}
ROWS = [pytest.param(state, *told, id=state.__name__) for state, told in STATES.items()]


# What is done to it; each leaves it below B, or below what B's campaign does not reach.
def move(world: World, cell: Cell) -> Committee:
    places.move_cell(world.officer, cell, world.b, ON, BASIS)
    return world.b


def merge(world: World, cell: Cell) -> Committee:
    places.merge(world.officer, world.a, world.b, ON, BASIS)
    return world.b


def split(world: World, cell: Cell) -> Committee:
    return places.split(world.officer, world.a, "Đảng bộ C", "", [cell], [], ON, BASIS)


def move_above(world: World, cell: Cell) -> Committee:
    places.move_committee(world.officer, world.home, world.b, ON, BASIS)
    return world.b


def true_totals(world: World, cell: Cell, committee: Committee, stage: str) -> None:
    assert list(recording.differences()) == []
    counted = stage in (Stage.SENT, Stage.APPROVED)
    assert sums.files(world.top, YEAR)[0] == counted
    place = world.home if Decision.objects.filter(meeting__cell=cell).exists() else committee
    assert sums.files(Committee.objects.get(pk=place.pk), YEAR)[0] == counted


@pytest.mark.parametrize("own", [False, True], ids=["one campaign", "own campaigns"])
@pytest.mark.parametrize("act", [move, merge, split, move_above])
@pytest.mark.parametrize(("state", "stage", "left"), ROWS)
def test_a_cell_takes_its_year_along_and_is_counted_where_it_stands(act, state, stage, left, own):
    world = World(own, branched=act is move_above)
    cell = state(world)
    meetings = list(cell.meeting_set.values_list("pk", "campaign"))
    committee = act(world, cell)
    cell = Cell.objects.get(pk=cell.pk)
    moved = cell.committee if act is move_above else cell
    assert (cell.committee if moved is cell else moved.above) == committee
    kind = PlaceChange.objects.of(moved).get().kind
    assert (kind, list(cell.meeting_set.values_list("pk", "campaign"))) == ("moved", meetings)
    governing = None if own and act is split else world.campaign_of_b
    for place, wanted in ((world.top, {stage: 1}), (committee, {stage: 1}), (world.a, {})):
        assert world.board(place) == wanted
        is_late = wanted and stage in LATE and governing
        assert world.late(place) == ({"Chi bộ 1"} if is_late else set())
        waiting = waiting_files(Committee.objects.get(pk=place.pk)).count()
        assert waiting == bool(wanted and stage == Stage.SENT)
    true_totals(world, cell, committee, stage)
    for campaign in Campaign.objects.all():
        wanted = {left: 1} if left and campaign == governing else {}
        assert world.left(campaign) == wanted


@pytest.mark.parametrize(("state", "stage", "left"), ROWS)
def test_a_dissolved_cell_is_waited_for_no_more_but_for_what_lies_with_the_committee(
    state, stage, left
):
    world = World(own=True)
    cell = state(world)
    people = Member.objects.filter(cell=cell).count()
    places.dissolve_cell(world.officer, cell, world.beside, ON, BASIS)
    is_kept = stage not in (Stage.NOT_BEGUN, Stage.DOING)
    assert world.board(world.a) == ({stage: 1} if is_kept else {})
    assert world.late(world.a) == set()
    assert waiting_files(world.a).count() == (stage == Stage.SENT)
    assert world.left(world.campaign) == ({left: 1} if left in (Stage.SENT, UNDECIDED) else {})
    assert Member.objects.filter(cell=world.beside).count() == people
    assert list(recording.differences()) == []
    kind = PlaceChange.objects.of(cell).get().kind
    assert kind == ("merged" if people else "dissolved")


def test_a_cell_founded_in_mid_year_has_not_begun_and_is_left_open_by_the_nearest_campaign():
    world = World(own=True)
    world_campaign = factories.make_campaign(world.top, deadlines=DAYS)
    places.found_cell(world.officer, world.b, "Chi bộ 1", "", ON)
    assert world.board(world.b) == {Stage.NOT_BEGUN: 1}
    assert world.late(world.b) == {"Chi bộ 1"}
    found = {campaign: world.left(campaign) for campaign in (world.campaign_of_b, world.campaign)}
    assert found == {world.campaign_of_b: {Stage.NOT_BEGUN: 1}, world.campaign: {}}
    rows = {line.standing: line.number for line in left_open(world_campaign)}
    assert rows == {}


def ready_cell(world: World) -> Meeting:
    """A real file of A, ready to be sent for the first time."""
    meeting = sendings.make_ready(cell=factories.make_cell(world.a, "Chi bộ 1"))
    Meeting.objects.filter(pk=meeting.pk).update(campaign=world.campaign)
    ReviewLine.objects.update(campaign=world.campaign)
    return factories.loaded(meeting)


def close(world: World, campaign: Campaign) -> None:
    close_campaign(world.officer, factories.loaded_campaign(campaign), "Hết thời hạn")


@pytest.mark.usefixtures("undrawn")
def test_the_campaign_it_left_stops_no_first_file_and_the_one_it_came_to_does():
    world = World(own=True)
    meeting = ready_cell(world)
    places.move_cell(world.officer, meeting.cell, world.b, ON, BASIS)
    secretary = factories.secretary_of(meeting)
    close(world, world.campaign)
    page = browser(secretary)
    assert NO_FIRST_FILE not in words_of(page.get("/hop/"))
    close(world, world.campaign_of_b)
    assert NO_FIRST_FILE in words_of(page.get("/hop/"))
    with pytest.raises(Refused) as refusal:
        verbs.send_up(secretary, factories.loaded(meeting))
    assert str(refusal.value) == NO_FIRST_FILE
    Campaign.objects.filter(pk=world.campaign_of_b.pk).update(closed_at=None)
    verbs.send_up(secretary, factories.loaded(meeting))


def test_a_moved_cell_goes_by_the_days_of_where_it_stands():
    world = World(own=True)
    cell = planned(world)
    Campaign.objects.filter(pk=world.campaign_of_b.pk).update(deadlines={"sending": "2026-12-15"})
    before = facts_of(cell, Campaign.objects.get(pk=world.campaign.pk)).deadlines["sending"]
    places.move_cell(world.officer, cell, world.b, ON, BASIS)
    cell = Cell.objects.get(pk=cell.pk)
    after = facts_of(cell, Campaign.objects.get(pk=world.campaign.pk)).deadlines["sending"]
    assert (before, after) == (date(2026, 11, 10), date(2026, 12, 15))
    assert world.late(world.b) == set()


def test_a_planned_meeting_is_still_opened_under_a_closed_campaign():
    meeting = factories.make_meeting(3)
    officer = factories.make_user(committee=meeting.cell.committee)
    close_campaign(officer, meeting.campaign, "Hết thời hạn")
    factories.arrive(meeting)
    verbs.open_meeting(factories.secretary_of(meeting), factories.loaded(meeting))
    assert Meeting.objects.get(pk=meeting.pk).state == Meeting.State.OPEN


def test_whom_the_closing_page_opens_is_whom_it_counts():
    world = World(own=False)
    factories.make_campaign(world.b)
    page = browser(world.officer)
    board = f"/hop/dang-bo/{world.top.pk}/?nam=2026&trang_thai=none"
    assert "Chi bộ của B" in words_of(page.get(board))
    only = words_of(page.get(f"{board}&dot=1"))
    assert "Chi bộ bên cạnh" in only
    assert "Chi bộ của B" not in only
    assert "Chỉ các chi bộ theo đợt của Đảng bộ tỉnh" in only
    assert Office.objects.count() == 0


def test_a_committee_moves_to_another_one_above_with_its_day_and_its_basis():
    world = World(own=False, branched=True)
    cell, officer = not_begun(world), factories.make_user(committee=world.home)
    page = browser(world.officer)
    address = f"/hop/dang-bo/{world.home.pk}/to-chuc/chuyen/"
    assert "Đảng bộ xã" not in str(page.get(address).context["form"]["target"])
    typed = {"target": world.b.pk, "on": "01/11/2026", "basis": BASIS}
    assert page.post(address, typed | {"basis": ""}).status_code == 422
    assert page.post(address, typed | {"target": world.a.pk}).status_code == 422
    assert page.post(address, typed).status_code == 302
    moved = Committee.objects.get(pk=world.home.pk)
    assert moved.above == world.b
    row = PlaceChange.objects.of(moved).get()
    assert (str(row), row.on, row.basis) == ("Chuyển khỏi A", ON, BASIS)
    assert browser(officer).get(f"/hop/chi-bo/{cell.pk}/").status_code == 200
    assert not any(Committee.objects.find_problems())


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("itself", places.UNDER_ITSELF),
        ("below", places.UNDER_ITSELF),
        ("where it is", "Đảng bộ xã đang thuộc A rồi. Xin chọn nơi khác."),
        ("namesake", "B đã có đảng bộ mang tên này. Xin ghi tên khác, hoặc sửa đảng bộ đang có."),
        ("sitting", "Chi bộ 1 đang họp: xin bế mạc hội nghị rồi làm lại."),
    ],
)
def test_a_committee_is_not_moved_where_it_cannot_stand_or_while_one_of_its_cells_sits(
    to, sentence
):
    world = World(own=False, branched=True)
    below = factories.make_committee("Đảng bộ thôn", world.home)
    targets = {"itself": world.home, "below": below, "where it is": world.a}
    if to == "namesake":
        factories.make_committee("Đảng bộ xã", world.b)
    if to == "sitting":
        factories.make_open_meeting(3, cell=factories.make_cell(below, "Chi bộ 1"))
    target = targets.get(to, world.b)
    with pytest.raises(places.Refused) as refusal:
        places.move_committee(world.officer, world.home, target, ON, BASIS)
    assert str(refusal.value) == sentence
    assert Committee.objects.get(pk=world.home.pk).above == world.a


def test_nobody_moves_the_own_committee_or_takes_one_out_of_another_tree():
    world = World(own=False, branched=True)
    for committee in (world.home, world.a):
        own = factories.make_user(committee=committee)
        with pytest.raises(PermissionDenied):
            places.move_committee(own, world.home, world.b, ON, BASIS)
    elsewhere = factories.make_committee("Đảng bộ tỉnh khác")
    with pytest.raises(PermissionDenied):
        places.move_committee(world.officer, world.home, elsewhere, ON, BASIS)
