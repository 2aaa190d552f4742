"""Public addresses of what is published."""

from django.urls import path

from cms import office_views, views

urlpatterns = [
    path("linh-vuc/", views.field_list, name="field_list"),
    path("linh-vuc/<slug:slug>/", views.field, name="field"),
    path("thu-tuc/", views.procedure_list, name="procedure_list"),
    path("thu-tuc/<str:code>/", views.procedure, name="procedure"),
    path("thu-tuc/<str:code>/lich-su/", views.procedure_history, name="procedure_history"),
    path("co-quan/", office_views.office_list, name="office_list"),
    path("co-quan/vi-tri.json", office_views.office_places, name="office_places"),
    path("co-quan/<slug:slug>/", office_views.office, name="office"),
    path("quay/<str:code>/", office_views.counter, name="counter"),
]
