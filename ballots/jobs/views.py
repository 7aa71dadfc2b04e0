"""Việc máy đang làm: the jobs of the officer's committee, how far they are, stopping one, and the file it has made."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from ballots.core.verbs import Refused
from ballots.jobs import asking, files
from ballots.models import CommitteeDecision, Job, WorkerSign
from ballots.models.jobs import KEPT
from members.models import User
from partyreview.http import Request

TEMPLATE = "ballots/jobs/jobs.html"


def refusals_on_the_list(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn a refusal into a message on the list of jobs."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("ballots:jobs")

    return guarded


def _seen(request: Request, pk: int) -> Job:
    """A job that an officer of the same committee has asked for, about what is theirs; 404 for everybody else."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    if not _still_own(request.user, [job]):
        raise Http404
    return job


@require_safe
@vary_on_headers("HX-Request")
def jobs(request: Request) -> HttpResponse:
    """The list, the newest first; htmx renews its rows while one of them is unfinished."""
    rows = Job.objects.of(request.user).select_related("asked_by__member", "asked_by__committee")
    listed = _still_own(request.user, list(rows))
    context = {
        "jobs": listed,
        "goes_on": any(job.is_unfinished for job in listed),
        "waits": any(job.is_waiting for job in listed),
        "worker": WorkerSign.is_fresh(),
        "days": KEPT,
    }
    return render(request, f"{TEMPLATE}#list" if request.htmx else TEMPLATE, context)


@require_POST
@refusals_on_the_list
def job_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop it."""
    asking.cancel(request.user, _seen(request, pk))
    return redirect("ballots:jobs")


@require_POST
@refusals_on_the_list
def job_run(request: Request, pk: int) -> HttpResponse:
    """Do it now, where no worker does."""
    asking.run_now(_seen(request, pk))
    return redirect("ballots:jobs")


@require_safe
def job_file(request: Request, pk: int) -> HttpResponseBase:
    """The file it has made; a download that broke off goes on where it was."""
    job = _seen(request, pk)
    if job.state != Job.State.DONE or not job.file_name:
        raise Http404
    return files.answer(request, job)


def _still_own(user: User, jobs: Collection[Job]) -> list[Job]:
    """Those about what is still this officer's: an account that asked may have gone to another committee since."""
    acts = CommitteeDecision.objects.filter(pk__in=[job.args.get("act") for job in jobs])
    of_acts = dict(acts.values_list("pk", "committee"))
    about = {job: of_acts.get(job.args.get("act"), job.args.get("committee")) for job in jobs}
    own = {None, *user.committees().filter(pk__in=about.values()).values_list("pk", flat=True)}
    return [job for job, committee in about.items() if committee in own]
