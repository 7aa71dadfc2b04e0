"""Rows of a poll and its sealed envelope for the table of who may open and press what (tests/access_table.py)."""

LOGIN, JOIN = "login", "join"
NOBODY = (LOGIN, LOGIN, LOGIN)
PRESS = (*NOBODY, 302, 403, 404, 404, 404)

ENVELOPE_PAGES = [
    (
        "ballots:envelope_paper",
        "poll",
        (*NOBODY, 200, 403, 404, 404, 404),
    ),  # where the key is printed
    ("ballots:envelope", "kept", (*NOBODY, 200, 200, 404, 404, 404)),
    ("ballots:envelope", "poll", (*NOBODY, 404, 404, 404, 404, 404)),  # without an envelope
    ("ballots:envelope_code", "poll", (302,) * 8),  # from the paper to whom it concerns
]
ENVELOPE_PRESSES = [
    ("ballots:poll_open", "poll", PRESS),
    ("ballots:poll_reissue", "poll", PRESS),
    ("ballots:poll_open_box", "poll", PRESS),
    ("ballots:poll_void", "poll", PRESS),
    ("ballots:envelope_key", "poll", (*NOBODY, 400, 403, 404, 404, 404)),
    ("ballots:envelope_ask", "kept", (*NOBODY, 403, 302, 404, 404, 404)),
    ("ballots:envelope_witness", "kept", (*NOBODY, 302, 302, 404, 404, 404)),
    ("ballots:envelope_open", "kept", (*NOBODY, 403, 302, 404, 404, 404)),
    ("ballots:envelope_read", "", (JOIN, 403, 400, *(JOIN,) * 5)),
]
