"""The passages that several papers have in common."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from ballots.papers.data import Authority, Distribution, Level, Reasoned, SectionText, Signer
from ballots.papers.press.document import Flow, Signature, clean
from cells import wording
from cells.law.review_forms import Parts, places

EMPTY = "–"
TICK = "x"
OPEN = "Chưa kết luận"
FOR_REPORT, FOR_ACTION = wording.bound("(để báo cáo)"), wording.bound("(để thực hiện)")
ROUNDED = "Tổng các tỷ lệ % khác 100% là do làm tròn."
# A poll with one level asks for it or against it.
AGREE, DISAGREE = "Đồng ý", "Không đồng ý"


def people(count: int) -> str:
    """ "08 đồng chí"."""
    return wording.bound(f"{wording.two_digits(count)} đồng chí")


def of_people(part: int, whole: int) -> str:
    """ "07/08 đồng chí"."""
    return wording.bound(f"{wording.fraction(part, whole)} đồng chí")


def share(value: Fraction | None) -> str:
    """A percentage; a dash where there is nothing to count against."""
    return EMPTY if value is None else wording.percent(value)


def points(score: Decimal | None) -> str:
    """Points in a table, or a dash where none are given."""
    return EMPTY if score is None else wording.score(score)


def levels_legend(levels: tuple[Level, ...]) -> str:
    """What the codes in the tables stand for."""
    return "; ".join(f"{level.code}: {level.label}" for level in levels)


def choices(levels: tuple[Level, ...]) -> list[str]:
    """What a ballot offers in each row: the levels, or yes and no where there is only one level."""
    return [level.label for level in levels] if len(levels) > 1 else [AGREE, DISAGREE]


def basis(flow: Flow, texts: tuple[str, ...]) -> None:
    """What a paper rests on: each line ends with a semicolon, the last with a comma."""
    last = len(texts)
    for place, text in enumerate(texts, start=1):
        words = text.strip().rstrip(".;,")
        if not words.startswith(("Căn cứ", "Thực hiện", "Xét")):
            words = f"Căn cứ {words}"
        flow.dash(f"{words}{',' if place == last else ';'}")


def headed(
    flow: Flow, texts: Sequence[SectionText], headings: Parts | None
) -> Iterator[SectionText]:
    """Write the heading of each text and hand the text over to be written below it.

    `headings`: where the form names its parts, its sections are "I. Title", and part A begins; else "I- TITLE".
    """
    if headings:
        flow.lettered("A", headings.review)
    for text, place in zip(texts, places(text.group for text in texts), strict=True):
        if not headings and not text.group:
            flow.section(text.title)
            yield text
            continue
        if place.group:
            flow.title(f"{place.numeral}. {place.group}")
        flow.title(f"{place.number}. {text.title}")
        yield text


def distribution(flow: Flow, levels: tuple[Level, ...], members: Distribution) -> None:
    """Members per level over the rated: not to be mixed with the share of ballots of one subject."""
    flow.text(f"Trong tổng số {people(members.rated)} được xếp loại:", keep=True)
    lines = [
        f"{level.label}: {of_people(members.counts[level.code], members.rated)}, "
        f"bằng {share(members.shares[level.code])}"
        for level in levels
    ]
    shares = [members.shares[level.code] or Fraction(0) for level in levels]
    if members.undecided:
        shares.append(Fraction(members.undecided, members.rated))
        lines.append(
            f"{OPEN}: {of_people(members.undecided, members.rated)}, bằng {share(shares[-1])}"
        )
    for line in lines[:-1]:
        flow.dash(f"{line};", keep=True)
    flow.dash(f"{lines[-1]}.", keep=True)
    flow.note(f"Tỷ lệ % tính trên số đảng viên được xếp loại.{rounding([shares])}")


def rounding(rows: Iterable[Iterable[Fraction]]) -> str:
    """The sentence under percentages that do not add up to 100% in one of these rows, "" where they do."""
    return f" {ROUNDED}" if any(map(wording.is_rounded_apart, rows)) else ""


def by_status(unrated: tuple[Reasoned, ...]) -> list[tuple[str, tuple[Reasoned, ...]]]:
    """Who is not rated, by what each is called, in small letters: who is not concerned first."""
    called = sorted({entry.status for entry in unrated}, reverse=True)
    return [
        (wording.uncapitalized(status), tuple(e for e in unrated if e.status == status))
        for status in called
    ]


def for_the_cell(signer: Signer) -> Signature:
    """Who signs for the cell; a cell is a collective, so a deputy signs for it too, never for the secretary."""
    return Signature("T/M CHI BỘ", signer.post, clean(signer.name))


def for_a_body(above: Authority) -> Signature:
    """Who signs for a committee: the body that decides, and the post and name where they are known."""
    return Signature(
        f"T/M {clean(above.body).upper()}", clean(above.post).upper(), clean(above.name)
    )


def recipients(to: str) -> tuple[str, ...]:
    """Nơi nhận of a report: the committee above by name, and the cell's own file."""
    return f"- {clean(to)} {FOR_REPORT},", "- Lưu Chi bộ."
