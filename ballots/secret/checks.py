"""What `manage.py check --deploy` tells the operator of a machine that may write secrets to its disk."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Info, Tags, register

from partyreview import memory

# Information, not warnings: a machine may have reasons, and the program runs on it as well.
SWAP = Info(
    "Máy này có vùng tráo đổi (swap) đang bật: khoá và lá phiếu trong bộ nhớ có thể bị ghi ra đĩa.",
    hint="Tắt swap trước buổi họp (swapoff -a), hoặc chỉ dùng swap mã hoá bằng khoá mới mỗi lần khởi động.",
    id="ballots.I001",
)
UNLOCKED = Info(
    "Tiến trình giữ khoá không được phép giữ các trang nhớ của mình trong RAM.",
    hint="Đặt LimitMEMLOCK=infinity cho dịch vụ (systemd), hoặc tăng “ulimit -l” của người chạy chương trình.",
    id="ballots.I002",
)


@register(Tags.security, deploy=True)
def secrets_stay_in_memory(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Say where this machine may write what the keys' processes know to its disk."""
    swap: list[CheckMessage] = [SWAP] if memory.has_swap() else []
    return swap if memory.may_lock() else [*swap, UNLOCKED]
