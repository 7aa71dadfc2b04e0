"""What holds of every view: it names its methods, and leaves it to the verbs, guards and forms what is refused."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from ballots.committee.api import door
from partyreview.http import posted_number

API_DOORS = {door.answered(lambda request: {}).__code__}
OURS = ("partyreview.", "cells.", "members.", "ballots.")


def patterns(expected: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in expected:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


def names_its_methods(view: Callable[..., Any] | None) -> bool:
    """Whether one of its decorators is Django's require_http_methods, by whatever name; a class names its own.

    What programs ask refuses other methods in JSON, in the door of all its views.
    """
    while view is not None:
        if "request_method_list" in view.__code__.co_freevars or hasattr(view, "view_class"):
            return True
        if view.__code__ in API_DOORS:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def ours() -> list[URLPattern]:
    return [
        pattern
        for pattern in patterns(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith(OURS)
    ]


def test_each_view_names_its_methods():
    assert len(ours()) > 100
    assert [str(p.pattern) for p in ours() if not names_its_methods(p.callback)] == []


def test_no_view_refuses_by_itself():
    """Policy stands in verbs, guards and forms, where it is found without reading pages."""
    modules = {pattern.callback.__module__ for pattern in ours()}
    raised = [
        f"{name}:{node.lineno}"
        for name in sorted(modules)
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[name])))
        if isinstance(node, ast.Raise) and "Refused" in ast.unparse(node)
    ]
    assert raised == []


@pytest.mark.parametrize(
    ("sent", "number"),
    [({"version": "7"}, 7), ({"version": "0"}, 0), ({}, 0)]
    + [({"version": text}, 0) for text in ("", "x", "-1", "1.5", "9" * 30)],
)
def test_the_number_of_a_page_is_what_its_form_sent_back(rf, sent, number):
    assert posted_number(rf.post("/", sent), "version") == number
