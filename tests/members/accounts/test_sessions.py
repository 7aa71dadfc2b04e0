"""Where an officer is signed in: listed without hour and address, ended by a press; and what ends by itself."""

import subprocess
import sys

import pytest
from django.conf import settings as settings_of_this
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.demo.serving import embedded_environ
from cells.models import Meeting
from members.models import SignIn, User
from members.models.sign_ins import words_for
from tests.kit import factories
from tests.kit.clients import browser, words_of
from tests.kit.sittings import make_open_sitting

pytestmark = pytest.mark.django_db
PASSWORD = "đồng-lòng-2026"
PAGE = "/hop/tai-khoan-cua-toi/"
HERE = f"{PAGE}con-day/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/149.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile Safari/604.1"


@pytest.fixture
def officer() -> User:
    """An officer of a committee who has a password."""
    return factories.make_user(committee=factories.make_committee(), password=PASSWORD)


def signed_in(user: User, agent: str = WINDOWS) -> Client:
    client = browser(headers={"user-agent": agent})
    data = {"username": user.username, "password": PASSWORD}
    assert client.post("/hop/dang-nhap/", data).url == "/hop/"
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome trên máy Windows"),
        (WINDOWS + " Edg/149.0", "Edge trên máy Windows"),
        (WINDOWS.replace("Chrome/", "coc_coc_browser/150 Chrome/"), "Cốc Cốc trên máy Windows"),
        (IPHONE, "Safari trên iPhone, iPad"),
        (IPHONE + " Zalo iOS/650", "Zalo trên iPhone, iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0", "Firefox trên máy Linux"),
        ("curl/8.0", "Trình duyệt"),
        ("", "Trình duyệt"),
    ],
)
def test_a_browser_is_named_as_its_owner_calls_it(agent, words):
    assert words_for(agent) == words


def test_the_browsers_are_listed_with_days_and_nothing_finer(officer, clock):
    signed_in(officer, IPHONE)
    clock.shift(2 * 24 * 3600)
    client = signed_in(officer)
    page = words_of(client.get(PAGE))
    assert "Chrome trên máy Windows – máy này Từ ngày 07/12/2026, dùng gần nhất ngày 07/12" in page
    assert "Safari trên iPhone, iPad Từ ngày 05/12/2026, dùng gần nhất ngày 05/12/2026" in page
    kept = {field.name for field in SignIn._meta.fields}
    assert kept == {"id", "user", "session_key", "browser", "since", "used_on"}
    assert "127.0.0.1" not in str(SignIn.objects.values())


def test_one_other_is_ended_or_all_others(officer):
    own, *others = [signed_in(officer) for _ in range(4)]
    stranger = signed_in(factories.make_user(committee=officer.committee, password=PASSWORD))
    first = SignIn.objects.get(session_key=others[0].session.session_key)
    assert stranger.post(f"{PAGE}noi-khac/{first.pk}/").status_code == 404
    assert own.post(f"{PAGE}noi-khac/{first.pk}/").url == PAGE
    assert [is_in(client) for client in (own, *others)] == [True, False, True, True]
    answer = own.post(f"{PAGE}noi-khac/", follow=True)
    assert "Đã đăng xuất ở 02 nơi khác" in words_of(answer)
    assert [is_in(client) for client in (own, *others)] == [True, False, False, False]
    assert is_in(stranger)


def test_nobody_ends_the_own_session_by_the_list(officer):
    client = signed_in(officer)
    assert client.post(f"{PAGE}noi-khac/{SignIn.objects.get().pk}/").status_code == 404


def test_a_changed_password_ends_the_others_and_the_list_says_so(officer):
    own, other = signed_in(officer), signed_in(officer)
    fresh = {"new_password1": "mùa-hạ-2026", "new_password2": "mùa-hạ-2026"}
    own.post("/hop/dat-mat-khau/", {"old_password": PASSWORD} | fresh)
    assert (is_in(own), is_in(other)) == (True, False)
    assert SignIn.objects.get().session_key == own.session.session_key


def test_who_signs_out_is_off_the_list_and_so_is_what_has_run_out(officer, clock):
    gone, late = signed_in(officer), signed_in(officer)
    gone.post(reverse("members:sign_out"))
    assert SignIn.objects.get().session_key == late.session.session_key
    clock.shift(15 * 24 * 3600)
    own = signed_in(officer)
    assert SignIn.objects.get().session_key == own.session.session_key


def test_a_session_from_before_this_list_is_put_in_at_its_next_page(officer):
    client = browser(officer)
    assert not SignIn.objects.exists()
    client.get(PAGE)
    assert SignIn.objects.get().user == officer


# A session that nobody uses


def test_a_session_that_nobody_uses_ends_and_leads_back_to_its_page(officer, clock):
    client = signed_in(officer)
    clock.shift(59 * 60)
    assert is_in(client)
    clock.shift(61 * 60)
    answer = client.get(f"{PAGE}?x=1")
    assert answer.url == "/hop/dang-nhap/?next=%2Fhop%2Ftai-khoan-cua-toi%2F%3Fx%3D1"
    assert "vì lâu không dùng máy này" in words_of(client.get(answer.url))
    assert not SignIn.objects.exists()
    assert not is_in(client)


# What a browser sends, and whether somebody is there who does.
SENT = {
    "a page": ("get", PAGE, {}, True),
    "a form": ("post", f"{PAGE}noi-khac/", {}, True),
    "a key or a press": ("post", HERE, {}, True),
    "a part that renews itself": ("get", PAGE, {"HX-Request": "true"}, False),
    "a look at the head": ("head", PAGE, {}, False),
    "the question how long": ("get", HERE, {}, False),
}


@pytest.mark.parametrize("what", SENT)
def test_only_a_persons_press_keeps_a_session(officer, clock, what):
    method, address, headers, is_a_press = SENT[what]
    client = signed_in(officer)
    clock.shift(50 * 60)
    assert getattr(client, method)(address, headers=headers).status_code in (200, 302)
    clock.shift(20 * 60)
    assert is_in(client) == is_a_press


def test_a_part_that_renews_itself_leads_the_whole_page_out_and_back_to_it(officer, clock):
    client = signed_in(officer)
    clock.shift(61 * 60)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{PAGE}?loc=1"}
    answer = client.get(f"{PAGE}phan/", headers=headers)
    assert answer.status_code == 404, "no address of ours"
    answer = client.get(PAGE, headers=headers)
    assert answer["HX-Redirect"].endswith("next=%2Fhop%2Ftai-khoan-cua-toi%2F%3Floc%3D1")


@pytest.mark.parametrize(("minutes", "left"), [(0, None), (5, 300), (60, 3600)])
def test_the_time_is_set_and_told(officer, clock, settings, minutes, left):
    settings.IDLE_MINUTES = minutes
    client = signed_in(officer)
    assert client.get(HERE).json() == {"left": left}
    assert (f'data-idle="{left}"' in client.get(PAGE).content.decode()) == bool(minutes)
    clock.shift(24 * 3600)
    assert is_in(client) == (minutes == 0)


def cells_own() -> tuple[Meeting, User]:
    meeting = factories.make_open_meeting(3)
    return meeting, factories.secretary_of(meeting)


def committees() -> tuple[Meeting, User]:
    meeting = make_open_sitting(3)
    return meeting, factories.make_user(committee=meeting.over)


def test_a_sitting_of_another_committee_bears_nobody_longer(clock):
    sitting = make_open_sitting(3)
    client = browser(factories.make_user(committee=factories.make_committee(parent=sitting.over)))
    client.get(PAGE)
    clock.shift(61 * 60)
    assert not is_in(client)


@pytest.mark.parametrize("made", [cells_own, committees], ids=["of a cell", "of a committee"])
def test_who_runs_a_meeting_that_is_open_is_borne_for_four_hours_and_no_longer(clock, made):
    meeting, officer = made()
    client = browser(officer)
    wall = reverse("ballots:projector", args=[meeting.pk])
    client.get(PAGE)
    for _ in range(7):
        clock.shift(30 * 60)
        assert client.get(wall, headers={"HX-Request": "true"}).status_code == 200
        assert client.get(wall).status_code == 200, "without a script it loads itself anew"
    clock.shift(31 * 60)
    assert client.get(wall).url.startswith("/hop/dang-nhap/")
    again = browser(officer)
    again.get(PAGE)
    Meeting.objects.filter(pk=meeting.pk).update(
        state=Meeting.State.CLOSED, code=None, closed_at=timezone.now()
    )
    clock.shift(61 * 60)
    assert not is_in(again)


@pytest.mark.parametrize(
    ("name", "value"), [("IDLE_MINUTES", "-1"), ("IDLE_MINUTES", "lâu"), ("SECOND_FACTOR", "có")]
)
def test_a_setting_that_says_nothing_stops_the_start(tmp_path, name, value):
    environ = embedded_environ(tmp_path, DJANGO_SETTINGS_MODULE="partyreview.settings")
    run = subprocess.run(
        [sys.executable, "-c", "import partyreview.settings"],
        cwd=settings_of_this.BASE_DIR,
        env=environ | {name: value},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert f"{name} must be" in run.stderr
