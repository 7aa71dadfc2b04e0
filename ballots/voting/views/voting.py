"""What a phone asks with its cookie: a stamp and its acknowledgement; and the drawn slip, which asks without one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ballots.core.guard import View, refusals_as_json, voter_of
from ballots.secret.sheet import CODE_LENGTH, P_LENGTH, REQUEST_LENGTH
from ballots.voting import issuing
from ballots.voting.bodies import exact_bytes


def own_page_only(view: View) -> View:
    """Refuse requests of other sites: these addresses take no CSRF token, since no cookie reaches the voting page.

    A cookie that no POST of another site carries, a content type no form can send, and the browser's own word on the
    origin.
    """

    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        origin = request.META.get("HTTP_ORIGIN")
        foreign = origin is not None and origin != f"{request.scheme}://{request.get_host()}"
        if foreign or request.content_type != "application/octet-stream":
            return JsonResponse({"error": "Yêu cầu không đến từ trang bỏ phiếu này."}, status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(require_POST(guarded))


@login_not_required
@own_page_only
@refusals_as_json
def stamp(request: HttpRequest) -> HttpResponse:
    """Answer P ‖ z with the blind stamp of this phone's member."""
    voter = voter_of(request)
    body = exact_bytes(request, REQUEST_LENGTH)
    made = issuing.stamp(voter, body[:P_LENGTH], body[P_LENGTH:])
    return HttpResponse(made, content_type="application/octet-stream")


@login_not_required
@own_page_only
@refusals_as_json
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Take note that the phone holds its stamp."""
    issuing.acknowledge(voter_of(request), exact_bytes(request, P_LENGTH))
    return HttpResponse(status=204)


@login_not_required
@own_page_only
@refusals_as_json
def stamp_slip(request: HttpRequest) -> HttpResponse:
    """Answer P ‖ z ‖ code with the blind stamp of a drawn slip, anonymously."""
    body = exact_bytes(request, REQUEST_LENGTH + CODE_LENGTH)
    request_bytes, code = body[:REQUEST_LENGTH], body[REQUEST_LENGTH:]
    made = issuing.stamp_slip(request_bytes[:P_LENGTH], request_bytes[P_LENGTH:], code)
    return HttpResponse(made, content_type="application/octet-stream")
