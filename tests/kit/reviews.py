"""A self-review filled in, as a phone sends it: form 2B of the year 2025; and its pages."""

from django.test import Client

from cells.law.guidance import load_pack
from cells.law.review_forms import ReviewForm
from cells.law.rules import Rules
from members.models import Member

ADDRESS = "/hop/ban-kiem-diem/"

PACK = load_pack("2025")
FORM = ReviewForm.from_pack(PACK, "member", Rules.from_pack(PACK, {}))
FULL = (
    {f"text-{section.key}": f"Viết ở mục {section.key}." for section in FORM.sections}
    | {f"score-{criterion.key}": "2" for criterion in FORM.criteria}
    | {"score-result": "55", "self_level": "HTT"}
)


def board(member: Member) -> str:
    """Where the secretary sees who has handed in."""
    return f"/hop/chi-bo/{member.cell_id}/2026/ban-kiem-diem/"


def save(client: Client, **data):
    """Press "Lưu" with this typed."""
    return client.post(ADDRESS, {"version": 0, "do": "save"} | data)


def hand_in(client: Client, **data):
    """Press "Nộp bản kiểm điểm" with everything filled in, or this in its place."""
    return client.post(ADDRESS, FULL | {"version": 0, "do": "submit"} | data)
