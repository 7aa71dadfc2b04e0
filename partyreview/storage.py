"""A disk that is full, a database or store of keys that does not answer: told in one sentence, on every page."""

import errno
import sys
from dataclasses import dataclass

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.csrf import requires_csrf_token


@dataclass(frozen=True)
class Trouble:
    """What hinders storing, for whoever pressed; `status` is that of HTTP, `again` after how many seconds to ask."""

    sentence: str
    status: int
    heading: str = "Chưa ghi được"
    again: int | None = None


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
# Between the last answer of the database and its next one it may have stored what was pressed, or not.
AWAY = Trouble(
    "Máy chủ chưa hỏi được cơ sở dữ liệu, thường vì nó đang khởi động lại: chừng một phút là xong, "
    "những gì đã ghi còn nguyên. Xin chờ một lát rồi mở lại trang. Vừa bấm gì thì xem kết quả trước khi bấm lần nữa; "
    "bấm lại không làm hỏng gì. Quá vài phút vẫn vậy thì báo người quản trị máy chủ.",
    503,
    "Máy chủ đang khởi động lại",
    again=10,
)
BUSY_NOW = Trouble(
    "Máy chủ đang bận ghi việc khác quá lâu nên việc vừa bấm chưa được ghi, không có gì bị mất: "
    "xin chờ một lát rồi tải lại trang và bấm lại.",
    503,
    "Máy chủ đang bận",
    again=10,
)
# SQLSTATE of PostgreSQL, the beginning of SQLite's own name of an error, or errno.
CODES: dict[str, Trouble] = {
    "53100": FULL,
    "25006": UNWRITABLE,
    "58030": UNWRITABLE,
    "57P0": AWAY,  # it stops, it starts, it has fallen
    "08": AWAY,
    "53300": AWAY,  # nobody else is let in
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_SHMSIZE": FULL,  # no room for what readers and writers share
    "SQLITE_READONLY": UNWRITABLE,
    "SQLITE_IOERR": UNWRITABLE,
    "SQLITE_CANTOPEN": UNWRITABLE,
    "SQLITE_BUSY": BUSY_NOW,
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
    AWAY: "Cơ sở dữ liệu không trả lời nên chưa chạy được: xin xem PostgreSQL có chạy không, DATABASE_URL có đúng "
    "không, rồi chạy lại.",
    SILENT: "Kho khoá không trả lời nên chưa chạy được: xin xem kho có chạy không, KEY_STORE_URL có đúng không, rồi "
    "chạy lại.",
}
BROKEN = (
    "Tệp dữ liệu bị hỏng hoặc không phải của phần mềm này nên chưa mở: xin phục hồi bản sao lưu mới nhất "
    "(manage.py restore)."
)
BUSY = "Tệp dữ liệu đang bị một chương trình khác giữ: xin dừng chương trình ấy rồi chạy lại."
SQLITE_AT_START = {"SQLITE_NOTADB": BROKEN, "SQLITE_CORRUPT": BROKEN, "SQLITE_BUSY": BUSY}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Why this could not be stored; None for any other error. The transaction was undone by whoever raised it."""
    if isinstance(error, Error):
        cause = error.__cause__
        code = getattr(cause, "pgcode", None) or getattr(cause, "sqlite_errorname", None) or ""
        known = next((CODES[each] for each in CODES if code.startswith(each)), None)
        return AWAY if not code and _is_unheard(error) else known
    return ERRNOS.get(error.errno or 0) if isinstance(error, OSError) else None


def _is_unheard(error: Error) -> bool:
    """Whether PostgreSQL was not reached, or went away while it was asked: then no code of its own has come."""
    cause = error.__cause__
    kinds = OperationalError, InterfaceError
    return isinstance(error, kinds) and type(cause).__module__.startswith("psycopg2")


def sentence_at_start(error: BaseException) -> str:
    """Why a command cannot begin, for whoever started it; "" where it is nothing of storage."""
    trouble = trouble_of(error)
    if trouble is None and getattr(error, "errno", None) in (errno.EACCES, errno.EPERM):
        trouble = UNWRITABLE
    if trouble in AT_START:
        return AT_START[trouble]
    name = getattr(error.__cause__, "sqlite_errorname", None) or ""
    return next((SQLITE_AT_START[each] for each in SQLITE_AT_START if name.startswith(each)), "")


def page(trouble: Trouble) -> HttpResponse:
    """The sentence as a page that asks nothing of the database: not who looks at it, nor what else there is to say."""
    content = render_to_string("storage.html", {"trouble": trouble})
    return HttpResponse(content, status=trouble.status, headers=headers(trouble))


def headers(trouble: Trouble) -> dict[str, str]:
    """What goes with the answer: it is kept nowhere, and says when to ask again where that helps."""
    again = {} if trouble.again is None else {"Retry-After": str(trouble.again)}
    return {"Cache-Control": "no-store", **again}


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """What is left when no guard has caught an error (Django's handler500)."""
    trouble = trouble_of(sys.exc_info()[1])
    return page(trouble) if trouble else defaults.server_error(request)
