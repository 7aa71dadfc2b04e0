"""Why a campaign is closed with work left, and why it is reopened."""

from django import forms

from cells.forms.fields import ProseField
from cells.models.closings import NO_REASON, NO_REASON_TO_REOPEN

MOST = 2000


class ClosingForm(forms.Form):
    """Kết thúc đợt: a reason, where something is left open."""

    reason = ProseField(
        label="Lý do kết thúc khi còn việc chưa xong",
        rows=3,
        max_length=MOST,
        error_messages={"required": NO_REASON},
    )

    def __init__(self, data: object = None, *, is_clean: bool) -> None:
        """`is_clean`: nothing is left open, so that no reason is asked for."""
        super().__init__(data)  # type: ignore[arg-type]
        if is_clean:
            self.fields["reason"].required = False
            self.fields["reason"].label = "Ghi chú (không bắt buộc)"


class ReopenForm(forms.Form):
    """Mở lại đợt, with its reason."""

    reason = ProseField(
        label="Lý do mở lại đợt",
        rows=3,
        max_length=MOST,
        error_messages={"required": NO_REASON_TO_REOPEN},
    )
