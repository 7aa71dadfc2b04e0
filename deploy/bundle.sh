#!/usr/bin/env bash
# Make one file that installs this program on a machine without internet: source, wheels and .deb files, for the very
# release of Debian or Ubuntu, processor and Python of the machine it is made on. `make bundle` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-var}
stop() {
  echo "$1" >&2
  exit 1
}
version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
. /etc/os-release
name=kiemdiem-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
bundle=$work/$name
mkdir -p "$bundle" "$target"

git ls-files -z | grep -zv '^tests/' | xargs -0 cp --parents --target-directory "$bundle"

echo "Thư viện Python…"
mkdir "$bundle/wheels"
UV_PYTHON_DOWNLOADS=never .venv/bin/uv export --quiet --no-dev --no-hashes --no-emit-project >"$bundle/wheels/requirements.txt"
# For the system's own Python, which need not be that of .venv; whatever a condition says that .venv does not meet.
sed 's/ *;.*//' "$bundle/wheels/requirements.txt" >"$bundle/wheels/all.txt"
python=$(/usr/bin/python3 -c 'import platform; print(platform.python_version())')
.venv/bin/pip download --quiet --disable-pip-version-check --only-binary :all: --no-deps --python-version "$python" \
  --requirement "$bundle/wheels/all.txt" --dest "$bundle/wheels" || stop "Không tải được các thư viện Python."

echo "Gói hệ thống của $PRETTY_NAME…"
debs=$bundle/debs
mkdir -p "$debs/partial"
wanted=()
while read -r kind names; do
  case $kind in program | proxy | database | keys) ;; *) continue ;; esac
  for one in ${names//|/ }; do
    if apt-cache show "$one" >/dev/null 2>&1; then
      wanted+=("$one")
      break
    fi
  done
done <deploy/packages
# As for a machine on which nothing is installed: all that these packages need, to the last one.
: >"$work/status"
apt-get -qq -o Dir::State::status="$work/status" -o Dir::Cache::archives="$debs" -o APT::Sandbox::User=root \
  -o Debug::NoLocking=1 --download-only --no-install-recommends -y install "${wanted[@]}" >/dev/null ||
  stop "Không tải được gói hệ thống: chạy apt-get update trước, và máy phải có internet."
rmdir "$debs/partial"
for deb in "$debs"/*.deb; do # the index by which apt finds them
  dpkg-deb --field "$deb"
  echo "Filename: ./${deb##*/}"
  echo "Size: $(stat -c %s "$deb")"
  echo "SHA256: $(sha256sum "$deb" | cut -d ' ' -f 1)"
  echo
done >"$debs/Packages"

file=$target/$name-$ID-$VERSION_CODENAME-$(dpkg --print-architecture).tar
tar -C "$work" --owner 0 --group 0 -cf "$file" "$name"
(cd "$target" && sha256sum "${file##*/}" >"${file##*/}.sha256")
echo "Gói cài: $file ($(du -h "$file" | cut -f 1)), kèm mã kiểm tra $file.sha256."
echo "Trên máy chủ: tar xf ${file##*/} && sudo $name/deploy/install.sh"
