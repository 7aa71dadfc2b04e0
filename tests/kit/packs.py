"""A version of a guidance pack that a test publishes for itself, beside the real ones."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from cells.law import guidance


def publish(
    monkeypatch, folder: Path, former: str, version: str, changes: Mapping[str, str]
) -> None:
    """Make a version of the text of a former one, each passage replaced, for the length of a test.

    Every real version that came after the former one is left out.
    """
    name, last = former.split(".")
    for path in guidance.PACKS.glob("*.toml"):
        other, number, _ = path.name.split(".")
        if other != name or int(number) <= int(last):
            shutil.copy(path, folder)
    text = (folder / f"{former}.toml").read_text(encoding="utf-8")
    for passage, other in {f'version = "{former}"': f'version = "{version}"', **changes}.items():
        assert text.count(passage) == 1, passage
        text = text.replace(passage, other)
    (folder / f"{version}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(guidance, "PACKS", folder)
    forget()


def forget() -> None:
    """Let the packs be read anew."""
    guidance._pack.cache_clear()
    guidance._origins.cache_clear()
