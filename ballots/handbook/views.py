"""The handbook: its shelves, a search through all of it, and each book, for officers and on phones."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.handbook.books import BOOKS, ON_PHONES, SHELVES
from ballots.handbook.reading import read, search
from partyreview.http import Request


@require_safe
def handbook(request: Request) -> HttpResponse:
    """The list of books, or the passages that answer what was typed."""
    typed = request.GET.get("q", "")[:100]
    shelves = [(name, [read(book.slug) for book in books]) for name, books in SHELVES]
    context = {"shelves": shelves, "asked": typed, "hits": search(typed)}
    return render(request, "ballots/handbook/handbook.html", context)


@require_safe
def book(request: Request, slug: str) -> HttpResponse:
    """One book, for who is signed in."""
    if slug not in BOOKS:
        raise Http404
    return render(request, "ballots/handbook/book.html", {"reading": read(slug)})


@login_not_required
@require_safe
def phone_book(request: Request, slug: str) -> HttpResponse:
    """The guide of a member or a teller on a phone: the same for everybody, whoever asks."""
    if slug not in ON_PHONES:
        raise Http404
    reading = read(slug, on_phone=True)
    return render(request, "ballots/handbook/phone_book.html", {"reading": reading})
