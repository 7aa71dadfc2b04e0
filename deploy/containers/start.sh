#!/bin/sh
# What a container of deploy/compose.yaml runs: start.sh site | door | worker | proxy | database | keys | prepare, and
# start.sh manage … for an administrator's command. Passwords come as files, never in the environment of the container.
set -eu
trap "exit 143" TERM # while something is awaited; what is started by exec has its own way to end
cd /opt/kiemdiem/current
secret() { cat "/run/secrets/$1"; }

# settings SECRET_KEY ROLE PASSWORD ACCOUNT PASSWORD: who this process is to the database, and to the store of keys.
settings() {
  # The network of the containers has no way out, not even to their own address: there the proxy answers.
  export ALLOWED_HOSTS="$HOST" HTTPS_URL="https://$HOST" HTTPS_AT=proxy TRUST_PROXY=on
  export STATIC_ROOT=/opt/kiemdiem/current/staticfiles RUNTIME_DIRECTORY=/tmp/run VAR_DIR=/tmp/var
  # Backups are kept; all else that a container writes is in RAM, and gone with it.
  [ ! -w /var/lib/kiemdiem ] || VAR_DIR=/var/lib/kiemdiem
  mkdir -p -m 0700 "$RUNTIME_DIRECTORY" "$VAR_DIR"
  SECRET_KEY=$(secret "$1")
  DATABASE_URL="postgres://$2:$(secret "$3")@database:5432/kiemdiem"
  KEY_STORE_URL="redis://$4:$(secret "$5")@keys:6379#$(secret keys-secret)"
  export SECRET_KEY DATABASE_URL KEY_STORE_URL
}
site() { settings secret-key kiemdiem site-password partyreview keys-site-password; }
door() { settings door-secret-key partyreview_door door-password partyreview_door keys-door-password; }
as_administrator() { PGPASSWORD=$(secret database-password) "$@" --host database --username postgres; }
sql() { as_administrator psql --quiet --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }
# until_done COMMAND…: services start in any order, and wait for what they need.
until_done() {
  until "$@" >/dev/null 2>&1; do sleep 1; done
}
valkey() { command -v "valkey-$1" || command -v "redis-$1"; }
answers() { # answers PORT PATH: whether the server in this container does, as the proxy would ask it
  .venv/bin/python - "$@" <<'END'
import os, sys, urllib.request
headers = {"Host": os.environ["HOST"], "X-Forwarded-Proto": "https"}
urllib.request.urlopen(urllib.request.Request("http://127.0.0.1:{}{}".format(*sys.argv[1:]), headers=headers), timeout=5)
END
}

case $1 in
site)
  site
  until_done .venv/bin/python manage.py migrate --check
  exec .venv/bin/gunicorn partyreview.wsgi:application --bind 0.0.0.0:8001
  ;;
door)
  door
  until_done psql "$DATABASE_URL" --command "SELECT 1 FROM ballots_keyfolder"
  exec .venv/bin/gunicorn partyreview.wsgi:door --bind 0.0.0.0:8002
  ;;
proxy)
  exec nginx -e stderr -c /opt/kiemdiem/current/deploy/proxy/nginx.conf -g "daemon off;"
  ;;
database)
  data=/var/lib/kiemdiem-database/data
  binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  if [ ! -s $data/PG_VERSION ]; then
    "$binaries/initdb" -D $data -U postgres -A scram-sha-256 --pwfile /run/secrets/database-password -E UTF8 --locale C.UTF-8
    echo "host all all samenet scram-sha-256" >>$data/pg_hba.conf
    echo "include '/opt/kiemdiem/current/deploy/postgresql.conf'" >>$data/postgresql.conf
  fi
  exec "$binaries/postgres" -D $data -c listen_addresses='*' -c unix_socket_directories=/tmp
  ;;
keys)
  umask 077
  of() { secret "$1" | tr -d '\n' | sha256sum | cut -d ' ' -f 1; }
  sed "s/^bind .*/bind 0.0.0.0/; s/THAY_BANG_SHA256_CUA_CUA/$(of keys-door-password)/; s/THAY_BANG_SHA256/$(of keys-site-password)/" \
    deploy/valkey.conf >/tmp/valkey.conf
  exec "$(valkey server)" /tmp/valkey.conf
  ;;
prepare)
  site
  until_done sql --dbname postgres --command 'SELECT 1'
  [ -n "$(sql --dbname postgres --command "SELECT 1 FROM pg_roles WHERE rolname = 'kiemdiem'")" ] ||
    sql --dbname postgres --command "CREATE ROLE kiemdiem LOGIN CREATEDB"
  echo "ALTER ROLE kiemdiem PASSWORD '$(secret site-password)'" | sql --dbname postgres
  [ -n "$(sql --dbname postgres --command "SELECT 1 FROM pg_database WHERE datname = 'kiemdiem'")" ] ||
    sql --dbname postgres --command "CREATE DATABASE kiemdiem OWNER kiemdiem"
  until_done .venv/bin/python manage.py check
  .venv/bin/python manage.py migrate --verbosity 0
  .venv/bin/python manage.py totals --fill
  sql --dbname kiemdiem --file deploy/door-role.sql
  echo "ALTER ROLE partyreview_door PASSWORD '$(secret door-password)'" | sql --dbname postgres
  code=$(.venv/bin/python manage.py set_up_code 2>/dev/null || true)
  [ -z "$code" ] || echo "CÀI ĐẶT LẦN ĐẦU: mở https://$HOST/ rồi gõ mã này, dùng một lần: $code"
  ;;
worker)
  site
  until_done .venv/bin/python manage.py migrate --check
  exec .venv/bin/python manage.py worker
  ;;
healthy-site) answers 8001 /suc-khoe/san-sang/ ;;
healthy-door) answers 8002 /phieu/ ;;
healthy-database) pg_isready --quiet --host 127.0.0.1 ;;
healthy-proxy) [ -s /run/kiemdiem-proxy/nginx.pid ] && kill -0 "$(cat /run/kiemdiem-proxy/nginx.pid)" ;;
healthy-keys) "$(valkey cli)" --no-auth-warning ping 2>&1 | grep -q -e PONG -e NOAUTH ;;
manage)
  shift
  site
  exec .venv/bin/python manage.py "$@"
  ;;
*)
  echo "Không có dịch vụ “$1”." >&2
  exit 2
  ;;
esac
