"""Each view names its methods: what is not asked for that way is refused before anything else is looked at."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("partyreview.", "cells.", "members.", "ballots.")


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def names_its_methods(view: Callable[..., Any] | None) -> bool:
    """Whether one of its decorators is Django's require_http_methods, by whatever name; a class names its own."""
    while view is not None:
        if "request_method_list" in view.__code__.co_freevars or hasattr(view, "view_class"):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_each_view_names_its_methods():
    ours = [
        pattern
        for pattern in patterns(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith(OURS)
    ]
    assert len(ours) > 100
    assert [str(p.pattern) for p in ours if not names_its_methods(p.callback)] == []
