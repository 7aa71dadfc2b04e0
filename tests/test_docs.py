"""The papers for people tell the truth about the tree: version, paths, links, citations."""

import re
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def test_the_changelog_alone_keeps_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "version" not in project
    assert project["dynamic"] == ["version"]
    headings = re.findall("^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0].split()[0] == settings.VERSION
    assert len({heading.split()[0] for heading in headings}) == len(headings)
