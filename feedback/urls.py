"""Public addresses of what citizens say: ratings, reports on pages; and of the public board."""

from django.urls import path, re_path

from feedback import board_views, page_report_views, views

urlpatterns = [
    # Printed in upper case without a final slash (QR alphanumeric mode); a slash does no harm,
    # and answers by itself, because a redirect would lose what was sent.
    re_path(r"^[rR]/(?P<code>[^/]+)/?$", views.rate, name="rate"),
    re_path(r"^[rR]/(?P<code>[^/]+)/cam-on/?$", views.thanks, name="rate_thanks"),
    path("thu-tuc/<str:code>/gop-y/", page_report_views.page_report, name="page_report"),
    path(
        "thu-tuc/<str:code>/gop-y/cam-on/",
        page_report_views.page_report_thanks,
        name="page_report_thanks",
    ),
    path("gop-y/<str:code>/", views.follow_up, name="follow_up"),
    path("cong-khai/", board_views.board, name="board"),
    path("phuong-phap/", board_views.method, name="method"),
    path("du-lieu-mo/", board_views.open_data, name="open_data"),
]
