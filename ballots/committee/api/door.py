"""Who may read: the token of a request, how often it may ask, and what an answer looks like, refusals too."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from ballots.models import ApiToken
from cells.models import Committee
from cells.wording import short_date
from members.models import Count, Rate, RateLimit
from partyreview import storage
from partyreview.http import places_of

SCHEME = "Bearer "
LONGEST = 100  # letters of a header that may be a token
# Of one token: a page that shows a whole committee asks some twenty times. Of one address with wrong tokens.
BY_TOKEN = Rate("api", burst=60, every=2)
BY_ADDRESS = Rate("api-wrong", burst=20, every=30)

NO_TOKEN = "Thiếu mã truy cập: xin gửi kèm đầu mục “Authorization: Bearer <mã>”."  # noqa: S105
UNKNOWN = "Mã truy cập không đúng, đã hết hạn hoặc đã thu hồi: xin cán bộ của đảng bộ tạo mã mới."
MAKER_GONE = (
    "Tài khoản đã tạo mã này không còn phụ trách đảng bộ: xin cán bộ đang phụ trách tạo mã mới."
)
ENDED = (
    "{} đã thôi hoạt động từ ngày {} (sáp nhập hoặc giải thể) nên mã này không dùng được nữa: "
    "xin dùng mã của đảng bộ nơi tiếp nhận."
)
READ_ONLY = "Địa chỉ này chỉ để đọc: xin dùng GET."
OFTEN = "Hỏi nhiều lần quá: xin chờ {} giây rồi hỏi lại."
NOT_HERE = "Không có số liệu ở địa chỉ này, hoặc đảng bộ ấy không thuộc phạm vi của mã."

Answer = dict[str, Any]
Reader = Callable[..., Answer]


class Problem(Exception):
    """An answer that is none: its status, one sentence, and headers that go with it."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        """Headers as keywords, "_" for "-"."""
        super().__init__(sentence)
        self.status, self.headers = status, {k.replace("_", "-"): v for k, v in headers.items()}


def answered(read: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """What `read` returns as JSON, with a tag by which a client learns that nothing has changed; a problem too."""

    @csrf_exempt  # nothing is written, and a writing method gets its sentence
    @login_not_required
    @wraps(read)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise Problem(405, READ_ONLY, Allow="GET, HEAD")
            return _tagged(request, read(request, *args, **kwargs))
        except Problem as problem:
            return _json({"error": str(problem)}, problem.status, problem.headers)
        except (DatabaseError, OSError) as error:
            trouble = storage.trouble_of(error)
            if trouble is None:
                raise
            return _json({"error": trouble.sentence}, trouble.status, {})

    return view


def by_token(read: Callable[..., Answer]) -> Callable[..., HttpResponse]:
    """As `answered`, for who shows a token; `read` takes its committee after the request."""

    @wraps(read)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        return read(request, _committee_of(request), *args, **kwargs)

    return answered(view)


def within(committee: Committee, pk: int) -> Committee:
    """The committee with this key, where it is the token's own or stands below it."""
    found: Committee | None = committee.subtree().filter(pk=pk).first()
    if found is None:
        raise Problem(404, NOT_HERE)
    return found


def _committee_of(request: HttpRequest) -> Committee:
    """Whose totals the request may read; today is kept as the day when the token was last used."""
    token, today = _token_of(request), timezone.localdate()
    committee = token.committee
    if seconds := RateLimit.objects.take(Count(BY_TOKEN, str(token.pk))):
        raise _too_often(seconds)
    if committee.ended_on is not None:
        raise Problem(410, ENDED.format(committee, short_date(committee.ended_on)))
    maker = token.made_by
    if not maker.is_active or maker.committee_id != committee.pk:
        raise Problem(403, MAKER_GONE)
    token.note_use(today)
    return committee


def _token_of(request: HttpRequest) -> ApiToken:
    """The token in force that was sent; wrong ones are counted against where they come from."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(SCHEME):
        raise Problem(401, NO_TOKEN, WWW_Authenticate="Bearer")
    token = None
    if len(header) <= LONGEST:
        token = ApiToken.objects.known_by(header.removeprefix(SCHEME).strip())
    today = timezone.localdate()
    if token and token.revoked_on is None and token.expires_on >= today:
        return token
    if seconds := RateLimit.objects.take(Count(BY_ADDRESS, places_of(request)[0])):
        raise _too_often(seconds)
    raise Problem(401, UNKNOWN, WWW_Authenticate='Bearer error="invalid_token"')


def _too_often(seconds: int) -> Problem:
    return Problem(429, OFTEN.format(seconds), Retry_After=str(seconds))


def _tagged(request: HttpRequest, answer: Answer) -> HttpResponse:
    response: HttpResponse = _json(answer, 200, {})
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    asked = {
        t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")
    }
    if asked & {tag, "*"}:
        response = HttpResponse(status=304)
    response["ETag"] = tag
    return response


def _json(answer: Answer, status: int, headers: dict[str, str]) -> JsonResponse:
    options = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(answer, status=status, json_dumps_params=options, headers=headers)
