"""Public addresses of ratings: the form behind the QR codes, and the public board."""

from django.urls import path, re_path

from feedback import board_views, views

urlpatterns = [
    # Printed in upper case without a final slash (QR alphanumeric mode); a slash does no harm,
    # and answers by itself, because a redirect would lose what was sent.
    re_path(r"^[rR]/(?P<code>[^/]+)/?$", views.rate, name="rate"),
    re_path(r"^[rR]/(?P<code>[^/]+)/cam-on/?$", views.thanks, name="rate_thanks"),
    path("gop-y/<str:code>/", views.follow_up, name="follow_up"),
    path("cong-khai/", board_views.board, name="board"),
    path("phuong-phap/", board_views.method, name="method"),
    path("du-lieu-mo/", board_views.open_data, name="open_data"),
]
