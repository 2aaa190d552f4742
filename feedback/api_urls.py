"""JSON addresses of ratings, below ``/api/v1/``."""

from django.urls import path

from feedback import api

urlpatterns = [
    path("counters/<str:code>/score/", api.CounterScore.as_view(), name="api_counter_score"),
    path("open/ratings.csv", api.OpenRatings.as_view(), name="api_open_ratings"),
]
