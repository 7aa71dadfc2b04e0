"""The file a job has made, whole or from where a download broke off (RFC 9110, 14); one piece in memory at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.functions import Length
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from ballots.models import Job
from partyreview.http import Request

# One range, as browsers, curl and wget ask for the rest of a file; of several at once the whole file is sent instead.
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class Span:
    """From this byte up to, not including, that one."""

    start: int
    end: int


def answer(request: Request, job: Job) -> HttpResponseBase:
    """The file, the part of it that was asked for (206), or that there is no such part (416)."""
    sizes = dict(job.parts.annotate(size=Length("data")).values_list("number", "size"))
    whole = Span(0, sum(sizes.values()))
    span = _asked(request, job, whole)
    if span is None:
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{whole.end}", "ETag": tag_of(job)}
        )
    response = _empty() if request.method == "HEAD" else _streamed(job, sizes, span)
    response["Content-Disposition"] = content_disposition_header(True, job.file_name)
    response["Content-Length"] = str(span.end - span.start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag_of(job)
    if "Range" in request.headers and span != whole:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{whole.end}"
    return response


def tag_of(job: Job) -> str:
    """What tells this result from every other; a result is written once and never changes."""
    return f'"{job.pk}-{job.ended_at:%Y%m%d%H%M%S%f}"'


def _asked(request: Request, job: Job, whole: Span) -> Span | None:
    """Which bytes; the whole where the rest would be of another file than the beginning; None where there are none."""
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    unchanged = request.headers.get("If-Range", tag_of(job)) == tag_of(job)
    if request.method != "GET" or match is None or not any(match.groups()) or not unchanged:
        return whole
    first, last = match.groups()
    if not first:  # so many at the end
        span = Span(max(whole.end - int(last), 0), whole.end)
    else:
        if last and int(last) < int(first):
            return whole  # no range at all, as the standard has it
        span = Span(int(first), min(int(last) + 1, whole.end) if last else whole.end)
    return span if span.start < span.end else None


def _empty() -> HttpResponseBase:
    return HttpResponse(content_type="application/octet-stream")


def _streamed(job: Job, sizes: dict[int, int], span: Span) -> HttpResponseBase:
    pieces = _pieces(job, sizes, span)
    return StreamingHttpResponse(pieces, content_type="application/octet-stream")


def _pieces(job: Job, sizes: dict[int, int], span: Span) -> Iterator[bytes]:
    """A question for each piece: one cursor over all would have PostgreSQL copy the whole file first."""
    start = 0
    for number, size in sorted(sizes.items()):
        end = start + size
        if start < span.end and end > span.start:
            data = bytes(job.parts.get(number=number).data)
            yield data[max(span.start - start, 0) : span.end - start]
        start = end
