"""Public addresses of what citizens say: ratings, reports on pages; and of the public board."""

from django.urls import path, re_path

from feedback import (
    board_views,
    comment_views,
    correction_views,
    device_views,
    display_views,
    kiosk_views,
    ledger_views,
    method_views,
    page_report_views,
    stored_views,
    typed_code_views,
    views,
)

urlpatterns = [
    # What a slip says when no camera reads it; addresses with a code stand in rating_urls.py.
    re_path(r"^[rR]/$", typed_code_views.typed_code, name="rate_typed"),
    re_path(r"^[rR]$", typed_code_views.typed_code),
    path("thu-tuc/<str:code>/gop-y/", page_report_views.page_report, name="page_report"),
    path(
        "thu-tuc/<str:code>/gop-y/cam-on/",
        page_report_views.page_report_thanks,
        name="page_report_thanks",
    ),
    path("gop-y/<str:code>/", views.follow_up, name="follow_up"),
    path("quay/<str:code>/gop-y/", comment_views.counter_comments, name="counter_comments"),
    path(
        "quay/<str:code>/gop-y/feed.atom",
        comment_views.CommentsFeed(),
        name="counter_comments_feed",
    ),
    path("co-quan/<slug:slug>/gop-y/", comment_views.office_comments, name="office_comments"),
    path(
        "co-quan/<slug:slug>/gop-y/feed.atom",
        comment_views.CommentsFeed(),
        name="office_comments_feed",
    ),
    path("danh-gia/luu-gi/", stored_views.stored, name="rate_stored"),
    # Screens at a counter: paired by a one-time code, then known by their cookie.
    path("ghep-thiet-bi/", device_views.pair_device, name="pair_device_form"),
    path("ghep-thiet-bi/<str:code>/", device_views.pair_device, name="pair_device"),
    path("man-hinh/", display_views.display, name="display"),
    path("man-hinh/ma", display_views.codes, name="display_codes"),
    path("man-hinh/sw.js", display_views.worker, name="display_worker"),
    path("kiosk/", kiosk_views.kiosk, name="kiosk"),
    path("kiosk/phieu", kiosk_views.forms, name="kiosk_forms"),
    path("kiosk/gui", kiosk_views.send, name="kiosk_send"),
    path("kiosk/sw.js", kiosk_views.worker, name="kiosk_worker"),
    path("cong-khai/", board_views.board, name="board"),
    path("cong-khai/so-kiem-tra/", ledger_views.ledger_page, name="ledger"),
    path("cong-khai/so-kiem-tra.jsonl", ledger_views.ledger_lines, name="ledger_lines"),
    path(
        "cong-khai/dinh-chinh/<str:month>/<int:number>/",
        correction_views.correction_page,
        name="correction",
    ),
    path("phuong-phap/", method_views.method, name="method"),
    path("du-lieu-mo/", board_views.open_data, name="open_data"),
    path("du-lieu-mo/recompute_scores.py", board_views.recompute_script, name="recompute_script"),
]
