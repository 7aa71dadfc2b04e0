"""Settings: one file; what a deployment decides comes from the environment, and anything doubtful stops the start."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
import fontawesome
import fontpkg_be_vietnam_pro
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

import partyreview

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))


def _version() -> str:
    """The number of the first heading in CHANGELOG.md, which is its one home."""
    heading = re.search(
        r"^## (\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    if heading is None:
        raise ImproperlyConfigured("CHANGELOG.md names no version")
    return heading[1]


VERSION = _version()


def env_bool(name: str, default: bool) -> bool:
    """Read an on/off variable; any other word than 1/0, on/off, true/false, yes/no stops the start."""
    words = {"1": True, "on": True, "true": True, "yes": True}
    words |= {"0": False, "off": False, "false": False, "no": False}
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in words:
        raise ImproperlyConfigured(f"{name} must be on or off, not {value!r}")
    return words[value]


def _embedded_key() -> str:
    """The random key of the embedded mode, made once, readable by its owner only."""
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    path = VAR_DIR / "secret-key"
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # two first starts at once: one key wins, both read it
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


EMBEDDED = "SECRET_KEY" not in os.environ and "DATABASE_URL" not in os.environ
if not EMBEDDED and ("SECRET_KEY" not in os.environ or "ALLOWED_HOSTS" not in os.environ):
    raise ImproperlyConfigured("DATABASE_URL, SECRET_KEY and ALLOWED_HOSTS must be set together")

SECRET_KEY = _embedded_key() if EMBEDDED else os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = env_bool("HTTPS", default=not EMBEDDED)
# Where a visitor over plain http is sent to; empty when there is no https address at all.
HTTPS_URL = os.environ.get("HTTPS_URL", "")
# Where `doctor` meets what answers at that address, if not by its name: in a network without a way out, the proxy.
HTTPS_AT = os.environ.get("HTTPS_AT", "")
# Behind a proxy that sets X-Forwarded-Proto and X-Forwarded-For itself.
TRUST_PROXY = env_bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Django's own pages for every table, for an operator who mends by hand; all that officers need has pages of its own.
ADMIN = env_bool("ADMIN", default=False)

INSTALLED_APPS = [
    "cells",
    "members",
    "ballots",
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages are gathered where they are on: partyreview/urls.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bootstrap",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_tasks_db",
    "template_partials",
    "treebeard",
]

MIDDLEWARE = [
    "partyreview.headers.answer_headers",
    "partyreview.counts.count_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # before the next but one: the style of its page
    "csp.middleware.CSPMiddleware",
    "partyreview.https.explain_plain_http",
    "members.accounts.set_up.FirstRun",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "partyreview.middleware.LoginRequiredMiddleware",
    "members.accounts.staying.Staying",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "partyreview.middleware.refuse_nul",
]

ROOT_URLCONF = "partyreview.urls"
WSGI_APPLICATION = "partyreview.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


# postgres://user:word@one:5432,another:5432/name: a server and its standby.
SEVERAL_HOSTS = re.compile(r"(?<=//)(?P<user>[^@/?#]*@)?(?P<hosts>[^@/?#]*,[^@/?#]*)")


def database_at(url: str) -> dict[str, Any]:
    """How a database is talked to, whichever it is; of several hosts, the one that takes what is written."""
    several = SEVERAL_HOSTS.search(url)
    database: dict[str, Any] = dict(dj_database_url.parse(SEVERAL_HOSTS.sub(r"\g<user>one", url)))
    if several:
        parts = [host.partition(":") for host in several["hosts"].split(",")]
        database["HOST"] = ",".join(host for host, _, _ in parts)
        database["PORT"] = ",".join(port or "5432" for _, _, port in parts)
        # A machine that is gone must not make each new connection wait for the kernel's minutes.
        patience = {"connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives_idle": 5}
        writable = {"target_session_attrs": "read-write"}
        database["OPTIONS"] = writable | patience | database.get("OPTIONS", {})
    database["ATOMIC_REQUESTS"] = False
    # SQLite too: the last connection to close would empty the write-ahead log, after each request of a quiet server.
    database["CONN_MAX_AGE"] = 600
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            # The whole transaction is the lock: SQLite knows no SELECT … FOR UPDATE.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        }
        # A file, not shared memory: only files lock as the real database does.
        database["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
    else:
        database["CONN_HEALTH_CHECKS"] = True
        database["TEST"] = {"NAME": f"test_partyreview_{os.getpid()}"}
    return database


# SQLite in var/ unless DATABASE_URL names another.
DATABASE = database_at(
    os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'partyreview.sqlite3'}")
)
DATABASES = {"default": DATABASE}
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Keys of running polls live in RAM of this machine, one folder per database, named by what the database itself says
# (ballots/secret/keys.py); a test names its own.
RUNTIME_DIR = partyreview.RUNTIME_DIR
KEY_DIR: Path | None = None
# With several application servers: the one Valkey or Redis that keeps them for all. It is not told what follows "#":
# the secret under which it is given everything.
KEY_STORE_URL = os.environ.get("KEY_STORE_URL", "")
if KEY_STORE_URL and not re.fullmatch(r"(rediss?|unix)://[^#]+#[0-9A-Za-z_-]{32,}", KEY_STORE_URL):
    raise ImproperlyConfigured(
        "KEY_STORE_URL phải bắt đầu bằng redis://, rediss:// hoặc unix://, và kết thúc bằng dấu # cùng một chuỗi ngẫu "
        "nhiên từ 32 chữ, giống nhau ở mọi máy chủ và mọi cửa (openssl rand -hex 32)."
    )
# Longest random wait of a phone before it casts or checks, in seconds.
CAST_DELAY_MAX = int(os.environ.get("CAST_DELAY_MAX", "8"))

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "members.accounts.guessing.PasswordBackend",
    "sesame.backends.ModelBackend",
    "members.permissions.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "members.accounts.passwords.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "members:sign_in"
LOGIN_REDIRECT_URL = "ballots:home"
LOGOUT_REDIRECT_URL = "members:sign_in"
SESAME_MAX_AGE = 3 * 24 * 3600
SESAME_ONE_TIME = True

# Who must have a second factor: nobody ("optional"), officers of committees ("officers"), every account ("all").
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "optional")
if SECOND_FACTOR not in ("optional", "officers", "all"):
    raise ImproperlyConfigured(
        f"SECOND_FACTOR must be optional, officers or all, not {SECOND_FACTOR!r}"
    )
OTP_TOTP_ISSUER = "Kiểm điểm chi bộ"
OTP_TOTP_SYNC = False  # a clock may be one step off, never more
# Tries are counted in members/accounts/guessing.py: what locks the device would let a stranger lock its officer out.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
# Minutes without a press after which an officer's session ends on its own (members/accounts/idle.py); 0: never.
_idle = os.environ.get("IDLE_MINUTES", "60")
if not re.fullmatch(r"[0-9]{1,5}", _idle):
    raise ImproperlyConfigured(f"IDLE_MINUTES must be a number of minutes, not {_idle!r}")
IDLE_MINUTES = int(_idle)

# Every page that knows its visitor lives under this path, and so does every cookie: the voting page
# and the cast door lie outside it, where no cookie can reach them, not even on a reload.
SITE_PATH = "/hop/"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = SITE_PATH
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Django's own choice would write a cookie for the whole host, voting page and box included.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Decided otherwise: other sites of the domain are not ours to bind; plain http is answered with its
# reason, not with a redirect.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# The face and the icons of officers' pages and of the projector come in packages; of the second, its fonts alone are
# served, not its two thousand pictures.
FACE = fontpkg_be_vietnam_pro.ROOT / "files"
ICONS = Path(fontawesome.__file__).parent / "static" / "fontawesome" / "webfonts"
GUIDE_PICTURES = BASE_DIR / "docs" / "guides" / "pictures"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("be-vietnam-pro", FACE),
    ("fontawesome", ICONS),
    ("guides", GUIDE_PICTURES),
]
# A server that sets STATIC_ROOT has run collectstatic there; elsewhere the files are found in place.
STATIC_ROOT = os.environ.get("STATIC_ROOT")
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
if STATIC_ROOT is not None:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX = 5 * 1024 * 1024  # all files of one request; what reads them may allow less
DATA_UPLOAD_MAX_NUMBER_FILES = 30
# Scans and photographs kept with the review: one file, and those that are sent at once.
ATTACHMENT_MAX = 12 * 1024 * 1024
ATTACHMENTS_MAX = 40 * 1024 * 1024
ATTACHMENT_PIXELS = 52_000_000  # what the largest usual phone camera takes
# Pixels of the long side that is kept: small print of an A4 page stays readable.
ATTACHMENT_SIDE = 2500
ATTACHMENT_PAGES = 60
FILE_UPLOAD_HANDLERS = ["partyreview.uploads.CappedUploadHandler"]

# What the worker does (ballots/jobs/); where no worker is there, it is done at once.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Who is told of errors by e-mail, and through which server: smtp://user:password@host:587, smtps://…:465.
ERROR_MAIL = os.environ.get("ERROR_MAIL", "")
EMAIL_URL = urlsplit(os.environ.get("EMAIL_URL", ""))
EMAIL_HOST, EMAIL_PORT = EMAIL_URL.hostname or "localhost", EMAIL_URL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    unquote(EMAIL_URL.username or ""),
    unquote(EMAIL_URL.password or ""),
)
EMAIL_USE_SSL = EMAIL_URL.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("MAIL_FROM", "kiemdiem@localhost")
# Whether officers who have put in an address are told by e-mail that there is news; each letter names HTTPS_URL.
NEWS_MAIL = env_bool("NEWS_MAIL", default=bool(EMAIL_URL.scheme and HTTPS_URL))
if NEWS_MAIL and not (EMAIL_URL.scheme and HTTPS_URL):
    raise ImproperlyConfigured("NEWS_MAIL=on needs EMAIL_URL and HTTPS_URL")

# Whoever scrapes the numbers of the service (ballots/service/metrics.py) shows this; empty: nobody does.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

# Warnings of the request log would name paths; of an error, kind and place are told, not its words.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "partyreview.logs.JsonLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json"},
        "mail": {"class": "partyreview.logs.Mail"},
    },
    "root": {"handlers": ["console", "mail"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django_tasks_db": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pypdf": {"level": "CRITICAL"},  # it quotes what it cannot read
        "weasyprint": {"level": "ERROR"},
    },
}
