"""The operator's view of results, to be read only. No ballot, no roll and no box is ever registered here."""

from django.contrib import admin

from ballots.models import Classification, Paper, Poll
from members.admin import ReadOnly


@admin.register(Poll)
class PollAdmin(ReadOnly, admin.ModelAdmin):
    """Lượt bỏ phiếu: what was voted on, and how far it came."""

    list_display = ["title", "meeting", "number", "state", "confirmed"]
    list_select_related = ["meeting__cell", "meeting__campaign"]
    list_filter = ["state"]
    fields = ["meeting", "number", "title", "levels", "state", "void_reason"]


@admin.register(Classification)
class ClassificationAdmin(ReadOnly, admin.ModelAdmin):
    """Xếp loại, every version."""

    list_display = ["meeting", "member", "stage", "source", "level", "supersedes"]
    list_select_related = ["meeting__cell", "meeting__campaign", "member", "supersedes"]
    list_filter = ["stage", "source", "level"]


@admin.register(Paper)
class PaperAdmin(ReadOnly, admin.ModelAdmin):
    """Văn bản đã khoá, without their bytes."""

    list_display = ["meeting", "kind", "shown_code", "locked_at"]
    list_select_related = ["meeting__cell", "meeting__campaign"]
    list_filter = ["kind"]
    fields = ["meeting", "kind", "number", "check_code", "sha256", "locked_at"]
    readonly_fields = ["locked_at"]
