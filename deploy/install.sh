#!/usr/bin/env bash
# Install this program, or its next version, as a service of this machine (Debian, Ubuntu): from a checkout, or from a
# bundle made by `make bundle`, then without internet. Run as root; again as often as one likes.
#   sudo deploy/install.sh                      asks for the address, once
#   sudo HOST=hop.xa.example TLS_CERT=fullchain.pem TLS_KEY=privkey.pem deploy/install.sh
#   sudo KEY_STORE=here deploy/install.sh       keys of running polls in Valkey or Redis on this machine, not in its RAM folder
# One of several machines (docs/installing.md, Cách 3): database and keys are elsewhere, the same words on each of them.
#   sudo HOST=… DATABASE_URL=… DOOR_DATABASE_URL=… KEY_STORE_URL=… DOOR_KEY_STORE_URL=… SECRET_KEY=… BALANCER=10.0.0.10 \
#     deploy/install.sh
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
cd "$source"
etc=/etc/kiemdiem

stop() {
  echo "$1" >&2
  exit 1
}
say() { printf '\n== %s\n' "$1"; }
random() { head -c 48 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
sql() { as_postgres psql --quiet --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 "$@"; }

[ "$(id -u)" = 0 ] || stop "Cần quyền quản trị: sudo $0"
command -v apt-get >/dev/null || stop "Chương trình cài này chỉ dùng cho Debian và Ubuntu."
version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
[ -n "$version" ] || stop "Thư mục $source không phải bản cài: CHANGELOG.md không ghi số của bản."
home=/opt/kiemdiem/$version

# The one question.
[ ! -f $etc/kiemdiem.env ] || HOST=${HOST:-$(sed -n 's/^ALLOWED_HOSTS=//p' $etc/kiemdiem.env)}
if [ -z "${HOST:-}" ]; then
  [ -t 0 ] || stop "Chưa biết địa chỉ của máy này: HOST=hop.xa.example $0"
  first=$(hostname -I | cut -d ' ' -f 1)
  read -r -p "Tên miền hoặc địa chỉ mà điện thoại sẽ mở [$first]: " HOST
  HOST=${HOST:-$first}
fi
[[ $HOST =~ ^[A-Za-z0-9.-]+$ ]] || stop "HOST chỉ gồm tên miền hoặc địa chỉ, ví dụ hop.xa.example: “$HOST” không phải."
if [ -n "${TLS_CERT:-}" ]; then
  for file in "$TLS_CERT" "${TLS_KEY:?Có TLS_CERT thì phải có TLS_KEY.}"; do
    [ -r "$file" ] || stop "Không đọc được tệp chứng thư $file."
  done
fi
if [ -n "${DATABASE_URL:-}${KEY_STORE_URL:-}" ]; then
  for name in DATABASE_URL DOOR_DATABASE_URL KEY_STORE_URL DOOR_KEY_STORE_URL SECRET_KEY; do
    [ -n "${!name:-}" ] || stop "Một trong nhiều máy thì phải đặt đủ: thiếu $name."
  done
fi
[[ ${KEY_STORE:-} =~ ^(here)?$ ]] || stop "KEY_STORE chỉ nhận một chữ: here (kho khoá trên máy này). Kho ở máy khác: KEY_STORE_URL."
for site in /etc/nginx/sites-enabled/*; do
  [ ! -e "$site" ] || [ "$(basename "$site")" = default ] ||
    stop "Máy này đang chạy trang khác bằng nginx ($site). Phần mềm cần cổng 80 và 443 cho riêng nó: xin dùng máy khác."
done

say "Gói hệ thống"
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq)
if [ -d debs ]; then # a bundle: from its own folder and from nowhere else
  lists=$(mktemp -d)
  trap 'rm -rf "$lists"' EXIT
  chmod 755 "$lists"
  ln -s "$source/debs" "$lists/debs"
  echo "deb [trusted=yes] file:$lists/debs ./" >"$lists/sources.list"
  mkdir -p "$lists/state/partial"
  apt+=(-o Dir::Etc::sourcelist="$lists/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$lists/state" -o APT::Sandbox::User=root)
fi
"${apt[@]}" update || stop "Không đọc được danh mục gói. Máy không có internet thì dùng gói cài (make bundle): docs/installing.md."
wanted=()
while read -r kind names; do
  [ "$kind" != "#" ] && [ -n "$kind" ] || continue
  [ "$kind" != database ] || [ -z "${DATABASE_URL:-}" ] || continue
  [ "$kind" != keys ] || [ -n "${KEY_STORE:-}" ] || continue
  case $kind in program | proxy | database | keys) ;; *) continue ;; esac
  for name in ${names//|/ }; do
    if apt-cache "${apt[@]:2}" show "$name" >/dev/null 2>&1; then
      wanted+=("$name")
      break
    fi
  done
done <deploy/packages
log=$(mktemp)
"${apt[@]}" install --no-install-recommends -y "${wanted[@]}" >"$log" 2>&1 </dev/null || {
  tail -n 15 "$log" >&2
  stop "Không cài được gói hệ thống; nguyên nhân ở những dòng trên."
}
rm -f "$log"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "Cần Python 3.11 trở lên: Debian 12, Ubuntu 24.04 hoặc mới hơn."

say "Chương trình, bản $version, vào $home"
id kiemdiem >/dev/null 2>&1 || useradd --system --home-dir /var/lib/kiemdiem --shell /usr/sbin/nologin kiemdiem
install -d -m 0755 /opt/kiemdiem "$home" $etc/proxy /var/lib/kiemdiem-acme
install -d -m 0700 -o kiemdiem -g kiemdiem /var/lib/kiemdiem
install -d -m 0700 $etc/tls
if [ "$source" != "$home" ]; then
  for part in partyreview cells members ballots static templates; do
    rm -rf "${home:?}/$part"
  done
  cp -r --preserve=mode,timestamps partyreview cells members ballots static templates deploy docs \
    manage.py gunicorn.conf.py pyproject.toml CHANGELOG.md README.md "$home/"
  chmod -R go+rX,go-w "$home"
fi
[ -x "$home/.venv/bin/python" ] || python3 -m venv "$home/.venv"
if [ -d wheels ]; then
  "$home/.venv/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links wheels \
    --requirement wheels/requirements.txt || stop "Gói cài này không hợp với Python của máy: làm lại gói trên máy cùng bản Debian hoặc Ubuntu."
else
  "$home/.venv/bin/pip" install --quiet --disable-pip-version-check "$(grep -o 'uv==[0-9.]*' Makefile)"
  (cd "$home" && UV_PYTHON_DOWNLOADS=never .venv/bin/uv sync --quiet --no-dev --compile-bytecode) ||
    stop "Không tải được các thư viện. Máy không có internet thì dùng gói cài (make bundle): docs/installing.md."
fi
"$home/.venv/bin/python" -m compileall -q "$home"/{partyreview,cells,members,ballots,gunicorn.conf.py}

say "Cấu hình trong $etc"
keep() { # keep FILE MODE: write standard input there, unless there is one
  [ -e "$1" ] && cat >/dev/null || (umask 077 && cat >"$1" && chmod "$2" "$1")
}
keep $etc/kiemdiem.env 0644 <<END
ALLOWED_HOSTS=$HOST
HTTPS_URL=https://$HOST
TRUST_PROXY=on
VAR_DIR=/var/lib/kiemdiem
STATIC_ROOT=/opt/kiemdiem/current/staticfiles
END
if [ -n "${KEY_STORE:-}" ]; then
  deploy/keys.sh install 127.0.0.1
  . $etc/key-store.env
  named() { [ ! -f "$1" ] || { sed -i '/^KEY_STORE_URL=/d' "$1" && echo "KEY_STORE_URL=$2" >>"$1"; }; }
  named $etc/site.env "$KEY_STORE_URL" # of an installation that had no such store
  named $etc/door.env "$DOOR_KEY_STORE_URL"
fi
keep $etc/site.env 0600 <<END
DATABASE_URL=${DATABASE_URL:-postgres://kiemdiem:$(random)@127.0.0.1:5432/kiemdiem}
SECRET_KEY=${SECRET_KEY:-$(random)}
${KEY_STORE_URL:+KEY_STORE_URL=$KEY_STORE_URL}
END
keep $etc/door.env 0600 <<END
DATABASE_URL=${DOOR_DATABASE_URL:-postgres://partyreview_door:$(random)@127.0.0.1:5432/kiemdiem}
SECRET_KEY=$(random)
${DOOR_KEY_STORE_URL:+KEY_STORE_URL=$DOOR_KEY_STORE_URL}
END
if [ -n "${BALANCER:-}" ]; then
  sed "s|^set_real_ip_from .*|set_real_ip_from $BALANCER;|" deploy/several-machines/listen.conf >$etc/proxy/listen.conf
  chmod 0644 $etc/proxy/listen.conf
fi
for file in listen upstreams; do
  keep $etc/proxy/$file.conf 0644 <deploy/proxy/$file.conf
done
sed -i "s|^ALLOWED_HOSTS=.*|ALLOWED_HOSTS=$HOST|; s|^HTTPS_URL=.*|HTTPS_URL=https://$HOST|" $etc/kiemdiem.env
if [ -n "${TLS_CERT:-}" ]; then
  ln -sfn "$(realpath -s "$TLS_CERT")" $etc/tls/fullchain.pem
  ln -sfn "$(realpath -s "$TLS_KEY")" $etc/tls/privkey.pem
fi
deploy/certificate.sh >/dev/null

say "Cơ sở dữ liệu"
word_of() { sed -n 's|^DATABASE_URL=[a-z]*://[^:]*:\([^@]*\)@.*|\1|p' "$etc/$1.env"; }
local_database=$(grep -c '@127\.0\.0\.1:5432/kiemdiem$' $etc/site.env || true)
if [ "$local_database" = 1 ]; then
  pg_lsclusters --no-header | while read -r number name _ state _; do
    conf=/etc/postgresql/$number/$name/conf.d/kiemdiem.conf
    if ! cmp --quiet deploy/postgresql.conf "$conf"; then
      install -m 0644 deploy/postgresql.conf "$conf"
      pg_ctlcluster "$number" "$name" restart
    elif [ "$state" = down ]; then # systemd does not run here
      pg_ctlcluster "$number" "$name" start
    fi
  done
  for _ in $(seq 30); do sql -c 'SELECT 1' >/dev/null 2>&1 && break || sleep 1; done
  [ -n "$(sql -c "SELECT 1 FROM pg_roles WHERE rolname = 'kiemdiem'")" ] || sql -c "CREATE ROLE kiemdiem LOGIN CREATEDB"
  printf "ALTER ROLE kiemdiem PASSWORD '%s'" "$(word_of site)" | sql
  [ -n "$(sql -c "SELECT 1 FROM pg_database WHERE datname = 'kiemdiem'")" ] ||
    as_postgres createdb --owner kiemdiem --encoding UTF8 --template template0 kiemdiem
fi
ln -sfn "$home" /opt/kiemdiem/current
command=/usr/local/sbin/kiemdiem
install -m 0755 deploy/kiemdiem $command
$command migrate --verbosity 0 || stop "Cơ sở dữ liệu chưa đổi được sang bản $version; chữa nguyên nhân ở trên rồi chạy lại lệnh này."
$command totals --fill || stop "Chưa cộng được số tổng hợp; chữa nguyên nhân ở trên rồi chạy lại lệnh này."
(set -a && . $etc/kiemdiem.env && . $etc/site.env && set +a &&
  cd "$home" && .venv/bin/python manage.py collectstatic --noinput --verbosity 0)
if [ "$local_database" = 1 ]; then
  sql --dbname kiemdiem --file - <deploy/door-role.sql
  printf "ALTER ROLE partyreview_door PASSWORD '%s'" "$(word_of door)" | sql
fi

say "Dịch vụ"
# Debian's own configuration of nginx is not used; should somebody start it, it keeps no log either.
[ ! -f /etc/nginx/nginx.conf ] || sed -i -E 's/^(\s*)access_log .*;/\1access_log off;/' /etc/nginx/nginx.conf
install -m 0644 deploy/systemd/*.{service,timer,target} /etc/systemd/system/
units=(kiemdiem.target kiemdiem-{site,door,proxy,worker}.service kiemdiem-{backup,certificate}.timer)
if command -v systemctl >/dev/null; then
  systemctl --quiet disable nginx.service 2>/dev/null || true # Debian's own, which would take the same ports
  systemctl --quiet enable "${units[@]}" 2>/dev/null
fi
if [ -d /run/systemd/system ]; then
  systemctl stop nginx.service 2>/dev/null || true
  systemctl daemon-reload
  { systemctl restart kiemdiem-site kiemdiem-door kiemdiem-proxy kiemdiem-worker kiemdiem-{backup,certificate}.timer && systemctl start kiemdiem.target; } ||
    stop "Dịch vụ chưa chạy được. Xem nguyên nhân: journalctl -u kiemdiem-site -u kiemdiem-door -u kiemdiem-proxy -n 30"
else
  echo "systemd không chạy ở đây: dịch vụ đã được đặt, và chạy khi máy khởi động."
fi

code=$($command set_up_code 2>/dev/null || true)
cat <<END

Đã cài xong bản $version. Mở https://$HOST/ bằng trình duyệt.${code:+
Mã cài đặt, dùng một lần: $code}

  Sao lưu mỗi đêm cần một câu mật khẩu, đặt một lần:  sudo kiemdiem backup --init
  Xem dịch vụ:                                         systemctl status 'kiemdiem-*'
  Kiểm tra máy:                                        sudo kiemdiem doctor
END
