"""Settings of the site: one file that a person can read, with every choice from environment.py."""

import logging
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from portal.environment import BASE_DIR, EnvironmentProblem, read_environment

try:
    ENVIRONMENT = read_environment()
except EnvironmentProblem as problem:
    sys.stderr.write(f"{problem.line}\n")
    raise

SITE_DIR = BASE_DIR / "site"
DATA_DIR: Path = ENVIRONMENT.data_dir
PUBLIC_URL = ENVIRONMENT.public_url
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
DEBUG = False

INSTALLED_APPS = [
    # Before haystack and Wagtail: the first app that has a command of a name wins, and both
    # own an ``update_index``; ours must be the one that runs.
    "search",
    "feedback",
    "cms",
    "portal",
    "haystack",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.page_cache.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.policy.ContentPolicyMiddleware",
    "portal.passing.Sessions",
    "portal.passing.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.passing.Users",
    "portal.passing.Messages",
    "cms.publishing_guard.PublishingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.context.site",
            ],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}


def _cache(prefix: str, entries: int) -> dict[str, object]:
    """Redis when there is one, else a store in each process."""
    if ENVIRONMENT.redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": ENVIRONMENT.redis_url,
            "KEY_PREFIX": prefix,
        }
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": prefix,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }


CACHES = {
    "default": _cache("", 20000),
    # Compressed pages of about 8 kB: 3000 of them are 25 MB a process.
    "pages": _cache("pages", 3000),
}

# Language: Vietnamese is the source, English complete; the admin overlay lives in site/locale/vi.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [SITE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["portal.formats"]
# As an editor types them; both languages of portal.formats read them.
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [SITE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Uploads and results of background jobs: never below MEDIA_ROOT, which everybody can read.
    "jobs": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "jobs",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": (
            "search.backend.VietnameseWhooshEngine"
            if isinstance(ENVIRONMENT.search_index, Path)
            else "search.postgresql.backend.VietnamesePostgresEngine"
        ),
        # A directory, or the address of a PostgreSQL database.
        "PATH": str(ENVIRONMENT.search_index),
    }
}
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False
HAYSTACK_SIGNAL_PROCESSOR = "search.signals.QueueingSignalProcessor"
# Seconds after which a process writes what was asked; 0: it waits to be told (tests).
SEARCH_LOG_SECONDS = 5.0
# The same for scans of printed codes.
SCAN_LOG_SECONDS = 5.0

WAGTAIL_SITE_NAME = "Bốn Công Khai"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_APPEND_SLASH = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# Forms citizens download: kinds of files that carry no macros, always as attachments.
WAGTAILDOCS_EXTENSIONS = ["doc", "docx", "odt", "pdf", "rtf", "xls", "xlsx", "ods"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000  # a procedure with 224 papers is a form of many fields

#: Who signs in can change what the city tells its citizens.
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "portal.pagination.TenPerPage",
    "EXCEPTION_HANDLER": "portal.api_problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bốn Công Khai",
    "DESCRIPTION": "Thủ tục, thời gian, lệ phí, người làm; điểm thái độ phục vụ từng quầy.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["portal.schema.public_only"],
}

# Security. TLS ends at the proxy; PUBLIC_URL says whether citizens reach the site over https.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 31536000 if ENVIRONMENT.https else 0
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https")
    if ENVIRONMENT.https and ENVIRONMENT.trusted_proxies
    else None
)
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor's preview shows pages in a frame of its own site
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
# Mail: reminders to editors. Without EMAIL_URL nothing is sent and the first screen tells all.
globals().update(ENVIRONMENT.email)

LOGIN_URL = "/admin/login/"


def _worth_a_line(record: logging.LogRecord) -> bool:
    """A site that is not ready yet says so in /readyz; that is an answer, not an error."""
    return getattr(record, "status_code", 0) != 503


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # Lines of a failed /r/<code>, and errors that quote it, say everything but the code.
        "line": {
            "()": "portal.log_lines.Redacting",
            "format": "%(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {
        "worth_a_line": {
            "()": "django.utils.log.CallbackFilter",
            "callback": _worth_a_line,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # It names the address of a request that a killed web process was at.
        "gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # No line for a 404: addresses of citizens' mistakes are nobody's business.
        "django.request": {"level": "ERROR", "filters": ["worth_a_line"]},
    },
}
