"""A newer version of the pack that a campaign goes by: what it says otherwise, what it means, and taking it."""

from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cells.forms.campaigns import VersionForm
from cells.law.changes import Change, changes
from cells.law.guidance import load_pack
from cells.law.periods import Period
from cells.models import Campaign, Meeting, Setting
from cells.stale import Stale, fingerprint, is_sure
from cells.views.campaigns import led_campaign
from cells.wording import two_digits
from partyreview.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_version(request: Request, pk: int, period: Period) -> HttpResponse:
    """What the newer version would change in a campaign of the committee; POST takes it, once it was asked about."""
    campaign = led_campaign(request, pk, period)
    form = VersionForm(request.POST or None, campaign=campaign)
    is_sent = request.method == "POST" and form.is_valid()
    questions = consequences(campaign) if campaign.newer_pack else []
    if is_sent and is_sure(form.data, questions) and _taken(request, campaign, form):
        return redirect("cells:campaigns", pk)
    listed = changes(campaign.pack, campaign.newer_pack) if campaign.newer_pack else []
    context = {
        "campaign": campaign,
        "pack": load_pack(campaign.pack),
        "form": form,
        "groups": _grouped(campaign, [each for each in listed if not each.is_of_source]),
        "sources": [change for change in listed if change.is_of_source],
        "consequences": questions,
        "asked": questions if is_sent else (),
        "sure": fingerprint(questions),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cells/version.html", context, status=status)


def consequences(campaign: Campaign) -> list[str]:
    """What taking the newer version means for what is there already, a sentence each."""
    newer = campaign.newer_pack
    meetings = Meeting.objects.real().filter(campaign=campaign)
    held = Meeting.objects.held().filter(campaign=campaign).count()
    dropped = campaign.dropped_by(newer)
    return [
        f"{two_digits(held)} hội nghị đã khai mạc giữ quy định của lúc khai mạc; văn bản đã khoá không đổi.",
        f"{two_digits(meetings.count() - held)} hội nghị chưa khai mạc theo bản {newer} ngay; "
        "chương trình và lượt bỏ phiếu đã lập thì giữ, chi bộ lập lại nếu cần.",
        "Bản kiểm điểm đã nộp giữ mẫu và tiêu chí lúc nộp; bản đang viết chuyển sang mẫu mới, chữ đã viết vẫn còn, "
        "điểm của tiêu chí không còn thì chấm lại.",
        "Thiết lập riêng của cấp ủy, chi bộ giữ nguyên"
        + (", trừ những mục bản mới không còn:" if dropped else "."),
        *(f"{by}: {'; '.join(labels)}." for by, labels in dropped.items()),
    ]


def _taken(request: Request, campaign: Campaign, form: VersionForm) -> bool:
    """Whether the campaign goes by the newer version now; of two who press at once, the second reads so."""
    former, newer = campaign.pack, campaign.newer_pack
    dropped = campaign.dropped_by(newer)
    try:
        with transaction.atomic():
            campaign.take(newer)
            request.user.record(
                "campaign.version_taken", campaign, former=former, newer=newer, dropped=dropped
            )
    except Stale as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{campaign} nay theo bản {newer} của bộ hướng dẫn.")
    return True


def _grouped(
    campaign: Campaign, listed: list[Change]
) -> list[tuple[str, list[tuple[Change, str]]]]:
    """The changes under their headings, each with who has set the value instead, for whom it changes nothing."""
    pack = load_pack(campaign.pack)
    layers = [layer.serving(pack) for layer in Setting.objects.layers(campaign.committee)]
    set_by = {key: layer.by for layer in layers for key in layer.values}
    return [
        (group, [(change, set_by.get(change.setting, "")) for change in each])
        for group, each in groupby(listed, key=lambda change: change.group)
    ]
