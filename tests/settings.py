"""The product's settings, in a folder of its own per test process.

PostgreSQL by TEST_DATABASE_URL, Redis by TEST_REDIS_URL (a database of its own per process).
"""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="bck-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
_redis = os.environ.get("TEST_REDIS_URL", "")
for _name in ("PORT", "WORKERS", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "SEARCH_URL", "REDIS_URL"):
    os.environ.pop(_name, None)
os.environ.update(
    DATA_DIR=_data,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", ""),
    REDIS_URL=f"{_redis}/{int(_worker) % 16}" if _redis else "",
    PUBLIC_URL="http://testserver",
    SECRET_KEY="test-only-test-only-test-only-test-only",
)

from portal.settings import *  # noqa: E402, F403
from portal.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = False
SEARCH_LOG_SECONDS = 0.0
SCAN_LOG_SECONDS = 0.0
