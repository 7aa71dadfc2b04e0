"""The minutes of the count say what is kept of the ballots, how long, or why nothing."""

from datetime import date

import pytest

from ballots.papers.minutes.count_text import compose_count
from ballots.papers.minutes.data import CountData, SealedEnvelope
from tests.kit import paper_samples as samples
from tests.kit.paper_samples import row

SHA = "5e" * 32


def written(envelope: SealedEnvelope | None) -> tuple[str, str]:
    """What stands in the body, and after the signatures."""
    counted = samples.poll(
        "Xếp loại Chi bộ 4", 5, [row("Chi bộ 4", 5, 1, 3, 1, 0)], envelope=envelope
    )
    names = ["Lê An", "Trần Bình", "Phạm Cường", "Vũ Dũng", "Đỗ Em"]
    paper = compose_count(CountData(samples.sitting(names, [counted])))
    body = " ".join(block.text for block in paper.blocks if block.kind != "table")
    return body.replace("\N{NO-BREAK SPACE}", " "), " ".join(line.text for line in paper.annex)


def test_an_envelope_stands_with_its_last_day_and_its_fingerprint():
    body, annex = written(SealedEnvelope(SHA, date(2024, 6, 20)))
    assert "các dấu trên 05 phiếu được mã hoá" in body
    assert "giữ đến hết ngày 20/06/2024" in body
    assert SHA not in body
    assert f"Lượt mã 1067 5017, phong bì niêm phong: {SHA}" in annex


@pytest.mark.parametrize("ending", ["", "."])
def test_the_reason_why_there_is_none_ends_the_sentence_once(ending):
    body, annex = written(SealedEnvelope(left_out=f"Máy in hỏng{ending}"))
    assert "Không lập phong bì niêm phong: máy in hỏng. " in body + " "
    assert "phong bì" not in annex


def test_by_default_the_minutes_say_nothing_of_it():
    body, annex = written(None)
    assert "phong bì" not in body + annex
