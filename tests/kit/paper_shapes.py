"""Papers of each year in short, usual and hostile shapes, as data: for the gallery and for how pages fill."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ballots.papers.data import Distribution, Head, Reasoned, SubjectLevels
from ballots.papers.minutes.data import MinutesData, Opinion
from cells.law.guidance import load_pack
from cells.law.rules import Rules
from tests.kit import file_samples, paper_samples
from tests.kit.paper_samples import CODES, poll, row

NAME = "Công Tằng Tôn Nữ Hoàng Thị Phương Thảo Nguyên Khánh Hà {:03d}"  # sixty letters
POST = "Ủy viên Ban Thường vụ, Phó Trưởng phòng Tổ chức - Hành chính"
LONG = ("Cần cụ thể hoá chỉ tiêu, rõ người, rõ việc, rõ thời hạn, rõ kết quả. " * 80)[:5000]
YEARS = {
    "2023": ("2023", "năm 2023"),
    "2025": ("2025", "năm 2025"),
    "quarter": ("quy", "quý III năm 2026"),
}


def meeting(
    size: int, name: str, post: str, said: str, reason: str, every: int = 3
) -> MinutesData:
    """Minutes of so many members who are called so; what was said, and why the chair concluded, of each third.

    `every`: of another share of the first seven.
    """
    names = [name.format(at) for at in range(1, size + 1)]
    levels = [("HTT", "HTT", "HTXS")[at % 3] for at in range(size)]
    most, rest = size - size // 3, size // 3
    rows = [replace(row(n, size, rest, most, 0, 0), post=post) for n in names]
    polls = [
        poll("Xếp loại chất lượng Chi bộ", size, [row("Chi bộ 4", size, rest, most, 0, 0)]),
        poll("Xếp loại chất lượng đảng viên", size, rows),
    ]
    opinions = [Opinion(names[-1], said), Opinion(names[-1], said, names[0])] if said else []
    made = paper_samples.minutes(
        (names * 5)[: max(size, 5)],
        levels + [""] * (max(size, 5) - size),
        polls,
        opinions=tuple(opinions),
    )
    members = [
        SubjectLevels(
            n, post if at % 2 else "", level, level, reason if at in range(0, 7, every) else ""
        )
        for at, (n, level) in enumerate(zip(names, levels, strict=True))
    ]
    counts = {code: levels.count(code) for code in CODES}
    shares = {code: Fraction(count, size) for code, count in counts.items()}
    unrated = tuple(Reasoned(n, "Mới chuyển đến", "Chưa xếp loại") for n in names[: size // 20])
    return replace(
        made,
        report="\n".join([said] * 2),
        members=tuple(members),
        unrated=unrated,
        distribution=Distribution(size, counts, shares, 0),
    )


SHAPES: dict[str, Callable[[], MinutesData]] = {
    "short": lambda: meeting(1, "Hà Văn Thử", "Bí thư", "", ""),
    "usual": lambda: meeting(
        23,
        "Nguyễn Thị Thu Thuỷ {}",
        "",
        "Nhất trí với báo cáo.",
        "Theo kết quả thực hiện nhiệm vụ.",
    ),
    "reasons": lambda: meeting(6, "Trần Văn Hoà {}", "Chi ủy viên", "Nhất trí.", LONG[:257], 1),
    "tall": lambda: meeting(2, "Hà Văn Thử {}", "Bí thư", "Nhất trí.", LONG),
    "hostile": lambda: meeting(200, NAME, POST, LONG, LONG),
}


def headed(data: Any, year: str) -> Any:
    """The same paper of another year, with that pack's words."""
    pack, period = YEARS[year]
    texts = Rules.from_pack(load_pack(pack), {}).texts

    def turn(head: Head) -> Head:
        return replace(
            head, period=period, pack=pack, subjects=texts["subjects"], persons=texts["persons"]
        )

    if hasattr(data, "sitting"):
        return replace(data, sitting=replace(data.sitting, head=turn(data.sitting.head)))
    return replace(data, head=turn(data.head))


def papers(year: str, shape: str) -> dict[str, Any]:
    """The papers by name; those that no shape changes stand with the usual ones."""
    minutes = SHAPES[shape]()
    made: dict[str, Any] = {"minutes": minutes, "count": paper_samples.count_of(minutes)}
    made |= lists(minutes)
    if shape == "usual":
        made |= {
            "hard": paper_samples.hard(),
            "count-hard": paper_samples.count_of(paper_samples.hard()),
            "report": paper_samples.report(),
            "upward": file_samples.upward(),
            "checklist": file_samples.checklist(),
            "personal": file_samples.personal(),
            "unrated-sample": file_samples.unrated(),
        }
    return {name: headed(data, year) for name, data in made.items()}


def lists(minutes: MinutesData) -> dict[str, Any]:
    """The lists of as many members, with their names, and the ballot."""
    people, size = minutes.members, len(minutes.members)
    proposals, summary, unrated = (
        file_samples.proposals(),
        file_samples.summary(),
        file_samples.unrated(),
    )
    ballot = paper_samples.ballot_sheets(size, 1)
    return {
        "proposals": replace(
            proposals,
            rows=tuple(
                replace(proposals.rows[0], name=p.name, post=p.post, remark=p.reason)
                for p in people
            ),
        ),
        "summary": replace(
            summary,
            rows=tuple(
                replace(summary.rows[2], name=p.name, post=p.post, remark=p.reason) for p in people
            ),
        ),
        "unrated": replace(
            unrated,
            rows=tuple(
                replace(unrated.rows[0], name=p.name, post=p.post)
                for p in people[: size // 5 or 1]
            ),
        ),
        "ballot": replace(
            ballot,
            rows=tuple(
                replace(line, subject=p) for line, p in zip(ballot.rows, people, strict=True)
            ),
        ),
    }
