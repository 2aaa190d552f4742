"""Public addresses of the search."""

from django.urls import path

from search import chosen, views

urlpatterns = [
    path("tim-kiem/", views.results, name="search"),
    path("tim-kiem/chon/", chosen.chosen, name="search_chosen"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
