"""JSON addresses below ``/api/v1/``."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("cms.api_urls")),
    path("", include("search.api_urls")),
    path("", include("feedback.api_urls")),
]
