"""Public addresses of what is published."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("linh-vuc/", lambda r: HttpResponse(""), name="field_list"),
    path("thu-tuc/<str:code>/", lambda r, code: HttpResponse(""), name="procedure"),
    path("co-quan/", lambda r: HttpResponse(""), name="office_list"),
    path("co-quan/<slug:slug>/", lambda r, slug: HttpResponse(""), name="office"),
    path("quay/<str:code>/", lambda r, code: HttpResponse(""), name="counter"),
]
