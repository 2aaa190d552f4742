"""The addresses ratings are sent to: tried before all others, since most requests that write come
here, and each address tried in vain costs them time."""

from django.urls import re_path

from feedback import views

urlpatterns = [
    # Printed in upper case without a final slash (QR alphanumeric mode); a slash does no harm,
    # and answers by itself, because a redirect would lose what was sent.
    re_path(r"^[rR]/(?P<code>[^/]+)/?$", views.rate, name="rate"),
    re_path(r"^[rR]/(?P<code>[^/]+)/cam-on/?$", views.thanks, name="rate_thanks"),
]
