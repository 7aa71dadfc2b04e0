"""What the minutes say of leadership collectives, between the cell itself and its members."""

from decimal import Decimal

from ballots.papers.minutes import talk
from ballots.papers.minutes.data import BodyReview, MinutesData
from ballots.papers.press.document import Flow
from cells import wording
from cells.law.review_forms import SCALE

WITH_EXECUTIVE = "{}, được kiểm điểm cùng cấp ủy, không xếp loại như một tập thể riêng."


def reviewed(flow: Flow, data: MinutesData) -> None:
    """The report of each, its claims, and what was said to it; then those too small to be a subject of their own."""
    for body in data.bodies:
        flow.heading(f"Kiểm điểm tập thể lãnh đạo, quản lý: {body.name}")
        _report(flow, data, body)
        for opinion in body.opinions:
            flow.dash(f"Đồng chí {opinion.by}{talk.of(opinion)}: {opinion.text}")
        if not body.opinions:
            flow.text(f"Không có ý kiến góp ý đối với {body.name}.")
    for small in data.small_bodies:
        flow.text(WITH_EXECUTIVE.format(small))


def as_leaders(flow: Flow, data: MinutesData) -> None:
    """How leaders were rated where they hold their posts: shown beside the levels as đảng viên, and never for them."""
    if not data.as_leaders:
        return
    flow.text(
        "Mức xếp loại ở cương vị lãnh đạo, quản lý do nơi giữ chức vụ kết luận, là căn cứ khi đề nghị mức trên:",
        keep=True,
    )
    for line in data.as_leaders:
        flow.dash(f"{line}.")


def claims(flow: Flow, data: MinutesData, whose: str, score: Decimal | None, level: str) -> None:
    """What a collective claims for itself: points, level ("" for none), or both."""
    said = []
    if score is not None:
        said.append(f"tự chấm {wording.score(score)}/{wording.score(SCALE)} điểm")
    if level:
        said.append(f"tự nhận mức: {data.label_of(level)}")
    if said:
        flow.text(f"{whose} {'; '.join(said)}.")


def _report(flow: Flow, data: MinutesData, body: BodyReview) -> None:
    lines = [line for line in body.report.splitlines() if line.strip()]
    where = " (kèm theo)" if body.enclosed else ""
    end = ", tóm tắt như sau:" if lines else "."
    flow.text(f"Hội nghị nghe báo cáo kiểm điểm của {body.name} {data.head.period}{where}{end}")
    for line in lines:
        flow.text(line)
    claims(flow, data, body.name, body.self_score, body.self_level)
    if body.amended:
        flow.text(f"Báo cáo được sửa đổi, bổ sung tại hội nghị ở {'; '.join(body.amended)}.")
