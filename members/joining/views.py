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
from members.joining import codes, finding
from members.joining.codes import Entry, MustWait
from members.joining.finding import Matches
from members.models import Attendance, Device, Member
from members.models.attendance import AttendanceQuerySet
from members.reviews.asked import has_to_write
from partyreview.http import Request, posted_number

WRONG_CODE = "Không có cuộc họp nào đang điểm danh với mã này. Xin nhìn lại sáu số trên màn chiếu."
NO_CODE = "Xin gõ sáu số trên màn chiếu, rồi bấm “Tiếp tục”."
NOT_LISTED = "Tên này không có trong danh sách của cuộc họp. Xin gõ lại tên, hoặc báo bí thư."
NO_NAME = "Xin gõ họ và tên của đồng chí, rồi bấm “Tìm”."
MANY = "Có nhiều đồng chí tên như vậy. Xin gõ đủ họ, tên đệm và tên."
ONE_WORD = "Xin gõ cả họ hoặc tên đệm, rồi đến tên; không cần dấu."
NOT_FOUND = "Không thấy tên nào như vậy trong danh sách. Xin gõ lại, hoặc báo bí thư."
SLOW_NAMES = "Vừa có nhiều tên gõ sai. Xin đợi {} giây rồi bấm “Tìm” lại."


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


def _enter(request: Request, code: str, device: Device | None) -> Entry | HttpResponse:
    """The meeting under this code, or the page that says why there is none to be had."""
    try:
        entry = codes.enter(request, code, device)
    except MustWait as wait:
        return _must_wait(request, code, wait)
    return entry or _ask_for_code(request, WRONG_CODE, code, status=404)


def _must_wait(request: Request, code: str, wait: MustWait) -> HttpResponse:
    """A page that tries again by itself."""
    context = {"seconds": wait.seconds, "code": code}
    response = render(request, "members/joining/must_wait.html", context, status=429)
    response["Retry-After"] = str(wait.seconds)
    return response


@never_cache
@login_not_required
@require_safe
def join_code(request: Request, code: str) -> HttpResponse:
    """Ask for the own name; a phone the meeting knows is greeted by name instead."""
    device = cookies.of_request(request)
    entry = _enter(request, code, device)
    if isinstance(entry, HttpResponse):
        return entry
    if "doi-ten" not in request.GET and device is not None:
        place = _place_of(device, entry.meeting)
        if place:
            return redirect(place)
        listed = Attendance.objects.of(entry.meeting)
        if device.state == Device.State.ADMITTED and _may_join(listed, device.member_id):
            name = listed.listed_names().label(device.member)
            context = {"meeting": entry.meeting, "code": entry.code, "name": name}
            return render(request, "members/joining/join_known.html", context)
    return _ask_for_name(request, entry)


def _place_of(device: Device, meeting: Meeting) -> str:
    """Where a phone already belongs in this meeting: its waiting page or its calm page, or nowhere yet ("")."""
    if device.meeting_id != meeting.pk or device.state == Device.State.REVOKED:
        return ""
    if device.number is not None:
        return "members:wait"
    present = Attendance.objects.filter(meeting=meeting, member=device.member_id).present()
    return cookies.HOME if device.state == Device.State.ADMITTED and present.exists() else ""


def _may_join(listed: AttendanceQuerySet, member: int) -> bool:
    """Everybody on the meeting's list but who is suspended."""
    return listed.filter(member=member).exclude(standing=Member.Status.SUSPENDED).exists()


def _ask_for_name(
    request: Request, entry: Entry, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """Ask for a name, and show who answers to the typed one: not joined yet, or by another phone (Đổi máy)."""
    matches = Matches([])
    if typed:
        try:
            matches = finding.find(request, entry, cookies.of_request(request), typed)
            error = error or _why_none(matches, typed)
        except MustWait as wait:
            error, status = SLOW_NAMES.format(wait.seconds), 429
    by_phone = _joined_by_phone(entry.meeting, matches.members)
    shown = [(m.pk in by_phone, m.pk, matches.names.label(m)) for m in matches.members]
    context = {
        "meeting": entry.meeting,
        "code": entry.code,
        "error": error,
        "asked": typed,
        "missing": [(pk, name) for joined, pk, name in shown if not joined],
        "joined": [(pk, name) for joined, pk, name in shown if joined],
    }
    return render(request, "members/joining/join_code.html", context, status=status)


def _why_none(matches: Matches, typed: str) -> str:
    if matches.members:
        return ""
    if matches.many:
        return MANY
    return NOT_FOUND if len(typed.split()) > 1 else ONE_WORD


def _joined_by_phone(meeting: Meeting, members: list[Member]) -> set[int]:
    present = Attendance.objects.filter(meeting=meeting, member__in=members).present()
    trusted = present.filter(member__device__state=Device.State.ADMITTED)
    return set(trusted.values_list("member", flat=True))


@never_cache
@login_not_required
@require_POST
def pick(request: Request, code: str) -> HttpResponse:
    """Find the typed name; take the name that was tapped, or the phone's own where it is known, and show a number."""
    device = cookies.of_request(request)
    typed = request.POST.get("q", "").strip()[:100]
    entry = _enter(request, code, device)
    if isinstance(entry, HttpResponse):
        return entry
    if "q" in request.POST and "member" not in request.POST:
        return _ask_for_name(request, entry, typed, error="" if typed else NO_NAME)
    try:
        member = _picked(request, entry, device, typed)
        browser = cookies.browser_of(request)
        token = cookies.knock(entry.meeting, member, device, browser) if member else ""
    except MustWait as wait:
        return _ask_for_name(request, entry, error=SLOW_NAMES.format(wait.seconds), status=429)
    except cookies.CannotKnock as refusal:
        return _ask_for_name(request, entry, error=str(refusal), status=409)
    if member is None:
        return _ask_for_name(request, entry, error=NOT_LISTED, status=409)
    response = redirect("members:wait")
    cookies.remember(response, token or request.COOKIES[cookies.COOKIE])
    return response


def _picked(request: Request, entry: Entry, device: Device | None, typed: str) -> Member | None:
    """Who was tapped, if the typed name offers that one: by trying numbers, names could be read off the answers."""
    own = device.member if device and device.state == Device.State.ADMITTED else None
    chosen = posted_number(request, "member") if request.POST.get("member") else None
    if own and chosen in (None, own.pk):
        return own if _may_join(Attendance.objects.of(entry.meeting), own.pk) else None
    matches = finding.find(request, entry, device, typed) if chosen else Matches([])
    return next((member for member in matches.members if member.pk == chosen), None)


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
    context = {"device": device, "waiting": waiting, "second": _has_other_phone(device)}
    context["name"] = _listed_name(device) if waiting else ""
    return render(request, "members/joining/wait.html", context)


def _listed_name(device: Device) -> str:
    """As the list of the meeting writes the member."""
    listed = Attendance.objects.filter(meeting=device.meeting_id)
    return listed.listed_names().label(device.member)


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
