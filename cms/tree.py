"""The fixed top of the page tree: home ▸ thủ tục, home ▸ cơ quan."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, Site

from cms.models import HomePage, OfficeIndexPage, ProcedureIndexPage


@transaction.atomic
def ensure_tree() -> None:
    """Make what is missing of the fixed pages and point the default site at them (idempotent)."""
    # An emptied database (``flush``) has lost the locale that Wagtail's migration made.
    Locale.objects.get_or_create(
        language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE)
    )
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.filter(depth=1).first()
        if root is None:
            root = Page.add_root(title="Root", slug="root")
        home = root.add_child(instance=HomePage(title="Trang chủ", slug="trang-chu"))
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={"hostname": "localhost", "root_page": home, "site_name": "Bốn Công Khai"},
        )
        # Wagtail's own migration leaves a "Welcome" page that belongs to no type of ours.
        for page in Page.objects.filter(depth=2).exclude(pk=home.pk):
            if type(page.specific) is Page:
                page.delete()
        home.refresh_from_db()
    for model, title, slug in (
        (ProcedureIndexPage, "Thủ tục", "thu-tuc"),
        (OfficeIndexPage, "Cơ quan", "co-quan"),
    ):
        if not model.objects.exists():
            home.add_child(instance=model(title=title, slug=slug))
