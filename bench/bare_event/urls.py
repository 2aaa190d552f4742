"""One address, shaped as the rating form's."""

from django.urls import path

from bench.bare_event.views import insert

urlpatterns = [path("r/<str:code>", insert)]
