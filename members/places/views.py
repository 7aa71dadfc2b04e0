"""The tree below an officer: what stands under a committee, one cell, and what is done to them."""

from collections.abc import Callable
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cells.models import Cell, CellQuerySet, Committee, PlaceChange
from members.guards import seen_cell
from members.models import Member, Office
from members.places import checklist, verbs
from members.places.forms import (
    EndCellForm,
    EndForm,
    MergeForm,
    MoveForm,
    NameForm,
    SplitForm,
    TargetForm,
)
from partyreview.http import Request

FORM = ["GET", "HEAD", "POST"]


def seen_committee(request: Request, pk: int, perm: str = "") -> Committee:
    """A committee this officer may see, 404 for strangers; 403 for who may see it and not do this."""
    committee: Committee = get_object_or_404(request.user.committees(), pk=pk)
    if perm and not request.user.has_perm(perm, committee):
        raise PermissionDenied
    return committee


def arranged_cell(request: Request, pk: int) -> Cell:
    """A cell this officer arranges, from above; 403 for who runs it."""
    cell = seen_cell(request, pk)
    if not request.user.has_perm("cells.arrange", cell):
        raise PermissionDenied
    return cell


@require_safe
def places(request: Request, pk: int) -> HttpResponse:
    """What stands under a committee: its cells with who runs them, and the committees below."""
    committee = seen_committee(request, pk)
    cells = _with_heads(Cell.objects.filter(committee=committee)).order_by("name_sort", "name")
    return render(
        request,
        "members/places/places.html",
        {
            "committee": committee,
            "cells": cells.standing(),
            "names": Member.objects.filter(cell__committee=committee).names_by_cell(),
            "ended_cells": cells.exclude(ended_on=None),
            "below": committee.below.annotate(cells=_standing_cells()),
            "ended": Committee.objects.get_children(committee).exclude(ended_on=None),
            "history": PlaceChange.objects.of(committee),
            "arranges": request.user.has_perm("cells.arrange", committee),
            "renames": request.user.has_perm("cells.rename", committee),
        },
    )


def _standing_cells() -> Count:
    return Count("cell", filter=Q(cell__ended_on=None))


def _with_heads(cells: CellQuerySet) -> CellQuerySet:
    """Each with its secretary and deputies as `heads`, their accounts, and how many members it has."""
    running = Office.objects.held().filter(
        kind__in=[Office.Kind.SECRETARY, Office.Kind.DEPUTY], member__cell=OuterRef("pk")
    )
    secretary = Office.objects.held().filter(kind=Office.Kind.SECRETARY, member=OuterRef("pk"))
    heads = (
        Member.objects.filter(left_on=None)
        .filter(office__in=Office.objects.held().exclude(kind=Office.Kind.EXECUTIVE))
        .select_related("user")
        .prefetch_related(Prefetch("office_set", Office.objects.held(), to_attr="offices"))
        .annotate(leads=Exists(secretary))
        .order_by("-leads", "name_sort", "born_year", "pk")
        .distinct()
    )
    return cells.annotate(
        size=Count("member", filter=Q(member__left_on=None)),
        is_run=Exists(running),
    ).prefetch_related(Prefetch("member_set", heads, to_attr="heads"))


@require_safe
def missing(request: Request, pk: int) -> HttpResponse:
    """What is still missing under a committee before December."""
    committee = seen_committee(request, pk)
    gaps = checklist.gaps(committee, timezone.localdate())
    context = {"committee": committee, "gaps": gaps, "left": sum(bool(gap.rows) for gap in gaps)}
    return render(request, "members/places/missing.html", context)


@require_safe
def cell_place(request: Request, pk: int) -> HttpResponse:
    """One cell from above: who runs it since when, their accounts, its history."""
    cell = arranged_cell(request, pk)
    offices = Office.objects.filter(member__cell=cell, kind__in=_RUNNING)
    rows = offices.select_related("member__user").order_by("-kind", "-since", "-pk")
    return render(
        request,
        "members/places/cell_place.html",
        {
            "cell": cell,
            "offices": [office for office in rows if office.until is None],
            "former": [office for office in rows if office.until is not None],
            "size": Member.objects.in_cell(cell).count(),
            "names": Member.objects.filter(office__in=rows).names_by_cell(),
            "history": PlaceChange.objects.of(cell),
        },
    )


_RUNNING = (Office.Kind.SECRETARY, Office.Kind.DEPUTY)


def sent(request: Request) -> QueryDict | None:
    """What was sent, if anything was: a form in which nothing is filled in too."""
    return request.POST if request.method == "POST" else None


class Act(NamedTuple):
    """One thing that is done on a page of its own: its words, and where one goes from there."""

    title: str
    words: str
    button: str
    back: str
    back_to: str


def act(
    request: Request, act: Act, form: forms.Form, do: Callable[[], str | None]
) -> HttpResponse:
    """Show the form, and do it when it is sent; a refusal stands in the form, and nothing typed is lost."""
    if form.is_valid():
        try:
            told = do()
        except (verbs.Refused, ValidationError) as refusal:
            form.add_error(None, getattr(refusal, "messages", None) or str(refusal))
        else:
            messages.success(request, told or "Đã ghi.")
            return redirect(act.back)
    context = {"act": act, "form": form}
    return render(
        request, "members/places/act.html", context, status=422 if form.is_bound else 200
    )


def _in(committee: Committee, title: str, words: str, button: str) -> Act:
    back = reverse("members:places", args=[committee.pk])
    return Act(title, words, button, back, str(committee))


def _of(cell: Cell, title: str, words: str, button: str) -> Act:
    back = reverse("members:cell_place", args=[cell.pk])
    return Act(title, words, button, back, str(cell))


@require_http_methods(FORM)
def committee_add(request: Request, pk: int) -> HttpResponse:
    """A committee right below this one."""
    above = seen_committee(request, pk, "cells.found")
    form = NameForm(sent(request))
    words = f"Đảng bộ mới trực thuộc {above}. Cán bộ của nó được mời ở trang “Tài khoản”."
    page = _in(above, "Thêm đảng bộ trực thuộc", words, "Thêm đảng bộ")

    def do() -> str:
        made = verbs.found_committee(request.user, above, **form.cleaned_data)
        return f"Đã thêm {made}."

    return act(request, page, form, do)


@require_http_methods(FORM)
def cell_add(request: Request, pk: int) -> HttpResponse:
    """A cell of this committee."""
    committee = seen_committee(request, pk, "cells.found")
    form = NameForm(sent(request), initial={"place": committee.place})
    words = f"Chi bộ mới của {committee}. Nhiều chi bộ thì nhập một lần từ Excel."
    page = _in(committee, "Thêm chi bộ", words, "Thêm chi bộ")

    def do() -> str:
        return f"Đã thêm {verbs.found_cell(request.user, committee, **form.cleaned_data)}."

    return act(request, page, form, do)


@require_http_methods(FORM)
def committee_rename(request: Request, pk: int) -> HttpResponse:
    """Another name or place of a committee."""
    committee = seen_committee(request, pk, "cells.rename")
    form = NameForm(sent(request), initial={"name": committee.name, "place": committee.place})
    page = _in(committee, f"Đổi tên {committee}", RENAMING, "Ghi tên mới")
    return act(
        request,
        page,
        form,
        lambda: verbs.rename_committee(request.user, committee, **form.cleaned_data),
    )


RENAMING = "Tên mới dùng từ nay; văn bản đã khoá giữ tên ghi lúc ấy, tên cũ nằm trong quá trình."


@require_http_methods(FORM)
def committee_merge(request: Request, pk: int) -> HttpResponse:
    """Everything below goes under another committee; this one ends."""
    committee = seen_committee(request, pk, "cells.arrange")
    label = f"Sáp nhập {committee} vào"
    form = MergeForm(sent(request), user=request.user, label=label, but=committee)
    words = (
        f"Các chi bộ và đảng bộ trực thuộc của {committee} chuyển sang đảng bộ được chọn, giữ nguyên "
        f"đảng viên, hội nghị, "
        "hồ sơ. Quy định riêng của nó thôi áp dụng, tài khoản cán bộ của nó bị khoá."
    )

    def do() -> str:
        data = form.cleaned_data
        cells, locked = verbs.merge(
            request.user, committee, data["target"], data["on"], data["basis"]
        )
        return f"Đã sáp nhập vào {data['target']}: {cells} chi bộ chuyển sang, {locked} tài khoản bị khoá."

    return act(request, _in(committee, f"Sáp nhập {committee}", words, "Sáp nhập"), form, do)


@require_http_methods(FORM)
def committee_move(request: Request, pk: int) -> HttpResponse:
    """The committee goes under another one, with all that stands below it."""
    committee = seen_committee(request, pk, "cells.arrange")
    form = MoveForm(sent(request), user=request.user, committee=committee)
    words = (
        f"Hiện trực thuộc {committee.above}. Mọi chi bộ, đảng bộ bên dưới đi theo, giữ nguyên đảng viên, "
        "hội nghị, hồ sơ, tài khoản; đợt kiểm điểm và quy định của cấp trên theo nơi mới, "
        "hội nghị đã lập giữ đợt của nó."
    )
    title = f"Chuyển {committee} sang đảng bộ khác"
    page = _in(committee, title, words, "Chuyển đảng bộ")
    return act(
        request,
        page,
        form,
        lambda: verbs.move_committee(request.user, committee, **form.cleaned_data),
    )


@require_http_methods(FORM)
def committee_split(request: Request, pk: int) -> HttpResponse:
    """A new committee beside this one takes some of it along."""
    committee = seen_committee(request, pk, "cells.arrange")
    form = SplitForm(sent(request), committee=committee)
    words = f"Đảng bộ mới đứng ngang {committee}; chi bộ được chọn chuyển sang, giữ nguyên đảng viên, hội nghị, hồ sơ."

    def do() -> str:
        return f"Đã tách ra {verbs.split(request.user, committee, **form.cleaned_data)}."

    return act(request, _in(committee, f"Chia tách {committee}", words, "Chia tách"), form, do)


@require_http_methods(FORM)
def committee_dissolve(request: Request, pk: int) -> HttpResponse:
    """An empty committee ends."""
    committee = seen_committee(request, pk, "cells.arrange")
    form = EndForm(sent(request))
    words = (
        "Chỉ giải thể được khi không còn chi bộ và đảng bộ trực thuộc. Hồ sơ các năm trước còn "
        "nguyên; tài khoản cán bộ "
        "của đảng bộ này bị khoá."
    )

    def do() -> str:
        locked = verbs.dissolve_committee(request.user, committee, **form.cleaned_data)
        return f"Đã ghi giải thể {committee}, khoá {locked} tài khoản."

    return act(request, _in(committee, f"Giải thể {committee}", words, "Giải thể"), form, do)


@require_http_methods(FORM)
def cell_rename(request: Request, pk: int) -> HttpResponse:
    """Another name or place of a cell."""
    cell = arranged_cell(request, pk)
    form = NameForm(sent(request), initial={"name": cell.name, "place": cell.place})
    page = _of(cell, f"Đổi tên {cell}", RENAMING, "Ghi tên mới")
    return act(
        request, page, form, lambda: verbs.rename_cell(request.user, cell, **form.cleaned_data)
    )


@require_http_methods(FORM)
def cell_move(request: Request, pk: int) -> HttpResponse:
    """The cell goes under another committee."""
    cell = arranged_cell(request, pk)
    label = f"Chuyển {cell} sang"
    form = TargetForm(sent(request), user=request.user, label=label, but=cell.committee)
    words = (
        f"Hiện trực thuộc {cell.committee}. Đảng viên, hội nghị, hồ sơ đi theo chi bộ; đợt kiểm điểm "
        f"và quy định theo nơi mới, "
        "hội nghị đã lập giữ đợt của nó."
    )
    page = _of(cell, f"Chuyển {cell} sang đảng bộ khác", words, "Chuyển chi bộ")
    return act(
        request, page, form, lambda: verbs.move_cell(request.user, cell, **form.cleaned_data)
    )


@require_http_methods(FORM)
def cell_dissolve(request: Request, pk: int) -> HttpResponse:
    """The cell ends; another one receives its members."""
    cell = arranged_cell(request, pk)
    form = EndCellForm(sent(request), user=request.user, cell=cell)
    words = (
        "Đảng viên sang danh sách của chi bộ được chọn, chức vụ trong chi ủy cũ kết thúc. Hội nghị, "
        "hồ sơ các năm trước còn "
        "nguyên ở chi bộ này."
    )

    def do() -> str:
        moved = verbs.dissolve_cell(request.user, cell, **form.cleaned_data)
        return f"Đã ghi giải thể {cell}; {moved} đồng chí sang chi bộ mới."

    page = _of(cell, f"Giải thể {cell}", words, "Giải thể")
    return act(request, page, form, do)
