"""A phone joins a meeting: six digits, the own name, two digits for the secretary's eye, then a calm page."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cells.models import Meeting
from members.devices import cookies, links
from members.joining import codes
from members.models import Attendance, Device, Member
from members.models.attendance import AttendanceQuerySet
from members.reviews.asked import has_to_write
from members.rules.names import search_key
from partyreview.http import Request, posted_number

WRONG_CODE = "Không có cuộc họp nào đang điểm danh với mã này. Xin nhìn lại sáu số trên màn chiếu."
NO_CODE = "Xin gõ sáu số trên màn chiếu, rồi bấm “Tiếp tục”."
TOO_MANY = "Từ mạng này đã có quá nhiều mã sai. Xin đợi mười phút, hoặc báo bí thư."
NOT_LISTED = "Tên này không có trong danh sách của cuộc họp. Xin chọn lại tên, hoặc báo bí thư."
# A list longer than one screen gets a search box.
LONG_LIST = 10


@never_cache
@login_not_required
@require_safe
def join(request: Request) -> HttpResponse:
    """Ask for the six digits on the projector."""
    if request.GET.get("code", "").strip():
        return redirect("members:join_code", request.GET["code"].strip()[:20].replace("/", " "))
    return _ask_for_code(request, NO_CODE if "code" in request.GET else "")


def _ask_for_code(
    request: Request, error: str = "", code: str = "", status: int = 200
) -> HttpResponse:
    device = cookies.of_request(request)
    return render(
        request,
        "members/joining/join.html",
        {"error": error, "code": code, "device": device, "states": Device.State},
        status=status,
    )


def _wrong_code(request: Request, code: str) -> HttpResponse:
    codes.note_mistake(request)
    if codes.too_many_mistakes(request):
        return _ask_for_code(request, TOO_MANY, code, status=429)
    return _ask_for_code(request, WRONG_CODE, code, status=404)


@never_cache
@login_not_required
@require_safe
def join_code(request: Request, code: str) -> HttpResponse:
    """Show the names of the meeting's list; a phone the meeting knows is greeted by name instead."""
    meeting = codes.meeting_of(code)
    if meeting is None:
        return _wrong_code(request, code)
    device = cookies.of_request(request)
    if "doi-ten" not in request.GET and device is not None:
        place = _place_of(device, meeting)
        if place:
            return redirect(place)
        if (
            device.state == Device.State.ADMITTED
            and _list_of(meeting).filter(member=device.member).exists()
        ):
            return render(
                request, "members/joining/join_known.html", {"meeting": meeting, "device": device}
            )
    return _ask_for_name(request, meeting)


def _place_of(device: Device, meeting: Meeting) -> str:
    """Where a phone already belongs in this meeting: its waiting page or its calm page, or nowhere yet ("")."""
    if device.meeting_id != meeting.pk or device.state == Device.State.REVOKED:
        return ""
    if device.number is not None:
        return "members:wait"
    present = Attendance.objects.filter(meeting=meeting, member=device.member_id).present()
    return cookies.HOME if device.state == Device.State.ADMITTED and present.exists() else ""


def _list_of(meeting: Meeting) -> AttendanceQuerySet:
    """Who may join: everybody on the meeting's list who is not suspended, by given name."""
    return (
        Attendance.objects.filter(meeting=meeting)
        .exclude(standing=Member.Status.SUSPENDED)
        .select_related("member")
        .order_by("member__name_sort", "member__born_year", "pk")
    )


def _ask_for_name(request: Request, meeting: Meeting, error: str = "") -> HttpResponse:
    """The list to pick from: first those who have not joined by phone, then those who have (Đổi máy)."""
    query = request.GET.get("q", "").strip()
    guessed = codes.too_many_mistakes(request)
    rows = list(_list_of(meeting))
    trusted = Device.objects.filter(
        state=Device.State.ADMITTED, member__attendance__meeting=meeting
    )
    by_phone = set(trusted.values_list("member", flat=True))
    names = Attendance.objects.of(meeting).listed_names()
    shown: dict[bool, list[tuple[int, str]]] = {False: [], True: []}
    for row in rows:
        if _matches(row.member, query, whole=guessed):
            joined = row.member_id in by_phone and row.state == Attendance.State.PRESENT
            shown[joined].append((row.member_id, names.label(row.member)))
    return render(
        request,
        "members/joining/join_code.html",
        {
            "meeting": meeting,
            "error": error,
            "asked": query,
            "guessed": guessed,
            "long": len(rows) > LONG_LIST,
            "missing": shown[False],
            "joined": shown[True],
        },
        status=409 if error else 200,
    )


def _matches(member: Member, query: str, whole: bool) -> bool:
    """Whether the name answers the search: any part of it, or the whole name where codes have been guessed."""
    key = search_key(query)
    return key == member.name_search if whole else key in member.name_search


@never_cache
@login_not_required
@require_POST
def pick(request: Request, code: str) -> HttpResponse:
    """Take the name that was tapped, or the phone's own where it is known, and show a number to the secretary."""
    meeting = codes.meeting_of(code)
    if meeting is None:
        return _wrong_code(request, code)
    device = cookies.of_request(request)
    member = _picked(request, meeting, device)
    if member is None:
        return _ask_for_name(request, meeting, NOT_LISTED)
    try:
        token = cookies.knock(meeting, member, device, cookies.browser_of(request))
    except cookies.CannotKnock as refusal:
        return _ask_for_name(request, meeting, str(refusal))
    response = redirect("members:wait")
    cookies.remember(response, token or request.COOKIES[cookies.COOKIE])
    return response


def _picked(request: Request, meeting: Meeting, device: Device | None) -> Member | None:
    own = device.member_id if device and device.state == Device.State.ADMITTED else None
    chosen = posted_number(request, "member") if request.POST.get("member") else own
    row = _list_of(meeting).filter(member=chosen).first()
    if row is None:
        return None
    # Where codes have been guessed, numbers could be too: only who typed the whole name was offered it.
    told = row.member_id == own or not codes.too_many_mistakes(request)
    return row.member if told or _matches(row.member, request.POST.get("q", ""), True) else None


@never_cache
@login_not_required
@require_safe
def wait(request: Request) -> HttpResponse:
    """Show the two digits until the secretary lets the phone in; to a script, say only whether that has happened."""
    device = cookies.of_request(request)
    if device is None:
        return redirect("members:join")
    waiting = device.number is not None and device.state != Device.State.REVOKED
    if not waiting and device.state == Device.State.ADMITTED:
        return _lead_on(request, cookies.HOME)
    if cookies.wants_data(request):
        return JsonResponse({"number": device.number if waiting else None, "go": ""})
    return render(
        request,
        "members/joining/wait.html",
        {"device": device, "waiting": waiting, "second": _has_other_phone(device)},
    )


def _lead_on(request: Request, address: str) -> HttpResponse:
    if cookies.wants_data(request):
        return JsonResponse({"number": None, "go": address})
    return redirect(address)


def _has_other_phone(device: Device) -> bool:
    """Whether the member is already in this meeting with another phone: the secretary must change it (Đổi máy)."""
    others = Device.objects.filter(member=device.member_id, state=Device.State.ADMITTED).exclude(
        pk=device.pk
    )
    here = Attendance.objects.filter(meeting=device.meeting_id, member=device.member_id).present()
    return others.exists() and here.exists()


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def personal_link(request: Request, token: str) -> HttpResponse:
    """Greet the member; "Dùng máy này" makes this phone the member's own. Looking alone uses nothing up."""
    owner = links.member_of(token)
    device = cookies.of_request(request)
    if owner is None:
        return render(request, "members/joining/link_dead.html", status=410)
    member, nonce = owner
    if (
        device is not None
        and device.member_id == member.pk
        and device.state == Device.State.ADMITTED
    ):
        return redirect(_where_to(member))
    if not nonce or nonce != member.link_nonce:
        return render(request, "members/joining/link_dead.html", status=410)
    if request.method != "POST":
        return render(
            request, "members/joining/personal_link.html", {"member": member, "error": ""}
        )
    return _adopt(request, member, nonce, device)


def _adopt(request: Request, member: Member, nonce: str, device: Device | None) -> HttpResponse:
    try:
        with transaction.atomic():
            if not links.use_up(member, nonce):
                return render(request, "members/joining/link_dead.html", status=410)
            cookie = cookies.adopt(member, device)
            member.record("device.linked")
    except cookies.CannotKnock as refusal:
        context = {"member": member, "error": str(refusal)}
        return render(request, "members/joining/personal_link.html", context, status=409)
    response = redirect(_where_to(member))
    cookies.remember(response, cookie)
    return response


def _where_to(member: Member) -> str:
    """At home the link leads to what is still to be written; in the hall, and afterwards, to the calm page."""
    return "members:review" if has_to_write(member, timezone.localdate()) else cookies.HOME
