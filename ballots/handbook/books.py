"""Which papers of docs/ are read inside the product, shelf by shelf, and which of them phones may read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

DOCS = settings.BASE_DIR / "docs"


@dataclass(frozen=True)
class Book:
    """One paper: its word in the address, its file below docs/, and for whom it is."""

    slug: str
    file: str
    about: str


SHELVES: tuple[tuple[str, tuple[Book, ...]], ...] = (
    (
        "Hướng dẫn từng việc",
        (
            Book("bi-thu", "guides/bi-thu.md", "Bí thư, thư ký: từ tháng Mười đến lúc gửi hồ sơ."),
            Book("to-kiem-phieu", "guides/to-kiem-phieu.md", "Tổ kiểm phiếu, trên máy của mình."),
            Book("dang-vien", "guides/dang-vien.md", "Đảng viên, trên điện thoại."),
            Book("can-bo-cap-tren", "guides/can-bo-cap-tren.md", "Cán bộ của cấp ủy cấp trên."),
            Book("hop-mau", "first-meeting.md", "Đi trọn một buổi họp mẫu để làm quen."),
        ),
    ),
    (
        "Phiếu kín, dữ liệu cá nhân",
        (
            Book("phieu-kin", "ballot-promises.md", "Đọc được trước hội nghị trong một phút."),
            Book("du-lieu-ca-nhan", "personal-data.md", "Giữ gì của một người, bao lâu, ai xem."),
            Book("ai-biet-gi", "threat-model.vi.md", "Từng người: biết gì, sửa được gì, dấu vết."),
            Book("tu-kiem-tra", "proof.md", "Lệnh nào chứng tỏ điều gì, trên máy của chính mình."),
        ),
    ),
    (
        "Máy chủ",
        (
            Book("cai-dat", "installing.md", "Người cài phần mềm lên máy."),
            Book("trong-nom", "operating.md", "Người trông nom máy chủ: lịch năm, khi có sự cố."),
            Book("lay-so-lieu", "api.md", "Phần mềm khác tự lấy số tổng hợp của cấp ủy."),
            Book("suc-chua", "capacity.md", "Một máy gánh được bao nhiêu hội nghị; cần mấy máy."),
        ),
    ),
)
BOOKS: Mapping[str, Book] = {book.slug: book for _, books in SHELVES for book in books}
SLUGS: Mapping[str, str] = {book.file: book.slug for book in BOOKS.values()}
# The same for everybody who has the address: who sits in the hall has no account.
ON_PHONES = ("dang-vien", "to-kiem-phieu")
