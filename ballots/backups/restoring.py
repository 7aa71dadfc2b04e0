"""Bring a backup back, and prove that one can be: no poll goes on, no key returns, every paper is the one locked."""

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection

from ballots.backups import archive, dumps, installation
from ballots.backups.archive import About
from ballots.backups.locks import BackupError
from ballots.models import Paper, Poll
from ballots.results import recording
from ballots.secret import hygiene, keys
from cells.models.pieces import in_pieces

KEYS_STAY = (
    "Chưa xoá được khoá của những lượt đang dở trong dữ liệu vừa thay: xin xem {} có trả lời và ghi được không, rồi "
    "khởi động lại máy chủ hoặc kho khoá để khoá mất hẳn."
)


def must_fit(about: About, *, replaces: bool, is_other: bool) -> None:
    """BackupError where this backup must not go into the database in use."""
    if about.vendor != installation.vendor():
        raise BackupError(
            f"Bản sao lưu này của {_name(about.vendor)}, còn máy đang đặt {_name(installation.vendor())}. "
            "Xin đặt DATABASE_URL cùng loại rồi phục hồi lại."
        )
    if installation.unknown(about.migrations):
        raise BackupError(
            f"Bản sao lưu do phần mềm mới hơn ghi ({about.version}). Xin nâng cấp phần mềm rồi phục hồi lại."
        )
    if dumps.is_empty():
        return
    if not replaces:
        raise BackupError(
            "Cơ sở dữ liệu đang có dữ liệu. Muốn thay toàn bộ bằng bản sao lưu thì thêm --replace; nên sao lưu "
            "cái đang có trước."
        )
    if installation.mark() != about.installation and not is_other:
        raise BackupError(
            "Bản sao lưu này của một nơi cài đặt khác. Đúng là muốn thay bằng dữ liệu nơi ấy thì thêm "
            "--other-installation."
        )


def load(path: Path, passphrase: str, near: Path) -> None:
    """Put the backup in the place of all that the database in use holds, whole or not at all."""
    with archive.opened(path, passphrase, near) as database:
        dumps.load(database)


def key_folder() -> Path | None:
    """Where the keys lie of the database that is about to be replaced; None where it never had any."""
    with contextlib.suppress(DatabaseError):  # no tables, or those of an older version
        return keys.folder()
    return None


def end_keys(former: Path | None) -> list[str]:
    """Let the keys of the replaced database die with it, whoever still runs on them; why not, in a sentence."""
    try:
        if former is not None:
            keys.end_folder(former)
    except OSError:
        return [KEYS_STAY.format(keys.where())]
    return []


def differences(about: About) -> list[str]:
    """What a database just loaded has otherwise than its backup said, in sentences; empty: all is well."""
    with connection.cursor() as cursor:
        rows = dumps.count_rows(cursor)
    return [
        f"Bảng {table}: lúc sao lưu {number} dòng, phục hồi được {rows.get(table, 0)}."
        for table, number in about.rows.items()
        if rows.get(table, 0) != number
    ]


def take_over() -> list[Poll]:
    """Upgrade the loaded database and part it from its past; returns the polls that were under way.

    Their keys stay dead even where they still lie in this machine's RAM: `dumps.load` has left their folder out, and
    the database gets another. Everybody signs in anew.
    """
    call_command("migrate", verbosity=0)
    recording.fill()
    Session.objects.all().delete()
    return list(Poll.objects.unfinished().select_related("meeting__cell", "meeting__committee"))


def faults(polls: Iterable[Poll]) -> list[str]:
    """What a database taken over must not have, in sentences: a paper other than the one locked, a poll with a key."""
    keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    papers = in_pieces(keys, Paper.objects.only("sha256", "pdf"), 50)
    return [
        *(
            f"Văn bản số {paper.pk}: nội dung không khớp mã kiểm tra lúc khoá."
            for paper in papers
            if hashlib.sha256(paper.pdf).hexdigest() != paper.sha256
        ),
        *(
            f"Lượt “{poll.title}” của {poll.meeting.body_name} còn khoá: phục hồi xong vẫn bỏ phiếu tiếp được."
            for poll in polls
            if not hygiene.lacks_keys(poll)
        ),
    ]


def _name(vendor: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(vendor, vendor)
