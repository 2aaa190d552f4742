"""JSON addresses of the search, below ``/api/v1/``."""

from django.urls import path

from search import api

urlpatterns = [
    path("search/", api.SearchView.as_view(), name="api_search"),
    path("suggest/", api.SuggestView.as_view(), name="api_suggest"),
]
