"""The house stays small and whole: size budgets, and no change of a model without its migration."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("partyreview", "cells", "members", "ballots", "tests")
FILE_LINES = 400
FUNCTION_LINES = 40
TEMPLATE_COLUMNS = 160
TEMPLATE = re.compile(r"""["']([\w/]+\.html)[#"']""")


def written(pattern: str, *folders: str) -> list[Path]:
    """Files written by hand: migrations are made by Django."""
    result = (path for folder in folders for path in (ROOT / folder).rglob(pattern))
    return sorted(path for path in result if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and number of lines of every function in a Python file, decorators not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_its_budget():
    files = [
        *written("*.py", *FOLDERS),
        *written("*.js", "static"),
        *written("*.html", "templates"),
    ]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_its_budget():
    long = {
        f"{path.relative_to(ROOT)}: {name}": lines
        for path in written("*.py", *FOLDERS)
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert long == {}


def private_imports(path: Path) -> Iterator[str]:
    """What a file takes from another of ours although its name begins with an underscore."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in FOLDERS:
            yield from (each.name for each in node.names if each.name.startswith("_"))


def test_no_file_takes_what_another_keeps_for_itself():
    taken = {
        str(path.relative_to(ROOT)): names
        for path in written("*.py", *FOLDERS[:-1])
        if (names := list(private_imports(path)))
    }
    assert taken == {}


def test_no_line_of_a_template_is_longer_than_its_budget():
    long = {
        f"{path.relative_to(ROOT)}:{number}": len(line)
        for path in written("*.html", "templates")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > TEMPLATE_COLUMNS
    }
    assert long == {}


def test_a_fragment_of_one_page_stands_in_that_page():
    """As a `partialdef`; a file of its own is a page, or shared. The print tree has one file per part of a paper."""
    code = " ".join(path.read_text(encoding="utf-8") for path in written("*.py", *FOLDERS[:-1]))
    templates = {
        str(path.relative_to(ROOT / "templates")): path.read_text(encoding="utf-8")
        for path in written("*.html", "templates")
    }
    users = Counter(name for text in templates.values() for name in set(TEMPLATE.findall(text)))
    assert users.keys() <= templates.keys()
    pages = {*TEMPLATE.findall(code)}
    alone = [
        name
        for name in templates
        if name not in pages and users[name] < 2 and "/" in name and not name.startswith("print/")
    ]
    assert alone == []


def test_an_empty_list_says_what_will_stand_there_and_who_brings_it():
    """As `.empty` of docs/design.md; a phone's page says it in a sentence, a value that is not set in a word."""
    in_words = {"cells/version.html", "ballots/parts/mending.html"}
    bare = [
        f"{name}: {what.strip()}"
        for path in written("*.html", "templates")
        if (name := str(path.relative_to(ROOT / "templates"))) not in in_words
        and not name.startswith("print/")
        and "base_phone.html" not in (text := path.read_text(encoding="utf-8"))
        for what in re.findall(r"{% empty %}\n((?:.*\n){3})", text)
        if not re.search(r'class="(panel )?empty"', what)
    ]
    assert bare == []


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_migration_imports_our_code():
    """What a migration names can never be renamed again."""
    ours = tuple(f"{folder}." for folder in FOLDERS)
    named = [
        f"{path.relative_to(ROOT)}: {alias.name}"
        for folder in FOLDERS
        for path in (ROOT / folder).glob("migrations/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if f"{getattr(node, 'module', None) or alias.name}.".startswith(ours)
    ]
    assert named == []
