"""The file of a job: fetched whole, or from where the download broke off."""

import io
import random

import pytest
from django.urls import reverse
from django.utils import timezone

from ballots.jobs import asking, kinds, running
from ballots.models import Job
from tests.kit import factories
from tests.kit.clients import browser

pytestmark = pytest.mark.django_db(transaction=True)

SIZE, PART = 2500, 1000
CONTENT = random.Random(1).randbytes(SIZE)  # noqa: S311 - no secret


@pytest.fixture
def made(monkeypatch):
    """An officer's browser, and the address of what a job has made in three parts."""
    monkeypatch.setattr(running, "PART", PART)
    monkeypatch.setattr(kinds, "work_of", lambda job: write)
    user = factories.make_user(committee=factories.make_committee())
    job = asking.ask(user, Job.Kind.PAPERS, "Văn bản", {})
    client = browser(user)
    return lambda **headers: client.get(
        reverse("ballots:job_file", args=[job.pk]), headers=headers
    )


def write(job, file: io.BytesIO, step) -> tuple[str, str]:
    file.write(CONTENT)
    return "", "a.zip"


def test_the_whole_file_says_how_long_it_is_and_that_it_can_be_gone_on_with(made):
    answer = made()
    assert answer.status_code == 200
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(SIZE), "bytes")
    assert answer["ETag"].startswith('"')
    assert b"".join(answer) == CONTENT


SPANS = [
    ("bytes=0-0", 0, 1),
    ("bytes=0-999", 0, 1000),
    ("bytes=999-1000", 999, 1001),
    ("bytes=1200-", 1200, SIZE),
    ("bytes=500-2400", 500, 2401),
    ("bytes=2499-9999", 2499, SIZE),
    ("bytes=-1", SIZE - 1, SIZE),
    ("bytes=-1501", SIZE - 1501, SIZE),
]


@pytest.mark.parametrize(("asked", "start", "end"), SPANS)
def test_a_part_is_sent_to_the_byte(made, asked, start, end):
    answer = made(Range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer["Content-Length"] == str(end - start)
    assert b"".join(answer) == CONTENT[start:end]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0"])
def test_where_nothing_is_left_it_says_so_and_how_long_the_file_is(made, asked):
    answer = made(Range=asked)
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=-", "bytes=9-3", "lines=1-2", "bytes=a-"]
)
def test_what_is_no_single_range_gets_the_whole_file(made, asked):
    answer = made(Range=asked)
    assert answer.status_code == 200
    assert b"".join(answer) == CONTENT


def test_a_download_goes_on_only_with_the_file_it_began_with(made):
    tag = made()["ETag"]
    goes_on = made(**{"Range": "bytes=2000-", "If-Range": tag})
    assert (goes_on.status_code, b"".join(goes_on)) == (206, CONTENT[2000:])
    Job.objects.update(ended_at=timezone.now())  # made anew
    begins_anew = made(**{"Range": "bytes=2000-", "If-Range": tag})
    assert (begins_anew.status_code, b"".join(begins_anew)) == (200, CONTENT)
    assert begins_anew["ETag"] != tag


def test_a_head_says_all_of_it_and_reads_no_part(made, django_assert_max_num_queries):
    job = Job.objects.get()
    client = browser(job.asked_by)
    with django_assert_max_num_queries(20) as asked:
        answer = client.head(reverse("ballots:job_file", args=[job.pk]))
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer["Content-Length"], answer["Accept-Ranges"]) == (str(SIZE), "bytes")
    of_parts = [query["sql"] for query in asked if "ballots_jobpart" in query["sql"]]
    assert len(of_parts) == 1
    assert "LENGTH(" in of_parts[0]


def test_only_the_parts_that_hold_the_range_are_read(made, django_assert_max_num_queries):
    answer = made(Range="bytes=1100-1200")
    with django_assert_max_num_queries(1):
        assert b"".join(answer) == CONTENT[1100:1201]
