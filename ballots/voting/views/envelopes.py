"""Phong bì niêm phong: its key printed by the secretary, read back by a teller, and the opening before a witness."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ballots.core.guard import refusals_as_json, refusals_as_messages
from ballots.core.page import cleaned, posted, show
from ballots.core.stages import page_of_polls
from ballots.models import Envelope, EnvelopeOpening, Poll
from ballots.models.envelopes import PEOPLE
from ballots.secret.envelope import HEAD, last_day
from ballots.secret.sheet import POINT_LENGTH
from ballots.voting import envelope_opening, envelopes
from ballots.voting.bodies import check_of, exact_bytes
from ballots.voting.counting import must_be_current
from ballots.voting.forms import KeyForm, OpeningForm
from ballots.voting.turnout import digits_of
from ballots.voting.views.counting import TellerRequest, teller_required
from ballots.voting.views.polls import run_poll
from cells.models import Level, Meeting
from members.models import User
from members.permissions import opens_envelope, witnesses_opening
from partyreview.headers import NO_STORE
from partyreview.http import Request, site_of


@require_safe
def envelope_paper(request: Request, poll: str) -> HttpResponse:
    """The page that prints the key: the paper is in it, the key is not, until the button is pressed."""
    counted = run_poll(request, poll)
    held = timezone.localdate(counted.meeting.starts_at)
    context = {
        "tab": page_of_polls(counted.meeting),
        "poll": counted,
        "envelope": Envelope.objects.filter(poll=counted).first(),
        "digits": digits_of(counted),
        "head": HEAD,
        "kept_until": last_day(held, counted.meeting.rules.envelope_months),
        "trouble": envelopes.trouble_of(counted),
        "data": {"p": counted.p, "url": reverse("ballots:envelope_key", args=[poll])},
    }
    return show(request, "ballots/voting/envelope_paper.html", counted.meeting, context)


@require_POST
@refusals_as_json
def envelope_key(request: Request, poll: str) -> HttpResponse:
    """In khoá phong bì: answered once, and readable by the page that asked alone."""
    counted = run_poll(request, poll)
    reader = exact_bytes(request, POINT_LENGTH)
    address = site_of(request) + reverse("ballots:envelope_code", args=[poll]) + "#"
    paper = envelopes.print_key(request.user, counted, reader, address)
    return HttpResponse(paper, content_type="application/octet-stream")


@login_not_required
@require_safe
def envelope_code(request: HttpRequest, poll: str) -> HttpResponse:
    """Where the QR code of the paper leads: browsers take what stands behind its # along, and send it to nobody.

    Before the confirmation to the tellers' page, which reads the key back; afterwards to the page that opens.
    """
    printed = get_object_or_404(Poll, pk=poll)
    if printed.confirmed:
        return redirect("ballots:envelope", poll)
    return redirect("ballots:count")


@teller_required
@require_POST
@refusals_as_json
def envelope_read(request: TellerRequest) -> HttpResponse:
    """Take note that this device has read the printed key."""
    check = check_of(request)
    shown = must_be_current(request.meeting, request.GET.get("luot"))
    envelopes.read_back(request.device.member, shown, check)
    return JsonResponse({"read": True})


def seen_poll(request: Request, poll: str) -> Poll:
    """The poll, if this officer may see its meeting; 404 for everybody else."""
    seen = Poll.objects.filter(meeting__in=request.user.meetings_of_any_body())
    related = ("meeting__cell__committee", "meeting__committee", "meeting__campaign")
    return get_object_or_404(seen.select_related(*related), pk=poll)


def _allowed(request: Request, may: Callable[[User, Meeting], bool], poll: str) -> Poll:
    """The poll, if this officer may do this with its envelope; PermissionDenied, or 404 as above.

    Asked of the rule itself: `has_perm` would let every superuser open an envelope.
    """
    seen = seen_poll(request, poll)
    if not may(request.user, seen.meeting):
        raise PermissionDenied
    return seen


@require_safe
def envelope(request: Request, poll: str) -> HttpResponse:
    """What has become of the poll's envelope, every act of opening, and the next press of one."""
    return _envelope(request, seen_poll(request, poll))


def _envelope(request: Request, poll: Poll, **more: object) -> HttpResponse:
    row = get_object_or_404(Envelope, poll=poll)
    acts = row.openings.select_related(*PEOPLE)
    opening = acts.under_way(timezone.now()).first() if row.is_sealed else None
    is_opener = opening is not None and opening.opener_id == request.user.pk
    context = {
        "tab": page_of_polls(poll.meeting),
        "poll": poll,
        "envelope": row,
        "acts": acts.exclude(opened_at=None),
        "opening": opening,
        "is_opener": is_opener,
        "may_ask": opens_envelope(request.user, poll.meeting),
        "may_witness": opening is not None
        and not is_opener
        and witnesses_opening(request.user, poll.meeting),
        "form": OpeningForm(),
        **more,
    }
    return show(request, "ballots/voting/envelope.html", poll.meeting, context)


@require_POST
@refusals_as_messages("ballots:envelope")
def envelope_ask(request: Request, poll: str) -> HttpResponse:
    """Đề nghị mở phong bì, with reason and basis."""
    sealed = _allowed(request, opens_envelope, poll)
    envelope_opening.ask(request.user, sealed, **cleaned(OpeningForm(request.POST)))
    return redirect("ballots:envelope", poll)


def _opening(request: Request, poll: Poll) -> EnvelopeOpening:
    acts = EnvelopeOpening.objects.filter(envelope=poll.pk)
    related = ("opener", "witness", "envelope__poll__meeting__campaign")
    return posted(request, acts.select_related(*related), "opening")


@require_POST
@refusals_as_messages("ballots:envelope")
def envelope_witness(request: Request, poll: str) -> HttpResponse:
    """Tôi chứng kiến việc mở."""
    sealed = _allowed(request, witnesses_opening, poll)
    envelope_opening.witness(request.user, _opening(request, sealed))
    return redirect("ballots:envelope", poll)


@require_POST
@refusals_as_messages("ballots:envelope")
def envelope_open(request: Request, poll: str) -> HttpResponse:
    """Mở phong bì; the answer is the page itself, which shows totals beside totals, this once."""
    sealed = _allowed(request, opens_envelope, poll)
    opening = _opening(request, sealed)
    typed = cleaned(KeyForm(request.POST))["key"]
    comparison = envelope_opening.open_with(request.user, opening, typed)
    labels = dict(sealed.subjects.values_list("position", "label"))
    names = [*Level.values, "Không có ý kiến"]
    rows = [
        (
            labels.get(row.position, ""),
            row,
            list(zip(names, row.confirmed, row.again, strict=True)),
        )
        for row in comparison.rows
    ]
    shown = {"comparison": comparison, "names": names, "rows": rows}
    response = _envelope(request, sealed, **shown)
    response.headers["Cache-Control"] = NO_STORE  # no refused form that Back has to find
    return response
