"""The committee's papers: drafted from what is chosen, drawn from what is recorded; the member's own notice."""

import pytest
from django.test import Client
from django.urls import reverse

from ballots.models import Classification, Decision
from ballots.papers.composing import compose
from ballots.papers.press.document import Table, TextBlock
from ballots.papers.rulings.gather import notice_of, papers_of
from ballots.results.decisions import cases_of
from cells.models import Collective, Meeting
from tests.ballots.committee.test_decision import WHY, act, as_proposed
from tests.kit import factories, sendings, verbs
from tests.kit.clients import browser, phone
from tests.kit.paper_readers import words
from tests.kit.verbs import LevelDecision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
SIGNED = {"body": "Ban Thường vụ", "signer_post": "Phó Bí thư", "signer": "Lê Thị Hoa"}


@pytest.fixture
def sent() -> Meeting:
    return sendings.make_sent()


@pytest.fixture
def officer(sent):
    return factories.make_user(committee=sent.cell.committee)


def decide(sent: Meeting, officer, number: int = 1, **verdicts: LevelDecision) -> Decision:
    """As proposed but for these, by the place of the case ("c0" the cell); again with a reason."""
    keys = [case.key for case in cases_of(sent)]
    chosen = as_proposed(sent) if number == 1 else {}
    chosen |= {keys[int(place[1:])]: verdict for place, verdict in verdicts.items()}
    note = "" if number == 1 else "Kết luận thanh tra"
    signed = act(number, note, f"{124 + number}-QĐ/ĐU")._replace(**SIGNED)
    return verbs.decide(officer, sent, signed, chosen)


def texts(data) -> list[str]:
    return [words(b.text) for b in compose(data).blocks if isinstance(b, TextBlock)]


def rows(data) -> list[list[str]]:
    (table,) = (block for block in compose(data).blocks if isinstance(block, Table))
    return [[words(text) for text in row] for row in table.rows]


def test_a_decision_recognises_the_levels_and_its_list_names_whom(sent, officer):
    papers = papers_of(decide(sent, officer, c1=LevelDecision("HTXS", WHY)))
    said = texts(papers.recognition)
    assert said[2].startswith(f"- Xét đề nghị của {sent.cell.name} tại hội nghị ngày")
    assert f"- {sent.cell.name}: Hoàn thành tốt nhiệm vụ;" in said
    assert "- Đảng viên hoàn thành xuất sắc nhiệm vụ: 01 đồng chí;" in said
    assert "- Đảng viên hoàn thành tốt nhiệm vụ: 02 đồng chí." in said
    paper = compose(papers.recognition)
    assert words(" ".join(paper.frame.issuer)) == sent.cell.committee.executive_name.upper()
    assert paper.frame.number == "Số 125-QĐ/ĐU"
    (signature,) = paper.signatures
    signed = (signature.authority, signature.post, signature.name)
    assert signed == ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "Lê Thị Hoa")
    listed = rows(papers.rulings)
    assert [row[1] for row in listed[:1]] == [sent.cell.name]
    assert [row[4] for row in listed] == [
        "Hoàn thành tốt nhiệm vụ",
        "Hoàn thành xuất sắc nhiệm vụ",
        "Hoàn thành tốt nhiệm vụ",
        "Hoàn thành tốt nhiệm vụ",
    ]
    assert listed[1][5] == WHY
    assert papers.rerating is None


def test_a_leadership_collective_stands_on_the_list_under_its_name(sent, officer):
    Collective.objects.create(meeting=sent, name="Chi ủy", size=3)
    papers = papers_of(decide(sent, officer, c1=LevelDecision("HTT")))
    assert [row[1] for row in rows(papers.rulings)[:2]] == [sent.cell.name, "Chi ủy"]
    assert "- Chi ủy: Hoàn thành tốt nhiệm vụ;" in texts(papers.recognition)


def test_deciding_again_rates_anew_what_was_decided_and_recognises_what_was_left_open(
    sent, officer
):
    decide(sent, officer, c3=LevelDecision(""))
    again = decide(
        sent, officer, 2, c1=LevelDecision("HT", "Bị khiển trách"), c3=LevelDecision("HTT")
    )
    papers = papers_of(again)
    paper = compose(papers.rerating)
    assert paper.form == "Mẫu 03-HD KĐ.ĐG 2025"
    assert paper.subject == "xếp loại lại chất lượng tổ chức đảng, đảng viên năm 2026"
    (line,) = rows(papers.rerating)
    assert line[2:] == ["Hoàn thành tốt nhiệm vụ", "Hoàn thành nhiệm vụ", "Bị khiển trách"]
    said = texts(papers.rerating)
    assert any(text.startswith("- Căn cứ Quyết định số 125-QĐ/ĐU, ngày") for text in said)
    assert "Lý do xếp loại lại: Kết luận thanh tra." in said
    assert [row[1] for row in rows(papers.rulings)] == [cases_of(sent)[3].member.name]


def test_a_draft_follows_what_is_chosen_and_records_nothing(sent, officer):
    client = browser(officer)
    cell, first, *_ = cases_of(sent)
    typed = {f"level-{case.key}": case.proposed for case in cases_of(sent)}
    typed |= {f"level-{first.key}": "HTXS", "number": 1, "sending": 1}
    address = reverse("ballots:decision_draft", args=[sent.pk, "rulings", "pdf"])
    answer = client.post(address, typed)
    assert answer.status_code == 200
    page = words(answer.content.decode())
    assert page.count("Hoàn thành xuất sắc nhiệm vụ") == 1
    assert "BẢN DỰ THẢO" in page
    assert "-QĐ/" in page
    assert not Decision.objects.exists()
    assert not Classification.objects.decided().exists()
    assert cell.member is None
    empty = {"number": 1, "sending": 1}
    refused = client.post(address, empty)
    assert refused.status_code == 422
    assert "Chưa có mức nào để soạn văn bản." in refused.content.decode()
    unknown = reverse("ballots:decision_draft", args=[sent.pk, "nothing", "pdf"])
    assert client.post(unknown, typed).status_code == 404


def test_the_page_proposes_who_signed_last_and_offers_the_papers_there_are(sent, officer):
    client, address = browser(officer), reverse("ballots:decision", args=[sent.pk])
    page = client.get(address).content.decode()
    assert "quyet-dinh/du-thao/recognition.docx" in page
    assert "rerating" not in page  # nothing is decided yet
    decision = decide(sent, officer)
    page = client.get(address).content.decode()
    assert 'value="Lê Thị Hoa"' in page
    for kind in ("recognition.pdf", "rulings.docx"):
        assert f"quyet-dinh/{decision.pk}/van-ban/{kind}" in page
    assert "van-ban/rerating.pdf" not in page
    assert "quyet-dinh/du-thao/rerating.docx" in page
    member = cases_of(sent)[1].member
    assert reverse("ballots:decision_notice", args=[decision.pk, member.pk, "pdf"]) in page


def own_notice(client: Client, year: int):
    return client.get(reverse("ballots:own_notice", args=[year]))


def test_a_member_takes_the_own_notice_along_and_nobody_elses(sent, officer):
    first, second = cases_of(sent)[1].member, cases_of(sent)[2].member
    own, year = phone(first), sent.campaign.year
    assert own_notice(own, year).status_code == 404
    decide(sent, officer, c1=LevelDecision("HT", WHY))
    answer = own_notice(own, year)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert own_notice(own, year - 1).status_code == 404
    assert (
        reverse("ballots:own_notice", args=[year])
        in own.get(reverse("ballots:my_years")).content.decode()
    )
    level = Classification.objects.decided().get(member=first)
    said = " ".join(texts(notice_of(level)))
    assert f"đối với đồng chí {first.name}: Hoàn thành nhiệm vụ." in said
    assert f"Lý do: {WHY}." in said
    assert second.name not in said
