"""One backup in one file: what it is, the locked key, the locked database (an ordinary tar of three members)."""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ballots.backups import dumps, installation, locks
from ballots.backups.locks import BackupError, Lock
from ballots.backups.passing import clear, passing

ABOUT, SECRET, DATABASE = "about.json", "secret.age", "database.age"
SUFFIX = ".saoluu"
FORMAT = 1
# How the folder begins in which one lies unlocked while it is brought back.
OPENED = ".dang-mo-"


@dataclass(frozen=True)
class About:
    """What a backup says of itself in the clear: no name of anybody, nothing of a ballot."""

    format: int
    version: str
    vendor: str
    made_at: str
    installation: str
    migrations: list[str]
    rows: dict[str, int]  # by table


def write(folder: Path, lock: Lock) -> Path:
    """Write a backup of the database in use into `folder`, whole or not at all, and return its path.

    BackupError when the disk is full or may not be written.
    """
    now = timezone.localtime()
    path = folder / f"kiem-diem-{now:%Y%m%d-%H%M%S}{SUFFIX}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        clear(settings.VAR_DIR, OPENED)  # each night: nobody may ever bring one back again
        with passing(folder, ".dang-ghi-") as scratch:
            _write(scratch, path, lock, now)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BackupError(
            f"Không ghi được bản sao lưu vào {folder} ({reason}). Xin giải phóng chỗ trên đĩa hoặc chọn thư mục khác."
        ) from error
    return path


def _write(scratch: Path, path: Path, lock: Lock, now: datetime) -> None:
    plain, locked, whole = scratch / "database", scratch / DATABASE, scratch / "whole"
    rows = dumps.dump(plain)
    locks.lock(lock.public, plain, locked)
    plain.unlink()
    about = About(
        format=FORMAT,
        version=settings.VERSION,
        vendor=installation.vendor(),
        made_at=now.isoformat(timespec="seconds"),
        installation=installation.mark(),
        migrations=installation.applied(),
        rows=rows,
    )
    with tarfile.open(whole, "w") as tar:
        _add(tar, ABOUT, json.dumps(asdict(about), indent=1).encode())
        _add(tar, SECRET, lock.secret)
        tar.add(locked, DATABASE)
    with whole.open("rb+") as file:
        os.fsync(file.fileno())
    whole.chmod(0o600)
    os.replace(whole, path)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def read_about(path: Path) -> About:
    """What the backup says of itself; BackupError for a file that is none, or of a later form."""
    try:
        with tarfile.open(path) as tar:
            values = json.loads(_member(tar, ABOUT).read())
        about = About(**values)
    except OSError as error:
        raise BackupError(f"Không đọc được tệp {path.name}: {error.strerror}.") from error
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise BackupError(
            f"{path.name} không phải bản sao lưu của phần mềm này, hoặc chép chưa đủ."
        ) from error
    if about.format != FORMAT:
        raise BackupError(
            f"{path.name} do bản phần mềm mới hơn ghi ({about.version}). Xin nâng cấp phần mềm trước."
        )
    return about


@contextmanager
def opened(path: Path, passphrase: str, near: Path) -> Iterator[Path]:
    """The unlocked database, in a folder beside `near` that goes again; BackupError as `locks.unlock`."""
    with passing(near, OPENED) as scratch:
        try:
            with tarfile.open(path) as tar:
                secret = _member(tar, SECRET).read()
                with (scratch / DATABASE).open("wb") as locked:
                    shutil.copyfileobj(_member(tar, DATABASE), locked)
        except (tarfile.TarError, KeyError) as error:
            raise BackupError(
                "Bản sao lưu đã hỏng hoặc chép chưa đủ. Xin lấy bản khác."
            ) from error
        locks.unlock(secret, passphrase, scratch / DATABASE, scratch / "database")
        (scratch / DATABASE).unlink()
        yield scratch / "database"


def _member(tar: tarfile.TarFile, name: str) -> io.BufferedIOBase:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member  # type: ignore[return-value]


def newest(folder: Path) -> Path:
    """The newest backup of the folder; BackupError where there is none."""
    paths = listed(folder)
    if not paths:
        raise BackupError(f"Không có bản sao lưu nào trong {folder}.")
    return paths[-1]


def listed(folder: Path) -> list[Path]:
    """The backups of the folder, the oldest first: their names begin with their time."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def thin_out(folder: Path, number: int) -> list[Path]:
    """Remove all but the newest `number` backups; returns those removed."""
    surplus = listed(folder)[:-number] if number else []
    for path in surplus:
        path.unlink()
    return surplus
