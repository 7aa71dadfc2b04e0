"""Việc mới: the list of an officer's own news, opening a line of it, and having read them all."""

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ballots.models import EnvelopeOpening
from ballots.models.envelopes import PEOPLE
from ballots.news.places import address_of
from members.models import News
from members.models.news import KEPT
from partyreview.http import Request

PAGE = 50


@require_safe
def news(request: Request) -> HttpResponse:
    """The officer's own, the newest first."""
    own = News.objects.filter(account=request.user).kept()
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    openings = _openings(page)
    lines = [(line, openings.get(line.pk)) for line in page]
    context = {"page": page, "lines": lines, "days": KEPT}
    return render(request, "ballots/news/news.html", context)


def _openings(lines: Iterable[News]) -> Mapping[int, EnvelopeOpening]:
    """Who opened which envelope and why, by the key of its line; not asked where no line is of one."""
    keys = {line.pk: line.key for line in lines if line.kind == News.Kind.ENVELOPE_OPENED}
    acts = EnvelopeOpening.objects.select_related(*PEOPLE).in_bulk(set(keys.values()))
    return {pk: acts[key] for pk, key in keys.items() if key in acts}


@require_POST
def news_open(request: Request, pk: int) -> HttpResponse:
    """Lead to what the line is about; it and those that lead to the same place are read."""
    line = get_object_or_404(News.objects.filter(account=request.user), pk=pk)
    News.objects.beside(line).mark_read()
    return redirect(address_of(request.user, line))


@require_POST
def news_read(request: Request) -> HttpResponse:
    """Đã đọc hết; what is old goes."""
    own = News.objects.filter(account=request.user)
    number = own.mark_read()
    own.outdated().delete()
    messages.success(request, f"Đã đánh dấu đã đọc {number:02} việc.")
    return redirect("ballots:news")
