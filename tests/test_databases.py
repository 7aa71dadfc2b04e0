"""DATABASE_URL as an operator writes it: one server, or one and its standby."""

import pytest

from partyreview.settings import database_at

PLACES = {
    "postgres://u:p@one:5432/name": ("one", 5432),
    "postgres://u:p@one:5432,another:5433/name": ("one,another", "5432,5433"),
    "postgres://u:p@one,another/name": ("one,another", "5432,5432"),
    "postgres://one,another:6432/name": ("one,another", "5432,6432"),
    "postgres://u:p@one,another/name?target_session_attrs=any": ("one,another", "5432,5432"),
}


@pytest.mark.parametrize("url", PLACES)
def test_a_database_stands_on_one_server_or_on_several(url):
    database = database_at(url)
    assert (database["HOST"], database["PORT"], database["NAME"]) == (*PLACES[url], "name")
    assert (database["USER"], database["PASSWORD"]) == (("u", "p") if "@" in url else ("", ""))


def test_of_several_servers_the_one_that_takes_what_is_written_is_meant_unless_it_says_otherwise():
    options = [database_at(url).get("OPTIONS", {}).get("target_session_attrs") for url in PLACES]
    assert options == [None, "read-write", "read-write", "read-write", "any"]
