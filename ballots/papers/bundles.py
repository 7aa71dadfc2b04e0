"""A ZIP of papers and files: each with its line in the index and its check sum, under a name safe on every system."""

import csv
import hashlib
import io
import itertools
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO

from ballots.models import Paper
from cells.wording import shortened

ENDINGS = {"pdf": "PDF, bản chính", "docx": "Word, bản sao để làm việc"}
# Letters of a path: unpacked somewhere below a user's own folder, Windows takes no more than 260 of the whole. And
# those kept free for a number behind the name.
LONGEST, NUMBER = 150, 5
# Compressed by itself already: to deflate it again takes the most time of all and saves nothing.
COMPRESSED = frozenset({".pdf", ".docx", ".xlsx", ".jpg"})
SUMS, INDEX, SHEET = "SHA256SUMS", "muc-luc.csv", "muc-luc.xlsx"


class Bundle:
    """A ZIP being written; leaving it writes SHA256SUMS and the index."""

    def __init__(self, file: IO[bytes], headings: Sequence[str]) -> None:
        """`headings`: what the index says of a file before its name."""
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._head: list[object] = ["TT", *headings, "Tệp", "SHA-256", "Loại tệp"]
        self._index: list[list[object]] = []
        self._sums: dict[str, str] = {}
        self._used: set[str] = set()

    def __enter__(self) -> "Bundle":
        """Ready to be filled."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the index, unless something went wrong, and end the ZIP."""
        with self._zip:
            if error is None:
                self._write_index()

    def add(self, name: str, content: bytes, kind: str, *about: object) -> str:
        """Put a file in; a name too long is cut, a number added to one that another file bears. Returns the name."""
        name = self._free(name)
        self._used.add(name.lower())
        digest = hashlib.sha256(content).hexdigest()
        self._zip.writestr(name, content, _how(name))
        self._sums[name] = digest
        self._index.append([len(self._index) + 1, *about, name, digest, kind])
        return name

    def add_paper(self, paper: Paper, name: str, *about: object) -> None:
        """Put both forms of a locked paper in, under this name without ending."""
        for ending, kind in ENDINGS.items():
            self.add(f"{name}.{ending}", bytes(getattr(paper, ending)), kind, *about)

    def _free(self, name: str) -> str:
        """Compared without case, as many file systems do."""
        path = PurePosixPath(name)
        room = len(path.stem) - max(0, len(name) + NUMBER - LONGEST)
        path = path.with_stem(shortened(path.stem, room).rstrip(" ._-"))
        numbered = (str(path.with_stem(f"{path.stem}_{n}")) for n in itertools.count(2))
        return next(
            n for n in itertools.chain([str(path)], numbered) if n.lower() not in self._used
        )

    def _write_index(self) -> None:
        # On first use: tests/test_start.py
        from members.imports.spreadsheets.writing import table_workbook

        table = [self._head, *self._index]
        self._zip.writestr(SUMS, "".join(f"{sha}  {name}\n" for name, sha in self._sums.items()))
        self._zip.writestr(INDEX, _csv(table))
        self._zip.writestr(SHEET, table_workbook("Mục lục", table), _how(SHEET))


def _how(name: str) -> int:
    """Whether a file of this name is deflated."""
    stored = PurePosixPath(name).suffix in COMPRESSED
    return zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED


def _csv(table: list[list[object]]) -> bytes:
    """For Excel: UTF-8 with its mark; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in table:
        writer.writerow([f"'{v}" if str(v)[:1] in {"=", "+", "-", "@"} else v for v in row])
    return text.getvalue().encode("utf-8-sig")
