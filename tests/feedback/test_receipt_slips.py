"""Slips of receipts that a one-stop system sent: drawn for who has the code, stored nowhere."""

from __future__ import annotations

import base64
import datetime
import json
import unicodedata

import pypdfium2
import pytest
import zxingcpp
from django.core.cache import cache
from django.utils import timezone

from feedback import slips
from feedback.minting import mint, mint_roll
from feedback.models import OneStopSystem
from feedback.receipt_api import digest_of
from tests.factories import make_counter, make_office

pytestmark = pytest.mark.django_db
TOKEN = "bck_" + "s" * 40
WIDTHS = {"80mm": 80, "A5": 148}


@pytest.fixture
def desk():
    cache.clear()
    OneStopSystem.objects.create(
        name="Hệ thống một cửa", token_digest=digest_of(TOKEN), token_hint="ssss"
    )
    return make_counter(make_office("Chi nhánh số 2"), name="Quầy 7", code="ABC0123")


def post(client, body, query=""):
    return client.post(
        f"/api/v1/receipts/{query}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {TOKEN}"},
    )


def receipt(number, **values):
    return {"counter": "ABC0123", "id": f"H{number}", "received": _today(), **values}


def _today() -> str:
    return timezone.localdate().isoformat()


def read(data: bytes) -> list[tuple[int, str, str]]:
    """Width in mm, words and address of each page."""
    pages = []
    for page in pypdfium2.PdfDocument(data):
        words = unicodedata.normalize("NFC", page.get_textpage().get_text_range())
        (found,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
        pages.append((round(page.get_width() / 72 * 25.4), " ".join(words.split()), found.text))
    return pages


@pytest.mark.parametrize("paper", ["80mm", "A5"])
def test_each_receipt_has_the_address_of_its_slip(client, desk, paper):
    row = receipt(1, kind="result", returned=_today())
    body = post(client, row).json()
    assert set(body["slips"]) == {"80mm", "A5"}
    assert "pdf" not in body
    answer = client.get(body["slips"][paper])
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert body["code"] not in answer["Content-Disposition"]
    ((width, words, address),) = read(answer.content)
    assert (width, address) == (WIDTHS[paper], body["url"])
    for part in ("Quầy 7", "Chi nhánh số 2", "Trả kết quả", f"{timezone.localdate():%d/%m/%Y}"):
        assert part in words
    assert "H1" not in words.split()


def test_a_batch_in_one_pdf_beside_what_was_rejected(client, desk):
    rows = [receipt(1), {**receipt(2), "counter": "ZZZ9999"}, receipt(3, kind="refusal")]
    body = post(client, rows, "?slips=80mm").json()
    pages = read(base64.b64decode(body["pdf"]))
    assert [page[2] for page in pages] == [
        one["url"] for one in body["results"] if one["state"] == "created"
    ]
    assert "Từ chối tiếp nhận" in pages[1][1]
    assert body["rejected"] == 1
    again = post(client, rows[0], "?slips=A5").json()
    assert again["state"] == "repeated"
    assert read(base64.b64decode(again["pdf"]))[0][2] == body["results"][0]["url"]


def test_wrong_wishes(client, desk):
    assert post(client, receipt(1), "?slips=A4").status_code == 422
    assert post(client, [receipt(n) for n in range(201)], "?slips=A5").status_code == 413
    assert post(client, [{}], "?slips=A5").json()["pdf"] == ""


def test_only_codes_of_ours_are_printed_and_use_is_not_told(client, desk, settings):
    code = mint(counter=desk, kind="receipt", day=timezone.localdate(), outside_id="H1")
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    for wrong in (f"{forged}/A5", "ABC0123/A5", f"{code}/A4", "%00/A5", "D" * 13 + "/80mm"):
        assert client.get(f"/api/v1/receipts/{wrong}.pdf").status_code == 404
    roll = slips.make_roll(
        counter=desk, day=timezone.localdate(), slips=1, user=None, today=timezone.localdate()
    )
    used = mint_roll(roll)[0]
    before = client.get(f"/api/v1/receipts/{used}/80mm.pdf").status_code
    assert slips.hand_back(roll=roll, first=1, user=None) == (1, 0)
    assert client.get(f"/api/v1/receipts/{used}/80mm.pdf").status_code == before == 200
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 1
    for _ in range(3):
        last = client.get(f"/api/v1/receipts/{forged}/A5.pdf")
    assert last.status_code == 429
    assert client.get(f"/api/v1/receipts/{code}/A5.pdf").status_code == 200


def test_a_code_whose_keys_are_gone_is_printed_no_more(client, desk, monkeypatch):
    code = mint(counter=desk, kind="receipt", day=timezone.localdate(), outside_id="H1")
    later = timezone.localdate() + datetime.timedelta(days=95)
    monkeypatch.setattr("feedback.keys.timezone.localdate", lambda *_: later)
    assert client.get(f"/api/v1/receipts/{code}/A5.pdf").status_code == 410


def test_what_no_code_can_be_is_not_drawn(client, desk):
    assert client.get(f"/api/v1/receipts/{'0' * 26}.svg").status_code == 404
