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
    guide: tuple[str, str] | None = None  # the book and its chapter that tell more


# By the name of the page's address; together they fit two lines beside a heading, and three on a phone.
HINTS: Mapping[str, tuple[str, str, str]] = {
    "ballots:home": (
        "Việc của cả năm.",
        "Bấm nút lớn để làm việc đang đến.",
        "Mở ra xem thì chưa đổi gì.",
    ),
    "ballots:review_list": (
        "Ai kiểm điểm, ai không.",
        "Dòng chưa đúng thì bấm “Sửa”.",
        "Nhầm thì bấm “Lại theo quy định chung”.",
    ),
    "ballots:reviews": (
        "Ai đã nộp, ai chưa.",
        "Bấm “Chép tin nhắn Zalo” để nhắc.",
        "Không ai sửa được chữ của người viết.",
    ),
    "ballots:cell_years": (
        "Mức và hạn chế các năm trước.",
        "Năm đầu: nhập từ bảng.",
        "Chưa thông qua biên bản thì chưa có mức.",
    ),
    "members:executive_remarks": (
        "Nhận xét, đề xuất của chi ủy.",
        "Ghi rồi bấm “Lưu”.",
        "Sửa rồi lưu lại lúc nào cũng được.",
    ),
    "members:attachments": (
        "Ảnh chụp, bản quét gửi kèm hồ sơ.",
        "Chọn tệp rồi thêm vào.",
        "Nhầm thì thay, bản cũ vẫn còn.",
    ),
    "ballots:quota": (
        "Các dự thảo của cấp ủy.",
        "Bấm “Lập dự thảo”.",
        "Dự thảo chưa quyết định gì.",
    ),
    "ballots:quota_draft": (
        "Thử mức trước khi quyết định.",
        "Chọn mức, bấm “Đổi”.",
        "Chưa quyết định, chưa công bố gì.",
    ),
    "members:missing": (
        "Việc phải xong trước khi chi bộ họp.",
        "Làm từ trên xuống.",
        "Mở ra xem chưa đổi gì.",
    ),
    "members:places": (
        "Chi bộ bên dưới, ai điều hành.",
        "Bấm “Nhập chi bộ từ Excel”.",
        "Đổi tên, chuyển thì hồ sơ cũ còn nguyên.",
    ),
    "members:account_list": (
        "Ai đăng nhập được, ai chưa vào.",
        "Bấm “Gửi lời mời” để có liên kết.",
        "Khoá nhầm thì bấm “Mở khoá”.",
    ),
    "members:member_list": (
        "Mọi đồng chí đang sinh hoạt.",
        "Bấm “Nhập từ Excel”.",
        "Xem trước, đồng ý rồi mới ghi.",
    ),
    "ballots:meeting_plan": (
        "Ngày giờ, nơi họp, chủ trì, thư ký.",
        "Bấm “Lập hội nghị”.",
        "Trước khai mạc vẫn đổi được.",
    ),
    "ballots:meeting": (
        "Mục đang đến in đậm.",
        "Bấm nút lớn ở cuối trang để đi tiếp.",
        "Lỡ tay thì bấm “Mục trước”.",
    ),
    "ballots:roster": (
        "Ai được xếp loại, tự nhận mức nào.",
        "Chọn mức rồi lưu lại.",
        "Chưa bế mạc thì chọn lại được.",
    ),
    "ballots:checkin": (
        "Nhận từng đồng chí đến dự.",
        "Bấm dòng có đúng số trên máy ấy.",
        "Nhầm thì bấm “Sửa” ở dòng tên.",
    ),
    "ballots:report": (
        "Báo cáo của chi bộ.",
        "Ghi rồi bấm “Lưu báo cáo”.",
        "Sửa trong hội nghị thì chữ cũ vẫn còn.",
    ),
    "ballots:meeting_promises": (
        "Hạn chế năm trước đã khắc phục chưa.",
        "Trả lời rồi bấm “Lưu”.",
        "Nhầm thì chọn lại, lưu lần nữa.",
    ),
    "ballots:comments": (
        "Ai góp ý, cho ai, nội dung gì.",
        "Ghi xong bấm “Ghi ý kiến”.",
        "Nhầm thì bấm “Sửa” hoặc “Bỏ”.",
    ),
    "ballots:self_reviews": (
        "Mỗi đồng chí một dòng, không bắt buộc.",
        "Ghi rồi bấm “Lưu”.",
        "Nhầm thì sửa rồi lưu lần nữa.",
    ),
    "ballots:guests": (
        "Đại biểu dự hội nghị.",
        "Ghi tên, chức vụ rồi bấm “Thêm”.",
        "Nhầm thì bấm “Bỏ” rồi ghi lại.",
    ),
    "ballots:collectives": (
        "Tập thể lãnh đạo được kiểm điểm.",
        "Ghi tên rồi bấm “Thêm”.",
        "Nhầm thì bấm “Bỏ”.",
    ),
    "ballots:tellers": (
        "Đánh dấu tên, chọn tổ trưởng.",
        "Bấm “Ghi tổ kiểm phiếu”.",
        "Chưa mở lượt thì đổi lại được.",
    ),
    "ballots:polls": (
        "Các lượt đã lập sẵn.",
        "Bấm “Mở trang của lượt”.",
        "Mở trang thì chưa phát phiếu nào.",
    ),
    "ballots:poll": (
        "Từng bước của một lượt bỏ phiếu.",
        "Việc tiếp theo ghi ở cuối trang.",
        "Không ai xem được phiếu của ai.",
    ),
    "ballots:results": (
        "Tổ kiểm phiếu đã xác nhận.",
        "Đọc trước hội nghị, rồi bấm nút lớn.",
        "Không ai sửa được con số.",
    ),
    "ballots:conclude": (
        "Mức đề nghị đã có sẵn.",
        "Ghi lời kết luận rồi lưu.",
        "Kết luận thế nào, số phiếu cũng giữ nguyên.",
    ),
    "ballots:minutes": (
        "Ghép từ những gì đã ghi.",
        "Đọc trước hội nghị, ghi số giơ tay.",
        "Chưa thông qua thì còn sửa được.",
    ),
    "ballots:sending": (
        "Máy kiểm tra trước khi gửi.",
        "Sửa những chỗ máy nêu, rồi gửi.",
        "Chưa gửi thì cấp trên chưa thấy gì.",
    ),
    "ballots:appraisal": (
        "Điều kiện từng mức, không chiếu.",
        "Bấm vào tên để trả lời.",
        "Trả lời thế nào, số phiếu cũng giữ nguyên.",
    ),
    "ballots:dossier": (
        "Mọi văn bản của hội nghị.",
        "Bấm “PDF” hoặc “Word”.",
        "Tải bao nhiêu lần cũng không đổi gì.",
    ),
    "ballots:meeting_rules": (
        "Quy định hội nghị này theo.",
        "Chỉ để xem.",
        "Khai mạc rồi thì quy định giữ nguyên.",
    ),
    "ballots:committee": (
        "Tình hình mọi chi bộ.",
        "Bấm ô có số để xem riêng các chi bộ ấy.",
        "Xem thì không đổi gì.",
    ),
    "ballots:submission": (
        "Chỗ nào chưa đúng thì bấm vào.",
        "Ghi cần sửa gì.",
        "Chưa bấm “Trả lại hồ sơ” thì chi bộ chưa biết.",
    ),
    "ballots:decision": (
        "Mức chi bộ đề nghị đã có sẵn.",
        "Ghi số và ngày của quyết định.",
        "Chưa công bố thì chưa ai thấy.",
    ),
    "ballots:envelope_paper": (
        "Khoá chỉ có trên giấy.",
        "Tắt máy chiếu rồi mới in.",
        "In lại thì tờ trước hết hiệu lực.",
    ),
    "ballots:envelope": (
        "Các dấu trên phiếu, không kèm tên.",
        "Mở thì cần hai người và căn cứ.",
        "Máy chỉ hiện số cộng.",
    ),
}

# Where the handbook tells more: the word of the book and the anchor of its chapter.
GUIDED: Mapping[str, tuple[str, str]] = {
    "ballots:review_list": ("bi-thu", "trước-hội-nghị"),
    "ballots:reviews": ("bi-thu", "trước-hội-nghị"),
    "members:member_list": ("bi-thu", "trước-hội-nghị"),
    "ballots:meeting_plan": ("bi-thu", "trước-hội-nghị"),
    "ballots:meeting": ("bi-thu", "đi-theo-chương-trình"),
    "ballots:checkin": ("bi-thu", "điểm-danh"),
    "ballots:tellers": ("bi-thu", "đi-theo-chương-trình"),
    "ballots:poll": ("bi-thu", "bỏ-phiếu"),
    "ballots:polls": ("bi-thu", "bỏ-phiếu"),
    "ballots:results": ("bi-thu", "kết-luận-và-biên-bản"),
    "ballots:conclude": ("bi-thu", "kết-luận-và-biên-bản"),
    "ballots:minutes": ("bi-thu", "kết-luận-và-biên-bản"),
    "ballots:sending": ("bi-thu", "gửi-cấp-trên"),
    "members:missing": ("can-bo-cap-tren", "đầu-mùa-kiểm-điểm"),
    "members:places": ("can-bo-cap-tren", "đầu-mùa-kiểm-điểm"),
    "members:account_list": ("can-bo-cap-tren", "khi-có-trục-trặc"),
    "ballots:committee": ("can-bo-cap-tren", "theo-dõi"),
    "ballots:submission": ("can-bo-cap-tren", "xem-hồ-sơ-trả-lại"),
    "ballots:decision": ("can-bo-cap-tren", "ghi-quyết-định"),
    "ballots:envelope_paper": ("bi-thu", "phong-bì-niêm-phong"),
    "ballots:envelope": ("can-bo-cap-tren", "phong-bì-niêm-phong"),
}


def hint_of(request: Request) -> Hint | None:
    """The hint of the page that is shown; None where there is none."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page not in HINTS or not request.user.is_authenticated:
        return None
    cookie = f"da-ro-{request.user.pk}"
    away = page in request.COOKIES.get(cookie, "").split(".") and AGAIN not in request.GET
    return Hint(page, *HINTS[page], cookie=cookie, is_away=away, guide=GUIDED.get(page))
