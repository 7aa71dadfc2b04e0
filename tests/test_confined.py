"""Files that are costly to open cost the site nothing: another process pays, up to a limit, and a sentence says so."""

import ctypes
import io
import re
import time
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.files import keeping
from members.imports import waiting
from members.imports.spreadsheets import COSTLY, BadSheet
from members.models import Attachment, MemberImport
from partyreview import confined
from tests.kit import factories
from tests.kit.hostile_files import picture
from tests.kit.sheets import table

TASKS = "tests.kit.confined_tasks:"


def cleaned(data: bytes) -> tuple[bytes, str]:
    return keeping.cleaned(SimpleUploadedFile("tep", data))


def memory(of: str) -> int:
    """What this process holds ("VmRSS"), or held at most since it was asked to forget ("VmHWM"), in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{of}:\s+(\d+)", status)[1]) // 1024


def peak(of: object, *arguments: object) -> int:
    """By how many MB this process grew at most while it called that."""
    ctypes.CDLL(None).malloc_trim(0)  # what earlier work has left over would be used again, unseen
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    of(*arguments)
    return memory("VmHWM") - before


def pdf_of_many_remarks(count: int = 40_000) -> bytes:
    """A page with very many remarks on it."""
    remarks = b"<</Type/Annot/Subtype/Text/Rect[0 0 1 1]>>" * count
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[" + remarks + b"]>>",
    ]
    out, places = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, start=1):
        places += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj%sendobj\n" % (number, part)
    end = b"xref\n0 4\n%strailer<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (places, len(out))


def sheet_of_many_cells(count: int = 1_000_000) -> bytes:
    """A list of one member, beside whom stand very many empty cells."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(table(["Họ và tên"], ["Lê Văn An"]))) as plain,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as full,
    ):
        for name in plain.namelist():
            part = plain.read(name)
            full.writestr(name, part.replace(b"</row>", b"<c/>" * (count // 2) + b"</row>"))
    return buffer.getvalue()


def test_a_large_picture_is_not_unfolded_in_the_memory_of_the_site():
    data = picture("PNG", (4000, 3000), "LA", (0, 0), compress_level=1)
    assert peak(cleaned, data) < 30
    limits = (52_000_000, 2500)
    here = peak(confined.perform, "members.files.pictures:cleaned", data, *limits)
    assert here > 90, "it would have been"


def test_a_picture_that_needs_more_memory_than_allowed_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setattr(confined, "USUAL", replace(confined.USUAL, memory=80 * 1024 * 1024))
    with pytest.raises(keeping.Refused, match=r"quá nặng.* Xin chụp ảnh từng trang"):
        cleaned(picture("PNG", (4000, 3000), "LA", (0, 0), compress_level=1))
    assert cleaned(picture())[1] == Attachment.Type.JPEG, "the next one is taken"


def test_a_pdf_that_takes_too_long_is_given_up_in_one_sentence(monkeypatch):
    monkeypatch.setattr(confined, "USUAL", replace(confined.USUAL, seconds=1))
    before = time.process_time()
    with pytest.raises(keeping.Refused, match="quá nặng"):
        cleaned(pdf_of_many_remarks())
    assert time.process_time() - before < 0.5, "the site itself did nothing"


@pytest.mark.django_db
def test_a_sheet_that_takes_too_long_is_given_up_in_one_sentence(monkeypatch):
    monkeypatch.setattr(confined, "USUAL", replace(confined.USUAL, seconds=1))
    cell = factories.make_cell()
    user = factories.make_user(factories.make_member(cell, office="secretary"))
    with pytest.raises(BadSheet) as refusal:
        waiting.keep(user, cell, "o-trong.xlsx", sheet_of_many_cells())
    assert str(refusal.value) == COSTLY
    assert not MemberImport.objects.exists()


def test_a_refusal_of_the_task_comes_back_in_its_words():
    with pytest.raises(keeping.Refused, match="hỏng hoặc chưa tải đủ"):
        cleaned(b"%PDF-1.7\n")


def test_the_process_finds_no_secret_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "rat-bi-mat")
    around = confined.run(TASKS + "surroundings", b"").decode()
    assert "rat-bi-mat" not in around
    assert around.endswith("[]"), "nothing is open but its three streams"
    assert confined.run(TASKS + "write", str(tmp_path / "x").encode()) == b"refused"


@pytest.mark.parametrize("name", ["running", "waiting"])
def test_of_too_many_files_at_once_the_rest_is_sent_away_with_a_sentence(monkeypatch, name):
    monkeypatch.setattr(confined, "WAIT", 0)
    with ExitStack() as held:
        for _ in range({"running": 1, "waiting": 2}[name] * confined.AT_ONCE):
            held.enter_context(confined._place(name, 2 * confined.AT_ONCE, 0))
        with pytest.raises(keeping.Refused, match=r"đang bận .* sau một phút"):
            cleaned(picture())
    assert cleaned(picture()), "and taken when there is room"


def test_a_machine_too_busy_for_a_file_says_so_and_ends_the_process(monkeypatch):
    monkeypatch.setattr(confined, "USUAL", replace(confined.USUAL, patience=0.5))
    with pytest.raises(confined.Busy):
        confined.run(TASKS + "wait", b"")


def test_a_decoder_that_falls_over_takes_nobody_along_and_is_told_to_the_operator(caplog):
    with pytest.raises(confined.Costly):
        confined.run(TASKS + "end_badly", b"")
    assert "ended with -11" in caplog.text


def test_a_task_answers_line_by_line_and_may_refuse_after_some():
    assert list(confined.lines(TASKS + "said", b"")) == [b"one\n", b"two\n"]
    heard = confined.lines(TASKS + "said", "Tệp hỏng.".encode())
    assert [next(heard), next(heard)] == [b"one\n", b"two\n"]
    with pytest.raises(confined.Refusal, match="Tệp hỏng"):
        next(heard)


def test_who_says_more_than_any_file_has_is_stopped_and_who_is_not_heard_out_ends(monkeypatch):
    monkeypatch.setattr(confined, "LONG", replace(confined.LONG, answer=100_000))
    with pytest.raises(confined.Costly):
        list(confined.lines(TASKS + "endless", b""))
    heard = confined.lines(TASKS + "endless", b"")
    next(heard)
    heard.close()
    assert list(confined.lines(TASKS + "said", b"")) == [b"one\n", b"two\n"]  # its place is free
