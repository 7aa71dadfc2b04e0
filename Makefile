# Two commands: `make demo` and `make test`. Both first make .venv and install what is missing.
PYTHON := .venv/bin/python
UV := UV_PYTHON_DOWNLOADS=never .venv/bin/uv

.PHONY: install demo serve bundle image test bench load drills fuzz mutants kill-phones pictures guide-pictures screens screens-above gallery system

install: system .venv/installed

system:
	@.ci/system-packages

.venv/installed: pyproject.toml | system
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cần Python 3.11 trở lên." >&2; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || \
	  { echo "Thiếu python3-venv. Cài bằng: sudo apt-get install python3-venv" >&2; exit 1; }
	@[ -x $(PYTHON) ] || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(UV) sync --quiet --compile-bytecode
	@touch $@

# Real phones in the room: make demo HOST=<this machine's address>
demo: install
	@$(PYTHON) manage.py demo $(HOST)

# For real, data kept in var/: make serve for this machine alone, make serve HOST=<its address> PORT=<port> for phones.
serve: install
	@$(PYTHON) manage.py serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

# One file that installs the program on a machine of this very release of Debian or Ubuntu, without internet: docs/installing.md
bundle: install
	@deploy/bundle.sh var

# The image that deploy/compose.yaml runs; as root, with podman, docker or buildah: docs/installing.md
image: install
	@deploy/containers/build.sh

# A file of tests stays in one process: it shares what it sets up, and no two of them open ports at once.
PYTEST := .venv/bin/pytest -n auto --maxprocesses 4 --dist loadfile
# Modules are compiled once, whatever the environment says, not in each of the processes that tests start.
test: export PYTHONDONTWRITEBYTECODE :=

# On PostgreSQL: make test DATABASE_URL=postgres://…; then the variables that go with it are set here.
ifdef DATABASE_URL
test: export SECRET_KEY := for-tests-only
test: export ALLOWED_HOSTS := localhost,127.0.0.1
test: export HTTPS := off
test: export DATABASE_URL := $(DATABASE_URL)
endif
test: install
	@.ci/system-packages tests
	@left_out=""; \
	if ! command -v chromium >/dev/null; then left_out="not browser"; \
	  echo "KHÔNG CHẠY các bài thử trên trình duyệt: máy không có Chromium." >&2; fi; \
	if ! command -v soffice >/dev/null; then left_out="$${left_out:+$$left_out and }not office"; \
	  echo "KHÔNG THỬ bản Word trong LibreOffice: máy không có LibreOffice." >&2; fi; \
	if ! [ -e /usr/lib/libreoffice/program/libsclo.so ]; then left_out="$${left_out:+$$left_out and }not spreadsheet"; \
	  echo "KHÔNG THỬ bảng Excel trong LibreOffice: máy không có LibreOffice Calc." >&2; fi; \
	if ! command -v redis-server valkey-server >/dev/null; then left_out="$${left_out:+$$left_out and }not key_server"; \
	  echo "KHÔNG THỬ kho khoá chung: máy không có redis-server." >&2; fi; \
	exec $(PYTEST) -m "$$left_out" $(ARGS)

bench: install
	@.ci/with-postgres $(PYTHON) -m tests.bench $(ARGS)

# Whole meetings at once against this machine, or against a server by ARGS="--url …": see docs/capacity.md.
load: install
	@$(UV) pip install --quiet --group load
	@.ci/with-postgres $(PYTHON) -m tests.load $(ARGS)

# Meetings while all kinds of things happen to the servers: ARGS="kills disk --seed 7 --sqlite" for single ones.
drills: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.drills $(ARGS)

# Parsers of what strangers send, sixty seconds each, led by what the code does: ARGS="--seconds 600 ballot sheet".
fuzz: install
	@$(UV) pip install --quiet --group fuzz
	@$(PYTHON) -m tests.fuzz $(ARGS)

# The tests tested: modules that a ballot rests on spoilt in one place at a time, about half an hour in all:
# ARGS="ballots/secret/sheet.py" for single ones.
mutants: install
	@$(UV) pip install --quiet --group mutants
	@$(PYTHON) -m tests.mutants $(ARGS)

# Phones killed after every state of their ballot, at every delay, twenty times each: about an hour.
kill-phones: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.kills $(ARGS)

# The pictures of README.md, in docs/pictures/. Look at them before they are committed.
pictures: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.pictures

# The pictures of the guides, in docs/guides/pictures/: ARGS="bi-thu-diem-danh" for single ones. Look at them too.
guide-pictures: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.pictures.guides docs/guides/pictures $(ARGS)

# Every page with 3, 25 and 60 people at the widths its users have, and what a machine finds on it, in var/pictures/:
# about half an hour. make screens ARGS="25 checkin" for less.
screens: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.pictures.screens var/pictures $(ARGS)

# Every page of a committee over 4, 40 and 3,000 cells, at the widths of its desks and phones, in var/above/: more than an
# hour, most of it for 3,000. make screens-above ARGS="40 board pocket" for less.
screens-above: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.pictures.above var/above $(ARGS)

# Every paper of each year, short, usual and hostile, as pictures to be looked at: make gallery ARGS="hostile minutes"
gallery: install
	@.ci/system-packages tests
	@$(PYTHON) -m tests.pictures.gallery var/gallery $(ARGS)
