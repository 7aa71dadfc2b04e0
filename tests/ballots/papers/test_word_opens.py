"""The Word copies in a real word processor: LibreOffice opens each and sets it on as many pages as the PDF, ± 1."""

import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from ballots.papers.press import render
from tests.kit import file_samples, ruling_samples
from tests.kit import paper_samples as samples
from tests.kit.paper_readers import pages_in

pytestmark = [pytest.mark.office, pytest.mark.slow]

PAPERS = {
    "seed": samples.locked(samples.seed()),
    "hard": samples.hard(),
    "large": samples.large(60),
    "count": samples.count_of(samples.hard()),
    "report": samples.report(),
    "ballots": samples.ballot_sheets(24, 1),
    "summary": file_samples.summary(),
    "upward": file_samples.upward(),
    "personal": file_samples.personal(),
    "decision on many cells": ruling_samples.joint_decision(),
    "its list": ruling_samples.joint_list(40),
}


def converted(folder: Path) -> dict[str, int]:
    """Pages of each .docx of the folder as LibreOffice sets it, by name."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = sorted(folder.glob("*.docx"))
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {pdf.stem: len(PdfReader(pdf).pages) for pdf in folder.glob("*.pdf")}


def test_a_word_processor_sets_every_paper_on_as_many_pages_as_the_pdf(tmp_path):
    ours = {}
    for name, data in PAPERS.items():
        (tmp_path / f"{name}.docx").write_bytes(render.docx(data))
        ours[name] = len(pages_in(render.pdf(render.html(data))))
    theirs = converted(tmp_path)
    assert set(theirs) == set(ours)
    assert {n: (ours[n], theirs[n]) for n in ours if abs(theirs[n] - ours[n]) > 1} == {}
