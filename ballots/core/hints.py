"""What each page of officers is for, in the words of the hall: the one line that who knows it puts away."""

from collections.abc import Mapping
from dataclasses import dataclass

from partyreview.http import Request

AGAIN = "loi-nhac"  # in the address: show it although it was put away


@dataclass(frozen=True)
class Hint:
    """Three short sentences: what the page is for, what is pressed first, and what cannot go wrong.

    `page`: the name of its address; what this browser put away stands under `cookie`, for this person.
    """

    page: str
    about: str
    first: str
    safe: str
    cookie: str = ""
    is_away: bool = False


# By the name of the page's address; together they fit one line of a laptop.
HINTS: Mapping[str, tuple[str, str, str]] = {
    "ballots:home": (
        "Việc của cả năm, theo thứ tự.",
        "Bấm nút lớn để làm việc đang đến.",
        "Mở trang nào ra xem cũng chưa đổi gì.",
    ),
    "ballots:review_list": (
        "Ai kiểm điểm, ai không, vì sao.",
        "Dòng nào chưa đúng thì bấm “Sửa”.",
        "Sửa nhầm thì bấm “Lại theo quy định chung”.",
    ),
    "ballots:reviews": (
        "Ai đã nộp bản kiểm điểm, ai chưa.",
        "Bấm “Chép tin nhắn Zalo” để nhắc.",
        "Ở đây không ai sửa được chữ của người viết.",
    ),
    "ballots:cell_years": (
        "Mức và hạn chế của các năm trước.",
        "Chỉ để xem, không có gì phải bấm.",
        "Chưa thông qua biên bản thì chưa có mức.",
    ),
    "members:executive_remarks": (
        "Nhận xét, đề xuất của chi ủy về từng đồng chí.",
        "Ghi rồi bấm “Lưu”.",
        "Sửa rồi lưu lại lúc nào cũng được.",
    ),
    "members:attachments": (
        "Ảnh chụp, bản quét gửi kèm hồ sơ.",
        "Bí thư chọn tệp rồi thêm vào.",
        "Thêm nhầm thì thay bằng bản khác, bản cũ vẫn còn.",
    ),
    "members:member_list": (
        "Mọi đồng chí đang sinh hoạt.",
        "Có tệp Excel thì bấm “Nhập từ Excel”.",
        "Nhập là xem trước, đồng ý rồi mới ghi.",
    ),
    "ballots:meeting_plan": (
        "Ngày giờ, nơi họp, chủ trì, thư ký.",
        "Xem các ô rồi bấm “Lập hội nghị”.",
        "Trước khai mạc vẫn đổi được giờ và nơi họp.",
    ),
    "ballots:meeting": (
        "Chương trình buổi họp, mục đang đến in đậm.",
        "Bấm nút lớn ở cuối trang để đi tiếp.",
        "Lỡ tay thì bấm “Mục trước”.",
    ),
    "ballots:roster": (
        "Ai được xếp loại, tự nhận mức nào.",
        "Trước khi bế mạc, chọn mức rồi lưu lại.",
        "Chọn nhầm thì chọn lại rồi lưu lần nữa.",
    ),
    "ballots:checkin": (
        "Nhận từng đồng chí đến dự.",
        "Bấm vào dòng có đúng số trên máy của đồng chí ấy.",
        "Nhầm thì bấm “Sửa” ở dòng tên.",
    ),
    "ballots:report": (
        "Báo cáo và tự chấm điểm của chi bộ.",
        "Ghi rồi bấm “Lưu báo cáo”.",
        "Chữ sửa trong hội nghị được đánh dấu, chữ cũ vẫn còn.",
    ),
    "ballots:meeting_promises": (
        "Hạn chế năm trước đã khắc phục chưa.",
        "Trả lời từng việc rồi bấm “Lưu”.",
        "Trả lời nhầm thì chọn lại rồi lưu lần nữa.",
    ),
    "ballots:comments": (
        "Ai góp ý, cho ai, nội dung gì.",
        "Ghi xong bấm “Ghi ý kiến”.",
        "Ghi nhầm thì bấm “Sửa” hoặc “Bỏ” ở ý kiến ấy.",
    ),
    "ballots:self_reviews": (
        "Tự kiểm điểm và tiếp thu, mỗi đồng chí một dòng.",
        "Ghi rồi bấm “Lưu”.",
        "Ghi nhầm thì sửa rồi lưu lần nữa.",
    ),
    "ballots:guests": (
        "Đại biểu dự hội nghị.",
        "Ghi tên, chức vụ rồi bấm “Thêm”.",
        "Ghi nhầm thì bấm “Bỏ” rồi ghi lại.",
    ),
    "ballots:collectives": (
        "Tập thể lãnh đạo được kiểm điểm tại hội nghị.",
        "Ghi tên rồi bấm “Thêm”.",
        "Thêm nhầm thì bấm “Bỏ”.",
    ),
    "ballots:tellers": (
        "Cử tổ kiểm phiếu.",
        "Đánh dấu tên, ghi số giơ tay, bấm “Ghi tổ kiểm phiếu”.",
        "Chưa mở lượt thì đổi lại được.",
    ),
    "ballots:polls": (
        "Các lượt bỏ phiếu kín, đã lập sẵn.",
        "Bấm “Mở trang của lượt”.",
        "Mở trang của lượt thì chưa phát phiếu nào.",
    ),
    "ballots:poll": (
        "Một lượt bỏ phiếu kín.",
        "Bấm nút lớn ở cuối trang khi các dòng đã có dấu ✔.",
        "Không ai xem được phiếu của ai.",
    ),
    "ballots:results": (
        "Kết quả mà tổ kiểm phiếu đã xác nhận.",
        "Đọc trước hội nghị, rồi bấm nút lớn ở cuối trang.",
        "Ở đây không ai sửa được con số.",
    ),
    "ballots:conclude": (
        "Kết luận của chủ trì về từng đồng chí.",
        "Xem mức đề nghị, ghi lời kết luận.",
        "Kết luận thế nào thì số phiếu cũng giữ nguyên.",
    ),
    "ballots:minutes": (
        "Biên bản ghép từ những gì đã ghi.",
        "Đọc trước hội nghị, ghi số giơ tay.",
        "Chưa bấm “Thông qua và khoá biên bản” thì còn sửa được.",
    ),
    "ballots:sending": (
        "Máy kiểm tra hồ sơ trước khi gửi.",
        "Sửa những chỗ máy nêu, rồi gửi.",
        "Chưa gửi thì cấp trên chưa thấy gì.",
    ),
    "ballots:appraisal": (
        "Điều kiện của từng mức, không chiếu lên màn hình.",
        "Bấm vào tên để xem và trả lời.",
        "Trả lời thế nào thì số phiếu cũng giữ nguyên.",
    ),
    "ballots:dossier": (
        "Mọi văn bản của hội nghị, để xem và in.",
        "Bấm “PDF” hoặc “Word”.",
        "Tải bao nhiêu lần cũng không đổi gì.",
    ),
    "ballots:meeting_rules": (
        "Quy định mà hội nghị này theo.",
        "Chỉ để xem, không có gì phải bấm.",
        "Hội nghị đã khai mạc thì quy định giữ nguyên.",
    ),
    "ballots:committee": (
        "Tình hình của mọi chi bộ.",
        "Bấm một ô có số để xem riêng các chi bộ ấy.",
        "Xem thì không đổi gì của chi bộ.",
    ),
    "ballots:submission": (
        "Hồ sơ chi bộ gửi lên.",
        "Chỗ nào chưa đúng thì bấm vào, ghi phải sửa gì.",
        "Chưa bấm “Trả lại hồ sơ” thì chi bộ chưa biết.",
    ),
    "ballots:decision": (
        "Quyết định mức của từng đồng chí.",
        "Xem mức, ghi số và ngày của quyết định.",
        "Chưa bấm “Ghi quyết định và công bố mức” thì chưa ai thấy.",
    ),
}


def hint_of(request: Request) -> Hint | None:
    """The hint of the page that is shown; None where there is none."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page not in HINTS or not request.user.is_authenticated:
        return None
    cookie = f"da-ro-{request.user.pk}"
    away = page in request.COOKIES.get(cookie, "").split(".") and AGAIN not in request.GET
    return Hint(page, *HINTS[page], cookie=cookie, is_away=away)
