"""The load generator's meetings: phones that wait, ask, vote and check by themselves, on a server of the test."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ballots.demo import seeding
from members.devices import links
from tests.load import halls

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_phones_of_a_hall_join_vote_and_find_their_ballots(site, monkeypatch):
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(halls, "PACE", 0.1)
    monkeypatch.setattr(halls, "SECONDS_TO_CAST", 0)
    monkeypatch.setattr(
        halls.TimedBrowser,
        "report",
        staticmethod(lambda kind, _, __, fault: asked.append((kind, fault))),
        raising=False,
    )
    cell = halls.cell_of(5, 1)
    seeded = seeding.make_cell(cell)
    hall = halls.Hall(cell, seeded, site, links.sign_in_link(seeded.secretary, site))
    hall.prepare()
    with ThreadPoolExecutor(6) as room:
        phones = [room.submit(hall.member, key) for key in cell.people]
        try:
            hall.let_in()
            hall.poll()
        except BaseException:
            hall.stopped.append("the secretary failed")  # else the phones would ask for ever
            raise
        for phone in phones:
            phone.result()
    assert sorted(hall.checked) == sorted(cell.people)
    kinds = [kind for kind, _ in asked]
    assert (kinds.count("nhận phiếu"), kinds.count("bỏ phiếu")) == (5, 5)
    assert {fault for _, fault in asked} == {""}
