"""What each role gets for the bytes that phones send: beside access_table.py, with its columns."""

# Bytes as the voting page sends them, here one too few: 400 is past the guard, 403 is not.
PHONES = (403, 400, 400, 403, 403, 403, 403, 403)
BODIES = [
    ("ballots:stamp", "", PHONES),
    ("ballots:acknowledge", "", PHONES),
    ("ballots:stamp_slip", "", (400,) * 8),
    ("ballots:stamp_paper", "", (403, 403, 400, 403, 403, 403, 403, 403)),
]
