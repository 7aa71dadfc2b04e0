"""What a start loads: no command and no worker pays for a library that prints papers or reads files, until it does.

One pattern: the module made of such a library imports it at its head (press/typeset.py, press/word.py, pdf_files.py);
who calls such a module, or needs a few names of the library, imports it inside the function, on first use. A worker
does so at its first paper: that costs whoever asked for it a second once, and no phone in the hall anything.
"""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ballots.demo.serving import embedded_environ

HEAVY = {
    "PIL",
    "docx",
    "fido2",
    "fontTools",
    "lxml",
    "markdown_it",
    "openpyxl",
    "pypdf",
    "segno",
    "weasyprint",
}
# What the operator's pages alone need, which are off by default.
HEAVY |= {"django_otp.admin", "members.admin"}
STARTS = {
    "manage.py check": "import manage, sys; sys.argv = ['manage.py', 'check']; manage.main()",
    "a worker": "import partyreview.wsgi",
}
# What writes papers out, and nothing else needs.
PAPERS = {"ballots.papers.composing", "ballots.papers.press.document"}
TELL = """
import json, sys
from django.urls import get_resolver
from cells.law.guidance import known_rules
read = {"addresses": get_resolver()._populated, "packs": known_rules.cache_info().currsize == 1}
sys.stderr.write(json.dumps([sorted(sys.modules), read]))
"""


@pytest.mark.parametrize("start", STARTS)
def test_a_start_loads_no_library_of_papers_and_files(start: str, tmp_path: Path):
    environ = embedded_environ(tmp_path, DJANGO_SETTINGS_MODULE="partyreview.settings")
    run = subprocess.run(
        [sys.executable, "-c", f"{STARTS[start]}\n{TELL}"],
        cwd=settings.BASE_DIR,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    modules, read = json.loads(
        run.stderr.splitlines()[-1]
    )  # the worker has no tables, and says so
    loaded = set(modules)
    assert "ballots.voting.views.voting" in loaded  # every view is there, as a hall needs it
    assert not (HEAVY | PAPERS) & loaded
    # A worker is forked from what has read them, and takes the place of another in the middle of an evening.
    assert start != "a worker" or read == {"addresses": True, "packs": True}


def test_a_command_that_is_broken_off_while_it_loads_shows_no_traceback(monkeypatch):
    def interrupted(_: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("django.core.management.execute_from_command_line", interrupted)
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(settings.BASE_DIR / "manage.py"), run_name="__main__")
    assert end.value.code == 130
