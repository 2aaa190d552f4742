"""The whole main job in one process: published, found, rated, scored, made public."""

from __future__ import annotations

import datetime
import html
import json
import re
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cms.models import Counter, Handling, Officer, ProcedurePage
from feedback.arrivals import Arrival, Levels
from feedback.intake import bulk_submit
from search.worker import drain
from tests.factories import make_counter, make_field, make_procedure
from tests.search.conftest import index, where  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
VALUES = (0, 25, 50, 75, 100)
DEFAULT_PRIOR = (0.05, 0.10, 0.20, 0.35, 0.30)


def channels(amount: int) -> list[dict]:
    fee = {"amount": str(amount), "currency": "VND", "condition": "", "text": f"{amount} đồng"}
    value = {
        "kind": "direct",
        "time_value": "7",
        "time_unit": "working_day",
        "time_text": "7 ngày làm việc",
        "fees": [{"type": "item", "value": fee, "id": str(uuid.uuid4())}],
        "note": "",
    }
    return [{"type": "channel", "value": value, "id": str(uuid.uuid4())}]


def publish(page: ProcedurePage, amount: int) -> None:
    """What the editor's "Đăng" does."""
    page = ProcedurePage.objects.get(pk=page.pk)
    page.channels = json.dumps(channels(amount))
    page.save_revision().publish()
    drain()


def test_an_editor_publishes_and_a_citizen_finds_the_four_facts(client: Client, index) -> None:  # noqa: F811
    index()
    counter = make_counter(name="Quầy 3", main_field=make_field("Hộ tịch"))
    officer = Officer.objects.create(
        office=counter.office, name="Lê Thị Thử", title="Công chức", phone="024 0000 0009"
    )
    Handling.objects.create(counter=counter, officer=officer, field=counter.main_field)
    page = make_procedure("1.001193", title="Thủ tục đăng ký khai sinh", live=False)
    assert client.get("/thu-tuc/1.001193/").status_code == 404
    publish(page, 8000)
    client.get(f"/thu-tuc/1.001193/?office={counter.office.slug}", follow=True)
    for amount, text in ((8000, "8.000 đồng"), (12000, "12.000 đồng")):
        publish(page, amount)
        (found,) = client.get("/api/v1/search/", {"q": "dang ky khai sinh"}).json()["results"]
        assert (found["code"], found["fee"]) == ("1.001193", text)
        assert found["processing_time"] == "7 ngày làm việc"
        shown = html.unescape(client.get("/thu-tuc/1.001193/").content.decode())
        for fact in (text, "7 ngày làm việc", "Lê Thị Thử", "024 0000 0009", "Quầy 3"):
            assert fact in shown
        results = html.unescape(client.get("/tim-kiem/?q=dang ky khai sinh").content.decode())
        for fact in (text, "Quầy 3", "Lê Thị Thử"):
            assert fact in results
    ProcedurePage.objects.get(pk=page.pk).unpublish()
    drain()
    assert client.get("/api/v1/search/", {"q": "dang ky khai sinh"}).json()["results"] == []


def submit(counter: Counter, number: int, level: int, day: datetime.date) -> None:
    bulk_submit(
        Arrival(
            submission=uuid.uuid4(),
            counter=counter,
            channel="receipt",
            service_day=day,
            levels=Levels(level),
        )
        for _ in range(number)
    )


def live(counter: Counter) -> dict:
    out = StringIO()
    call_command("score", counter.code, stdout=out)
    return json.loads(out.getvalue())


def by_hand(counts: dict[tuple[str, int, int], int]) -> float:
    """rating.md §3 for one lone counter: default prior, m = 20; (channel, age, level) → count."""
    weighted = dict.fromkeys(("verified", "poster"), [0.0] * 5)
    for kind in weighted:
        weighted[kind] = [0.0] * 5
    for (channel, age, level), number in counts.items():
        trust = {"receipt": 1.0, "display": 0.7, "poster": 0.3}[channel]
        kind = "poster" if channel == "poster" else "verified"
        weighted[kind][level - 1] += number * trust * 2 ** (-age / 90)
    poster = sum(weighted["poster"])
    cap = max(5, 0.25 * sum(weighted["verified"]))
    scale = min(1, cap / poster) if poster else 0
    alpha = [
        20 * prior + verified + scale * posted
        for prior, verified, posted in zip(
            DEFAULT_PRIOR, weighted["verified"], weighted["poster"], strict=True
        )
    ]
    return sum(v * a for v, a in zip(VALUES, alpha, strict=True)) / sum(alpha)


def test_a_rating_counts_once_and_the_score_moves_by_the_formula(client: Client) -> None:
    counter = make_counter()
    today = timezone.localdate()
    submit(counter, 20, 4, today - datetime.timedelta(days=10))
    before = live(counter)
    assert before["score"] == pytest.approx(by_hand({("receipt", 10, 4): 20}))
    form = client.get(f"/R/{counter.code}").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token
    answers = {"token": html.unescape(token[1]), "attitude": "1", "time": "0"}
    first = client.post(f"/r/{counter.code}", answers)
    again = client.post(f"/r/{counter.code}", answers)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    assert client.get(first["Location"]).status_code == 200
    after = live(counter)
    assert after["n"] == before["n"] + 1
    assert after["score"] == pytest.approx(by_hand({("receipt", 10, 4): 20, ("poster", 0, 1): 1}))
    out = StringIO()
    call_command("recount_ratings", stdout=out)
    assert out.getvalue().strip().splitlines()[-1] == "events: 21, rollups: 3, differences: 0"


def test_the_public_score_moves_with_the_months_snapshot_only(client: Client) -> None:
    counter = make_counter()
    address = f"/api/v1/counters/{counter.code}/score/"
    last_month = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    assert client.get(address).json()["status"] == "hidden"
    submit(counter, 9, 5, last_month)
    call_command("publish_snapshot", stdout=StringIO())
    body = client.get(address).json()
    assert body["status"] == "hidden"
    assert set(body) == {"status", "method", "as_of"}
    submit(counter, 40, 5, last_month)
    assert client.get(address).json()["status"] == "hidden"
    call_command("publish_snapshot", reason="Bổ sung phiếu gửi muộn", stdout=StringIO())
    body = client.get(address).json()
    assert (body["status"], body["n"], body["as_of"]) == ("published", 49, last_month.isoformat())
    assert body["score"] == pytest.approx(by_hand({("receipt", 0, 5): 49}))
    shown = html.unescape(client.get(f"/quay/{counter.code}/").content.decode())
    assert f"{body['score']:.1f}".replace(".", ",") in shown
