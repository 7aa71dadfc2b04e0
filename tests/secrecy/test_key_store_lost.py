"""The one store of keys is silent for a while, or comes back with nothing: no count is wrong, nothing is void."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.urls import reverse

from ballots.models import Box, Poll
from ballots.secret import keys, workers
from ballots.secret.key_store import Unreachable
from ballots.voting.polling import PAUSED
from partyreview import storage
from tests.kit import key_servers, verbs
from tests.kit.clients import browser, phone
from tests.kit.ports import quiet_port
from tests.kit.room import Room, ask, cast
from tests.kit.verbs import Refused
from tests.secrecy.test_keys_elsewhere import PRESSES, issued, page, sealed, state, void, voted

pytestmark = [pytest.mark.django_db, pytest.mark.key_server]


@pytest.fixture(autouse=True)
def shared(settings, key_server_url) -> Iterator[None]:
    settings.KEY_STORE_URL = key_server_url
    yield
    key_servers.forget_all(key_server_url)


@pytest.fixture
def silent(settings):
    """The network between us and the store is cut."""

    @contextmanager
    def cut():
        url, settings.KEY_STORE_URL = settings.KEY_STORE_URL, f"redis://127.0.0.1:{quiet_port()}"
        yield
        settings.KEY_STORE_URL = url

    return cut


@pytest.mark.parametrize("name", PRESSES)
def test_while_the_store_is_silent_no_press_changes_anything_and_each_works_when_it_is_back(
    name, silent
):
    before, press = PRESSES[name]
    room = before()
    old = state(room)
    with silent(), pytest.raises(Unreachable):
        press(room)
    assert state(room) == old
    press(room)


@pytest.mark.parametrize("before", [issued, voted, sealed])
def test_silence_is_told_as_such_and_nobody_can_give_the_keys_up_meanwhile(before, silent):
    room = before()
    was = room.poll.state
    with silent():
        assert PAUSED in page(room)
        assert 'id="lost-key"' not in page(room)
        assert storage.SILENT.sentence in void(room, key_lost="1")
        wall = browser(room.secretary).get(reverse("ballots:projector", args=[room.meeting.pk]))
        assert "Kho khoá của máy chủ chưa trả lời" in wall.content.decode()
    assert room.poll.state == was
    assert PAUSED not in page(room)


def test_phones_and_tellers_are_told_to_try_again(silent):
    room = issued().box()
    body = room.phones[room.members[0]].fold([1])
    with silent():
        assert ask("POST", "/hom/bo-phieu", body).status == 503
        told = phone(room.teller).post(
            reverse("ballots:seal"), {"poll": room.poll.pk, "short_ok": "1"}
        )
        assert (told.status_code, storage.SILENT.sentence in told.content.decode()) == (503, True)
    assert cast(body)[0] == 0


def test_no_poll_opens_on_a_silent_store_and_the_page_says_so_before_the_press(silent):
    room = Room(3)
    with silent():
        assert storage.SILENT.sentence in page(room)
        with pytest.raises(Unreachable):
            room.open()
    assert room.open().poll.state == Poll.State.ISSUING


@pytest.mark.parametrize("before", [voted, sealed])
def test_a_store_that_was_emptied_is_told_as_lost_and_a_person_voids(before, settings):
    room = before()
    was = room.poll.state
    key_servers.forget_all(settings.KEY_STORE_URL)
    press = room.seal if room.poll.state == Poll.State.CASTING else room.recount
    with pytest.raises(Refused, match="không tìm thấy khoá"):
        press()
    shown = page(room)
    assert "kho khoá (KEY_STORE_URL)" in shown
    assert "RUNTIME_DIRECTORY" not in shown
    room.poll.refresh_from_db()
    assert room.poll.state == was
    void(room, key_lost="1")
    assert (room.poll.state, Box.objects.exists()) == (Poll.State.VOID, False)


def test_ballots_are_handed_out_again_by_a_store_that_was_emptied(settings):
    room = issued()
    key_servers.forget_all(settings.KEY_STORE_URL)
    verbs.reissue(room.secretary, room.poll)
    room.poll.refresh_from_db()
    room.stamp().box().cast(1, 2, 2).seal().agree()
    assert room.poll.state == Poll.State.COUNTED


@pytest.mark.django_db(transaction=True)
def test_a_press_whose_key_could_not_be_removed_counts_and_the_key_dies_when_the_store_is_back(
    caplog, silent
):
    room = issued()
    with mock.patch("ballots.secret.keys.unlink", side_effect=Unreachable):
        room.box()
    assert "were not removed" in caplog.text
    with silent():
        workers._remove_left()
    assert keys.holds(room.poll.p, keys.SIGN)
    workers._remove_left()
    assert keys.kept() == {(room.poll.p, keys.BOX), (room.poll.p, keys.COUNT)}


@pytest.mark.django_db(transaction=True)
def test_where_no_worker_could_remove_it_the_key_dies_at_the_next_press():
    room = issued()
    with mock.patch("ballots.secret.keys.unlink", side_effect=Unreachable):
        room.box()
    room.cast(1, 2, 2).seal()
    assert keys.kept() == {(room.poll.p, keys.COUNT)}
