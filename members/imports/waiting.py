"""A file that waits between reading and applying: what it says, which of its lists are meant, what was answered."""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from django.db import transaction
from django.utils import timezone

from cells.models import Cell, Committee
from cells.stale import Stale
from members.imports.bodies import Body, must_import, numbers_elsewhere, people, placed, places
from members.imports.matching import plan
from members.imports.plans import NOBODY, Answer, Answers, MatchedRow, Plan, questions
from members.imports.spreadsheets import COSTLY, BadSheet, Sheet, together
from members.imports.spreadsheets.keeping import from_json
from members.models import MemberImport, User
from partyreview import confined


def keep(user: User, body: Body, file_name: str, data: bytes) -> MemberImport:
    """Read a file and keep what it says, in place of an earlier one; BadSheet where it cannot be read.

    Where it has several lists, none is read before somebody chose (`choose`).
    """
    must_import(user, body)
    many = isinstance(body, Committee)
    cells = [cell.name for cell in places(body).by_pk.values()] if many else None
    lists = _lists(data, cells)
    values = {
        "state": MemberImport.State.READ,
        "file_name": file_name[:200],
        "sha256": hashlib.sha256(data).hexdigest(),
        "sheet": {"lists": lists, "chosen": len(lists) == 1},
        "answers": {},
    }
    return MemberImport.objects.update_or_create(values, user=user, **_of(body))[0]


def _lists(data: bytes, cells: list[str] | None) -> list[dict[str, Any]]:
    """The lists as JSON, read in a process of its own; BadSheet."""
    task = "members.imports.spreadsheets.keeping:as_json"
    try:
        answer = confined.run(task, data, timezone.localdate().isoformat(), cells)
    except confined.Refusal as refusal:
        raise BadSheet(str(refusal)) from refusal
    except confined.Costly as cost:
        raise BadSheet(COSTLY) from cost
    lists: list[dict[str, Any]] = json.loads(answer)
    return lists


def _of(body: Body) -> dict[str, Any]:
    return {"cell" if isinstance(body, Cell) else "committee": body}


def kept_for(user: User, body: Body) -> MemberImport | None:
    """The file that this officer has waiting for this cell or committee."""
    imports = MemberImport.objects.filter(user=user, **_of(body))
    return imports.select_related("cell__committee", "committee").first()


def lists_of(upload: MemberImport) -> list[Sheet]:
    """The lists of the file, one for each worksheet."""
    return [from_json(stored) for stored in upload.sheet["lists"]]


def sheet_of(upload: MemberImport) -> Sheet:
    """The lists that were chosen, as one."""
    return together(lists_of(upload))


def is_chosen(upload: MemberImport) -> bool:
    """Whether it is known which of the lists are to be read."""
    return bool(upload.sheet["chosen"])


@transaction.atomic
def choose(user: User, upload: MemberImport, titles: Collection[str]) -> None:
    """Read the lists on these worksheets, and none besides; Stale where there are none of these."""
    upload = locked(user, upload)
    chosen = [stored for stored in upload.sheet["lists"] if stored["title"] in titles]
    if is_chosen(upload) or not chosen:
        raise Stale
    upload.sheet = {"lists": chosen, "chosen": True}
    upload.save(update_fields=["sheet"])


def planned(upload: MemberImport) -> Plan:
    """What applying it would do to the members there are now."""
    sheet, body = sheet_of(upload), upload.body
    answers = _answers(upload)
    return plan(sheet, people(body), numbers_elsewhere(body, sheet), placed(sheet, body), answers)


def _answers(upload: MemberImport) -> Answers:
    who = upload.answers.get("who", {})
    return Answers(
        {row: Answer(choice, tuple(of)) for row, (choice, of) in who.items()},
        upload.answers.get("read", {}),
    )


@transaction.atomic
def answer(user: User, upload: MemberImport, row: str, choice: str) -> None:
    """Say of whom a row tells, by the key of one of those asked about; Stale where they are asked about no more."""
    upload = locked(user, upload)
    line = next((line for line in planned(upload).lines if line.row.key == row), None)
    if line is None or choice not in {NOBODY, *(other.key for other in line.asked)}:
        raise Stale
    _say(upload, [(line, choice)])


@transaction.atomic
def answer_plain(user: User, upload: MemberImport) -> None:
    """Say of every row against whose only member nothing speaks that it tells of that member."""
    upload = locked(user, upload)
    _say(upload, [(line, line.asked[0].key) for line in planned(upload).plain])


def _say(upload: MemberImport, said: Sequence[tuple[MatchedRow, str]]) -> None:
    who = upload.answers.setdefault("who", {})
    who |= {line.row.key: [choice, [x.key for x in line.asked]] for line, choice in said}
    upload.save(update_fields=["answers"])


@transaction.atomic
def read_as(user: User, upload: MemberImport, field: str, kind: str, row: str = "") -> None:
    """Say how a cell is to be read, or without `row` all cells of a column that can be; Stale where none can."""
    upload = locked(user, upload)
    lines = questions(planned(upload).lines).get((field, kind), [])
    keys = [line.row.key for line in lines if not row or line.row.key == row]
    if not keys:
        raise Stale
    read = upload.answers.setdefault("read", {})
    for key in keys:
        read.setdefault(key, {})[field] = kind
    upload.save(update_fields=["answers"])


def locked(user: User, upload: MemberImport) -> MemberImport:
    """The file as it stands now, kept from change until the end; Stale where it is gone."""
    must_import(user, upload.body)
    waiting = MemberImport.objects.select_for_update(of=("self",)).filter(pk=upload.pk)
    return waiting.first() or _gone()


def _gone() -> NoReturn:
    raise Stale
