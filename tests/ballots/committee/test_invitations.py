"""Secretaries and deputies are invited in one step: a sheet of cards, or texts for Zalo."""

import io
import re

import pytest
from pypdf import PdfReader

from ballots.committee.invitations import verbs
from members.models import User
from tests.kit import factories
from tests.kit.clients import browser, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(time_machine):
    time_machine.move_to("2026-11-20T09:00:00+07:00", tick=False)
    committee = factories.make_committee("Đảng bộ phường Tân Lập")
    for name, office in (("Nguyễn Thị Hoa", "secretary"), ("Lê Văn An", "deputy")):
        factories.make_member(factories.make_cell(committee), name, office)
    browser(
        factories.make_user(
            factories.make_member(factories.make_cell(committee), office="secretary")
        )
    )
    return committee


def invited(client, ward, cards: str = "", lot: int = 0, **options):
    """What comes of pressing a button of the lot: the sheet of cards (`phieu/`), or the texts."""
    address = f"/hop/dang-bo/{ward.pk}/moi/"
    lots = client.get(address).context["lots"]
    chosen = [office.pk for office in lots[lot]] if lots else []
    return client.post(address + cards, {"office": chosen}, **options)


def test_texts_for_zalo_open_the_account_of_each(ward):
    client = browser(factories.make_user(committee=ward))
    answer = invited(client, ward)
    cards = answer.context["cards"]
    assert [(card.name, card.office) for card in cards] == [
        ("Nguyễn Thị Hoa", "Bí thư"),
        ("Lê Văn An", "Phó Bí thư"),
    ]
    assert "đến hết ngày 04/12/2026" in words_of(answer)
    link = cards[0].link.partition("localhost")[2]
    assert browser().post(link).url == "/hop/vao-lai/"
    assert User.objects.get(username="nguyenthihoa").last_login is not None
    assert "Nguyễn Thị Hoa" not in words_of(client.get(f"/hop/dang-bo/{ward.pk}/moi/"))


def test_the_sheet_has_a_card_for_each_with_its_link_and_term(ward):
    client = browser(factories.make_user(committee=ward))
    answer = invited(client, ward, "phieu/")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert text.count("PHIẾU MỜI") == 2
    assert "Nguyễn Thị Hoa" in text
    assert "04/12/2026" in text
    links = re.findall(r"sesame=", text)
    assert len(links) == 2


def test_nobody_left_to_invite_is_told(ward):
    client = browser(factories.make_user(committee=ward))
    for card in invited(client, ward).context["cards"]:
        browser().post(card.link.partition("localhost")[2])
    answer = invited(client, ward, "phieu/", follow=True)
    assert "Không còn ai phải mời" in words_of(answer)


def test_many_are_invited_in_lots_and_one_lot_leaves_the_links_of_another_alone(ward, monkeypatch):
    monkeypatch.setattr(verbs, "LOT", 1)
    client = browser(factories.make_user(committee=ward))
    (first,) = invited(client, ward).context["cards"]
    (second,) = invited(client, ward, lot=1).context["cards"]
    assert (first.name, second.name) == ("Nguyễn Thị Hoa", "Lê Văn An")
    for card in (first, second):
        assert browser().post(card.link.partition("localhost")[2]).url == "/hop/vao-lai/"


def test_another_committee_invites_nobody_here(ward):
    stranger = browser(factories.make_user(committee=factories.make_committee()))
    assert stranger.post(f"/hop/dang-bo/{ward.pk}/moi/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_link_is_made_that_opens_nothing_since_its_account_is_locked(method, ward):
    """As from a page that was open when somebody else locked it."""
    account = factories.make_user(committee=ward, is_active=False)
    client = browser(factories.make_user(committee=ward))
    answer = getattr(client, method)(f"/hop/tai-khoan/{account.pk}/moi/", follow=True)
    assert "đang khoá nên liên kết không mở được gì" in words_of(answer)
    assert "sesame=" not in answer.content.decode()
