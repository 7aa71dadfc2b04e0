"""/suc-khoe/: whether the program lives, whether it can serve, and its numbers for Prometheus."""

import logging
from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ballots.service import condition

PLAIN = "text/plain; charset=utf-8"
# What this process has last told the log of its readiness; a name whose messages are told whole (partyreview/logs.py).
_told = ""
_log = logging.getLogger("partyreview.health")


@never_cache
@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as a worker answers; asks nothing of anybody else."""
    return HttpResponse("sống\n", content_type=PLAIN)


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 with the one sentence that says why a proxy should ask another server."""
    why = condition.unready()
    _tell(why)
    answer = HttpResponse(f"{why or 'sẵn sàng'}\n", content_type=PLAIN, status=503 if why else 200)
    # Else Django writes a line for each probe, several in a second with some balancers.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _tell(why: str) -> None:
    """Write one line when this process becomes unready, for another reason, or ready again."""
    global _told
    if why == _told:
        return
    _told = why
    if why:
        _log.error(why)
    else:
        _log.warning("Phục vụ lại được.")


@never_cache
@login_not_required
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers, for who shows METRICS_TOKEN as a bearer; 404 for everybody else, as where nobody scrapes."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not compare_digest(shown.encode(), token.encode()):
        raise Http404
    from ballots.service import metrics  # on first use: few installations are scraped

    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
