"""Public addresses of what is published."""

from django.urls import path

from cms import (
    api_open,
    feeds,
    history_views,
    life_event_views,
    office_views,
    paper_views,
    views,
)
from cms.notices.views import procedure_notice

urlpatterns = [
    path("linh-vuc/", views.field_list, name="field_list"),
    path("linh-vuc/<slug:slug>/", views.field, name="field"),
    path("linh-vuc/<slug:slug>/feed.atom", feeds.changes_feed, name="field_feed"),
    path("thay-doi/", history_views.recent_changes, name="recent_changes"),
    path("thay-doi/feed.atom", feeds.changes_feed, name="changes_feed"),
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/<str:code>/", views.procedure, name="procedure"),
    path("thu-tuc/<str:code>/lich-su/", history_views.procedure_history, name="procedure_history"),
    path(
        "thu-tuc/<str:code>/lich-su/so-sanh/",
        history_views.procedure_compare,
        name="procedure_compare",
    ),
    path(
        "thu-tuc/<str:code>/lich-su/<int:number>/",
        history_views.procedure_version,
        name="procedure_version",
    ),
    path("thu-tuc/<str:code>/cpsv-ap.jsonld", api_open.cpsv_ap_file, name="cpsv_ap"),
    path("thu-tuc/<str:code>/niem-yet.pdf", procedure_notice, name="procedure_notice"),
    path("thu-tuc/<str:code>/giay-to/", paper_views.papers, name="procedure_papers"),
    path("su-kien/", life_event_views.life_events, name="life_events"),
    path("su-kien/<slug:slug>/", life_event_views.life_event, name="life_event"),
    path("co-quan/", office_views.office_list, name="office_list"),
    path("co-quan/vi-tri.json", office_views.office_places, name="office_places"),
    path("co-quan/<slug:slug>/", office_views.office, name="office"),
    path("quay/<str:code>/", office_views.counter, name="counter"),
]
