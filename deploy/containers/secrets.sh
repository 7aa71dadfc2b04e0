#!/usr/bin/env bash
# Make what deploy/compose.yaml keeps secret, each in a file of deploy/containers/secrets/, and a certificate for HOST
# unless one is given; what is there stays.
#   HOST=hop.xa.example [TLS_CERT=fullchain.pem TLS_KEY=privkey.pem] deploy/containers/secrets.sh
set -euo pipefail
: "${HOST:?Chưa biết địa chỉ: HOST=hop.xa.example $0}"
given_cert=${TLS_CERT:+$(realpath "$TLS_CERT")} given_key=${TLS_KEY:+$(realpath "$TLS_KEY")}
mkdir -p "$(dirname "$0")/secrets"
cd "$(dirname "$0")/secrets"
chmod 700 .
# Read by users of the containers, who are others; the folder lets in its owner alone.
umask 022
for name in secret-key door-secret-key keys-secret database-password site-password door-password keys-site-password \
  keys-door-password; do
  [ -s $name ] || head -c 48 /dev/urandom | base64 -w 0 | tr '+/' '-_' >$name
done
if [ -n "$given_cert" ]; then
  cp "$given_cert" fullchain.pem
  cp "${given_key:?Có TLS_CERT thì phải có TLS_KEY.}" privkey.pem
elif [ ! -s fullchain.pem ]; then
  kind=DNS
  [[ ! $HOST =~ ^[0-9.]+$ ]] || kind=IP
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 397 -subj "/CN=Kiem diem chi bo" \
    -addext "subjectAltName=$kind:$HOST" -addext basicConstraints=critical,CA:FALSE \
    -keyout privkey.pem -out fullchain.pem 2>/dev/null
fi
chmod 644 ./*
echo "HOST=$HOST" >../../.env
echo "Đã có đủ bí mật trong $PWD, và HOST trong deploy/.env."
