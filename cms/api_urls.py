"""JSON addresses of what is published, below ``/api/v1/``."""

from django.urls import path

from cms import api, api_offices, api_open, api_versions

urlpatterns = [
    path("procedures/", api.ProcedureList.as_view(), name="api_procedures"),
    path("procedures/schema.json", api_open.RecordSchema.as_view(), name="api_procedure_schema"),
    path("procedures/<str:code>/", api_versions.ProcedureOn.as_view(), name="api_procedure"),
    path(
        "procedures/<str:code>/versions/",
        api_versions.VersionList.as_view(),
        name="api_procedure_versions",
    ),
    path(
        "procedures/<str:code>/versions/<int:number>/",
        api_versions.VersionDetail.as_view(),
        name="api_procedure_version",
    ),
    path("procedures/<str:code>/cpsv-ap/", api_open.CpsvAp.as_view(), name="api_cpsv_ap"),
    path("open/procedures.jsonl", api_open.ProceduresJsonLines.as_view(), name="api_open_jsonl"),
    path("open/procedures.csv", api_open.ProceduresCsv.as_view(), name="api_open_csv"),
    path("offices/", api_offices.OfficeList.as_view(), name="api_offices"),
    path("counters/", api_offices.CounterList.as_view(), name="api_counters"),
    path("counters/<str:code>/", api_offices.CounterDetail.as_view(), name="api_counter"),
]
