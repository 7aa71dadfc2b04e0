"""The scripts as files: small enough, written for old phones, and at the pace that was promised."""

import gzip
import re
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
VOTING = sorted((STATIC / "ballot").glob("*.js"))
# What a phone runs as a module; the tellers' device is newer.
PHONE = sorted({*(STATIC / "phone").glob("*.js")} - {STATIC / "phone" / "no-modules.js"})
YOUNGER = re.compile(
    r"\?\.(?!\d)|\?\?|\|\|=|&&=|\b\d+n\b|\.at\(|flatMap|replaceAll|replaceChildren|catch \{|^await",
    re.MULTILINE,
)


def test_the_voting_pages_own_script_is_small():
    sizes = {path.name: len(gzip.compress(path.read_bytes(), mtime=0)) for path in VOTING}
    assert set(sizes) == {"ask.js", "ballot.js", "booth.js", "page.js", "store.js", "voice.js"}
    # Of which 1.7 kB for what localStorage could not do: transactions, and knowing that they are on the disk.
    # And 0.9 kB to read aloud.
    assert sum(sizes.values()) <= 15_000, sizes


def test_phones_run_what_browsers_of_2018_know():
    scripts = [*VOTING, *PHONE]
    assert [
        (path.name, word) for path in scripts for word in YOUNGER.findall(path.read_text())
    ] == []


def test_every_script_is_a_module_but_the_one_for_browsers_without():
    tags = [
        (tag, name)
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        for tag, name in re.findall(r"<script ([^>]*?)src=\"{% static '([^']+)'", page.read_text())
    ]
    assert {name for tag, name in tags if 'type="module"' not in tag} == {"phone/no-modules.js"}


def test_the_pages_ask_at_the_pace_that_was_promised():
    voting = (STATIC / "ballot" / "index.html").read_text()
    phone = (settings.BASE_DIR / "templates" / "base_phone.html").read_text()
    assert '<body data-pace="3000" data-rest="300">' in voting
    assert '<body data-pace="3000">' in phone
