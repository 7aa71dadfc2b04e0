"""`make guide-pictures`: the pictures of docs/guides/, of an evening of eleven people, small enough to be kept.

Arguments: the folder, then, if not all are wanted, names of pictures.
"""

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.pictures import site

if TYPE_CHECKING:  # what needs Django waits for its settings
    from tests.pictures.camera import Camera
    from tests.pictures.pages import Shot

PEOPLE = 11
SCALE = 1.5
WIDEST, LARGEST = 1100, 40_000  # points, bytes
QUALITIES = range(80, 20, -6)
# Name of the picture: the shot of `make screens` that it is.
PICTURES: dict[str, str] = {
    "bi-thu-trang-chinh": "gather-secretary-home",
    "bi-thu-ban-kiem-diem": "prepare-secretary-reviews",
    "bi-thu-diem-danh": "check_in-secretary-checkin",
    "bi-thu-hoi-nghi": "report-secretary-meeting",
    "bi-thu-mo-luot": "tellers-secretary-poll",
    "bi-thu-mo-hom": "issue-secretary-poll",
    "bi-thu-bien-ban": "conclude-secretary-minutes",
    "bi-thu-gui": "close-secretary-sending",
    "bi-thu-tra-lai": "mend-secretary-home",
    "to-danh-sach": "tellers-teller-count",
    "to-phieu-giay": "issue-teller-count",
    "to-nhap-phieu": "cast-teller-count",
    "to-ket-qua": "count-teller-count",
    "man-chieu-bo-phieu": "cast-projector-projector",
    "dang-vien-dung-may": "check_in-nobody-personal_link",
    "dang-vien-ban-kiem-diem": "prepare-writer-review",
    "dang-vien-vao-hop": "check_in-nobody-join",
    "dang-vien-so": "check_in-knocker-wait",
    "dang-vien-phieu": "issue-writer-ballot",
    "dang-vien-xem-lai": "issue-writer-ballot_review",
    "dang-vien-da-gap": "issue-writer-ballot_folded",
    "dang-vien-da-bo": "cast-writer-ballot_cast",
    "dang-vien-cac-nam": "petition-writer-my_years",
    "cap-tren-con-thieu": "prepare-officer-missing",
    "cap-tren-dot": "prepare-officer-campaigns",
    "cap-tren-quy-dinh": "prepare-officer-committee_rules",
    "cap-tren-nhap": "prepare-officer-committee_import_preview",
    "cap-tren-bang": "send-officer-committee",
    "cap-tren-ho-so": "send-officer-submission",
    "cap-tren-quyet-dinh": "decide-officer-decision",
    "cap-tren-kien-nghi": "petition-officer-decision",
}


def main(target: str = "docs/guides/pictures", *names: str) -> None:
    """Play one evening and keep what the guides show of it."""
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    with site.embedded():
        from tests.pictures.camera import Camera
        from tests.pictures.evening import Evening
        from tests.pictures.pages import shots

        wanted = {PICTURES[name]: name for name in names or PICTURES}
        with site.served("tests.pictures.served:application") as (address, browser):
            evening = Evening(PEOPLE)
            camera = Camera(browser, address, evening, SCALE)
            for step in evening.steps():
                for shot in shots():
                    if shot.step == step and (shot.title in wanted or shot.leads_on):
                        take(camera, shot, folder, wanted.get(shot.title))
                camera.rest()
            camera.close()


def take(camera: "Camera", shot: "Shot", folder: Path, name: str | None) -> None:
    """The page as it shows; without a name it is only done what leads on."""
    from tests.pictures.camera import OFFICER, PHONE, Size, kind_of

    page = camera.go(shot)
    if name is not None:
        sizes = {OFFICER: Size(1100, 700), PHONE: Size(360, 640)}
        camera.resize(shot.who, sizes.get(kind_of(shot.who), Size(1280, 720)))
        keep(page.screenshot(), folder / f"{name}.webp")
    if shot.then:
        shot.then(page)


def keep(screenshot: bytes, path: Path) -> None:
    """As sharp as its bytes allow."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image.thumbnail((WIDEST, WIDEST))
    for quality in QUALITIES:
        written = io.BytesIO()
        image.save(written, "WEBP", quality=quality, method=6)
        if written.tell() <= LARGEST:
            break
    path.write_bytes(written.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
