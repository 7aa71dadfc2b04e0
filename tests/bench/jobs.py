"""What one job takes in a worker of its own (one_job.py)."""

import subprocess
import sys
from collections.abc import Mapping

from django.conf import settings

from ballots.models import Job
from members.models import User


def worked(user: User, kind: str, args: Mapping[str, object]) -> tuple[float, float]:
    """Seconds and the most memory in MB of the job that this officer asks for; RuntimeError where it fails."""
    job = Job.objects.create(kind=kind, about=kind, args=dict(args), asked_by=user)
    worker = [sys.executable, "-m", "tests.bench.one_job", str(job.pk)]
    run = subprocess.run(worker, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise RuntimeError(job.error)
    seconds, kilobytes = run.stdout.split()
    return float(seconds), int(kilobytes) / 1000
