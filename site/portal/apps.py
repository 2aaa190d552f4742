"""The site itself: it puts the rooms together and owns nothing of the domain."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Django app of the site."""

    name = "portal"
    verbose_name = "Cổng"
