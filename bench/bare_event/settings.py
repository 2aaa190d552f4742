"""Django with one app, no middleware, and a database set up as the product's (as durable)."""

from portal.settings import ALLOWED_HOSTS, SECRET_KEY
from portal.settings import DATABASES as OURS

__all__ = ["ALLOWED_HOSTS", "SECRET_KEY"]

INSTALLED_APPS = ["bench.bare_event"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare_event.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

_database = {**OURS["default"]}
if _database["ENGINE"] == "portal.sqlite3":
    _database["ENGINE"] = "django.db.backends.sqlite3"
    _database["NAME"] = f"{_database['NAME']}-bare"
    _database["OPTIONS"] = {
        name: value for name, value in _database["OPTIONS"].items() if name != "without_rowid"
    }
DATABASES = {"default": _database}
