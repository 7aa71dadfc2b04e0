"""Files kept with the review: what is let in, what is left of it, who gets it, and that none vanishes."""

import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from cells.stale import STALE
from members.devices import cookies
from members.files import keeping
from members.models import Attachment, AuditEntry, Member
from partyreview.uploads import AttachmentUploadHandler
from tests.kit import factories
from tests.kit import hostile_files as files
from tests.kit.clients import browser, phone

pytestmark = pytest.mark.usefixtures("unconfined")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
ZIP = b"PK\x03\x04" + HTML


def sent(data: bytes, name: str = "anh.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def cleaned(data: bytes) -> bytes:
    return keeping.cleaned(sent(data))[0]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# What is sent → what its sender is told.
REFUSED = {
    "nothing": (b"", "rỗng"),
    "a picture that draws with a script": (SVG, "Chỉ nhận ảnh"),
    "a page called a photograph": (HTML, "Chỉ nhận ảnh"),
    "a page behind the first bytes of a photograph": (b"\xff\xd8\xff\xe0" + HTML, "hỏng"),
    "half a photograph": (files.picture(size=(900, 900), colour="red")[:900], "hỏng"),
    "few bytes that unfold to 900 million dots": (files.bomb(), "quá nhiều điểm ảnh"),
    "an iPhone's own kind": (HEIC, "Tương thích nhất"),
    "a moving picture": (files.picture("GIF"), "Chỉ nhận ảnh"),
    "a locked PDF": (files.scan(password="a"), "khoá"),
    "a PDF without a page": (files.scan(0), "không có trang"),
    "a PDF of too many pages": (files.scan(61), "61 trang"),
    "the first bytes of a PDF": (b"%PDF-1.7\n" + HTML, "hỏng"),
    "a signature that would vanish": (files.inked_pdf(), "chọn In rồi"),
    "a hidden layer that would be seen": (files.inked_pdf(layer=True), "chọn In rồi"),
    "a PDF behind an archive": (ZIP + files.scan(), "Chỉ nhận ảnh"),
    "more than 12 MB": (b"\xff\xd8\xff" + bytes(12 * 1024 * 1024), "12 MB"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_photograph_or_scan_is_refused_in_one_sentence(data, words):
    with pytest.raises(keeping.Refused, match=words) as refusal:
        cleaned(data)
    assert "Xin" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_did_not_fit_in_the_request_is_not_taken_for_the_whole_file(settings):
    settings.ATTACHMENTS_MAX = 2000
    handler = AttachmentUploadHandler()
    collected = []
    for _ in range(3):
        handler.new_file("uploads", "anh.jpg", "image/jpeg", 1500)
        handler.receive_data_chunk(bytes(1500), 0)
        collected.append(handler.file_complete(1500))
    assert [len(file.read()) for file in collected] == [1500, 1500, 0]
    collected[2].seek(0)
    with pytest.raises(keeping.Refused, match="lần sau"):
        keeping.cleaned(collected[2])


@pytest.mark.parametrize(
    "data",
    [
        files.picture(),
        files.picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)),
        files.picture("PNG", mode="P", colour=0, transparency=0),
        files.picture("PNG", mode="LA", colour=(0, 0)),
        files.picture("WEBP"),
        files.talking_png(),
        files.photograph() + ZIP,
    ],
    ids=["jpeg", "clear png", "clear palette", "clear grey", "webp", "png with words", "polyglot"],
)
def test_any_picture_becomes_a_plain_jpeg_on_white(data):
    content, kind = keeping.cleaned(sent(data, "trang.html", "text/html"))
    picture = opened(content)
    assert (kind, picture.format, picture.mode) == ("image/jpeg", "JPEG", "RGB")
    assert min(picture.getpixel((picture.width - 1, picture.height - 1))) > 250, "white"
    assert HTML not in content
    assert files.PLACE.encode() not in content


def test_a_photograph_is_upright_small_enough_and_says_nothing_of_place_or_phone(settings):
    settings.ATTACHMENT_SIDE = 30
    data = files.photograph()
    assert files.PLACE.encode() in data, "it said so before"
    content = cleaned(data)
    picture = opened(content)
    assert picture.size == (20, 30), "turned as it was held, its long side cut down"
    assert picture.getpixel((10, 3))[0] < 40 < 200 < picture.getpixel((10, 27))[0]
    assert not picture.getexif()
    assert "exif" not in picture.info
    assert files.PLACE.encode() not in content


ACTING = (b"/JavaScript", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/Link", b"/URI")
TELLING = (b"/Author", b"/Metadata", b"/PieceInfo", b"Exif", b"/Info", b"/Sig", b"xmpmeta")


def test_a_pdf_keeps_what_is_drawn_and_nothing_that_acts_or_tells():
    data = files.acting_pdf()
    assert [word for word in ACTING[:3] if word not in data] == [], "they were there before"
    content, kind = keeping.cleaned(sent(data))
    reader = PdfReader(io.BytesIO(content))
    everything = b"".join(_unpacked(content))
    assert kind == "application/pdf"
    assert len(reader.pages) == 2
    assert [word for word in (*ACTING, *TELLING, files.PLACE.encode()) if word in everything] == []
    drawn = reader.pages[1].images[0]
    assert drawn.image.size == (60, 40), "the scan itself"
    (stamp,) = (note.get_object() for note in reader.pages[0]["/Annots"])
    assert stamp["/Subtype"] == "/Stamp"
    assert b"re f" in stamp["/AP"]["/N"].get_data(), "the look of the signature's field"


def _unpacked(content: bytes) -> list[bytes]:
    """The file, and what its packed parts hold."""
    parts = content.split(b"stream\n")
    result = [content]
    for part in parts:
        try:
            result.append(zlib.decompress(part))
        except zlib.error:
            continue
    return result


def test_a_cleaned_file_passes_again():
    for data in (files.photograph(), files.acting_pdf(), files.inked_pdf(look=True)):
        assert cleaned(cleaned(data))


def test_grey_of_16_bits_keeps_its_shades():
    dots = struct.pack("<H", 2000) * 800 + struct.pack("<H", 40_000) * 800
    grey = Image.frombytes("I;16", (40, 40), dots)
    out = io.BytesIO()
    grey.save(out, "PNG")
    darkest, lightest = opened(cleaned(out.getvalue())).convert("L").getextrema()
    assert (darkest, lightest) == (pytest.approx(8, abs=4), pytest.approx(156, abs=4))


pages = pytest.mark.django_db


@pytest.fixture
def member(db) -> Member:
    """A member of a cell whose campaign runs."""
    return factories.members_of(factories.make_meeting(5))[4]


@pytest.fixture
def secretary(member) -> Client:
    """The browser of who runs the cell."""
    return browser(factories.secretary_of(member.attendance_set.get().meeting))


def address(member: Member) -> str:
    return f"/hop/chi-bo/{member.cell_id}/2026/tep-kem/"


def add(client: Client, about: Member, *uploads, **data):
    return client.post(address(about), {"kind": "signed", "uploads": uploads} | data)


@pages
def test_several_photographs_are_added_at_once_each_under_its_own_name(secretary, member):
    photos = [sent(files.photograph()), sent(files.picture())]
    answer = add(secretary, member, *photos, title="Biên bản", member=member.pk)
    assert answer.status_code == 302
    rows = Attachment.objects.all()
    assert [str(row) for row in rows] == ["Biên bản, trang 1", "Biên bản, trang 2"]
    assert {row.member for row in rows} == {member}
    assert AuditEntry.objects.filter(verb="attachment.added").count() == 2
    page = secretary.get(address(member)).content.decode()
    assert "Biên bản, trang 2" in page
    assert "Đang dùng (2)" in page


@pages
def test_of_several_files_the_bad_one_is_named_and_the_form_keeps_its_words(secretary, member):
    answer = add(secretary, member, sent(files.picture()), sent(SVG, "anh.svg"), title="Biên bản")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "anh.svg: Chỉ nhận ảnh" in page
    assert "Đã thêm 1 tệp" in page
    assert 'value="Biên bản"' in page
    assert Attachment.objects.count() == 1


@pages
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"uploads": []}, "Xin chụp hoặc chọn ít nhất một tệp."),
        ({"kind": "khác"}, "Xin chọn một loại"),
        ({"member": "999999"}, "Xin chọn một đồng chí"),
        ({"title": "Biên\u200bbản"}, "ký tự ẩn"),
    ],
)
def test_a_form_that_is_wrong_says_where(secretary, member, data, words):
    answer = add(secretary, member, sent(files.picture()), **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Attachment.objects.exists()


@pages
def test_a_stranger_to_the_cell_cannot_be_named(secretary, member):
    other = factories.make_member()
    assert add(secretary, member, sent(files.picture()), member=other.pk).status_code == 422


@pytest.fixture
def attachment(secretary, member) -> Attachment:
    """A photograph that was added."""
    add(secretary, member, sent(files.photograph()), title="Đảng viên ký", member=member.pk)
    return Attachment.objects.get()


@pages
def test_a_file_is_handed_out_as_what_it_is_under_a_plain_name(secretary, attachment):
    answer = secretary.get(f"/hop/tep-kem/{attachment.pk}/")
    assert answer.content == bytes(attachment.content)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    name = answer["Content-Disposition"].removeprefix('inline; filename="').removesuffix('"')
    assert name.isascii()
    assert name.endswith("Dang vien ky.jpg")


@pages
def test_another_file_takes_its_place_and_the_first_stays_readable(secretary, attachment):
    place = f"/hop/tep-kem/{attachment.pk}/thay/"
    assert (
        secretary.post(place, {"file": sent(files.scan(photo=files.picture()))}).status_code == 302
    )
    fresh = Attachment.objects.current().get()
    attachment.refresh_from_db()
    assert (attachment.superseded_by, fresh.content_type) == (fresh, "application/pdf")
    assert (fresh.title, fresh.member) == (attachment.title, attachment.member)
    assert secretary.get(f"/hop/tep-kem/{attachment.pk}/").status_code == 200
    assert "Bản đã thay (1)" in secretary.get(address(attachment.member)).content.decode()
    again = secretary.post(place, {"file": sent(files.picture())})
    assert again.status_code == 422
    assert STALE in again.content.decode()
    assert Attachment.objects.count() == 2, "what lost is not kept"


@pages
def test_a_bad_file_takes_no_place_and_is_told_beside_it(secretary, attachment):
    answer = secretary.post(f"/hop/tep-kem/{attachment.pk}/thay/", {"file": sent(HTML)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="thay-{attachment.pk}-error"' in page
    assert "Chỉ nhận ảnh" in page
    assert secretary.post(f"/hop/tep-kem/{attachment.pk}/thay/").status_code == 422


@pages
def test_who_gets_a_file(attachment):
    above = factories.make_user(committee=attachment.cell.committee)
    beside = factories.make_user(committee=factories.make_committee())
    place, change = f"/hop/tep-kem/{attachment.pk}/", f"/hop/tep-kem/{attachment.pk}/thay/"
    clients = [browser(above), browser(beside), phone(attachment.member)]
    assert [client.get(place).status_code for client in clients] == [200, 404, 302]
    assert [client.post(change).status_code for client in clients] == [403, 404, 302]
    listed = browser(above).get(address(attachment.member)).content.decode()
    assert "Đảng viên ký" in listed
    assert "Thêm tệp" not in listed
    assert "Thay bằng" not in listed


@pages
def test_a_phone_that_votes_adds_nothing_while_the_cell_meets():
    meeting = factories.make_open_meeting(3)
    member = factories.members_of(meeting)[0]
    client = browser(factories.secretary_of(meeting))
    assert add(client, member, sent(files.picture())).status_code == 302, "from the computer"
    client.cookies[cookies.COOKIE] = factories.make_device(member)
    answer = add(client, member, sent(files.picture()))
    assert (answer.status_code, Attachment.objects.count()) == (422, 1)
    assert "sau khi bế mạc" in answer.content.decode()


@pages
def test_larger_uploads_are_still_refused_to_forged_forms(secretary, member):
    strict = browser(enforce_csrf_checks=True)
    strict.cookies = secretary.cookies
    assert add(strict, member, sent(files.picture())).status_code == 403
    assert not Attachment.objects.exists()


@pages
def test_a_whole_album_is_refused_with_a_sentence(secretary, member, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    add(secretary, member, *(sent(files.picture()) for _ in range(3)))
    page = secretary.get(address(member)).content.decode()
    assert "Mỗi lần gửi không quá 2 tệp" in page
    assert not Attachment.objects.exists()


@pages
def test_the_list_costs_as_many_queries_for_many_files(secretary, member):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            secretary.get(address(member))
        return len(queries)

    add(secretary, member, sent(files.picture()))
    few = cost()
    for number in range(4):
        photo = sent(files.picture(colour=(50 * number, 0, 0)))
        add(secretary, member, photo, title=f"Tờ {number}", member=member.pk)
    assert cost() == few


@pages
@pytest.mark.parametrize("data", [files.picture(), files.scan()], ids=["photograph", "scan"])
def test_the_same_file_is_added_once(secretary, member, data):
    assert add(secretary, member, sent(data), title="Biên bản").status_code == 302
    again = add(secretary, member, sent(data), title="Biên bản, bản khác")
    assert again.status_code == 422
    assert "đã có trong hồ sơ, ở “Biên bản”" in again.content.decode()
    place = f"/hop/tep-kem/{Attachment.objects.get().pk}/thay/"
    assert secretary.post(place, {"file": sent(data)}).status_code == 422
    assert Attachment.objects.count() == 1
    remark = add(secretary, member, sent(data), kind="residence", member=member.pk)
    assert remark.status_code == 302, "one scan may hold several papers"


@pages
def test_a_file_of_last_year_or_of_another_cell_is_told(secretary, member):
    cell = member.cell
    former = factories.make_campaign(cell.committee, year=2025)
    user = factories.make_user(member=member, committee=None)
    neighbour = factories.make_cell(cell.committee, "Chi bộ Bên")
    campaign = member.attendance_set.get().meeting.campaign
    kept = {"content_type": "image/jpeg", "content": b"", "by": user}
    for about, colour in (((cell, former), "red"), ((neighbour, campaign), "blue")):
        digest = hashlib.sha256(cleaned(files.picture(colour=colour))).hexdigest()
        for kind in ("signed", "evidence"):
            place = {"cell": about[0], "campaign": about[1], "kind": kind}
            Attachment.objects.create(**place, **kept, sha256=digest)
    told = [
        add(secretary, member, sent(files.picture(colour=colour))).content.decode()
        for colour in ("red", "blue")
    ]
    assert "đã có ở hồ sơ năm 2025" in told[0]
    assert "ảnh trang ký của một chi bộ khác" in told[1]
    for colour in ("red", "blue"):
        photo = sent(files.picture(colour=colour))
        assert add(secretary, member, photo, kind="evidence").status_code == 302
