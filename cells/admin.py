"""The operator's pages for the tree of committees, cells and campaigns. Meetings are run, and read, elsewhere."""

from django.contrib import admin
from treebeard.admin import TreeAdmin
from treebeard.forms import movenodeform_factory

from cells.models import Campaign, Cell, Committee


@admin.register(Committee)
class CommitteeAdmin(TreeAdmin):  # type: ignore[misc]
    """Đảng bộ, each under the one above it."""

    form = movenodeform_factory(Committee)
    search_fields = ["name"]


@admin.register(Cell)
class CellAdmin(admin.ModelAdmin):
    """Chi bộ of each committee."""

    list_display = ["name", "committee", "place"]
    list_select_related = ["committee"]
    search_fields = ["name", "committee__name"]
    autocomplete_fields = ["committee"]


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    """Đợt kiểm điểm of a committee, with its guidance pack."""

    list_display = ["__str__", "committee", "pack"]
    list_select_related = ["committee"]
    list_filter = ["year"]
    autocomplete_fields = ["committee"]
