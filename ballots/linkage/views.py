"""The page of the last audit of secrecy, for whoever has an account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ballots.linkage import wording
from ballots.linkage.report import Report
from ballots.models import SecrecyAudit
from partyreview.http import Request


@require_safe
def secrecy_audit(request: Request) -> HttpResponse:
    """What the last run of `audit_secrecy` has seen, in full; how to run it, where there was none."""
    last = SecrecyAudit.objects.first()
    context: dict[str, object] = {"last": last}
    if last is not None:
        report = Report.from_json(last.report)
        context |= {"summary": wording.summary(report), "parts": wording.parts(report)}
    return render(request, "ballots/linkage/audit.html", context)
