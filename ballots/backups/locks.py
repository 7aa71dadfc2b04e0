"""The lock of the backups: one key pair, whose secret half only the passphrase opens (age, age-encryption.org/v1).

The server writes backups every night without knowing the passphrase: it keeps the public half in the clear and the
secret half locked. Every backup carries that locked half, so that passphrase and file are all a restore needs.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pyrage
from pyrage import passphrase as by_passphrase
from pyrage import x25519

PUBLIC, SECRET = "public.txt", "secret.age"
# Letters of a passphrase: four words of one syllable have more.
SHORTEST = 12


class BackupError(Exception):
    """What went wrong and what to do, as one Vietnamese sentence."""


@dataclass(frozen=True)
class Lock:
    """The public half, and the secret half as the passphrase has locked it."""

    public: str
    secret: bytes


def make(folder: Path, passphrase: str) -> Lock:
    """Make the key pair of this installation once, readable by its owner only; BackupError where there is one."""
    if len(passphrase) < SHORTEST:
        raise BackupError(
            f"Câu mật khẩu cần ít nhất {SHORTEST} ký tự, ví dụ bốn từ không liền nhau."
        )
    if (folder / PUBLIC).exists():
        raise BackupError(
            f"Khoá sao lưu đã có ở {folder}. Muốn đổi câu mật khẩu thì chuyển thư mục ấy đi chỗ khác, rồi chạy lại; "
            "các bản sao lưu cũ vẫn mở bằng câu cũ."
        )
    identity = x25519.Identity.generate()
    lock = Lock(
        str(identity.to_public()), by_passphrase.encrypt(str(identity).encode(), passphrase)
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / SECRET, lock.secret)
    _write(folder / PUBLIC, lock.public.encode())  # last: a pair without it is none
    return lock


def passphrase_in(file: Path) -> str:
    """The passphrase that a file holds alone; BackupError where it cannot be read."""
    try:
        return file.read_text("utf-8").strip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            f"Không đọc được câu mật khẩu trong tệp {file}: xin xem lại đường dẫn, quyền đọc, và tệp có là "
            "chữ UTF-8 không."
        ) from error


def read(folder: Path) -> Lock:
    """The key pair of this installation; BackupError where there is none."""
    try:
        return Lock((folder / PUBLIC).read_text("utf-8"), (folder / SECRET).read_bytes())
    except FileNotFoundError as error:
        raise BackupError(
            "Máy này chưa có khoá sao lưu. Chạy một lần: manage.py backup --init, rồi cất câu mật khẩu ở nơi khác."
        ) from error


def lock(public: str, source: Path, target: Path) -> None:
    """Write `source`, locked, to `target`."""
    pyrage.encrypt_file(str(source), str(target), [x25519.Recipient.from_str(public)])


def unlock(secret: bytes, passphrase: str, source: Path, target: Path) -> None:
    """Write what `source` holds to `target`; BackupError for a wrong passphrase or a damaged file."""
    try:
        identity = x25519.Identity.from_str(by_passphrase.decrypt(secret, passphrase).decode())
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        if str(error).startswith("Excessive work"):  # refused before the passphrase was tried
            raise BackupError(
                "Máy này chậm hơn nhiều so với máy đã đặt câu mật khẩu, hoặc đang quá bận, nên chưa thử mở được bản "
                "sao lưu. Xin chạy lại lúc máy rảnh, hoặc phục hồi trên máy nhanh hơn."
            ) from error
        raise BackupError(
            "Câu mật khẩu không mở được bản sao lưu này. Xin gõ lại, để ý chữ hoa và bộ gõ tiếng Việt."
        ) from error
    try:
        pyrage.decrypt_file(str(source), str(target), [identity])
    except (pyrage.DecryptError, OSError) as error:
        if getattr(
            error, "errno", None
        ):  # of the system: a full disk, say; the library's own has no number
            raise BackupError(f"Không mở được bản sao lưu ra đĩa: {error}.") from error
        raise BackupError(
            "Bản sao lưu đã hỏng hoặc chép chưa đủ. Xin lấy bản khác, hoặc chép lại từ nơi cất."
        ) from error


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
