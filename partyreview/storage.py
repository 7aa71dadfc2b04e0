"""A disk that is full, a database or store of keys that does not answer: told in one sentence, on every page."""

import errno
import sys
from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.csrf import requires_csrf_token


@dataclass(frozen=True)
class Trouble:
    """What hinders storing, for whoever pressed; `status` is that of HTTP."""

    sentence: str
    status: int


FULL = Trouble(
    "Đĩa của máy chủ đã đầy nên việc vừa bấm chưa được ghi, không có gì bị mất: "
    "xin báo người quản trị máy chủ giải phóng chỗ, rồi tải lại trang và bấm lại.",
    507,
)
UNWRITABLE = Trouble(
    "Máy chủ không ghi được vào nơi lưu dữ liệu nên việc vừa bấm chưa được ghi, không có gì bị mất: "
    "xin báo người quản trị máy chủ, rồi tải lại trang và bấm lại.",
    503,
)
SILENT = Trouble(
    "Kho khoá của phiếu kín chưa trả lời nên việc vừa bấm chưa làm được, không có gì bị đổi hay mất: "
    "xin chờ một lát rồi tải lại trang và bấm lại; quá vài phút vẫn vậy thì báo người quản trị máy chủ.",
    503,
)
# SQLSTATE of PostgreSQL, the beginning of SQLite's own name of an error, or errno.
CODES: dict[str, Trouble] = {
    "53100": FULL,
    "25006": UNWRITABLE,
    "58030": UNWRITABLE,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": UNWRITABLE,
    "SQLITE_IOERR": UNWRITABLE,
    "SQLITE_CANTOPEN": UNWRITABLE,
}
ERRNOS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: UNWRITABLE,
    errno.EHOSTUNREACH: SILENT,  # ballots/secret/key_server.py:Unreachable
}

# The same at the start of a command, where nobody has pressed anything.
AT_START = {
    FULL: "Đĩa của máy này đã đầy nên chưa chạy được: xin giải phóng chỗ rồi chạy lại, dữ liệu còn nguyên.",
    UNWRITABLE: "Không ghi được vào thư mục dữ liệu nên chưa chạy được: xin xem quyền ghi của người chạy "
    "chương trình, và đĩa có bị gắn ở chế độ chỉ đọc không, rồi chạy lại.",
}
BROKEN = (
    "Tệp dữ liệu bị hỏng hoặc không phải của phần mềm này nên chưa mở: xin phục hồi bản sao lưu mới nhất "
    "(manage.py restore)."
)
BUSY = "Tệp dữ liệu đang bị một chương trình khác giữ: xin dừng chương trình ấy rồi chạy lại."
SQLITE_AT_START = {"SQLITE_NOTADB": BROKEN, "SQLITE_CORRUPT": BROKEN, "SQLITE_BUSY": BUSY}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Why this could not be stored; None for any other error. The transaction was undone by whoever raised it."""
    if isinstance(error, DatabaseError):
        cause = error.__cause__
        code = getattr(cause, "pgcode", None) or getattr(cause, "sqlite_errorname", None) or ""
        return next((CODES[each] for each in CODES if code.startswith(each)), None)
    return ERRNOS.get(error.errno or 0) if isinstance(error, OSError) else None


def sentence_at_start(error: BaseException) -> str:
    """Why a command cannot begin, for whoever started it; "" where it is nothing of storage."""
    trouble = trouble_of(error)
    if trouble is None and getattr(error, "errno", None) in (errno.EACCES, errno.EPERM):
        trouble = UNWRITABLE
    if trouble is not None:
        return AT_START[trouble]
    name = getattr(error.__cause__, "sqlite_errorname", None) or ""
    return next((SQLITE_AT_START[each] for each in SQLITE_AT_START if name.startswith(each)), "")


def page(trouble: Trouble) -> HttpResponse:
    """The sentence as a page that asks nothing of the database: not who looks at it, nor what else there is to say."""
    content = render_to_string("storage.html", {"sentence": trouble.sentence})
    return HttpResponse(content, status=trouble.status, headers={"Cache-Control": "no-store"})


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """What is left when no guard has caught an error (Django's handler500)."""
    trouble = trouble_of(sys.exc_info()[1])
    return page(trouble) if trouble else defaults.server_error(request)
