"""The numbers of an installation in the format of Prometheus: no person, no cell and no ballot in any label.

What is counted of requests is of officers' pages alone. Of a poll there is its state, and nothing more.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ballots.models import Job, Poll, WorkerSign
from ballots.service import condition
from cells.models import Meeting
from partyreview import counts

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def text() -> bytes:
    """Everything, read now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Readings())
    return generate_latest(registry)


class _Readings:
    """What Prometheus' library asks for the numbers."""

    def collect(self) -> Iterator[Metric]:
        """One family after another."""
        yield _labelled("kiemdiem_info", "Phiên bản đang chạy.", "version", {settings.VERSION: 1})
        yield from _of_this_server()
        seconds = condition.database_seconds()
        yield _gauge("kiemdiem_database_up", "Cơ sở dữ liệu trả lời.", seconds is not None)
        if seconds is not None:
            yield _gauge("kiemdiem_database_seconds", "Một câu hỏi nhỏ nhất mất bao lâu.", seconds)
            yield from _of_meetings()
            yield from _of_jobs()
            yield _gauge("kiemdiem_key_store_up", "Cất được khoá.", condition.keys_can_be_stored())
        age = condition.backup_age()
        if age is not None:
            yield _gauge("kiemdiem_backup_age_seconds", "Bản sao lưu mới nhất cũ bao lâu.", age)
        free = condition.free_bytes(settings.VAR_DIR)
        if free is not None:
            yield _gauge("kiemdiem_disk_free_bytes", "Chỗ trống của đĩa dữ liệu.", free)


def _of_this_server() -> Iterator[Metric]:
    requests = CounterMetricFamily(
        "kiemdiem_requests", "Yêu cầu của cán bộ đã trả lời, theo loại mã.", labels=["status"]
    )
    for status, number in counts.statuses().items():
        requests.add_metric([status], number)
    yield requests
    yield _histogram("kiemdiem_page_seconds", "Trang của cán bộ.", counts.PAGES)
    yield _histogram("kiemdiem_pdf_seconds", "Văn bản PDF.", counts.PAPERS)


def _of_meetings() -> Iterator[Metric]:
    polls = Poll.objects.order_by().values_list("state").annotate(number=Count("pk"))
    by_state = dict.fromkeys(Poll.State.values, 0) | dict(polls)
    yield _labelled("kiemdiem_polls", "Lượt bỏ phiếu, theo trạng thái.", "state", by_state)
    meetings = Meeting.objects.order_by().values_list("state").annotate(number=Count("pk"))
    states = dict.fromkeys(Meeting.State.values, 0) | dict(meetings)
    yield _labelled("kiemdiem_meetings", "Hội nghị, theo trạng thái.", "state", states)


def _of_jobs() -> Iterator[Metric]:
    jobs = Job.objects.order_by().values_list("state").annotate(number=Count("pk"))
    by_state = dict.fromkeys(Job.State.values, 0) | dict(jobs)
    yield _labelled("kiemdiem_jobs", "Việc chạy nền, theo trạng thái.", "state", by_state)
    yield _gauge("kiemdiem_worker_up", "Có tiến trình nền.", WorkerSign.is_fresh())


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))


def _labelled(name: str, words: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _histogram(name: str, words: str, durations: counts.Durations) -> Metric:
    buckets, total = durations.read()
    family = HistogramMetricFamily(name, words)
    family.add_metric([], buckets, total)
    return family
