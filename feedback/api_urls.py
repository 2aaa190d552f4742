"""JSON addresses of ratings, below ``/api/v1/``."""

from django.urls import path

from feedback import (
    api,
    api_snapshots,
    comment_api,
    correction_views,
    receipt_api,
    receipt_slips,
)

urlpatterns = [
    path("comments/", comment_api.Comments.as_view(), name="api_comments"),
    path("receipts/", receipt_api.Receipts.as_view(), name="api_receipts"),
    path("receipts/<str:code>.svg", receipt_api.receipt_svg, name="api_receipt_svg"),
    path(
        "receipts/<str:code>/<str:paper>.pdf",
        receipt_slips.receipt_slip_pdf,
        name="api_receipt_slip",
    ),
    path("counters/<str:code>/score/", api.CounterScore.as_view(), name="api_counter_score"),
    path("open/ratings.csv", api.OpenRatings.as_view(), name="api_open_ratings"),
    path("open/scores.json", api_snapshots.OpenScores.as_view(), name="api_open_scores"),
    path("open/editions.json", correction_views.OpenEditions.as_view(), name="api_open_editions"),
    path(
        "open/correction.json",
        correction_views.OpenCorrection.as_view(),
        name="api_open_correction",
    ),
]
