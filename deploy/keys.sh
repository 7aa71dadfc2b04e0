#!/usr/bin/env bash
# The store of keys of running polls, in RAM alone, as a service of this machine (Debian, Ubuntu). As root:
#   keys.sh install 127.0.0.1     for the program on this very machine: `KEY_STORE=here deploy/install.sh` does it
#   keys.sh install 10.0.0.30     for several machines: this machine's address in their network; prints the two URLs
#   KEY_TLS=on keys.sh install …  where others share that network: by TLS, with a certificate of our own making
#   keys.sh configure 10.0.0.30   its files alone, as install writes them
#   keys.sh idle                  0: it holds the key of no poll; 1: it does
# Installed, this file is /usr/local/sbin/kiemdiem-keys.
set -euo pipefail
etc=${ETC:-/etc/kiemdiem}
socket=${KEY_SOCKET:-/run/kiemdiem-keys/socket}
deploy=$(cd "$(dirname "$0")" && pwd)
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

# The configuration and the two URLs, with secrets that are drawn once, and kept.
configure() {
  local scheme=rediss? query="" site door watch cover
  case ${KEY_TLS:-} in
  "") ;;
  on) scheme=rediss query="?ssl_ca_certs=$etc/valkey.pem" ;;
  *) stop "KEY_TLS chỉ nhận một chữ: on." ;;
  esac
  if [ -e "$etc/key-store.env" ]; then
    grep -Eq "^KEY_STORE_URL=$scheme://.*@$address:6379[?#]" "$etc/key-store.env" ||
      stop "Kho khoá ở đây đã đặt cho địa chỉ khác, hoặc không có TLS. Lúc không có lượt nào: xoá $etc/key-store.env rồi chạy lại; mật khẩu sẽ đổi."
    return
  fi
  site=$(random) door=$(random) watch=$(random) cover=$(random)
  (
    umask 077
    sed "s/^bind .*/bind $address/; s/#THAY_BANG_SHA256_CUA_CUA /#$(digest "$door") /
      s/#THAY_BANG_SHA256 /#$(digest "$site") /" "$deploy/valkey.conf" >"$etc/valkey.conf"
    if [ -n "$query" ]; then
      command -v openssl >/dev/null || stop "Thiếu openssl để làm chứng thư: sudo apt-get install openssl"
      sed -i "s/^port .*/port 0/; s/^# tls-/tls-/; s| /etc/kiemdiem/| $etc/|" "$etc/valkey.conf"
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj "/CN=Kho khoa" \
        -addext "subjectAltName=IP:$address" -addext basicConstraints=critical,CA:FALSE \
        -keyout "$etc/valkey.key" -out "$etc/valkey.pem" 2>/dev/null
      chmod 0644 "$etc/valkey.pem"
    fi
    cat >>"$etc/valkey.conf" <<END
# Máy này tự hỏi, qua $socket, kho có đang giữ khoá nào không: chỉ thấy tên, không đọc được khoá.
user partyreview_watch on #$(digest "$watch") resetchannels -@all ~partyreview:* +ping +scan
END
    echo "$watch" >"$etc/key-store.watch"
    cat >"$etc/key-store.env" <<END
KEY_STORE_URL=redis${query:+s}://partyreview:$site@$address:6379$query#$cover
DOOR_KEY_STORE_URL=redis${query:+s}://partyreview_door:$door@$address:6379$query#$cover
END
  )
}

case ${1:-} in
install)
  address=${2:?Chưa biết kho khoá nghe ở đâu: $0 install 10.0.0.30}
  [ "$(id -u)" = 0 ] || stop "Cần quyền quản trị: sudo $0 $*"
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
  [ -e $etc/key-store.env ] || how=restart
  configure
  for file in "$etc"/valkey.conf "$etc"/valkey.key; do
    [ ! -e "$file" ] || { chown root:kiemdiem-keys "$file" && chmod 0640 "$file"; }
  done
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
    [ ! -e $etc/valkey.pem ] || echo "Trước đó chép $etc/valkey.pem sang cùng chỗ ở mọi máy trang: không có tệp ấy thì máy trang không tin kho."
  fi
  ;;
configure)
  address=${2:?Chưa biết kho khoá nghe ở đâu: $0 configure 10.0.0.30}
  configure
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
*) sed -n '2,8s/^# //p' "$0" ;;
esac
