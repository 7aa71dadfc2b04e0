"""The scenes of the wall while the room talks: one for each kind of agenda item. What is shown is said aloud too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ballots.meeting.wall import even, filled, leaves, lines_of, size_of, text_size_of
from ballots.models import Teller
from ballots.report.sheet import Change, Report, changes_of, form_of
from cells.law.review_forms import ReviewForm
from cells.models import AgendaItem, Level, Meeting
from members.models import Attendance, Comment, Guest

TALK = "ballots/meeting/wall/talk.html"
AROUND = 4  # agenda items, or names, in sight before and behind the one at hand

# Seconds between two looks. The turnout may not come faster: a count that jumps as a phone is laid
# down would tell whose ballot it was (secret-ballot.md 3.2, step 5).
PACE = 3
PACE_OF_TURNOUT = 10


@dataclass(frozen=True)
class Scene:
    """A scene: the part of a template that draws it, with what, and the pages it is turned through.

    `first`: the page shown unless another is asked for. `turns`: pages turn by themselves. `alone`: the label of what
    lets a scene that a hand has turned go on by itself, "" where nothing does.
    """

    template: str
    shown: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    pages: Sequence[object] = (None,)
    first: int = 1
    turns: bool = False
    alone: str = ""
    pace: int = PACE


def scene_of(meeting: Meeting, item: AgendaItem | None) -> Scene:
    """The scene of an agenda item; where there is nothing to show yet, the agenda with this item large."""
    special = SCENES.get(item.kind) if item else None
    return (special and special(meeting)) or agenda(meeting, item)


def agenda(meeting: Meeting, item: AgendaItem | None = None) -> Scene:
    """The agenda with the present item."""
    items = list(meeting.items.all())
    at = items.index(item) if item in items else -1
    start = max(min(at - AROUND, len(items) - 2 * AROUND - 1), 0)
    shown = {"agenda": items[start : start + 2 * AROUND + 1], "items": len(items)}
    return Scene(f"{TALK}#item", shown)


@dataclass(frozen=True)
class ReportPage:
    """One page of the report: what was changed in it, texts of it, or, with neither, what it consists of."""

    changes: Sequence[Change] = ()
    texts: Sequence[tuple[str, str]] = ()  # title of the section, and what stands there

    @property
    def size(self) -> str:
        """How large it is written: what is short, larger."""
        lines = sum(map(_lines_of_change, self.changes))
        lines += sum(lines_of(text) + 1 for _, text in self.texts)
        return text_size_of(lines)


def _report(meeting: Meeting) -> Scene | None:
    """The report as it stands, its changes first."""
    form = form_of(meeting.rules)
    report = Report.load(meeting.report, form)
    if not report.is_written:
        return None
    pages = [*_changes(meeting, form), ReportPage(), *_texts(report, form)]
    return Scene(f"{TALK}#report", {"report": report, "sections": _sections(form)}, pages)


def _changes(meeting: Meeting, form: ReviewForm) -> list[ReportPage]:
    """What was changed, section by section, as many together as a page holds."""
    pages = filled(changes_of(meeting.report, form), _lines_of_change)
    return [ReportPage(changes=changes) for changes in pages]


def _lines_of_change(change: Change) -> int:
    texts = ("".join(piece.text for piece in passage) for passage in change.passages)
    return 2 + sum(map(lines_of, texts))


def _sections(form: ReviewForm) -> list[tuple[str, str]]:
    """Numeral and title of each section; points of one stand under it."""
    return [
        (place.numeral, place.group or section.title)
        for place, section in zip(form.places, form.sections, strict=True)
        if place.group or place.numeral == place.number
    ]


def _texts(report: Report, form: ReviewForm) -> list[ReportPage]:
    """What the report says, as many sections together as a page holds."""
    texts = report.texts()
    written = [
        (f"{place.in_form}. {section.title}", paragraph)
        for place, section in zip(form.places, form.sections, strict=True)
        for paragraph in texts.get(section.key, "").splitlines()
        if paragraph.strip()
    ]
    return [ReportPage(texts=page) for page in leaves(written, heading=1)]


def _collective(meeting: Meeting) -> Scene | None:
    """Whom the room comments on when it is not one member: the cell, its collectives; what was changed, first.

    None of a committee's meeting, which speaks of cases that are not for the wall.
    """
    if meeting.is_sitting:
        return None
    form = form_of(meeting.rules)
    opinions = Comment.objects.filter(meeting=meeting, on=None).count()
    shown = {
        "bodies": list(meeting.collectives.all()),
        "report": Report.load(meeting.report, form),
        "opinions": opinions,
    }
    return Scene(f"{TALK}#collective", shown, [*_changes(meeting, form), ReportPage()])


@dataclass(frozen=True)
class Person:
    """Somebody whose review it is, as the list writes the name; `is_heard`: something was taken down already."""

    number: int
    label: str
    post: str
    level: str
    opinions: int
    is_heard: bool

    @property
    def page(self) -> int:
        """Behind the page of all names."""
        return self.number + 1


def _members(meeting: Meeting) -> Scene | None:
    """First all names, then each alone: whose comment was taken down last is the one at hand."""
    listed = Attendance.objects.of(meeting)
    names = listed.listed_names()
    about = list(Comment.objects.filter(meeting=meeting, on__gt=0).values_list("on", flat=True))
    rows = [row for row in listed if row.rated]
    people = [
        Person(
            number=number,
            label=names.label(row.member),
            post=row.member.post,
            level=Level(row.self_level).label if row.self_level else "",
            opinions=about.count(row.member_id),
            is_heard=row.member_id in about or bool(row.self_review),
        )
        for number, row in enumerate(rows, start=1)
    ]
    if not people:
        return None
    at_hand = next((n for n, row in enumerate(rows, 2) if about and row.member_id == about[-1]), 1)
    around = [None, *(_around(people, n) for n in range(len(people)))]
    shown = {"people": people, "size": size_of(len(people))}
    return Scene(f"{TALK}#members", shown, around, first=at_hand, alone="Theo góp ý")


def _around(people: Sequence[Person], n: int) -> tuple[Person, Sequence[Person]]:
    """The one at hand, and who stands before and behind."""
    start = max(min(n - AROUND, len(people) - 2 * AROUND - 1), 0)
    return people[n], people[start : start + 2 * AROUND + 1]


def _guests(meeting: Meeting) -> Scene | None:
    guests = list(Guest.objects.filter(meeting=meeting))
    return Scene(f"{TALK}#guests", {}, even(guests, 5)) if guests else None


def _tellers(meeting: Meeting) -> Scene | None:
    names = Attendance.objects.of(meeting).listed_names()
    rows = Teller.objects.filter(meeting=meeting).select_related("member")
    named = [(teller, names.label(teller.member)) for teller in rows]
    return Scene(f"{TALK}#tellers", {"named": named}) if named else None


def _minutes(meeting: Meeting) -> Scene | None:
    """What the minutes say the room asks for and holds on to, about the cell; who said it stands with it."""
    names = Attendance.objects.of(meeting).listed_names()
    rows = Comment.objects.filter(meeting=meeting, on=None).select_related("by", "guest")
    said = [(_speaker(row, names.label), row.text) for row in rows]
    return Scene(f"{TALK}#minutes", {}, leaves(said, heading=1)) if said else None


def _speaker(comment: Comment, label: Callable[..., str]) -> tuple[str, Comment]:
    return (label(comment.by) if comment.by else str(comment.guest)), comment


Kind = AgendaItem.Kind
SCENES: Mapping[str, Callable[[Meeting], Scene | None]] = {
    Kind.REPORT: _report,
    Kind.COMMENTS: _collective,
    Kind.MEMBERS: _members,
    Kind.GUESTS: _guests,
    Kind.TELLERS: _tellers,
    Kind.MINUTES: _minutes,
}
