"""The phone in a member's hand: its cookie, how it knocks, and the guard of the pages only a trusted phone may see."""

import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from cells.models import Cell, Meeting
from members.models import Attendance, Device, Member, PhoneChange

COOKIE = "may"
# The calm page of a phone that was let in; ballots/phone/views.py serves it.
HOME = settings.SITE_PATH + "hop/"
ONE_YEAR = 365 * 24 * 3600
NUMBERS = range(10, 100)
MORE_NUMBERS = range(100, 1000)
# How many phones that nobody has admitted may wait under one name; one more sends the first of them away.
STRANGERS = 3
IN_USE = (
    "Máy này đang họp với tên đồng chí {}. Mỗi máy dùng cho một người; "
    "đồng chí không có máy riêng xin báo bí thư để nhận phiếu bốc thăm."
)
TOO_MANY = (
    "Đang có quá nhiều máy chờ. Xin bí thư nhận bớt máy hoặc bấm “Từ chối tất cả”, "
    "rồi đồng chí bấm lại."
)
WAIT = (
    "Hội nghị đang họp và máy này đang dùng để bỏ phiếu kín, nên chưa ghi gì. "
    "Xin lưu lại sau khi bế mạc, hoặc lưu từ máy tính."
)
# For the page that was drawn for the other, and for the own page that is the answer to what was sent from there.
OTHERS_PAGE = (
    "Trang này mở lúc máy còn là máy của đồng chí khác, nên chưa ghi gì. Xin tải lại trang."
)
SENT_FROM_OTHERS_PAGE = (
    "Trang vừa gửi mở lúc máy còn là máy của đồng chí khác, nên chưa ghi gì. "
    "Đây là trang của đồng chí."
)
UNKNOWN = (
    "Máy này chưa được nhận, hoặc không còn được nhận là máy của đồng chí. "
    "Xin vào họp bằng mã sáu số, hoặc nhờ bí thư gửi lại liên kết riêng."
)


class CannotKnock(Exception):
    """A phone that may not ask to be let in; the message is one Vietnamese sentence that says what to do."""


def of_request(request: HttpRequest) -> Device | None:
    """The phone that sent this request, whatever its state; None without a cookie that the table knows."""
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    return (
        Device.objects.filter(token_hash=Device.hash(token))
        .select_related("member", "meeting")
        .first()
    )


def trusted(request: HttpRequest) -> Device | None:
    """The phone that sent this request, if the secretary has admitted it; alone, for a whole hall asks at once."""
    token = request.COOKIES.get(COOKIE, "")
    return Device.objects.admitted(token) if token else None


def owner(request: HttpRequest) -> int | None:
    """Whose phone sent this request, if the secretary has admitted it: the member's key, and nothing else is read."""
    token = request.COOKIES.get(COOKIE, "")
    return Device.objects.owner(token) if token else None


def must_wait(request: HttpRequest, cell: Cell) -> bool:
    """Whether an officer's page is open on a phone that votes in a meeting that is held now: nothing is written then.

    In the cell's own meeting, or in that of a committee to which the phone's owner is summoned. The time of what is
    written would be one more trace of when this phone was in its owner's hand.
    """
    if COOKIE not in request.COOKIES:
        return False
    summons = Attendance.objects.at_sittings(owner(request)).values("meeting")
    held = Q(cell=cell) | Q(pk__in=summons)
    return Meeting.objects.filter(held, state=Meeting.State.OPEN).exists()


def remember(response: HttpResponse, token: str) -> None:
    """Give the phone its cookie, under the site's path only: it never travels to the voting page or the box.

    Lax, not Strict: a link tapped in Zalo, or a scanned code, must find its phone again. No POST from another site
    carries it either way.
    """
    response.set_cookie(
        COOKIE,
        token,
        max_age=ONE_YEAR,
        path=settings.SITE_PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def device_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let trusted phones in, as `request.device`; others are sent to join, and their scripts get 403 with a reason."""

    @never_cache
    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        device = trusted(request)
        if device is not None:
            request.device = device  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        if wants_data(request):
            return JsonResponse({"error": UNKNOWN}, status=403)
        return redirect("members:join")

    return wrapper


def is_page_of_another(request: HttpRequest) -> bool:
    """Whether the form was drawn while this phone was somebody else's, whose words it has."""
    drawn_for = request.POST.get("member")
    return drawn_for is not None and drawn_for != str(request.device.member_id)  # type: ignore[attr-defined]


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks, which reads JSON, and not a person, who reads a page."""
    sent = request.content_type or ""
    return sent in ("application/octet-stream", "application/json") or (
        request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def knock(meeting: Meeting, member: Member, device: Device | None, browser: str = "") -> str:
    """Show a number for this member, and wait; returns the new cookie, "" where the phone keeps its own.

    `device` is the phone that asks, if it is known; `browser` tells one that is not (`browser_of`). A phone that
    changes its mind becomes a new row: the secretary who is just clicking "47 — đ/c An" can never let in somebody else
    under that number. Its former knock is over. Raises CannotKnock.
    """
    if device is None or device.member_id != member.pk or device.state == Device.State.REVOKED:
        _must_be_free(meeting, device)
        token = Device.new_token()
        fresh = Device(member=member, token_hash=Device.hash(token), meeting=meeting)
        _take_number(fresh, browser, device)
        return token
    if device.meeting_id != meeting.pk or device.number is None:
        device.meeting = meeting
        _take_number(device, browser, device)
    return ""


def browser_of(request: HttpRequest) -> str:
    """Which browser asks, phone cookie or not: the hash of its CSRF cookie; "" without one."""
    secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return Device.hash(secret) if secret else ""


def _must_be_free(meeting: Meeting, device: Device | None) -> None:
    """A phone with which somebody sits in this meeting cannot take another name: it may hold that person's ballot."""
    if device is None or device.state != Device.State.ADMITTED:
        return
    if Attendance.objects.filter(meeting=meeting, member=device.member_id).present().exists():
        raise CannotKnock(IN_USE.format(device.member.listed_name))


def _take_number(device: Device, browser: str, former: Device | None) -> None:
    """Save the phone with a number no other waiting phone shows; the constraints decide between two at once."""
    for _ in NUMBERS:
        try:
            with transaction.atomic():
                _end_former_knocks(device, browser, former)
                device.number, device.browser = _free_number(device), browser
                if device.pk is None:
                    device.save()
                else:
                    device.save(update_fields=["meeting", "number", "browser"])
                return
        except IntegrityError:
            continue
    raise CannotKnock(TOO_MANY)


def _end_former_knocks(device: Device, browser: str, former: Device | None) -> None:
    """One browser knocks once; and of many strangers under one name only the last few wait, not the whole hall."""
    same = Q(pk=former.pk if former else None)
    if browser:
        same |= Q(meeting=device.meeting_id, browser=browser, number__isnull=False)
    others = Device.objects.filter(same).exclude(pk=device.pk)
    others.filter(state=Device.State.PENDING).delete()
    others.stop_knocking()
    under_name = Device.objects.filter(meeting=device.meeting_id, member=device.member_id)
    strangers = under_name.filter(state=Device.State.PENDING, number__isnull=False).order_by("-pk")
    crowd = list(strangers.values_list("pk", flat=True)[STRANGERS - 1 :])
    Device.objects.filter(pk__in=crowd).stop_knocking(state=Device.State.REVOKED)


def _free_number(device: Device) -> int:
    """Two digits; three while every one of those is taken, so that nobody is shut out."""
    waiting = Device.objects.filter(meeting=device.meeting_id, number__isnull=False)
    taken = set(waiting.values_list("number", flat=True))
    for numbers in (NUMBERS, MORE_NUMBERS):
        if free := [number for number in numbers if number not in taken]:
            return secrets.choice(free)
    raise CannotKnock(TOO_MANY)


def adopt(member: Member, device: Device | None) -> str:
    """Trust the phone that used the member's personal link, in place of the former one; returns its cookie.

    Inside the caller's transaction; `device` is what this phone was until now. Raises CannotKnock while the member
    sits in a meeting with the former phone: only the secretary, who sees the person, may change phones then.
    """
    if device is not None and device.state == Device.State.ADMITTED and _sits(device.member_id):
        raise CannotKnock(IN_USE.format(device.member.listed_name))
    former = Device.objects.select_for_update().filter(member=member, state=Device.State.ADMITTED)
    if former and _sits(member.pk):
        raise CannotKnock(
            "Đồng chí đang họp bằng một máy khác. Muốn đổi sang máy này, xin vào họp bằng mã sáu số "
            "và báo bí thư bấm “Đổi sang máy này”."
        )
    former.stop_knocking(state=Device.State.REVOKED)
    token = Device.new_token()
    Device.objects.create(
        member=member, token_hash=Device.hash(token), state=Device.State.ADMITTED, by_link=True
    )
    # Closing check-in for a moment does not undo that it had begun: somebody is here.
    here = Exists(Attendance.objects.filter(meeting=OuterRef("pk")).present())
    begun = Q(state=Meeting.State.OPEN) | Q(state=Meeting.State.PLANNED) & (
        Q(code__isnull=False) | here
    )
    meetings = Meeting.objects.filter(begun, attendance__member=member)
    PhoneChange.objects.note(member.pk, PhoneChange.Kind.LINKED, *meetings)
    return token


def _sits(member: int) -> bool:
    """Whether the member is present at a meeting that is not over."""
    here = Attendance.objects.filter(member=member).present()
    return here.exclude(meeting__state=Meeting.State.CLOSED).exists()
