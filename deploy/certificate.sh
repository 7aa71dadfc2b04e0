#!/usr/bin/env bash
# The certificate of our own making, for an office that has no other: made where there is none, made anew for another
# name and in its last month. deploy/install.sh and kiemdiem-certificate.timer run it; as root. One that was bought or
# fetched, to which /etc/kiemdiem/tls/fullchain.pem points, is never touched.
set -euo pipefail
etc=${ETC:-/etc/kiemdiem}
tls=$etc/tls
own=$tls/own.pem
host=$(sed -n 's/^ALLOWED_HOSTS=//p' "$etc/kiemdiem.env")
[ -n "$host" ] || {
  echo "Chưa biết địa chỉ của máy này: $etc/kiemdiem.env không có ALLOWED_HOSTS." >&2
  exit 1
}
fits() { # a month of it is left, and it is made out to this machine
  openssl x509 -in "$own" -noout -checkend 2592000 && openssl x509 -in "$own" -noout -ext subjectAltName | grep -q ":$host\$"
}
if [ -e "$tls/fullchain.pem" ]; then
  [ "$(readlink "$tls/fullchain.pem")" = "$own" ] || exit 0
  ! fits >/dev/null 2>&1 || exit 0
fi
kind=DNS
[[ ! $host =~ ^[0-9.]+$ ]] || kind=IP
fresh=$(mktemp -d "$tls/fresh.XXXXXX") # whole or not at all, so that a full disk leaves the former one
trap 'rm -rf "$fresh"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 397 -subj "/CN=Kiem diem chi bo" \
  -addext "subjectAltName=$kind:$host" -addext basicConstraints=critical,CA:FALSE \
  -keyout "$fresh/key" -out "$fresh/certificate" 2>/dev/null
mv "$fresh/key" "$tls/own-key.pem"
mv "$fresh/certificate" "$own"
ln -sfn "$own" "$tls/fullchain.pem"
ln -sfn "$tls/own-key.pem" "$tls/privkey.pem"
[ ! -d /run/systemd/system ] || systemctl try-reload-or-restart kiemdiem-proxy.service 2>/dev/null || true
echo "Đã làm chứng thư mới cho $host; điện thoại cảnh báo lại một lần."
