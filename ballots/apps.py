"""The app ballots."""

from django.apps import AppConfig


class BallotsConfig(AppConfig):
    """The app ballots."""

    name = "ballots"
    verbose_name = "Bỏ phiếu và kết quả"

    def ready(self) -> None:
        """Let the operator's check know what this app asks of a machine."""
        from ballots.secret import checks

        assert checks  # noqa: S101 - importing it registers it
