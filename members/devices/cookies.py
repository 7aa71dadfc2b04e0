"""The phone in a member's hand: its cookie, how it knocks, and the guard of the pages only a trusted phone may see."""

import secrets
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from cells.models import Cell, Meeting
from members.models import Attendance, Device, Member

COOKIE = "may"
HOME = (
    settings.SITE_PATH + "hop/"
)  # the calm page of a phone that was let in; ballots/phone/views.py serves it
ONE_YEAR = 365 * 24 * 3600
NUMBERS = range(10, 100)
IN_USE = (
    "Máy này đang họp với tên đồng chí {}. Mỗi máy dùng cho một người; "
    "đồng chí không có máy riêng xin báo bí thư để nhận phiếu bốc thăm."
)

WAIT = (
    "Chi bộ đang họp và máy này đang dùng để bỏ phiếu kín, nên chưa ghi gì. "
    "Xin lưu lại sau khi bế mạc, hoặc lưu từ máy tính."
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


def must_wait(request: HttpRequest, cell: Cell) -> bool:
    """Whether an officer's page is open on a phone that votes, in a cell that meets now: nothing is written then.

    Its time would be one more trace of when this phone was in its owner's hand.
    """
    if COOKIE not in request.COOKIES:
        return False
    return Meeting.objects.filter(cell=cell, state=Meeting.State.OPEN).exists()


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
            sentence = "Máy này chưa được nhận vào cuộc họp. Xin vào họp bằng mã sáu số."
            return JsonResponse({"error": sentence}, status=403)
        return redirect("members:join")

    return wrapper


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asks, which reads JSON, and not a person, who reads a page."""
    sent = request.content_type or ""
    return sent in ("application/octet-stream", "application/json") or (
        request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


def knock(meeting: Meeting, member: Member, device: Device | None) -> str:
    """Show a two-digit number for this member, and wait; returns the new cookie, "" where the phone keeps its own.

    `device` is the phone that asks, if it is known. A phone that changes its mind becomes a new row: the secretary who
    is just clicking "47 — đ/c An" can never let in somebody else under that number. Raises CannotKnock.
    """
    if device is None or device.member_id != member.pk or device.state == Device.State.REVOKED:
        _must_be_free(meeting, device)
        token = Device.new_token()
        fresh = Device(member=member, token_hash=Device.hash(token), meeting=meeting)
        _take_number(fresh)
        if device is not None and device.state == Device.State.PENDING:
            Device.objects.filter(pk=device.pk, state=Device.State.PENDING).delete()
        return token
    if device.meeting_id != meeting.pk or device.number is None:
        device.meeting = meeting
        _take_number(device)
    return ""


def _must_be_free(meeting: Meeting, device: Device | None) -> None:
    """A phone with which somebody sits in this meeting cannot take another name: it may hold that person's ballot."""
    if device is None or device.state != Device.State.ADMITTED:
        return
    if Attendance.objects.filter(meeting=meeting, member=device.member_id).present().exists():
        raise CannotKnock(IN_USE.format(device.member))


def _take_number(device: Device) -> None:
    """Save the phone with a number no other waiting phone shows; the constraint decides between two at once."""
    for _ in NUMBERS:
        waiting = Device.objects.filter(meeting=device.meeting_id, number__isnull=False)
        taken = set(waiting.values_list("number", flat=True))
        free = [number for number in NUMBERS if number not in taken]
        if not free:
            break
        device.number = secrets.choice(free)
        try:
            with transaction.atomic():
                if device.pk is None:
                    device.save()
                else:
                    device.save(update_fields=["meeting", "number"])
                return
        except IntegrityError:
            continue
    raise CannotKnock("Đang có quá nhiều máy chờ. Xin bí thư nhận bớt máy, rồi đồng chí bấm lại.")


def adopt(member: Member, device: Device | None) -> str:
    """Trust the phone that used the member's personal link, in place of the former one; returns its cookie.

    Inside the caller's transaction; `device` is what this phone was until now. Raises CannotKnock while the member
    sits in a meeting with the former phone: only the secretary, who sees the person, may change phones then.
    """
    if device is not None and device.state == Device.State.ADMITTED and _sits(device.member_id):
        raise CannotKnock(IN_USE.format(device.member))
    former = Device.objects.select_for_update().filter(member=member, state=Device.State.ADMITTED)
    if former and _sits(member.pk):
        raise CannotKnock(
            "Đồng chí đang họp bằng một máy khác. Muốn đổi sang máy này, xin vào họp bằng mã sáu số "
            "và báo bí thư bấm “Đổi máy”."
        )
    former.update(state=Device.State.REVOKED, number=None)
    token = Device.new_token()
    Device.objects.create(
        member=member, token_hash=Device.hash(token), state=Device.State.ADMITTED
    )
    return token


def _sits(member: int) -> bool:
    """Whether the member is present at a meeting that is not over."""
    here = Attendance.objects.filter(member=member).present()
    return here.exclude(meeting__state=Meeting.State.CLOSED).exists()
