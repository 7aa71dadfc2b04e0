"""Every place where a person types a number: fields of forms, what makes such fields, inputs of pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.urls import get_resolver

ROOT = Path(__file__).parents[2]
APPS = ("cells", "members", "ballots")


def places() -> Iterator[str]:
    """Each by its address: "module.Form.field", "module:function", "template:name" or the path of a script."""
    yield from _of_forms()
    yield from _made_in_calls()
    yield from _of_pages()
    yield from _of_scripts()


def _forms() -> Iterator[type[forms.BaseForm]]:
    """Every form of ours: the addresses have imported them all."""
    get_resolver().url_patterns  # noqa: B018 - imports the views
    waiting = [forms.BaseForm]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.split(".")[0] in APPS:
                yield each


def _takes_a_number(field: forms.Field) -> bool:
    if isinstance(field, forms.DateField):
        return False
    numeric = field.widget.attrs.get("inputmode") in ("decimal", "numeric")
    return numeric or isinstance(field, forms.IntegerField)  # of decimals, too


def _of_forms() -> Iterator[str]:
    for form in _forms():
        for name, field in getattr(form, "base_fields", {}).items():
            if _takes_a_number(field):
                yield f"{form.__module__}.{form.__qualname__}.{name}"


MAKERS = {"IntegerField", "DecimalField", "FloatField", "hand_count"}


def _made_in_calls() -> Iterator[str]:
    """Where such a field is made outside of the body of a form."""
    for path in sorted(
        path for app in (*APPS, "partyreview") for path in (ROOT / app).rglob("*.py")
    ):
        if {"migrations", "models"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield from (f"{module}:{name}" for name in _makers(tree, ""))


def _makers(node: ast.AST, within: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        inner = within
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            inner = f"{within}.{child.name}".strip(".")
        elif isinstance(child, ast.Assign) and isinstance(node, ast.ClassDef):
            continue  # found among the fields of its form
        elif isinstance(child, ast.Assign) and isinstance(node, ast.Module):
            inner = ast.unparse(child.targets[0])
        elif isinstance(child, ast.Call):
            called = child.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in MAKERS:
                yield inner
        yield from _makers(child, inner)


INPUT = re.compile(r"<input\b(?:[^>]|%})*?>", re.DOTALL)


def _of_pages() -> Iterator[str]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for tag in INPUT.findall(path.read_text(encoding="utf-8")):
            if re.search(r'type="number"|inputmode="(decimal|numeric)"', tag):
                (name,) = re.findall(r' name="([^"]*)"', tag)
                yield f"{path.relative_to(ROOT)}:{name}"


def _of_scripts() -> Iterator[str]:
    for path in sorted((ROOT / "static").rglob("*.[jh]*")):
        if path.suffix in (".js", ".html"):
            text = path.read_text(encoding="utf-8")
            if re.search(r"type: 'number'|inputMode|inputmode|type=\"number\"", text):
                yield str(path.relative_to(ROOT))
