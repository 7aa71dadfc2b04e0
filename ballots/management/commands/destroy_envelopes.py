"""Empty the sealed envelopes whose term is over; the worker does the same by itself."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ballots.models import Envelope
from ballots.voting import envelopes
from cells.wording import short_date


class Command(BaseCommand):
    """`manage.py destroy_envelopes`: as often as one likes, it changes nothing that is done."""

    help = "Huỷ các phong bì niêm phong đã hết hạn giữ. Tiến trình nền cũng tự làm việc này."

    def handle(self, *args: object, **options: object) -> None:
        """Name each, and say who burns its paper key."""
        today = timezone.localdate()
        due = Envelope.objects.due(today).select_related(
            "poll__meeting__cell", "poll__meeting__committee"
        )
        for row in list(due):
            last = short_date(row.kept_until) if row.kept_until else ""
            self.stdout.write(f"{row.poll.meeting.body_name}, {row.poll}: giữ đến hết ngày {last}")
        self.stdout.write(f"Đã huỷ: {envelopes.destroy_due(today)} phong bì.")
        self.stdout.write(
            "Bản sao lưu cũ còn dữ liệu đã mã hoá: xin nhắc bí thư đốt tờ khoá trong phong bì."
        )
