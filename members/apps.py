"""The app members."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The app members."""

    name = "members"
    verbose_name = "Đảng viên"
