"""The operator's pages for members, offices and accounts; phones and the audit are only read."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from cells.forms.fields import LineField
from members.devices import links
from members.models import AuditEntry, Device, Member, Office, User
from members.people.forms import MemberForm
from partyreview.http import site_of


class ReadOnly:
    """Nobody adds, changes or deletes by hand, not even a superuser."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


class OfficeInline(admin.TabularInline):
    """Offices of a member over dates."""

    model = Office
    extra = 0


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Đảng viên of all cells."""

    list_display = ["name", "cell", "status", "post"]
    list_select_related = ["cell"]
    list_filter = ["status"]
    search_fields = ["name_search", "card_number", "phone"]
    autocomplete_fields = ["cell"]
    inlines = [OfficeInline]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Compose names here too, as the cell's own form does."""
        own = MemberForm.base_fields.get(db_field.name)
        if isinstance(own, LineField):
            return own
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Member], search_term: str
    ) -> tuple[QuerySet[Member], bool]:
        """Find without accents, also where another page offers members to choose from."""
        return queryset.filter(pk__in=Member.objects.search(search_term).values("pk")), False


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts of officers; the first password is set through a one-time link made here."""

    list_display = ["username", "last_name", "first_name", "member", "committee", "is_active"]
    list_select_related = ["member", "committee"]
    autocomplete_fields = ["member", "committee"]
    fieldsets = [
        *(DjangoUserAdmin.fieldsets or ()),
        ("Nhiệm vụ", {"fields": ["member", "committee"]}),
    ]
    actions = ["make_sign_in_links"]

    @admin.action(description="Tạo liên kết đăng nhập một lần (3 ngày)")
    def make_sign_in_links(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Show a link for each chosen account, to be sent to its officer alone."""
        base_url = site_of(request)
        for user in users:
            self.message_user(
                request, f"{user}: {links.sign_in_link(user, base_url)}", messages.SUCCESS
            )
            request.user.record("user.link_made", user)  # type: ignore[union-attr]


@admin.register(Device)
class DeviceAdmin(ReadOnly, admin.ModelAdmin):
    """Phones, without what their cookies hold."""

    list_display = ["member", "state", "meeting"]
    list_select_related = ["member", "meeting__cell", "meeting__campaign"]
    list_filter = ["state"]
    fields = ["member", "state", "meeting"]


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly, admin.ModelAdmin):
    """Nhật ký: who did what."""

    list_display = ["at", "user", "member", "verb", "subject"]
    list_select_related = ["user", "member"]
    search_fields = ["verb", "subject"]
