"""What the minutes of a committee's meeting tell beside its polls: what was said of each case, and concluded."""

from ballots.models import CaseVote, OwnCase
from ballots.models.cases import case_key
from ballots.papers.minutes.data import CaseLine, CaseTalk, Opinion
from ballots.results.concluded import Concluded, concluded_at
from cells.models import Meeting
from members.models import Comment
from members.rules.names import ListedNames


def gather_talk(meeting: Meeting, names: ListedNames) -> CaseTalk | None:
    """Of a committee's meeting; None of a cell's."""
    if not meeting.is_sitting:
        return None
    cases = concluded_at(meeting)
    return CaseTalk(
        cases=tuple(_line(case) for case in cases),
        opinions=_opinions(meeting, cases, names),
        own_case=own_case_words(meeting),
    )


def row_names(meeting: Meeting) -> dict[tuple[str, int], tuple[str, str]]:
    """How papers write each row of a committee's ballots, by poll and place: the name, then post and cell.

    The ballot itself has the levels claimed and proposed beside them, in its own words.
    """
    if not meeting.is_sitting:
        return {}
    lines = {case.key: _line(case) for case in concluded_at(meeting)}
    return {
        (row.subject.poll_id, row.subject.position): (lines[row.key].name, lines[row.key].about)
        for row in CaseVote.objects.at(meeting)
    }


def _line(case: Concluded) -> CaseLine:
    where = [] if case.is_cell else [case.post, case.cell]
    return CaseLine(
        name=case.name,
        about=", ".join(filter(None, where)),
        proposed=case.proposed,
        voted=case.voted,
        level=case.level,
        reason=case.reason,
    )


def _opinions(meeting: Meeting, cases: list[Concluded], names: ListedNames) -> tuple[Opinion, ...]:
    """What was said of all first, then of each case in the order of the ballots, each as it was said."""
    called = {case.key: case.words for case in cases}
    said = Comment.objects.filter(meeting=meeting)
    rows = list(said.select_related("by", "guest", "on", "on_collective", "of__cell"))
    order = {key: place for place, key in enumerate(called)}
    rows.sort(key=lambda row: order.get(_key(row), -1))
    return tuple(
        Opinion(
            by=names.label(row.by) if row.by else _guest(row),
            text=row.text,
            body=called.get(_key(row), _called(row)),
            kind="" if row.kind == Comment.Kind.OPINION else row.get_kind_display(),
            reserved=row.reserved,
        )
        for row in rows
    )


def _key(row: Comment) -> str:
    return case_key(row.of_id, row.on_id, row.on_collective_id) if row.of_id else ""


def _called(row: Comment) -> str:
    """Whom it is about where that stands on no ballot any more."""
    if row.of is None:
        return ""
    whom = f"Đ/c {row.on.name}" if row.on else str(row.on_collective or "")
    return f"{whom}, {row.of.cell}" if whom else str(row.of.cell)


def _guest(row: Comment) -> str:
    if row.guest is None:
        return ""
    return f"{row.guest.name}, {row.guest.post}" if row.guest.post else row.guest.name


def own_case_words(meeting: Meeting) -> str:
    """How those who vote are treated on their own case, in a sentence; "" where nobody has written it down."""
    rule = OwnCase.objects.filter(sitting=meeting).first()
    if rule is None or not (rule.abstains or rule.basis):
        return ""
    does = "không bỏ phiếu" if rule.abstains else "bỏ phiếu"
    basis = f" (căn cứ: {rule.basis.rstrip('.')})" if rule.basis else ""
    return f"Cấp ủy viên {does} về trường hợp của chính mình{basis}."
