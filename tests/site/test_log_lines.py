"""No line of the log holds a code or a token, not even that of a page that failed."""

from __future__ import annotations

import io
import logging
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from feedback.display_codes import code_at, step_of
from feedback.minting import mint
from feedback.tokens import open_form, sign_thanks
from portal.log_lines import Redacting, redact
from tests.factories import make_counter
from tests.feedback.test_display_codes import make_device


@pytest.fixture
def lines():
    """What the site's own handler writes."""
    ours = logging.getLogger("django").handlers
    (handler,) = (one for one in ours if isinstance(one.formatter, Redacting))
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.django_db
def test_a_page_that_fails_logs_no_code_and_no_token(lines):
    cache.clear()
    counter = make_counter(code="ABC0123")
    receipt = mint(counter=counter, kind="receipt", day=timezone.localdate(), outside_id="H1")
    screen = code_at(make_device(counter=counter), step_of(timezone.now()))
    client = Client(raise_request_exception=False)
    token = open_form(receipt).sign()
    for code in (receipt, screen, "ABC0123"):
        failing = mock.patch("feedback.views.resolve", side_effect=RuntimeError(f"{code} {token}"))
        with failing:
            for address in (f"/r/{code}", f"/R/{code.lower()}/", f"/en/r/{code}"):
                assert client.get(address).status_code == 500
                sent = {"token": token, "attitude": "4"}
                assert client.post(address, sent).status_code == 500
    signed = sign_thanks(open_form("ABC0123").submission)
    with mock.patch("feedback.views.read_thanks", side_effect=RuntimeError(f"t={signed}")):
        assert client.get(f"/r/ABC0123/cam-on?t={signed}").status_code == 500
    text = lines.getvalue()
    assert text.count("Internal Server Error") >= 19
    assert "RuntimeError" in text
    for secret in (receipt, screen, token, signed, "/r/ABC0123"):
        assert secret.lower() not in text.lower()


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("Error handling request /r/1K7M2Q", "Error handling request /r/[…]"),
        ("Not Found: /en/R/abc0123/cam-on", "Not Found: /en/R/[…]/cam-on"),
        ("/gop-y/AB12CD34EF56/ /ghep-thiet-bi/ABCDE-FGHJK/", "/gop-y/[…]/ /ghep-thiet-bi/[…]/"),
        ("GET /api/v1/receipts/1K7M.svg", "GET /api/v1/receipts/[…]"),
        ("Authorization: Bearer bck_abc.def", "Authorization: Bearer […]"),
        ("/tim-kiem/?q=cư+trú&page=2", "/tim-kiem/?q=cư+trú&page=2"),
        ("WARNING cms.importing 1.001193 at line 12:30:05", None),
        ("/thu-tuc/1.004222/ /api/v1/receipts/ /r/", None),
    ],
)
def test_lines(line, clean):
    assert redact(line) == (clean or line)
