"""The unit that lets systemd start the program with the machine, for everybody on it or for one user alone. Pure."""

from collections.abc import Mapping, Sequence

SYSTEM, USER = "system", "user"
NAME = "kiem-diem-chi-bo.service"

# How it is put to use; systemd passes over it.
HEADS = {
    SYSTEM: """\
# Ghi vào /etc/systemd/system/{name} rồi chạy, với quyền quản trị:
#   systemctl daemon-reload && systemctl enable --now {name}
# Mã cài đặt một lần và địa chỉ: journalctl -u {name}
""",
    USER: """\
# Ghi vào ~/.config/systemd/user/{name} rồi chạy, không cần quyền quản trị:
#   systemctl --user daemon-reload && systemctl --user enable --now {name}
# Máy khởi động lại thì tự chạy, cả khi chưa ai đăng nhập: loginctl enable-linger
# Mã cài đặt một lần và địa chỉ: journalctl --user -u {name}
""",
}
UNIT = """
[Unit]
Description=Kiểm điểm chi bộ
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
{who}WorkingDirectory={folder}
{environment}ExecStart={command}
Restart=always
RestartSec=5
# The command ends its servers itself; what is left of them goes with it.
KillMode=mixed
TimeoutStopSec=40
# The keys of a poll that is being held outlive a restart of the program, and never reach the disk.
RuntimeDirectory=kiem-diem-chi-bo
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=yes
LimitMEMLOCK=infinity
LimitCORE=0
LimitNOFILE=65536
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
{hardening}
[Install]
WantedBy={target}
"""
# What asks for namespaces, which a user's own manager may not have everywhere.
HARDENING = """\
CapabilityBoundingSet={capability}
AmbientCapabilities={capability}
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={written}
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
"""
BIND = "CAP_NET_BIND_SERVICE"


def text(
    kind: str,
    folder: str,
    command: Sequence[str],
    environ: Mapping[str, str],
    written: str,
    user: str,
    port: int,
) -> str:
    """The whole unit; `written`: the one folder it writes to; `user`: who runs it where the machine starts it."""
    system = kind == SYSTEM
    capability = BIND if port < 1024 else ""
    hardening = HARDENING.format(capability=capability, written=quoted(written))
    lines = [f"Environment={quoted(f'{name}={value}')}\n" for name, value in environ.items()]
    unit = UNIT.format(
        who=f"User={user}\n" if system else "",
        folder=escaped(folder),
        environment="".join(lines),
        command=" ".join(quoted(word, dollar=True) for word in command),
        hardening=hardening if system else "",
        target="multi-user.target" if system else "default.target",
    )
    return HEADS[kind].format(name=NAME) + unit


def escaped(word: str) -> str:
    """A path where systemd takes the whole line: only its own percent sign means something else."""
    return word.replace("%", "%%")


def quoted(word: str, *, dollar: bool = False) -> str:
    """One word of a line; `dollar`: of a command, where it would name a variable."""
    word = escaped(word).replace("\\", "\\\\").replace('"', '\\"')
    if dollar:
        word = word.replace("$", "$$")
    return f'"{word}"' if any(sign in word for sign in " '\"\\;") else word
