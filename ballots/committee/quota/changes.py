"""What has happened to the files of a draft since it took them, in words."""

from dataclasses import dataclass
from typing import Any

from ballots.models import QuotaDraft, QuotaFile
from ballots.models.quota import new_files

RETURNED = (
    "Hồ sơ của {} đã được trả lại sau khi lập dự thảo nên các dòng ấy không tính. "
    "Xin chờ chi bộ gửi lại rồi bấm “Cập nhật dự thảo”."
)
SENT_AGAIN = (
    "{} đã gửi lại hồ sơ sau khi lập dự thảo nên các dòng cũ không tính. "
    "Xin bấm “Cập nhật dự thảo” rồi đổi mức."
)
DECIDED = (
    "Hồ sơ của {} đã quyết định xếp loại sau khi lập dự thảo nên không đổi mức được nữa. "
    "Xin bấm “Cập nhật dự thảo” để lấy mức đã quyết định."
)
REOPENED = "Hồ sơ của {} đã quyết định, nay được mở lại. Xin bấm “Cập nhật dự thảo” rồi đổi mức."

MOST = 5  # cells that are named


@dataclass(frozen=True)
class Change:
    """One file that changed; `is_out`: its lines do not count."""

    file: int
    kind: str  # the sentence, without the cell
    cell: str
    is_out: bool

    @classmethod
    def of(cls, file: Any) -> "Change":
        """`file`: as `QuotaFileQuerySet.changed` finds it."""
        name = str(file.meeting.cell)
        if file.returned_at is not None:
            return cls(file.pk, RETURNED, name, True)
        if file.last_sending != file.sending:
            return cls(file.pk, SENT_AGAIN, name, True)
        if file.approved_at is None:
            return cls(file.pk, REOPENED, name, False)
        return cls(file.pk, DECIDED, name, False)

    @property
    def sentence(self) -> str:
        """What has happened to it."""
        return self.kind.format(self.cell)


@dataclass(frozen=True)
class Changes:
    """All of one draft, by file, and how many files it does not have yet."""

    by_file: dict[int, Change]
    new: int

    @classmethod
    def load(cls, draft: QuotaDraft) -> "Changes":
        """Two queries."""
        changed = QuotaFile.objects.changed().filter(draft=draft).order_by("pk")
        return cls({file.pk: Change.of(file) for file in changed}, new_files(draft).count())

    @property
    def out(self) -> list[int]:
        """Files whose lines do not count."""
        return [change.file for change in self.by_file.values() if change.is_out]

    @property
    def sentences(self) -> list[str]:
        """One for all files to which the same has happened, with the names of the first of their cells."""
        cells: dict[str, list[str]] = {}
        for change in self.by_file.values():
            cells.setdefault(change.kind, []).append(change.cell)
        return [kind.format(_first_of(names)) for kind, names in cells.items()]


def _first_of(names: list[str]) -> str:
    others = len(names) - MOST
    first = ", ".join(names[:MOST])
    return f"{first} và {others} chi bộ khác" if others > 0 else first
