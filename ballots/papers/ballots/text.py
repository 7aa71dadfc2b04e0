"""Phiếu giấy: the blank ballot, whose boxes are drawn and whose copies are all alike."""

from ballots.papers import parts
from ballots.papers.ballots.data import BallotRow, BallotSheetData
from ballots.papers.press.document import Column, Document, Flow, Frame, clean
from cells import wording

# A chi bộ has no seal of its own.
STAMP = "(dấu của cấp ủy cấp trên, nếu có, hoặc chữ ký của Tổ kiểm phiếu)"
STAMP_OF_COMMITTEE = "(dấu của cấp ủy, nếu có, hoặc chữ ký của Tổ kiểm phiếu)"
COLLECTIVE, PERSON, BOTH = "Tập thể", "Họ và tên", "Tập thể, đảng viên"


def compose_ballot(data: BallotSheetData) -> Document:
    """Write one ballot out."""
    flow = Flow()
    flow.text(f"Mỗi dòng chỉ đánh dấu X vào một ô. {data.rule} Không ký tên vào phiếu.")
    choices = parts.choices(data.levels)
    posts = any(row.subject.post for row in data.rows)
    scores = any(row.score is not None for row in data.rows)
    columns = [
        Column("tt", "TT"),
        Column("name", _named(data.rows)),
        *([Column("post", "Chức vụ")] if posts else []),
        *([Column("points", "Điểm tự chấm")] if scores else []),
        *([] if data.of_committee else [Column("code", "Tự nhận")]),
        *(Column("choice", choice) for choice in choices),
    ]
    rows = [
        _row(at, row, posts, scores, not data.of_committee) + [""] * len(choices)
        for at, row in enumerate(data.rows, 1)
    ]
    flow.table(columns, rows)
    flow.remarks("Ý kiến khác (nếu có; viết chữ in, không ký tên):")
    return Document(
        frame=Frame.from_head(data.head, numbered=False),
        kind="PHIẾU XẾP LOẠI" if data.of_committee else "PHIẾU ĐỀ NGHỊ XẾP LOẠI",
        # One phrase over two lines: “PHIẾU ĐỀ NGHỊ XẾP LOẠI / chất lượng đảng viên năm 2023”.
        subject=wording.uncapitalized(clean(data.title)).removeprefix("xếp loại "),
        blocks=tuple(flow.blocks),
        stamp=STAMP_OF_COMMITTEE if data.of_committee else STAMP,
    )


def _named(rows: tuple[BallotRow, ...]) -> str:
    """What the column of subjects is called, by who stands in it."""
    kinds = {row.is_member for row in rows}
    return BOTH if len(kinds) > 1 else PERSON if True in kinds else COLLECTIVE


def _row(place: int, row: BallotRow, posts: bool, scores: bool, claims: bool) -> list[str]:
    return [
        wording.two_digits(place),
        row.subject.name,
        *([row.subject.post] if posts else []),
        *([parts.points(row.score)] if scores else []),
        *([row.subject.self_level or parts.EMPTY] if claims else []),
    ]
