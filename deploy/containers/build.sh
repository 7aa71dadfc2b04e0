#!/usr/bin/env bash
# Make the one image that deploy/compose.yaml runs: its base from Debian's packages, then the program with its libraries.
# As root, on Debian or Ubuntu with mmdebstrap and podman, buildah or docker: `make image` calls it; IMAGE: another name.
set -euo pipefail
cd "$(dirname "$0")/../.."
# 3: a register of packages could not be reached, or gave something else.
stop() {
  echo "$1" >&2
  exit "${2:-1}"
}
[ "$(id -u)" = 0 ] || stop "Cần quyền quản trị: sudo make image"
command -v mmdebstrap >/dev/null || stop "Thiếu mmdebstrap. Cài bằng: sudo apt-get install mmdebstrap"
if [ -z "${BUILD:-}" ]; then
  for engine in podman docker buildah; do
    if command -v $engine >/dev/null && $engine info >/dev/null 2>&1; then
      BUILD="$engine build --network none"
      break
    fi
  done
fi
[ -n "${BUILD:-}" ] || stop "Không có podman, docker hay buildah nào chạy được trên máy này."
. /etc/os-release
version=$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
mkdir -p var/image

# The same packages as on a server without containers, once for all services; made again where the list has changed.
wanted=ca-certificates
while read -r kind names; do
  case $kind in program | proxy | database | keys) ;; *) continue ;; esac
  for name in ${names//|/ }; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      wanted+=,$name
      break
    fi
  done
done <deploy/packages
made_of="$VERSION_CODENAME $wanted"
if [ "$(cat var/image/made-of 2>/dev/null)" != "$made_of" ]; then
  echo "Nền của ảnh, từ gói của $PRETTY_NAME…"
  mmdebstrap --quiet --variant=minbase --include="$wanted" "$VERSION_CODENAME" var/image/base.tar ||
    stop "Không làm được nền của ảnh; nguyên nhân ở những dòng trên." 3
  echo "$made_of" >var/image/made-of
fi

echo "Thư viện Python…"
rm -rf var/image/wheels
mkdir var/image/wheels
UV_PYTHON_DOWNLOADS=never .venv/bin/uv export --quiet --no-dev --no-hashes --no-emit-project >var/image/wheels/requirements.txt
# For the system's own Python, which need not be that of .venv; whatever a condition says that .venv does not meet.
sed 's/ *;.*//' var/image/wheels/requirements.txt >var/image/wheels/all.txt
python=$(/usr/bin/python3 -c 'import platform; print(platform.python_version())')
.venv/bin/pip download --quiet --disable-pip-version-check --only-binary :all: --no-deps --python-version "$python" \
  --requirement var/image/wheels/all.txt --dest var/image/wheels || stop "Không tải được các thư viện Python." 3

# All that the image is made of is here: it is built without a network.
# To podman a name without a host is one of localhost/; to docker these are two, and deploy/compose.yaml says localhost/.
image=${IMAGE:-localhost/kiemdiem}
$BUILD --file deploy/Containerfile --tag "$image:$version" --tag "$image:latest" .
echo "Đã làm ảnh $image:$version. Máy chủ không có internet: podman save $image:latest | gzip > kiemdiem-image.tar.gz"
