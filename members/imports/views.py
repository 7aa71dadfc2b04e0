"""A sheet of members step by step: choose a file, look at what it would do, apply it; for a cell or a committee."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseFormSet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from cells import wording
from cells.models import Cell
from cells.stale import Stale
from members.imports import applying, offices, waiting
from members.imports.asking import columns_asked, pages_asked, side_by_side
from members.imports.bodies import Body, places
from members.imports.forms import AnswerForm, OfficeForms, PagesForm, SheetForm
from members.imports.matching import told
from members.imports.placing import per_cell
from members.imports.plans import CHANGED, ERROR, NEW, OPEN, MatchedRow, Plan
from members.imports.spreadsheets import HEADINGS, BadSheet
from members.models import Member, MemberImport
from partyreview.http import Request, asked_number, excel

PAGE = 50
NAMED = 5  # of those of whom one sentence each is said
CONTESTED = (
    "Danh sách ghi đồng chí {} là bí thư, nhưng bí thư đang là đồng chí {}. Nếu đã thay, xin ghi đồng chí ấy thôi giữ "
    "chức vụ, rồi ghi bí thư mới ở trang của từng đồng chí."
)
# The sheet of a committee may be so long that jobs read and apply it.
START = {"member": "members:member_import", "committee": "ballots:committee_import"}
STEPS = ("start", "pages", "preview", "errors", "answer", "apply", "drop", "offices", "cells")


def addresses(body: Body) -> dict[str, str]:
    """Where each step of this body is done."""
    kind = "member" if isinstance(body, Cell) else "committee"
    names = {step: f"members:{kind}_import_{step}" for step in STEPS}
    names |= {"start": START[kind], "sheet": f"members:{kind}_sheet"}
    if kind == "member":
        del names["cells"]
    return {step: reverse(name, args=[body.pk]) for step, name in names.items()}


def _page(request: Request, body: Body, template: str, **context: object) -> HttpResponse:
    key, other = ("cell", "committee") if isinstance(body, Cell) else ("committee", "cell")
    context |= {key: body, other: None, "addresses": addresses(body)}
    status = 422 if getattr(context.get("form"), "errors", None) else 200
    return render(request, template, context, status=status)


def to(body: Body, step: str) -> HttpResponseRedirect:
    """Lead to a step."""
    return HttpResponseRedirect(addresses(body)[step])


def choose(request: Request, body: Body) -> HttpResponse:
    """Choose a file; POST reads it and leads to what it would do."""
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid() and read(request, body, form):
        return to(body, "preview")
    return start(request, body, form)


def start(request: Request, body: Body, form: SheetForm, **more: object) -> HttpResponse:
    """The page on which a file is chosen."""
    upload = waiting.kept_for(request.user, body)
    context = {"form": form, "kept": upload, "unset": len(offices.unset(body)), **more}
    return _page(request, body, "members/imports/member_import.html", **context)


def read(request: Request, body: Body, form: SheetForm) -> bool:
    """Whether the file could be read; else the form says why not."""
    file = form.cleaned_data["file"]
    try:
        waiting.keep(request.user, body, file.name or "", file.read())
    except BadSheet as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


def pages(request: Request, body: Body) -> HttpResponse:
    """Choose which worksheets of a file with several lists are read; POST reads them."""
    upload = waiting.kept_for(request.user, body)
    if upload is None or waiting.is_chosen(upload):
        return to(body, "preview" if upload else "start")
    lists = waiting.lists_of(upload)
    data = request.POST if request.method == "POST" else None
    form = PagesForm([sheet.title for sheet in lists], data)
    if form.is_valid():
        waiting.choose(request.user, upload, form.cleaned_data["page"])
        return to(body, "preview")
    context = {"form": form, "kept": upload, "pages": pages_asked(lists)}
    return _page(request, body, "members/imports/member_import_pages.html", **context)


def look(request: Request, body: Body) -> HttpResponse:
    """What the file would do: errors first, each at its cell; nothing is changed yet."""
    upload = waiting.kept_for(request.user, body)
    if upload is None:
        return to(body, "start")
    if not waiting.is_chosen(upload):
        return to(body, "pages")
    plan = waiting.planned(upload)
    many = {} if isinstance(body, Cell) else _by_cell(request, upload, plan)
    lines = [x for x in plan.ordered if not many.get("chosen") or x.cell == many["chosen"]]
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    context = {"missing": plan.missing} | many
    context |= {
        "kept": upload,
        "sheet": waiting.sheet_of(upload),
        "summary": plan.summary,
        "plain": len(plan.plain),
        "effect": plan.count(NEW, CHANGED),
        "errors": plan.count(ERROR),
        "questions": plan.count(OPEN),
        "columns": columns_asked(plan.lines),
        "page": page,
        "lines": [shown(x, _cell_name(x, many)) for x in page],
        "digest": applying.effect_of(upload, plan),
    }
    return _page(request, body, "members/imports/member_import_preview.html", **context)


def _by_cell(request: Request, upload: MemberImport, plan: Plan) -> dict[str, object]:
    """The counts of each cell, the cell that is looked at, and the cells that nobody knows."""
    known = places(upload.body)
    cell_name = request.GET.get("chi_bo", "")
    chosen = int(cell_name) if cell_name.isdecimal() and len(cell_name) < 19 else 0
    return {
        "counts": per_cell(plan, known),
        "chosen": chosen if chosen in known.by_pk else 0,
        "chosen_name": known.by_pk[chosen].name if chosen in known.by_pk else "",
        "missing": [person for person in plan.missing if person.cell == chosen],
        "cell_names": {pk: place.name for pk, place in known.by_pk.items()},
        "unknown": applying.unknown_cells(upload)
        if upload.state == MemberImport.State.READ
        else [],
    }


def _cell_name(line: MatchedRow, many: dict[str, object]) -> str:
    names = many.get("cell_names")
    return str(names.get(line.cell, "")) if isinstance(names, dict) else ""


def shown(line: MatchedRow, cell_name: str) -> tuple[object, ...]:
    """A line as the page takes it: what the sheet says of somebody new, the name of the cell, those asked about."""
    return line, _facts(line), cell_name, *side_by_side(line)


def _facts(line: MatchedRow) -> list[tuple[str, str]]:
    """What the sheet says of a new member, beside the name."""
    if line.kind != NEW:
        return []
    hidden = {"name", "born_year"} if line.values.get("born_on") else {"name"}
    return [
        (HEADINGS[name], told(name, value))
        for name, value in line.values.items()
        if name not in hidden
    ]


def answer(request: Request, body: Body) -> HttpResponse:
    """Say of whom a row tells, or how a cell or a column is to be read."""
    upload, form = waiting.kept_for(request.user, body), AnswerForm(request.POST)
    if upload is None:
        return to(body, "start")
    try:
        if form.is_valid():
            _say(request, upload, **form.cleaned_data)
    except Stale as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(f"{addresses(body)['preview']}#tung-dong")


def _say(
    request: Request,
    upload: MemberImport,
    *,
    row: str,
    choice: str,
    field: str,
    kind: str,
    plain: bool,
) -> None:
    if plain:
        waiting.answer_plain(request.user, upload)
    elif field:
        waiting.read_as(request.user, upload, field, kind, row)
    else:
        waiting.answer(request.user, upload, row, choice)


def errors(request: Request, body: Body) -> HttpResponse:
    """The rows with errors as an Excel file, to be corrected and read again."""
    upload = waiting.kept_for(request.user, body)
    if upload is None:
        return to(body, "start")
    return excel(applying.errors(upload), wording.file_name(f"Dong loi {body.name}"))


def apply(request: Request, body: Body) -> HttpResponse:
    """Apply the rows without errors, if they would still do what was looked at."""
    upload = waiting.kept_for(request.user, body)
    if upload is None:
        return to(body, "start")
    try:
        applied = applying.apply(request.user, upload, request.POST.get("digest", ""))
    except Stale as refusal:
        messages.warning(request, str(refusal))
        return to(body, "preview")
    added, changed = map(wording.thousands, (applied.added, applied.changed))
    messages.success(request, applying.APPLIED.format(added, changed))
    for member, holder in offices.contested(body)[:NAMED]:
        messages.warning(request, CONTESTED.format(member.listed_name, holder.listed_name))
    return to(body, "offices") if offices.unset(body) else _after(request, body)


def hold(request: Request, body: Body) -> HttpResponse:
    """Ask who holds the offices that the column of posts names; POST sets them, and leads to those after them.

    `bo` in the address: how many at the head of the list were said to hold none.
    """
    skipped = asked_number(request, "bo")
    waiting = offices.unset(body)[skipped : skipped + PAGE]
    members = {one.member.pk: one.member for one in waiting}
    first = [{"member": one.member.pk, "kind": one.kind} for one in waiting]
    forms = OfficeForms(request.POST if request.method == "POST" else None, initial=first)
    if forms.is_valid() and _held(request, body, forms, members):
        still = {one.member.pk for one in offices.unset(body)}
        skipped += len(still & members.keys())
        address = f"{addresses(body)['offices']}?bo={skipped}"
        return redirect(address) if len(still) > skipped else _after(request, body)
    # As sent: whatever is no key of theirs is nobody's.
    by_key = {str(pk): member for pk, member in members.items()}
    rows = [(by_key.get(str(form["member"].value())), form) for form in forms]
    context = {"rows": [row for row in rows if row[0]], "forms": forms}
    answer = _page(request, body, "members/imports/member_import_offices.html", **context)
    answer.status_code = 422 if forms.is_bound else 200
    return answer


def _held(request: Request, body: Body, forms: BaseFormSet, members: Mapping[int, Member]) -> bool:
    """Whether what was chosen is set; else the forms say why not."""
    data = [row for row in forms.cleaned_data if row.get("kind") and row["member"] in members]
    chosen = [offices.Held(members[row["member"]], row["kind"], row["since"]) for row in data]
    try:
        count = offices.take(request.user, body, chosen)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, f"Đã ghi chức vụ của {wording.two_digits(count)} đồng chí.")
    return True


def _after(request: Request, body: Body) -> HttpResponse:
    """To the rows that are left, or to the list."""
    if waiting.kept_for(request.user, body) is not None:
        return to(body, "preview")
    is_cell = isinstance(body, Cell)
    return redirect("members:member_list", body.pk) if is_cell else to(body, "start")


def drop(request: Request, body: Body) -> HttpResponse:
    """Forget the file; no member is changed."""
    upload = waiting.kept_for(request.user, body)
    if upload is not None:
        upload.delete()
    return to(body, "start")
