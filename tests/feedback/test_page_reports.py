"""Reports about procedure pages: sent once, kept without anything about the sender, answered."""

from __future__ import annotations

import datetime
import re
from unittest import mock

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from feedback import limits
from feedback.models import PageReport
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db
ADDRESS = "/thu-tuc/1.234567/gop-y/"


@pytest.fixture
def page(db):
    return make_procedure("1.234567", title="Đăng ký thử")


def open_token(client) -> str:
    body = client.get(ADDRESS).content.decode()
    return re.findall(r'name="token" value="([^"]+)"', body)[0]


def send(client, **values):
    values.setdefault("token", open_token(client))
    values.setdefault("part", "fees")
    values.setdefault("text", "Lệ phí nay là 5.000 đồng.")
    return client.post(ADDRESS, values)


def make_report(page, **values) -> PageReport:
    values.setdefault("received_on", datetime.date(2026, 11, 20))
    values.setdefault("follow_up", "ABCDEFGH0123")
    return PageReport.objects.create(page=page, part="fees", text="Sai", **values)


class TestSending:
    def test_page_leads_to_the_form(self, client, page):
        assert ADDRESS in client.get("/thu-tuc/1.234567/").content.decode()

    def test_report_is_kept_and_followed(self, client, page):
        thanks = send(client)
        assert thanks.status_code == 303
        report = PageReport.objects.get()
        assert (report.part, report.text) == ("fees", "Lệ phí nay là 5.000 đồng.")
        body = client.get(thanks["Location"]).content.decode()
        assert report.follow_up in body
        followed = client.get(f"/gop-y/{report.follow_up.lower()}/").content.decode()
        assert "Đã nhận, chờ kiểm tra" in followed
        assert "5.000" not in followed

    def test_no_cookie_is_set(self, client, page):
        send(client)
        assert not client.cookies

    def test_form_sent_twice_is_one_report(self, client, page):
        token = open_token(client)
        first, second = send(client, token=token), send(client, token=token)
        assert first["Location"] == second["Location"]
        assert PageReport.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"part": ""}, "chưa chọn phần bị sai"),
            ({"part": "x"}, "Lựa chọn này không có"),
            ({"text": "  "}, "chưa viết chỗ nào sai"),
            ({"text": "ă" * 2001}, "nhiều nhất là 2000"),
            ({"token": "forged"}, "không hợp lệ"),
        ],
    )
    def test_mistake_is_named_and_nothing_is_lost(self, client, page, values, words):
        values = {"text": "Giữ lại tôi", **values}
        answer = send(client, **values)
        assert answer.status_code == 422
        body = answer.content.decode()
        assert words in body
        assert values["text"].strip()[:20] in body
        assert not PageReport.objects.exists()

    def test_outdated_form_is_told_and_given_again(self, client, page):
        token = open_token(client)
        with mock.patch("feedback.tokens.FORM_LIFETIME", datetime.timedelta(seconds=-1)):
            answer = send(client, token=token)
        assert answer.status_code == 422
        assert "quá 7 ngày" in answer.content.decode()

    def test_programs_that_fill_every_field_are_thanked_and_forgotten(self, client, page):
        assert send(client, website="http://x").status_code == 303
        assert not PageReport.objects.exists()

    def test_flood_from_one_network_waits(self, client, page, monkeypatch):
        monkeypatch.setattr(limits, "report_wait", lambda mark: 30)
        answer = send(client)
        assert (answer.status_code, answer["Retry-After"]) == (429, "30")
        assert "Lệ phí nay là" in answer.content.decode()

    def test_no_form_for_what_is_not_published(self, client, page):
        page.unpublish()
        assert client.get(ADDRESS).status_code == 404

    def test_english(self, client, page):
        assert client.get(f"/en{ADDRESS}").status_code == 200


class TestQueue:
    def test_editor_answers_and_the_citizen_reads_it(self, client, admin_client, page):
        report = make_report(page)
        views = PageReport.snippet_viewset
        listing = admin_client.get(reverse(views.get_url_name("list")))
        assert "1.234567" in listing.content.decode()
        edit = reverse(views.get_url_name("edit"), args=[report.pk])
        admin_client.post(edit, {"status": "fixed", "answer": "Đã sửa lệ phí."})
        body = client.get(f"/gop-y/{report.follow_up}/").content.decode()
        assert "Đã sửa trang" in body
        assert "Đã sửa lệ phí." in body
        report.refresh_from_db()
        assert report.answered_by is not None
        assert report.answered_by.get_username() not in body

    @pytest.mark.parametrize(
        ("days", "words"), [(0, " (hôm nay)"), (1, " (hôm qua)"), (2, ""), (400, "")]
    )
    def test_queue_says_the_day_a_report_came(self, admin_client, page, days, words):
        """In Hanoi it is the 2nd already, in Greenwich still the 1st."""
        moment = datetime.datetime(2026, 12, 1, 20, 0, tzinfo=datetime.UTC)
        day = datetime.date(2026, 12, 2) - datetime.timedelta(days=days)
        with mock.patch.object(timezone, "now", return_value=moment):
            make_report(page, received_on=day)
            text = admin_client.get(
                reverse(PageReport.snippet_viewset.get_url_name("list"))
            ).content.decode()
        cells = [" ".join(one.split()) for one in re.findall(r"<td[^>]*>([^<]+)</td>", text)]
        assert f"{day:%d/%m/%Y}{words}" in cells

    def test_nobody_adds_a_report_in_the_editor(self, admin_client, page):
        add = reverse(PageReport.snippet_viewset.get_url_name("add"))
        listing = reverse(PageReport.snippet_viewset.get_url_name("list"))
        assert add not in admin_client.get(listing).content.decode()
        assert admin_client.get(add).status_code == 302
        assert admin_client.post(add, {"status": "new", "answer": ""}).status_code == 302
        assert not PageReport.objects.exists()

    def test_report_is_not_closed_without_an_answer(self, admin_client, page):
        report = make_report(page)
        views = PageReport.snippet_viewset
        edit = reverse(views.get_url_name("edit"), args=[report.pk])
        answer = admin_client.post(edit, {"status": "kept", "answer": ""})
        assert "vì sao không sửa" in answer.content.decode()
        report.refresh_from_db()
        assert report.status == "new"

    def test_what_the_citizen_wrote_cannot_be_rewritten(self, admin_client, page):
        report = make_report(page)
        edit = reverse(PageReport.snippet_viewset.get_url_name("edit"), args=[report.pk])
        admin_client.post(edit, {"status": "looking", "answer": "", "text": "khác", "part": "time"})
        report.refresh_from_db()
        assert (report.text, report.part, report.status) == ("Sai", "fees", "looking")

    def test_reopened_report_has_no_day_of_answer(self, page):
        report = make_report(page, status="fixed", answer="Xong")
        assert report.answered_on
        report.status = "looking"
        report.save()
        assert report.answered_on is None

    def test_follow_up_codes_are_unique(self, page):
        make_report(page)
        with pytest.raises(IntegrityError):
            make_report(page)
