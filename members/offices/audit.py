"""Who did what, in words: the lines of the audit under a committee, found by who or what they are about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from cells.models import Campaign, Cell, Committee, Meeting
from cells.wording import search_key
from members.models import AuditEntry, Member, User
from members.models.audit import subject_of
from members.offices.audit_words import WORDS
from members.rules.names import ListedByCell

# Who came into the hall when, and with which phone, is read in the meeting; no officer above follows a member.
IN_THE_HALL = ("device.", "attendance.", "issue.")
MOST = 500  # rows of one kind that a word may be about
# What a line is about is named for these; of any other only its kind is told.
NAMED: dict[str, QuerySet[Any]] = {
    "cells.committee": Committee.objects.all(),
    "cells.cell": Cell.objects.all(),
    "cells.campaign": Campaign.objects.all(),
    "cells.meeting": Meeting.objects.select_related("cell", "committee", "campaign"),
    "members.member": Member.objects.all(),
    "members.user": User.objects.select_related("member", "committee"),
}


class Line(NamedTuple):
    """One line, as it is read."""

    entry: AuditEntry
    who: str
    did: str
    about: str


def today() -> date:
    """The day here."""
    return timezone.localdate()


def names_like(query: str) -> Q:
    """Accounts of this name: theirs, or that of the member they are of."""
    plain = Q(username__icontains=query) | Q(last_name__icontains=query)
    key = search_key(query)
    return plain | Q(first_name__icontains=query) | Q(member__name_search__contains=key)


def entries(committee: Committee, query: str = "") -> QuerySet[AuditEntry]:
    """What was done by officers and members under the committee; with a word, by whom or about what "
    "is called so."""
    path = committee.path
    by = Q(user__committee__path__startswith=path)
    by |= Q(user__member__cell__committee__path__startswith=path)
    by |= Q(member__cell__committee__path__startswith=path)
    rows = _read_above(AuditEntry.objects.filter(by))
    if query:
        users = User.objects.filter(names_like(query)).values("pk")
        members = Member.objects.filter(name_search__contains=search_key(query)).values("pk")
        rows = rows.filter(
            Q(subject__in=_subjects(committee, query)) | Q(user__in=users) | Q(member__in=members)
        )
    return rows


def about(rows: Iterable[Model]) -> QuerySet[AuditEntry]:
    """What was done to these rows, whoever did it."""
    return _read_above(AuditEntry.objects.about(rows))


def _read_above(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    for prefix in IN_THE_HALL:
        rows = rows.exclude(verb__startswith=prefix)
    return rows.select_related("user__member", "user__committee", "member")


def _subjects(committee: Committee, query: str) -> list[str]:
    """The keys of all under the committee that is called so: "cells.cell:7"."""
    key = search_key(query)
    committees = [c for c in committee.subtree() if key in search_key(c.name)]
    cells = [c for c in Cell.objects.under(committee) if key in search_key(c.name)]
    meetings = Meeting.objects.filter(Q(cell__in=cells) | Q(committee__in=committees))
    inside = Member.objects.filter(cell__committee__path__startswith=committee.path)
    members = inside.filter(name_search__contains=key)
    users = User.objects.filter(names_like(query))
    found: Sequence[Iterable[Model]] = (
        committees,
        cells,
        meetings[:MOST],
        members[:MOST],
        users[:MOST],
    )
    return [subject_of(row) for rows in found for row in rows]


def lines(page: Iterable[AuditEntry]) -> list[Line]:
    """The lines of one page: a query per kind of what they are about, however many they are."""
    rows = list(page)
    by_label: dict[str, set[int]] = defaultdict(set)
    for entry in rows:
        label, _, key = entry.subject.partition(":")
        if label in NAMED and key.isdecimal():
            by_label[label].add(int(key))
    about = {
        f"{label}:{row.pk}": row
        for label, keys in by_label.items()
        for row in NAMED[label].filter(pk__in=keys)
    }
    actors = [entry.user or entry.member for entry in rows]
    listed = _listed([*about.values(), *actors])
    names = {key: _name(row, listed) for key, row in about.items()}
    return [
        Line(
            entry,
            _name(entry.user or entry.member, listed),
            WORDS.get(entry.verb, entry.verb),
            _about(entry, names),
        )
        for entry in rows
    ]


def _listed(rows: Iterable[Any]) -> ListedByCell:
    """How the members among these, or of whom these are the accounts, are written."""
    members = [row.member if isinstance(row, User) else row for row in rows]
    pks = {member.pk for member in members if isinstance(member, Member)}
    return Member.objects.filter(pk__in=pks).names_by_cell()


def _name(row: Any, listed: ListedByCell) -> str:
    member = row.member if isinstance(row, User) else row
    if isinstance(member, Member):
        return listed.label(member, member.cell_id)
    return (row.get_full_name() or row.username) if isinstance(row, User) else str(row)


def _about(entry: AuditEntry, names: dict[str, str]) -> str:
    if entry.subject in names:
        return names[entry.subject]
    label = entry.subject.partition(":")[0]
    try:
        return str(apps.get_model(label)._meta.verbose_name) if label else ""
    except (LookupError, ValueError):  # of an older version
        return ""
