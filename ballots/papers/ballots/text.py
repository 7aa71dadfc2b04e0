"""Phiếu giấy: the blank ballot, whose boxes are drawn and whose copies are all alike."""

from ballots.papers import parts
from ballots.papers.ballots.data import BallotSheetData
from ballots.papers.data import SubjectLevels
from ballots.papers.press.document import Column, Document, Flow, Frame, clean
from cells import wording


def compose_ballot(data: BallotSheetData) -> Document:
    """Write one ballot out."""
    flow = Flow()
    flow.text(
        f"Mỗi dòng chỉ đánh dấu X vào một ô. {data.rule} Không ký tên, không viết thêm vào phiếu."
    )
    choices = parts.choices(data.levels)
    posts = any(row.post for row in data.rows)
    columns = [
        Column("tt", "TT"),
        Column("name", "Tập thể, đảng viên"),
        *([Column("post", "Chức vụ")] if posts else []),
        Column("code", "Tự nhận"),
        *(Column("choice", choice) for choice in choices),
    ]
    flow.table(
        columns, [_row(at, row, posts, len(choices)) for at, row in enumerate(data.rows, 1)]
    )
    return Document(
        frame=Frame.from_head(data.head, numbered=False),
        kind="PHIẾU ĐỀ NGHỊ XẾP LOẠI",
        subject=clean(data.title),
        blocks=tuple(flow.blocks),
        stamp="(đóng dấu)",
    )


def _row(place: int, row: SubjectLevels, posts: bool, boxes: int) -> list[str]:
    post = [row.post] if posts else []
    claimed = row.self_level or parts.EMPTY
    return [wording.two_digits(place), row.name, *post, claimed, *[""] * boxes]
