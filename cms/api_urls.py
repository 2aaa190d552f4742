"""JSON addresses of what is published, below ``/api/v1/``."""

from django.urls import path

from cms import api

urlpatterns = [
    path("procedures/", api.ProcedureList.as_view(), name="api_procedures"),
    path("procedures/<str:code>/", api.ProcedureDetail.as_view(), name="api_procedure"),
    path("offices/", api.OfficeList.as_view(), name="api_offices"),
    path("counters/", api.CounterList.as_view(), name="api_counters"),
    path("counters/<str:code>/", api.CounterDetail.as_view(), name="api_counter"),
]
