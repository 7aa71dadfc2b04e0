#!/usr/bin/env bash
# The store of keys of running polls, in RAM alone, as a service of this machine (Debian, Ubuntu). As root:
#   keys.sh install 127.0.0.1     for the program on this very machine: `KEY_STORE=here deploy/install.sh` does it
#   keys.sh install 10.0.0.30     for several machines: this machine's address in their network; prints the two URLs
#   keys.sh idle                  0: it holds the key of no poll; 1: it does
# Installed, this file is /usr/local/sbin/kiemdiem-keys.
set -euo pipefail
etc=/etc/kiemdiem
socket=${KEY_SOCKET:-/run/kiemdiem-keys/socket}
stop() {
  echo "$1" >&2
  exit "${2:-1}"
}
program() { # program server | program cli: of Valkey, else of Redis
  command -v "valkey-$1" || command -v "redis-$1"
}
random() { od -An -N 32 -tx1 /dev/urandom | tr -d ' \n'; }
digest() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }
ask() { "$(program cli)" -s "$socket" --user partyreview_watch "$@" 2>/dev/null; }

case ${1:-} in
install)
  address=${2:?Chưa biết kho khoá nghe ở đâu: $0 install 10.0.0.30}
  [ "$(id -u)" = 0 ] || stop "Cần quyền quản trị: sudo $0 $*"
  deploy=$(cd "$(dirname "$0")" && pwd)
  if ! program server >/dev/null; then
    name=redis-server
    ! apt-cache show valkey-server >/dev/null 2>&1 || name=valkey-server
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y $name >/dev/null </dev/null ||
      stop "Không cài được $name: chạy apt-get update trước."
  fi
  server=$(program server)
  if ! "$server" --version | grep -Eq '(Redis.* v=([7-9]|[1-9][0-9])|Valkey|valkey)'; then
    stop "Kho khoá cần Valkey, hoặc Redis từ bản 7: Debian 12, Ubuntu 24.04 hoặc mới hơn."
  fi
  id kiemdiem-keys >/dev/null 2>&1 || useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin kiemdiem-keys
  install -d -m 0755 $etc /usr/local/lib/kiemdiem-keys
  ln -sfn "$server" /usr/local/lib/kiemdiem-keys/server
  install -m 0755 "$deploy/keys.sh" /usr/local/sbin/kiemdiem-keys
  how=start # one that runs is left alone: it may hold the keys of a poll
  if [ ! -e $etc/key-store.env ]; then # the secrets are drawn once, and kept
    how=restart
    site=$(random) door=$(random) watch=$(random) cover=$(random)
    (umask 077 && sed "s/^bind .*/bind $address/; s/#THAY_BANG_SHA256_CUA_CUA /#$(digest "$door") /
      s/#THAY_BANG_SHA256 /#$(digest "$site") /" "$deploy/valkey.conf" >$etc/valkey.conf
    cat >>$etc/valkey.conf <<END
# Máy này tự hỏi, qua $socket, kho có đang giữ khoá nào không: chỉ thấy tên, không đọc được khoá.
user partyreview_watch on #$(digest "$watch") resetchannels -@all ~partyreview:* +ping +scan
END
    echo "$watch" >$etc/key-store.watch
    cat >$etc/key-store.env <<END
KEY_STORE_URL=redis://partyreview:$site@$address:6379#$cover
DOOR_KEY_STORE_URL=redis://partyreview_door:$door@$address:6379#$cover
END
    )
  elif ! grep -q "@$address:6379#" $etc/key-store.env; then
    stop "Kho khoá ở đây đã đặt cho địa chỉ khác. Lúc không có lượt nào: xoá $etc/key-store.env rồi chạy lại; mật khẩu sẽ đổi."
  fi
  chown root:kiemdiem-keys $etc/valkey.conf
  chmod 0640 $etc/valkey.conf
  install -m 0644 "$deploy"/systemd/kiemdiem-keys*.* /etc/systemd/system/
  if command -v systemctl >/dev/null; then
    # The package's own service writes to the disk, at the same port.
    systemctl --quiet disable valkey-server.service redis-server.service 2>/dev/null || true
    systemctl --quiet enable kiemdiem-keys.service kiemdiem-keys-nightly.timer 2>/dev/null
  fi
  if [ -d /run/systemd/system ]; then
    systemctl stop valkey-server.service redis-server.service 2>/dev/null || true
    systemctl daemon-reload
    { systemctl $how kiemdiem-keys.service && systemctl start kiemdiem-keys-nightly.timer; } ||
      stop "Kho khoá chưa chạy được. Xem nguyên nhân: journalctl -u kiemdiem-keys -n 30"
  fi
  if [ "$address" != 127.0.0.1 ]; then
    echo "Kho khoá ở $address. Đặt ở mọi máy trang (tệp $etc/key-store.env giữ hai dòng này):"
    cat $etc/key-store.env
  fi
  ;;
idle)
  export REDISCLI_AUTH VALKEYCLI_AUTH
  REDISCLI_AUTH=$(cat "${KEY_WATCH:-$etc/key-store.watch}") || exit 255
  VALKEYCLI_AUTH=$REDISCLI_AUTH
  [ "$(ask ping)" = PONG ] || stop "Kho khoá không trả lời ở $socket: systemctl status kiemdiem-keys" 255
  names=$(ask --scan --pattern 'partyreview:*') || stop "Kho khoá không cho xem tên các khoá." 255
  if grep -Eq '\.(sign|box|count)$' <<<"$names"; then
    stop "Kho đang giữ khoá của một lượt bỏ phiếu: không khởi động lại."
  fi
  ;;
*) sed -n '2,6s/^# //p' "$0" ;;
esac
