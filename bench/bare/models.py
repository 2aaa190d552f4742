"""One page type, as Wagtail's tutorial makes it."""

from django.db import models
from wagtail.models import Page


class BarePage(Page):
    """A title and a text."""

    body = models.TextField()
    template = "bare_page.html"

    class Meta:
        app_label = "bare"
