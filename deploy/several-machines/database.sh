#!/usr/bin/env bash
# A machine of the database, primary or standby, on Debian or Ubuntu (docs/installing.md, Cách 3). As root:
#   NETWORK=10.0.0.0/24 database.sh primary      make this machine the primary, for machines of that network
#   PRIMARY=10.0.0.21 database.sh standby        make this machine the standby of that primary
#   database.sh in-step                          on the primary: accept nothing that the standby has not
#   database.sh alone                            on the primary: go on while the standby is away
#   database.sh promote                          on the standby: take over, after the primary is off for good
set -euo pipefail
deploy=$(cd "$(dirname "$0")/.." && pwd)
stop() {
  echo "$1" >&2
  exit 1
}
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
sql() { as_postgres psql --quiet --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }
random() { head -c 36 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }
[ "$(id -u)" = 0 ] || stop "Cần quyền quản trị: sudo $0 $*"
if ! command -v pg_lsclusters >/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y postgresql >/dev/null </dev/null ||
    stop "Không cài được PostgreSQL: chạy apt-get update trước."
fi
read -r number name _ < <(pg_lsclusters --no-header | sort -k1V | tail -n 1)
etc=/etc/postgresql/$number/$name
settings() { # what every machine of the database has
  install -m 0644 "$deploy/postgresql.conf" "$etc/conf.d/kiemdiem.conf"
  echo "listen_addresses = '*'" >"$etc/conf.d/listen.conf"
}

case ${1:-} in
primary)
  : "${NETWORK:?Chưa biết mạng của các máy chủ: NETWORK=10.0.0.0/24 $0 primary}"
  settings
  grep -q "^host replication kiemdiem_standby $NETWORK" "$etc/pg_hba.conf" || cat >>"$etc/pg_hba.conf" <<END
host all all $NETWORK scram-sha-256
host replication kiemdiem_standby $NETWORK scram-sha-256
END
  pg_ctlcluster "$number" "$name" restart
  for role in "kiemdiem LOGIN CREATEDB" "kiemdiem_standby LOGIN REPLICATION"; do
    [ -n "$(sql -c "SELECT 1 FROM pg_roles WHERE rolname = '${role%% *}'")" ] && continue
    word=$(random)
    echo "CREATE ROLE $role PASSWORD '$word'" | sql
    echo "Mật khẩu của ${role%% *} (chỉ hiện lần này): $word"
  done
  [ -n "$(sql -c "SELECT 1 FROM pg_database WHERE datname = 'kiemdiem'")" ] ||
    as_postgres createdb --owner kiemdiem --encoding UTF8 --template template0 kiemdiem
  echo "Máy này là máy chính. Tiếp theo: $0 standby trên máy dự phòng, rồi $0 in-step ở đây."
  ;;
standby)
  : "${PRIMARY:?Chưa biết máy chính: PRIMARY=10.0.0.21 $0 standby}"
  settings
  rm -f "$etc/conf.d/synchronous.conf"
  data=/var/lib/postgresql/$number/$name
  read -r -s -p "Mật khẩu của kiemdiem_standby: " word
  echo
  copy=$data.fresh
  rm -rf "$copy"
  PGPASSWORD=$word as_postgres "/usr/lib/postgresql/$number/bin/pg_basebackup" --pgdata "$copy" --write-recovery-conf \
    --wal-method stream --checkpoint fast --dbname "host=$PRIMARY user=kiemdiem_standby" || stop "Chưa chép được từ máy chính $PRIMARY."
  pg_ctlcluster "$number" "$name" stop >/dev/null 2>&1 || true
  rm -rf "$data.former"
  mv "$data" "$data.former" # what this machine had is kept until the next time
  mv "$copy" "$data"
  grep -q "^host all all samenet" "$etc/pg_hba.conf" || cat >>"$etc/pg_hba.conf" <<END
host all all samenet scram-sha-256
host replication kiemdiem_standby samenet scram-sha-256
END
  pg_ctlcluster "$number" "$name" start
  echo "Máy này là máy dự phòng của $PRIMARY."
  ;;
in-step | alone)
  [ "$(sql -c 'SELECT pg_is_in_recovery()')" = f ] || stop "Lệnh này chạy trên máy chính; máy này là máy dự phòng."
  if [ "$1" = in-step ]; then
    [ -n "$(sql -c "SELECT 1 FROM pg_stat_replication WHERE application_name = 'kiemdiem'")" ] ||
      stop "Chưa có máy dự phòng nào nối vào: mọi lá phiếu sẽ phải chờ, nên chưa bật."
    install -m 0644 "$deploy/several-machines/synchronous.conf" "$etc/conf.d/synchronous.conf"
  else
    rm -f "$etc/conf.d/synchronous.conf"
  fi
  pg_ctlcluster "$number" "$name" reload
  ;;
promote)
  [ "$(sql -c 'SELECT pg_is_in_recovery()')" = t ] || stop "Máy này đang là máy chính rồi."
  primary=$(sql -c "SELECT substring(current_setting('primary_conninfo') FROM 'host=''?([^'' ]+)')")
  ! pg_isready --quiet --timeout 3 --host "$primary" ||
    stop "Máy chính $primary còn trả lời. Tắt hẳn máy ấy (rút điện) rồi mới chạy lệnh này: hai máy chính là mất phiếu."
  rm -f "$etc/conf.d/synchronous.conf"
  sql -c "SELECT pg_promote()" >/dev/null
  systemctl try-restart pgbouncer.service 2>/dev/null || true # where there is one, it still holds this for a standby
  echo "Máy này là máy chính. Máy cũ chữa xong thì làm máy dự phòng: PRIMARY=<máy này> $0 standby, rồi $0 in-step ở đây."
  ;;
*)
  stop "Dùng: $0 primary | standby | in-step | alone | promote"
  ;;
esac
