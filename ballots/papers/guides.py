"""One page to lie on the table: what a secretary, a member or a teller does, in the order in which it is done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cells import wording


@dataclass(frozen=True)
class Part:
    """Steps that follow each other; `first` is the number of the first of them."""

    title: str
    steps: tuple[tuple[str, str], ...]
    first: int = 1


@dataclass(frozen=True)
class GuideData:
    """Bản hướng dẫn: its steps part by part, what nobody has to be afraid of, and the points of its letters."""

    whom: str
    parts: tuple[Part, ...]
    calm: tuple[str, ...]
    letters: int = 16


def guide_for(whom: str) -> GuideData:
    """The guide by the word its address has, its steps numbered through; KeyError for another word."""
    guide, first, parts = GUIDES[whom], 1, []
    for part in guide.parts:
        steps = tuple((name, _unbroken(words)) for name, words in part.steps)
        parts.append(replace(part, steps=steps, first=first))
        first += len(part.steps)
    return replace(guide, parts=tuple(parts), calm=tuple(map(_unbroken, guide.calm)))


def _unbroken(words: str) -> str:
    """The same with what stands on a button in one line."""
    return re.sub("“[^”]+”", lambda button: button[0].replace(" ", wording.HARD_SPACE), words)


OFFLINE = "Mất mạng thì để yên trang: máy tự thử lại, chữ đã ghi còn nguyên."
UNSEEN = "Không ai, kể cả bí thư, xem được phiếu của ai."

GUIDES: Mapping[str, GuideData] = {
    "bi-thu": GuideData(
        "Bí thư, thư ký",
        (
            Part(
                "Trước hội nghị",
                (
                    (
                        "Đăng nhập",
                        "Mở liên kết cấp ủy gửi, đặt mật khẩu. Trang chính nói việc nào làm trước.",
                    ),
                    ("Rà danh sách kiểm điểm", "Dòng nào chưa đúng thì bấm “Sửa”."),
                    (
                        "Nhắc nộp bản kiểm điểm",
                        "Bấm “Chép tin nhắn Zalo”, dán vào nhóm chi bộ. Ai nộp giấy thì bấm “Đã "
                        "nhận bản giấy”.",
                    ),
                    (
                        "Lập hội nghị",
                        "Viết dự thảo báo cáo. Bấm “Họp thử” để làm quen, không ghi vào hội nghị "
                        "thật.",
                    ),
                ),
            ),
            Part(
                "Trong hội nghị",
                (
                    (
                        "Điểm danh",
                        "Bấm “Mở điểm danh”, mở màn chiếu. Đồng chí nào đọc số trên máy thì bấm "
                        "đúng dòng có số ấy. Ai không có máy thì bấm “Có mặt, không dùng máy”.",
                    ),
                    (
                        "Khai mạc, đi từng mục",
                        "Bấm nút lớn ở cuối trang. Lỡ tay thì bấm “Mục trước”.",
                    ),
                    (
                        "Bỏ phiếu",
                        "Tổ kiểm phiếu xác nhận danh sách có mặt rồi thì bấm “Mở lượt bỏ phiếu”; "
                        "mọi máy đã nhận phiếu thì bấm “Mở hòm”. Tổ kiểm phiếu đóng hòm và kiểm "
                        "phiếu trên máy của tổ.",
                    ),
                    (
                        "Kết luận, biên bản",
                        "Đọc kết quả, ghi lời kết luận. Đọc biên bản, ghi số giơ tay, bấm “Thông "
                        "qua và khoá biên bản”, rồi “Bế mạc hội nghị”.",
                    ),
                ),
            ),
            Part(
                "Sau hội nghị",
                (
                    (
                        "Gửi cấp trên",
                        "Sửa những chỗ máy nêu, rồi gửi. Hồ sơ bị trả lại thì trang chính dẫn đến "
                        "đúng chỗ sửa.",
                    ),
                ),
            ),
        ),
        ("Chưa bấm nút ghi thì chưa có gì đổi.", OFFLINE, UNSEEN),
    ),
    "dang-vien": GuideData(
        "Đảng viên",
        (
            Part(
                "Ở nhà",
                (
                    ("Mở liên kết bí thư gửi qua Zalo", "Bấm “Dùng máy này”."),
                    (
                        "Viết bản kiểm điểm",
                        "Xong một phần thì bấm “Tiếp”; chữ tự lưu. Phần cuối bấm “Nộp bản kiểm "
                        "điểm”. Viết tay thì nộp giấy cho bí thư.",
                    ),
                ),
            ),
            Part(
                "Tại hội nghị",
                (
                    (
                        "Vào họp",
                        "Quét mã trên màn chiếu, hoặc mở địa chỉ ghi trên màn chiếu rồi bấm sáu "
                        "số. Bấm tên mình.",
                    ),
                    (
                        "Đọc số cho bí thư",
                        "Máy hiện một số có hai chữ số. Bí thư nhận rồi thì để máy sáng, chờ.",
                    ),
                    (
                        "Bỏ phiếu",
                        "Phiếu tự mở. Mỗi đồng chí một trang: bấm một mức. Xem lại, bấm “Bỏ "
                        "phiếu”, rồi “Xác nhận bỏ phiếu”.",
                    ),
                    ("Xong", "Thấy “Đã bỏ phiếu kín” thì cất máy được."),
                ),
            ),
        ),
        (
            UNSEEN,
            "Chữ nhỏ thì bấm “Chữ to” ở góc trên.",
            "Không có máy, máy hỏng, hết pin: báo bí thư để nhận phiếu bốc thăm hoặc phiếu giấy.",
        ),
        letters=20,
    ),
    "to-kiem-phieu": GuideData(
        "Tổ kiểm phiếu",
        (
            Part(
                "Trước khi mở lượt",
                (
                    (
                        "Mở trang của tổ",
                        "Ở trang cuộc họp trên máy của mình, bấm “Tổ kiểm phiếu”.",
                    ),
                    (
                        "Xác nhận danh sách có mặt",
                        "Nhìn trong phòng: mỗi tên có đúng một người. Đúng thì bấm “Xác nhận”; "
                        "sai thì báo bí thư sửa trước.",
                    ),
                ),
            ),
            Part(
                "Khi bỏ phiếu",
                (
                    (
                        "Bỏ phiếu của mình",
                        "Bấm “Mở phiếu của tôi”, bỏ phiếu như mọi người, rồi trở lại trang của tổ.",
                    ),
                    (
                        "Phiếu giấy, nếu có",
                        "Bấm “Phát … phiếu giấy”, đưa mỗi người một tờ. Thu xong, hai đồng chí "
                        "lần lượt nhập cả chồng trên cùng một máy.",
                    ),
                ),
            ),
            Part(
                "Kiểm phiếu",
                (
                    (
                        "Đóng hòm",
                        "Màn chiếu báo thu đủ thì bấm “Đóng hòm và kiểm phiếu”. Giữ màn hình "
                        "sáng: máy tự đếm lại.",
                    ),
                    (
                        "Xác nhận",
                        "Hai lần đếm trùng nhau thì bấm “Xác nhận kết quả”: màn chiếu mới hiện "
                        "kết quả.",
                    ),
                ),
            ),
        ),
        (
            "Đếm lại chưa khớp thì chưa có số nào công bố: mở trang này trên máy của đồng chí "
            "khác trong tổ.",
            OFFLINE,
            UNSEEN,
        ),
        letters=18,
    ),
}
