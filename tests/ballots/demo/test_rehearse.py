"""Whole meetings over real HTTP: the figures are those the scenario implies, and what is forbidden leaves nothing."""

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pypdf import PdfReader

from ballots.demo import scenario, seeding, serving
from ballots.demo.rehearsal.browser import Stopped
from ballots.demo.rehearsal.play import Evening
from members.devices import links
from members.models import Member

SCENARIOS = Path(seeding.__file__).parent / "scenarios"
SEED = SCENARIOS / "chi-bo-4-2023.json"
WARD = SCENARIOS / "khu-pho-7-2026.json"


def hold(case: scenario.Scenario, site: str) -> dict[str, bytes]:
    seeded = seeding.make_cell(case)
    link = links.sign_in_link(seeded.secretary, site)
    return Evening(case, seeded, site, link).play()


def text_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


# The published report of the seed's meeting, statement by statement: the facts, not its wording.
ARTICLE = {
    "held under guidance 08 of 15 December 2023": ["Hướng dẫn số 08-HD/ĐUK, ngày 15/12/2023"],
    "of the organisation, its members, the leadership and the leaders": [
        "xếp loại chất lượng tổ chức đảng, đảng viên và tập thể, cá nhân cán bộ lãnh đạo, quản lý năm 2023"
    ],
    "by cell 4 of the committee of the department of Gia Lai": [
        "CHI BỘ 4",
        "ĐẢNG BỘ CỤC QUẢN LÝ THỊ TRƯỜNG TỈNH GIA LAI",
        "Gia Lai, ngày 20 tháng 12 năm 2023",
    ],
    "an occasion to examine and mend oneself": ["tự soi, tự sửa"],
    "self-criticism, criticism and democracy": [
        "tự phê bình và phê bình",
        "phát huy dân chủ trong Đảng",
    ],
    "serious, thorough, true and objective, of faults and of strengths": [
        "nghiêm túc, toàn diện, đúng thực chất, trung thực, khách quan",
        "tồn tại, hạn chế, khuyết điểm và điểm mạnh đã phát huy của cá nhân và tập thể Chi bộ 4",
    ],
    "the secretary presents the draft report": [
        "Đồng chí Hà Xuân Quang, Bí thư, trình bày dự thảo báo cáo kiểm điểm của Chi bộ 4 năm 2023"
    ],
    "the cell scores and rates itself": [
        "Chi bộ 4 tự chấm 85/100 điểm; tự nhận mức: Hoàn thành tốt nhiệm vụ.",
        "số đặt tạm",  # the report names no score
    ],
    "strengths and results of the cell and its members": [
        "Về ưu điểm, mặt mạnh: + Đồng chí Đảng viên Hai: Tập thể Chi bộ có những mặt mạnh cần phát huy, "
        "kết quả tích cực trong công tác chỉ đạo, điều hành.",
        "(ưu điểm, mặt mạnh): Có tinh thần trách nhiệm",
    ],
    "limits and their causes": [
        "Về hạn chế, khuyết điểm: + Đồng chí Đảng viên Ba: Còn tồn tại, hạn chế",
        "Về nguyên nhân: + Đồng chí Đảng viên Ba:",
        "một số công tác chưa đạt yêu cầu",
    ],
    "remedies": [
        "Về giải pháp khắc phục: + Đồng chí Đảng viên Bảy: Đề nghị có giải pháp, biện pháp"
    ],
    "tasks of 2024": [
        "Phương hướng năm 2024: Triển khai nhiệm vụ trọng tâm",
        "đưa Chi bộ 4 ngày càng vững mạnh, hoàn thành xuất sắc nhiệm vụ được giao trong năm 2024",
    ],
    "a secret vote on the cell and its members": ["Hội nghị bỏ phiếu kín đề nghị mức xếp loại"],
    "all ballots for the cell at HTT": ["01 Chi bộ 4 00 (0%) 08 (100%) 00 (0%) 00 (0%) 00"],
    "seven of eight members at HTT": ["Hoàn thành tốt nhiệm vụ: 07/08 đồng chí, bằng 87,5%"],
    "one of eight at HTXS": ["Hoàn thành xuất sắc nhiệm vụ: 01/08 đồng chí, bằng 12,5%"],
}
# What the minutes print.
PRINTED = [
    (SEED, [phrase for phrases in ARTICLE.values() for phrase in phrases]),
    (WARD, ["20/22", "86,96%", "8,7%", "Nguyễn Văn An (1950)", "Đi công tác"]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "phrases"), PRINTED, ids=["seed", "ward"])
def test_a_rehearsed_meeting_has_the_figures_its_scenario_implies(site, path, phrases):
    case = scenario.load(path.read_bytes())
    files = hold(case, site)
    figures = json.loads(files["ket-qua.json"])
    sealed = figures.pop("sealed_sha256")
    assert figures == scenario.expected(case)
    count = text_of(files["bien-ban-kiem-phieu.pdf"]).replace(" ", "")
    assert len(sealed) == len(case.polls)
    assert all(digest in count for digest in sealed)
    minutes = text_of(files["bien-ban-hoi-nghi.pdf"])
    assert [phrase for phrase in phrases if phrase not in minutes] == []
    assert "BẢN DỰ THẢO" not in minutes


def add_chi_uy(raw: dict) -> None:
    """A leadership collective that is spoken of and voted on first, and one that is too small for that."""
    raw["collectives"] = [
        {"name": "Chi ủy Chi bộ 4", "size": 3, "self_level": "HTT"},
        {"name": "Ban Thanh tra", "size": 2},
    ]
    poll = {
        "title": "Xếp loại tập thể chi ủy",
        "subjects": ["Chi ủy Chi bộ 4"],
        "levels": ["HTXS", "HTT", "HT", "KHT"],
        "ballots": [{"count": 8, "marks": {"Chi ủy Chi bộ 4": "HTXS"}}],
    }
    raw["polls"].insert(0, poll)
    raw["members"][1] |= {
        "offices": [{"kind": "agency", "post": "Phó Cục trưởng", "leader": True}],
        "rated_elsewhere": {"by": "Tập thể lãnh đạo Cục", "level": "HTXS"},
    }
    raw["comments"].append(
        {"by": "Đảng viên Hai", "on": "Chi ủy Chi bộ 4", "text": "Chi ủy đoàn kết."}
    )


OF_CHI_UY = [
    "Chi ủy Chi bộ 4 tự nhận mức: Hoàn thành tốt nhiệm vụ.",
    "Đồng chí Đảng viên Hai: Chi ủy đoàn kết.",
    "Tập thể lãnh đạo Cục xếp loại Hoàn thành xuất sắc nhiệm vụ.",
    "Ban Thanh tra có 02 thành viên, được kiểm điểm cùng cấp ủy",
    "Chi ủy Chi bộ 4: Hoàn thành tốt nhiệm vụ (chủ trì kết luận; lý do: Theo đề nghị của chi ủy)",
]


def add_what_happened(raw: dict) -> None:
    """A ballot left blank, somebody who leaves early, and an opinion that is reserved."""
    raw["polls"][1]["invalid_reasons"] = {"để trắng cả phiếu": 1}
    raw["members"][5]["left_at"] = "2023-12-20T16:40"
    said = {"by": "Đảng viên Sáu", "on": "Đảng viên Bảy", "text": "Chưa nhất trí."}
    raw["comments"].append({**said, "kind": "cause", "reserved": True})


HELD = [
    "Lý do phiếu không hợp lệ: để trắng cả phiếu (01 phiếu).",
    "Đồng chí Đảng viên Sáu, lúc 16 giờ 40 phút.",
    "Đồng chí Đảng viên Sáu (về đồng chí Đảng viên Bảy; nguyên nhân): Chưa nhất trí.",
    "thông qua: 07/07 đồng chí đồng ý. Biên bản này được lập thành 03 bản, lưu: Chi bộ;",
]


@pytest.mark.slow
def test_paper_two_rounds_chi_uy_and_conclusions_are_counted_together(site):
    """Three doors in one box; a second round on one level; rows that the chair concludes; chi ủy beside the cell."""
    raw = json.loads(SEED.read_bytes())
    members = raw["polls"][1]
    members["ballots"] = [
        {"count": 3, "via": "phone", "marks": {"*": "HTT"}},
        {"count": 3, "via": "paper", "marks": {"*": "HTT", "Đảng viên Bảy": "HT"}},
        {"count": 1, "via": "slip", "marks": {"*": "HTT", "Đảng viên Bảy": None}},
        {"count": 1, "via": "phone", "marks": {}},
    ]
    add_what_happened(raw)
    raw["polls"].append(
        {
            "title": "Bình chọn hoàn thành xuất sắc",
            "subjects": ["Đảng viên Bốn", "Đảng viên Hai"],
            "levels": ["HTXS"],
            "ballots": [
                {"count": 6, "marks": {"Đảng viên Bốn": "HTXS"}},
                {"count": 2, "marks": {}},
            ],
        }
    )
    add_chi_uy(raw)
    raw["conclusions"] = {
        "Đảng viên Bảy": {"level": "HT", "reason": "Theo thảo luận"},
        "Chi ủy Chi bộ 4": {"level": "HTT", "reason": "Theo đề nghị của chi ủy"},
    }
    case = scenario.load(json.dumps(raw).encode())
    files = hold(case, site)
    figures = json.loads(files["ket-qua.json"])
    del figures["sealed_sha256"]
    assert figures == scenario.expected(case)
    assert figures["polls"][0]["rows"][0]["kind"] == "collective"
    assert figures["distribution"]["of"] == 8
    minutes = text_of(files["bien-ban-hoi-nghi.pdf"])
    assert [phrase for phrase in [*OF_CHI_UY, *HELD] if phrase not in minutes] == []
    count = text_of(files["bien-ban-kiem-phieu.pdf"])
    assert "kết thúc lúc 16 giờ 30 phút" in count
    assert HELD[0] in count
    assert "Chi ủy Chi bộ 4 08 (100%)" in count


def test_a_refused_step_ends_the_rehearsal_with_the_products_own_sentence(site):
    case = scenario.load(SEED.read_bytes())
    tellers = replace(case.meeting, tellers=("Hà Xuân Quang",))
    with pytest.raises(Stopped, match="điều kiện"):
        hold(replace(case, meeting=tellers), site)


ENDINGS = [
    (b"{", 2),
    (b'{"committee": 1}', 2),
    (SEED.read_bytes().replace(b'"chair": "H\xc3\xa0 Xu\xc3\xa2n Quang"', b'"chair": "Ai"'), 1),
]


@pytest.mark.parametrize(("content", "status"), ENDINGS)
def test_what_is_no_meeting_ends_with_its_status_and_leaves_nothing(
    tmp_path, capsys, content, status
):
    case = tmp_path / "case.json"
    case.write_bytes(content)
    with pytest.raises(SystemExit) as ending:
        call_command("rehearse", str(case), "--out", str(tmp_path / "out"))
    printed = capsys.readouterr().err
    assert ending.value.code == status
    assert printed.strip()
    assert "Traceback" not in printed
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_no_scenario(tmp_path, capsys):
    with pytest.raises(SystemExit) as ending:
        call_command("rehearse", str(tmp_path / "none.json"), "--out", str(tmp_path / "out"))
    assert ending.value.code == 2
    assert "none.json" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_the_meeting_is_played_on_a_database_that_is_gone_afterwards(monkeypatch, tmp_path):
    def play(evening: Evening) -> dict[str, bytes]:
        names = [member.name for member in Member.objects.order_by("pk")]
        return {"ten.txt": "\n".join([connection.settings_dict["NAME"], *names]).encode()}

    monkeypatch.setattr(serving, "running", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(Evening, "play", play)
    call_command("rehearse", str(SEED), "--out", str(tmp_path))
    database, *names = (tmp_path / "ten.txt").read_text().splitlines()
    assert "Hà Xuân Quang" in names
    assert not Path(database).exists()
    assert not Member.objects.exists()
