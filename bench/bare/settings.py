"""The product's own settings with only Wagtail in it; ``BARE_CACHE=1`` adds Django's page cache."""

import os

from portal.settings import *  # noqa: F403
from portal.settings import DATA_DIR, MIDDLEWARE, TEMPLATES

_OURS = {"search", "feedback", "cms", "portal", "haystack"}
INSTALLED_APPS = [
    *(app for app in globals()["INSTALLED_APPS"] if app not in _OURS),
    "bench.bare",
]
ROOT_URLCONF = "bench.bare.urls"
#: What ours take the place of.
_DJANGOS = {
    "portal.passing.Sessions": "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.passing.Language": "django.middleware.locale.LocaleMiddleware",
    "portal.passing.Users": "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.passing.Messages": "django.contrib.messages.middleware.MessageMiddleware",
}
MIDDLEWARE = [_DJANGOS.get(one, one) for one in MIDDLEWARE]
MIDDLEWARE = [one for one in MIDDLEWARE if one.partition(".")[0] not in _OURS]
if os.environ.get("BARE_CACHE"):
    MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
TEMPLATES = [
    {
        **TEMPLATES[0],
        "DIRS": [],
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "bare.sqlite3",
        "CONN_MAX_AGE": 60,
    }
}
LOCALE_PATHS = []
FORMAT_MODULE_PATH = []
