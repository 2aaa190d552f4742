"""Life events: steps in order, what drops out, what says so, the home page, the editor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cms.life_events import event_links, steps_of
from cms.models import LifeEvent, LifeEventRow, ProcedurePage
from portal.demo.content import make_life_events
from portal.demo.data.life_events import EVENTS
from portal.demo.removing import remove_demo
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db


def make_event(name: str = "Có con", *rows: dict[str, Any], **values: Any) -> LifeEvent:
    """An event with rows; each row is the keywords of a LifeEventRow."""
    event = LifeEvent(name=name, **values)
    event.rows = [LifeEventRow(sort_order=place, **row) for place, row in enumerate(rows)]
    event.full_clean(exclude=["slug"])
    event.save()
    return event


def _shape(event: LifeEvent, today: date | None = None) -> list[list[tuple[str, str]]]:
    return [
        [(task.joins, task.code) for task in step.tasks]
        for step in steps_of(LifeEvent.objects.get(pk=event.pk), today)
    ]


class TestSteps:
    def test_rows_join_into_steps(self) -> None:
        for code in ("1.000001", "1.000002", "1.000003", "1.000004"):
            make_procedure(code)
        event = make_event(
            "Có con",
            {"procedure_code": "1.000001"},
            {"procedure_code": "1.000002", "joins": "or"},
            {"procedure_code": "1.000003", "heading": "Sau đó"},
            {"procedure_code": "1.000004", "joins": "and"},
        )
        assert _shape(event) == [
            [("", "1.000001"), ("or", "1.000002")],
            [("", "1.000003"), ("and", "1.000004")],
        ]
        assert [step.heading for step in steps_of(event)] == ["", "Sau đó"]

    def test_a_first_row_that_joins_nothing_begins_a_step(self) -> None:
        make_procedure("1.000001")
        event = make_event("Có con", {"procedure_code": "1.000001", "joins": "or"})
        assert _shape(event) == [[("", "1.000001")]]

    def test_what_is_not_published_or_not_there_drops_out_and_steps_close_up(self) -> None:
        make_procedure("1.000001", live=False)
        make_procedure("1.000002")
        make_procedure("1.000004")
        event = make_event(
            "Có con",
            {"procedure_code": "1.000001"},
            {"procedure_code": "1.000002", "joins": "or"},
            {"procedure_code": "9.999999", "heading": "Không có"},
            {"procedure_code": "1.000004"},
        )
        assert _shape(event) == [[("", "1.000002")], [("", "1.000004")]]
        assert [step.number for step in steps_of(event)] == [1, 2]

    def test_abolished_says_so_from_its_day_on_and_names_what_replaces_it(
        self, client: Client
    ) -> None:
        new = make_procedure("1.000002", title="Thủ tục mới")
        make_procedure(
            "1.000001",
            standing=ProcedurePage.Standing.ABOLISHED,
            standing_from=date(2026, 7, 1),
            standing_reason="Theo Quyết định 12/2026",
            replaced_by=new,
        )
        event = make_event("Có con", {"procedure_code": "1.000001"})
        before = steps_of(event, date(2026, 6, 30))[0].tasks[0]
        after = steps_of(event, date(2026, 7, 1))[0].tasks[0]
        assert (before.abolished, after.abolished) == (False, True)
        html = client.get(event.get_absolute_url()).content.decode()
        assert "Thủ tục này đã bãi bỏ từ ngày 01/07/2026." in html
        assert 'href="/thu-tuc/1.000002/"' in html

    def test_time_and_fee_stand_beside_the_link(self, client: Client) -> None:
        make_procedure(
            "1.000001",
            title="Đăng ký khai sinh",
            channels=[
                {
                    "type": "channel",
                    "value": {
                        "kind": "direct",
                        "time_value": "5",
                        "time_unit": "working_day",
                        "fees": [
                            {
                                "type": "item",
                                "value": {"amount": "8000", "currency": "VND", "text": "8.000"},
                            }
                        ],
                    },
                }
            ],
        )
        event = make_event("Có con", {"procedure_code": "1.000001", "note": "Khi con mới sinh"})
        html = client.get(event.get_absolute_url()).content.decode()
        for words in ("5 ngày làm việc", "8.000 đồng", "Khi con mới sinh", "/thu-tuc/1.000001/"):
            assert words in html

    def test_queries_do_not_grow_with_the_steps(self, django_assert_max_num_queries: Any) -> None:
        rows = []
        for number in range(12):
            code = f"1.0000{number:02d}"
            make_procedure(code)
            rows.append({"procedure_code": code})
        event = make_event("Có con", *rows)
        found = LifeEvent.objects.get(pk=event.pk)
        with django_assert_max_num_queries(3):
            assert len(steps_of(found)) == 12


class TestPages:
    def test_hidden_and_unknown_events_are_404(self, client: Client) -> None:
        event = make_event("Có con", active=False)
        assert client.get(f"/su-kien/{event.slug}/").status_code == 404
        assert client.get("/su-kien/khong-co/").status_code == 404

    def test_an_event_without_published_procedures_says_whom_to_ask(self, client: Client) -> None:
        event = make_event("Có con", {"procedure_code": "9.999999"})
        assert "tổng đài 1022" in client.get(event.get_absolute_url()).content.decode()

    def test_home_links_to_the_event_or_to_a_search(self, client: Client) -> None:
        make_procedure("1.000001")
        make_event("Có con", {"procedure_code": "1.000001"}, query="khai sinh")
        make_event("Kết hôn", {"procedure_code": "9.999999"}, query="kết hôn", icon="marriage")
        make_event("Không lời", {"procedure_code": "9.999999"})
        urls = {link.name: link.url for link in event_links()}
        assert urls["Có con"] == "/su-kien/co-con/"
        assert urls["Kết hôn"].startswith("/tim-kiem/?q=k%E1%BA%BFt")
        assert "Không lời" not in urls
        html = client.get("/").content.decode()
        assert 'href="/su-kien/co-con/"' in html
        assert "Cư trú" not in html  # the city has events of its own now

    def test_list_of_events(self, client: Client) -> None:
        assert "chưa soạn" in client.get("/su-kien/").content.decode()
        make_event("Có con", query="khai sinh")
        assert "Có con" in client.get("/su-kien/").content.decode()


class TestStartingRows:
    def test_eight_events_once_and_away_with_the_demo(self) -> None:
        assert make_life_events() == 8
        assert make_life_events() == 0
        assert LifeEvent.objects.count() == len(EVENTS) == 8
        remove_demo()
        assert not LifeEvent.objects.exists()

    def test_an_event_of_the_city_is_not_doubled(self) -> None:
        make_event("Có con")
        assert make_life_events() == 7

    def test_rows_are_valid(self) -> None:
        make_life_events()
        for event in LifeEvent.objects.all():
            event.full_clean()
            for row in event.rows.all():
                row.full_clean()


class TestEditor:
    def test_names_that_share_an_address_are_refused(self) -> None:
        make_event("Có con")
        with pytest.raises(ValidationError, match="trùng đường dẫn"):
            make_event("Cỏ côn")

    def test_saving_warns_of_codes_nobody_sees_and_takes_over_the_demo(
        self, client: Client
    ) -> None:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        make_procedure("1.000001")
        event = make_event("Có con", is_demo=True)
        url = reverse(LifeEvent.snippet_viewset.get_url_name("edit"), args=[event.pk])
        data = {
            "name": "Có con",
            "icon": "child",
            "rank": "1",
            "active": "on",
            "rows-TOTAL_FORMS": "2",
            "rows-INITIAL_FORMS": "0",
            "rows-MIN_NUM_FORMS": "0",
            "rows-MAX_NUM_FORMS": "1000",
        }
        for number, code in enumerate(["1.000001", "9.999999"]):
            data |= {
                f"rows-{number}-procedure_code": code,
                f"rows-{number}-joins": "step",
                f"rows-{number}-ORDER": str(number + 1),
            }
        response = client.post(url, data, follow=True)
        html = response.content.decode()
        assert "chưa hiện cho người dân: 9.999999." in html
        event.refresh_from_db()
        assert not event.is_demo
        assert event.rows.count() == 2

    def test_menu_leads_to_the_list(self, client: Client) -> None:
        client.force_login(User.objects.create_superuser("quan-tri", "", "x"))
        make_event("Có con", {"procedure_code": "1.000001"})
        html = client.get(reverse(LifeEvent.snippet_viewset.get_url_name("list"))).content.decode()
        assert "Có con" in html
        assert (
            "Việc trong đời"
            in client.get("/admin/")
            .content.decode()
            .encode()
            .decode("unicode_escape", errors="ignore")
            or "snippets/cms/lifeevent" in client.get("/admin/").content.decode()
        )
