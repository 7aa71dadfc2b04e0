"""Secrets are found wherever they begin, in every writing, and nothing else is."""

import base64
import secrets

import pytest

from ballots.linkage import traces
from ballots.linkage.traces import Traces

SECRET = secrets.token_bytes(32)
WRITINGS = {
    "bytes": SECRET,
    "hex": SECRET.hex().encode(),
    "HEX": SECRET.hex().upper().encode(),
    "base64": base64.b64encode(SECRET),
    "base64url": base64.urlsafe_b64encode(SECRET).rstrip(b"="),
}


@pytest.mark.parametrize("start", range(17))
@pytest.mark.parametrize("writing", WRITINGS)
def test_a_secret_is_found_wherever_it_begins_and_however_it_is_written(writing, start):
    content = b"x" * start + WRITINGS[writing] + b"y" * 3
    assert traces.in_any_writing({"it": SECRET}).found_in(content) == {"it"}


def test_a_part_of_a_secret_is_no_secret_and_a_short_one_is_refused():
    ready = traces.in_any_writing({"it": SECRET})
    # The byte that follows is never the secret's last: SECRET is drawn anew for every run.
    other_end = bytes([SECRET[-1] ^ 1])
    assert ready.found_in(b"x" * 5 + SECRET[:-1] + other_end * 20) == set()
    with pytest.raises(ValueError, match="too short"):
        Traces({"short": [b"1234567890"]})


def test_the_first_and_the_last_place_of_each_secret_are_told():
    other = secrets.token_bytes(32)
    ready = Traces({"it": [SECRET], "other": [other]})
    content = b"ab" + SECRET + other + SECRET
    assert ready.places(content) == {"it": (2, 66), "other": (34, 34)}


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_number_is_found_in_the_bytes_in_which_libraries_keep_it(order):
    number = int.from_bytes(secrets.token_bytes(128)) | 1 << 1023
    ready = traces.in_memory({"p": number})
    assert ready.found_in(b"\0" * 11 + number.to_bytes(128, order)) == {"p"}
