"""The app ballots."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """The app ballots."""

    name = "ballots"
    verbose_name = "Bỏ phiếu và kết quả"
