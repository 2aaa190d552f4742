"""The monthly report on paper: one to three pages, Vietnamese whole, vector, the ledger's head."""

from __future__ import annotations

import dataclasses
import datetime
import io
import unicodedata

import pypdfium2
import pypdfium2.raw
import pytest
from django.urls import reverse

from feedback.models import Snapshot
from feedback.office_report import CounterReport, OfficeReport, Side
from feedback.presentation import score_text
from feedback.printing.report import write_report
from feedback.snapshots import publish_month
from tests.factories import make_counter, make_field, make_office
from tests.feedback.city import MONTH, rate
from tests.feedback.trusted import person

pytestmark = pytest.mark.django_db
HEAD = "9f" * 32


def body(score, **more):
    return {
        "status": "published",
        "method": "v1.0",
        "score": score,
        "interval": [score - 4, score + 4],
        "satisfied": 0.8,
        "peer_mean": 74.0,
        "tier": "thấp hơn" if score < 70 else "tương đương",
        "n": 412,
        "n_eff": 180.2,
        "m": 20.0,
        "response_rate": 0.123,
        "quarantined": 3,
        **more,
    }


def report_of(number):
    """An office of so many counters, some hidden, some with few answers, one of one officer."""
    office = make_office("Trung tâm phục vụ hành chính công Ưu Đãi Nghĩa Trang")
    field = make_field("Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)")
    counters = []
    for index in range(number):
        counter = make_counter(office, name=f"Quầy {index + 1}", main_field=field)
        if index % 9 == 4:
            counters.append(CounterReport(counter, score_text({}), {}))
            continue
        figures = body(60.0 + index % 25, status="few" if index % 7 == 3 else "published")
        items = {key: body(66.0 + index % 9) for key in ("time", "clarity", "fees")}
        items["fees"] = {"status": "hidden"}
        one = CounterReport(
            counter,
            score_text(figures),
            {**figures, "by_item": items},
            of_one=index == 5,
            change=-1.3,
            below_since=datetime.date(2026, 8, 1) if figures["tier"] == "thấp hơn" else None,
            weakest="clarity",
            low=Side(12, [("Giấy tờ phải nộp", 45), ("Chờ đợi", 30)]),
            comments_waiting=index % 3,
        )
        words = {"attitude": figures, **items}
        one.items = [(key, key, score_text(part), "−2,1") for key, part in words.items()]
        counters.append(one)
    snapshot = Snapshot(
        month=datetime.date(2026, 10, 1),
        as_of=datetime.date(2026, 10, 31),
        number=1,
        method="v1.0",
        figures={},
    )
    months = [snapshot.month]
    return OfficeReport(office, snapshot, counters, months, datetime.date(2026, 11, 9))


def printed(report):
    out = io.BytesIO()
    pages = write_report(report, out, ledger_head=HEAD)
    document = pypdfium2.PdfDocument(out.getvalue())
    assert len(document) == pages
    texts = [page.get_textpage().get_text_range() for page in document]
    return document, [unicodedata.normalize("NFC", text) for text in texts]


@pytest.mark.parametrize(("number", "most"), [(1, 1), (6, 1), (14, 2), (40, 3)])
def test_one_to_three_pages(number, most):
    document, texts = printed(report_of(number))
    assert 1 <= len(document) <= most
    for place, text in enumerate(texts, 1):
        assert f"Trang {place}/{len(texts)}" in text
        assert HEAD in text
        assert "phương pháp v1.0" in text
        width, height = document[place - 1].get_size()
        assert (round(width), round(height)) == (595, 842)
    whole = " ".join(" ".join(texts).split())
    assert "Báo cáo tháng 10/2026" in whole
    assert "Việc nên làm trước" in whole
    for index in range(number):
        assert f"Quầy {index + 1}" in whole


def test_charts_are_vectors():
    document, _ = printed(report_of(6))
    kinds = {one.type for page in document for one in page.get_objects()}
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_without_a_month_there_is_nothing_to_print():
    report = dataclasses.replace(report_of(1), snapshot=None)
    with pytest.raises(ValueError, match="Chưa có tháng"):
        write_report(report, io.BytesIO())


def test_the_button_gives_the_file(client):
    counter = make_counter(make_office("Trung tâm Đường Láng"), name="Quầy 7")
    rate(counter, 40, days=25)
    publish_month(month=MONTH)
    client.force_login(person("truong", "view_snapshotscore", office=counter.office))
    page = client.get(reverse("office_report", args=[counter.office_id])).content.decode()
    address = reverse("office_report_pdf", args=[counter.office_id])
    assert address in page
    response = client.get(address, {"thang": "2026-06"})
    assert response["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(b"".join(response.streaming_content))
    assert "Quầy 7" in document[0].get_textpage().get_text_range()
