"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
# Django reads the addresses, and with them most modules, at the first request. A process that is
# put in the place of another takes its first request when it has done so, not a second too early.
get_resolver().url_patterns  # noqa: B018  (reading it is what loads it)
