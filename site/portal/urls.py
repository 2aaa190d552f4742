"""All addresses: HTML is Vietnamese at the root, English below ``/en/``; JSON has no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import sitemaps

#: Below /api/ an unknown address is answered in JSON too.
handler404 = "portal.api_problems.not_found"

urlpatterns = [
    *i18n_patterns(path("", include("feedback.rating_urls")), prefix_default_language=False),
    path("", include("portal.health_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": sitemaps.SECTIONS}, "sitemap_section"),
    path("robots.txt", sitemaps.robots),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("portal.api_urls")),
    # Pictures editors upload; a city with much traffic lets its web server or S3 answer these.
    # Documents go through their own view alone, which sends them as attachments.
    re_path(r"^media/(?P<path>(?!documents/).*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    *i18n_patterns(
        path("", include("portal.html_urls")),
        path("", include("search.urls")),
        path("", include("feedback.urls")),
        path("", include("cms.urls")),
        prefix_default_language=False,
    ),
]
