"""A press that reaches a server without the keys: it is refused with the reason, and nothing is changed or deleted."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.urls import reverse

from ballots.models import Box, Poll, RowTally, Sealed
from ballots.secret.recounting import Reader
from ballots.secret.voter import Phone
from ballots.voting.polling import KEY_FOUND, KEY_LOST, NO_KEY
from cells.models import InvalidTransition
from tests.kit import verbs
from tests.kit.clients import browser, phone
from tests.kit.room import Room, ask, cast, room_after
from tests.kit.verbs import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_store")]


@pytest.fixture
def elsewhere(settings):
    """Answers as the second server does, which runs on the same database and has no keys."""

    @contextmanager
    def answer():
        own, settings.KEY_DIR = settings.KEY_DIR, settings.KEY_DIR.with_name("second")
        yield
        settings.KEY_DIR = own

    return answer


def issued() -> Room:
    return room_after("stamp")


def voted() -> Room:
    return issued().box().cast(1, 2, 2)


def sealed() -> Room:
    return voted().seal()


def state(room: Room) -> list:
    """All that is left to lose."""
    ballots = [
        bytes(pk) for table in (Box, Sealed) for pk in table.objects.values_list("pk", flat=True)
    ]
    return [sorted(ballots), RowTally.objects.count(), Poll.objects.get(pk=room.poll.pk).state]


def new_stamp(room: Room) -> object:
    request = Phone(bytes(room.poll.sheet)).request()
    return verbs.stamp(room.members[0], request[:32], request[32:])


PRESSES: dict[str, tuple[Callable[[], Room], Callable[[Room], object]]] = {
    "a stamp": (lambda: room_after("open"), new_stamp),
    "open the box": (issued, lambda room: verbs.open_box(room.secretary, room.poll)),
    "seal": (voted, lambda room: verbs.seal(room.teller, room.poll)),
    "the list for the recount": (
        sealed,
        lambda room: verbs.sealed_ballots(room.teller, room.poll, Reader().point),
    ),
}


@pytest.mark.parametrize("name", PRESSES)
def test_without_the_keys_a_press_is_refused_and_changes_nothing_and_works_where_they_are(
    name, elsewhere
):
    before, press = PRESSES[name]
    room = before()
    old = state(room)
    with elsewhere(), pytest.raises(Refused, match="không tìm thấy khoá") as refused:
        press(room)
    assert refused.value.status == 503
    assert state(room) == old
    press(room)


def test_a_ballot_cast_there_is_neither_taken_nor_refused_and_the_phone_asks_again(elsewhere):
    room = issued().box()
    body = room.phones[room.members[0]].fold([1])
    with elsewhere():
        assert ask("POST", "/hom/bo-phieu", body).status == 503
    assert cast(body)[0] == 0


def test_a_surplus_is_found_by_the_server_with_the_keys_alone(elsewhere):
    room = voted()
    Poll.objects.filter(pk=room.poll.pk).update(issued=2)
    with elsewhere(), pytest.raises(Refused, match="không tìm thấy khoá"):
        room.seal()
    assert room.seal().poll.state == Poll.State.VOID


@pytest.mark.parametrize(("before", "press"), [(issued, "Mở hòm"), (voted, "Mở màn chiếu")])
def test_the_secretary_is_shown_what_to_do_instead_of_the_next_press(before, press, elsewhere):
    room = before()
    page = reverse("ballots:poll", args=[room.poll.pk])
    bar = '<aside id="next"'
    assert press in browser(room.secretary).get(page).content.decode().partition(bar)[2]
    with elsewhere():
        shown = browser(room.secretary).get(page).content.decode().partition(bar)[2]
    assert "Lượt tạm dừng vì khoá" in shown
    assert f">{press}<" not in shown


def test_tellers_read_on_their_page_why_and_that_nothing_is_lost(elsewhere):
    room = voted()
    with elsewhere():
        answer = phone(room.teller).post(
            reverse("ballots:seal"), {"poll": room.poll.pk}, follow=True
        )
    assert NO_KEY in answer.content.decode()
    assert Box.objects.count() == 3


# A person voids.


def void(room: Room, **data) -> str:
    address = reverse("ballots:poll_void", args=[room.poll.pk])
    answer = browser(room.secretary).post(address, {"reason": "Máy chủ hỏng."} | data, follow=True)
    room.poll.refresh_from_db()
    return answer.content.decode()


def page(room: Room) -> str:
    return (
        browser(room.secretary).get(reverse("ballots:poll", args=[room.poll.pk])).content.decode()
    )


@pytest.mark.parametrize("before", [voted, sealed])
def test_a_person_voids_for_want_of_a_key_told_what_it_means_and_confirming_it(before, elsewhere):
    room = before()
    was = room.poll.state
    assert 'id="lost-key"' not in page(room)
    with elsewhere():
        shown = page(room)
        assert 'id="lost-key"' in shown
        assert "Khi có trục trặc" not in shown, "a heading with nothing below it"
        assert "Các lá phiếu không đọc được nữa" in shown
        assert "Khoá trở lại khi" in shown
        assert 'name="key_lost" value="1" required' in shown
        assert KEY_LOST in void(room)
        assert "Xin ghi lý do" in void(room, key_lost="1", reason=" ")
        assert room.poll.state == was
        void(room, key_lost="1")
    assert (room.poll.state, room.poll.void_reason) == (Poll.State.VOID, "Máy chủ hỏng.")
    assert not Box.objects.exists()
    assert not Sealed.objects.exists()


@pytest.mark.parametrize("before", [voted, sealed])
def test_a_key_that_came_back_is_not_given_up(before):
    room = before()
    was = room.poll.state
    assert KEY_FOUND in void(room, key_lost="1")
    assert room.poll.state == was


def test_a_sealed_poll_with_its_key_is_still_nobodys_to_void():
    room = sealed()
    with pytest.raises(InvalidTransition):
        verbs.void(room.secretary, room.poll, "Thôi.")


def test_while_ballots_are_handed_out_nothing_is_lost_and_they_are_handed_out_again(elsewhere):
    room = issued()
    with elsewhere():
        assert "Phát lại cho tất cả" in page(room).split('id="lost-key"')[1].split("</section>")[0]
        verbs.reissue(room.secretary, room.poll)
        room.poll.refresh_from_db()
        room.stamp().box().cast(1, 2, 2).seal().agree()
    assert room.poll.state == Poll.State.COUNTED
