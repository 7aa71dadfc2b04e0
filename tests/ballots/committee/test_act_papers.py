"""The papers of a decision on many files: locked as they were recorded, with the notices to all its members."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from ballots.jobs import asking
from ballots.models import DecisionPaper, Job
from ballots.papers.rulings.joint_gather import joint_papers
from tests.kit import factories, verbs, waiting
from tests.kit.clients import browser, words_of
from tests.kit.paper_readers import pages_in
from tests.kit.verbs import LevelDecision
from tests.kit.waiting import decide

pytestmark = pytest.mark.django_db
WHY = "Chậm hai nhiệm vụ được giao"


@pytest.fixture
def officer():
    return factories.make_user(committee=factories.make_committee("Đảng bộ phường Hoa Sen"))


@pytest.fixture
def files(officer):
    campaign = factories.make_campaign(officer.committee)
    names = [f"Chi bộ {number}" for number in (2, 10, 1)]
    return [waiting.make_file(officer.committee, campaign, cell=name) for name in names]


def test_the_papers_are_locked_and_fetched_as_they_were(files, officer):
    act = decide(officer).act
    client = browser(officer)
    made = client.post(reverse("ballots:committee_act_job", args=[act.pk, "decision"]))
    assert made.status_code == 302
    listed = DecisionPaper.objects.get(kind="list")
    member = factories.members_of(files[0])[0]
    member.name = "Tên Đã Đổi"
    member.save()
    client.post(reverse("ballots:committee_act_job", args=[act.pk, "decision"]))
    fetched = client.get(reverse("ballots:committee_act_paper", args=[act.pk, "list", "pdf"]))
    assert fetched.content == bytes(listed.pdf)
    text = " ".join(" ".join(pages_in(fetched.content)).split())
    assert "Chi bộ 2: 03 đồng chí" in text
    assert "03 tập thể, 09 đồng chí" in text
    word = Document(io.BytesIO(bytes(listed.docx)))
    written = " ".join(paragraph.text for paragraph in word.paragraphs).replace("\xa0", " ")
    assert "03 tập thể, 09 đồng chí" in written
    excel = client.get(reverse("ballots:committee_act_paper", args=[act.pk, "list", "xlsx"]))
    sums = load_workbook(io.BytesIO(excel.content))["Theo mức"]
    assert [cell.value for cell in sums[sums.max_row]] == ["Tổng cộng", 3, 9, 12]
    assert text.index("1. Chi bộ 1:") < text.index("2. Chi bộ 2:") < text.index("3. Chi bộ 10:")
    assert DecisionPaper.objects.count() == 2


def test_the_list_says_what_was_decided_then_whatever_is_decided_later(files, officer):
    act = decide(officer).act
    _, before = joint_papers(act)
    member = factories.members_of(files[0])[0]
    verbs.decide(
        officer,
        files[0],
        verbs.Act(2, "140-QĐ/ĐU", timezone.localdate(), 1, "Kết luận kiểm tra"),
        {str(member.pk): LevelDecision("KHT", WHY)},
    )
    assert joint_papers(act)[1] == before
    page = browser(officer).get(reverse("ballots:decision", args=[files[0].pk]))
    assert "Quyết định số 140-QĐ/ĐU" in words_of(page)


def test_the_notices_are_one_zip_with_a_folder_for_each_cell(files, officer):
    act = decide(officer).act
    job = asking.ask(officer, Job.Kind.NOTICES, "Thông báo", {"act": act.pk})
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    content = b"".join(bytes(part.data) for part in job.parts.order_by("number"))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert sum(name.startswith("01 ") and name.endswith(".pdf") for name in names) == 9
    assert "SHA256SUMS" in names
