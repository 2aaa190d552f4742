"""Public versions: made once at every publication, and read by anybody as they were."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from cms import snapshots
from cms.history import (
    gist,
    in_full,
    latest_version,
    record_version,
    record_versions,
    version_on,
)
from cms.importing.sources import Row
from cms.models import ProcedurePage, PublicVersion
from tests.factories import make_field, make_office, make_procedure

pytestmark = pytest.mark.django_db
CODE = "1.004222"


def channels(amount: int = 20000, days: int = 7) -> list[Any]:
    fee = {"amount": amount, "currency": "VND", "condition": "", "text": ""}
    value = {"kind": "direct", "time_value": days, "time_unit": "working_day", "fees": [fee]}
    return [("channel", value)]


def published(**values: Any) -> ProcedurePage:
    """A draft that was published once, as an editor does."""
    values.setdefault("channels", channels())
    page = make_procedure(CODE, live=False, **values)
    page.save_revision().publish()
    return ProcedurePage.objects.get(pk=page.pk)


def publish(page: ProcedurePage, **values: Any) -> ProcedurePage:
    draft = ProcedurePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision().publish()
    return ProcedurePage.objects.get(pk=page.pk)


def text_of(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def versions(page: ProcedurePage) -> list[int]:
    return list(page.public_versions.order_by("number").values_list("number", flat=True))


class TestMaking:
    def test_every_publication_is_a_version_numbered_from_one(self) -> None:
        page = published(decision_number="1/QĐ")
        page = publish(page, channels=channels(10000), decision_number="2/QĐ", change_note="Giảm")
        assert versions(page) == [1, 2]
        last = latest_version(page)
        assert last is not None
        assert last.decision_number == "2/QĐ"
        assert last.reason == "Giảm"
        assert last.published_at == page.last_published_at
        assert last.revision_id == page.live_revision_id

    def test_the_same_facts_again_make_none(self) -> None:
        page = published()
        publish(page)
        page.save()
        assert versions(page) == [1]

    def test_a_scheduled_publication_is_one_version(self) -> None:
        page = published()
        page.title, page.go_live_at = "Tên mới", timezone.now() + timedelta(hours=1)
        page.save_revision().publish()
        assert versions(page) == [1]
        with patch(
            "django.utils.timezone.now", return_value=page.go_live_at + timedelta(minutes=1)
        ):
            call_command("publish_scheduled", verbosity=0)
        assert versions(page) == [1, 2]

    def test_a_page_that_only_waits_for_its_day_has_none(self) -> None:
        page = make_procedure(CODE, live=False)
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision().publish()
        assert versions(page) == []

    def test_saves_past_the_editor_count_and_drafts_do_not(self) -> None:
        page = make_procedure(CODE)
        assert versions(page) == [1]
        page.title = "Sửa bằng lệnh"
        page.save()
        assert versions(page) == [1, 2]
        page.title = "Bản nháp"
        page.save_revision()
        assert versions(page) == [1, 2]

    def test_a_note_is_for_one_version(self) -> None:
        page = publish(published(), title="Hai", change_note="Vì nghị quyết")
        assert page.change_note == ""
        assert page.get_latest_revision_as_object().change_note == ""
        page = publish(page, title="Ba")
        assert [one.reason for one in page.public_versions.order_by("number")] == [
            "",
            "Vì nghị quyết",
            "",
        ]

    def test_a_newer_draft_keeps_its_own_note_only(self) -> None:
        page = published()
        page.title, page.change_note = "Hai", "Ghi chú cũ"
        approved = page.save_revision()
        page.title, page.change_note = "Ba", "Ghi chú riêng"
        page.save_revision()
        approved.publish()
        draft = ProcedurePage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert draft.change_note == "Ghi chú riêng"

    def test_a_note_without_other_changes_is_not_lost(self) -> None:
        page = publish(published(), change_note="Đính chính lý do")
        assert versions(page) == [1]
        assert page.public_versions.get().reason == "Đính chính lý do"

    def test_withdrawn_and_public_again(self) -> None:
        page = published()
        page.unpublish()
        assert page.public_versions.get().withdrawn_at is not None
        page = publish(page)
        assert versions(page) == [1, 2]
        told = gist(page.public_versions.get(number=2))
        assert told.is_back
        assert not told.is_first

    def test_one_number_is_given_once(self) -> None:
        page = published()
        last = page.public_versions.get()
        last.pk, last.uuid = None, None
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicVersion.objects.bulk_create(
                [PublicVersion(page=page, number=1, published_at=timezone.now(), packed=b"")]
            )

    def test_many_at_once_with_a_reason(self) -> None:
        old = published()
        new = make_procedure("1.000009")
        new.public_versions.all().delete()
        old.title = "Khác"
        record_versions([old, new], reason="Nhập từ tệp")
        assert versions(old) == [1, 2]
        assert versions(new) == [1]
        assert set(
            PublicVersion.objects.exclude(page=old, number=1).values_list("reason", flat=True)
        ) == {"Nhập từ tệp"}

    def test_bulk_costs_the_same_for_any_number(self, django_assert_num_queries: Any) -> None:
        pages = [make_procedure() for _ in range(12)]
        PublicVersion.objects.all().delete()
        pages = list(ProcedurePage.objects.select_related("field").filter(live=True))
        with django_assert_num_queries(3):
            record_versions(pages)
        assert PublicVersion.objects.count() == 12

    def test_a_browser_that_respells_line_ends_changes_nothing(self) -> None:
        page = published(requirements="Một\nHai", steps=[("step", "Nộp\nNhận")])
        publish(page, requirements="Một\r\nHai\r\n", steps=[("step", "Nộp\r\nNhận")])
        assert versions(page) == [1]

    def test_an_import_makes_versions_with_its_reason(self) -> None:
        from cms.importing.writing import import_records

        raw = {"code": "1.000042", "name": "Cấp thẻ", "field": "Thẻ", "steps": ["Nộp"]}
        import_records([Row("tep.jsonl", 1, raw)], publish=True)
        page = ProcedurePage.objects.get(code="1.000042")
        version = page.public_versions.get()
        assert version.number == 1
        assert version.reason
        assert version.digest == PublicVersion.pack(snapshots.take(page))[1]


class TestContent:
    def test_every_field_of_the_page_is_a_fact_or_known_not_to_be(self) -> None:
        page = published()
        own = {field.name for field in ProcedurePage._meta.local_fields}
        facts = set(snapshots.take(page)) | {"full_name"}
        assert own - facts - snapshots.NOT_FACTS == set()

    def test_no_name_of_an_editor_or_officer(self, django_user_model: Any) -> None:
        editor = django_user_model.objects.create_superuser("btv", first_name="Bùi Biên Tập")
        process = {"name": "Thẩm định", "agency": "UBND", "unit": "Bà Trần Thị Mật", "hours": 8}
        page = make_procedure(CODE, live=False, internal_process=[("step", process)])
        page.review_owner = editor
        page.save_revision(user=editor).publish()
        text = json.dumps(page.public_versions.get().content, ensure_ascii=False)
        assert "Thẩm định" in text
        for hidden in ("Trần Thị Mật", "btv", "Bùi"):
            assert hidden not in text

    def test_a_snapshot_comes_back_as_the_same_page(self) -> None:
        rule = {
            "channel": "direct",
            "valid_from": date(2026, 1, 1),
            "fees": [{"amount": 5000, "currency": "VND"}],
        }
        item = {"name": "Tờ khai", "originals": 1, "copies": 2, "forms": ["Mẫu 01"]}
        page = published(
            title="T" * 200,
            full_name="Tên dài " * 40,
            levels=["commune", "province"],
            steps=[("step", "Nộp"), ("step", "Nhận")],
            cases=[("case", {"name": "Cấp mới", "items": [item]})],
            legal_basis=[("basis", {"name": "Luật", "number": "1/2020"})],
            local_rules=[("fees", rule)],
        )
        content = page.public_versions.get().content
        back = snapshots.to_page(content, page.field)
        assert snapshots.take(back) == content
        assert back.channel_rows == page.channel_rows
        assert back.case_rows == page.case_rows
        assert back.rules == page.rules


class TestAsOn:
    def test_the_version_of_a_day(self) -> None:
        page = published()
        zone = timezone.get_default_timezone()
        moments = [datetime(2026, 9, day, 23, 30, tzinfo=zone) for day in (1, 10, 20)]
        for number, moment in enumerate(moments, 1):
            if number > 1:
                page = publish(page, title=f"Tên {number}")
            page.public_versions.filter(number=number).update(published_at=moment)

        def number_on(day: int) -> int | None:
            found = version_on(page, date(2026, 9, day))
            return found.number if found else None

        assert version_on(page, date(2026, 8, 31)) is None
        assert [number_on(day) for day in (1, 9, 10, 19, 20, 30)] == [1, 1, 2, 2, 3, 3]
        page.public_versions.filter(number=2).update(withdrawn_at=moments[1] + timedelta(days=2))
        assert [number_on(day) for day in (10, 11, 12, 19, 20)] == [2, 2, None, None, 3]

    def test_midnight_is_that_of_hanoi(self) -> None:
        page = published()
        zone = timezone.get_default_timezone()
        page.public_versions.update(published_at=datetime(2026, 9, 2, 0, 5, tzinfo=zone))
        assert version_on(page, date(2026, 9, 1)) is None
        assert version_on(page, date(2026, 9, 2)) is not None


class TestPages:
    def test_what_changed_in_words_and_no_editor(
        self, client: Client, django_user_model: Any
    ) -> None:
        editor = django_user_model.objects.create_superuser(
            "bien-tap-vien", first_name="Bùi", last_name="Biên Tập"
        )
        page = published(decision_number="1/QĐ-UBND")
        page.decision_number, page.channels = "2/QĐ-UBND", channels(10000, 5)
        page.change_note = "Giảm phí theo nghị quyết"
        page.save_revision(user=editor).publish()
        text = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/"))
        assert text.index("Bản 2") < text.index("Bản 1")
        assert "Lệ phí trực tiếp: 20.000 → đổi thành 10.000 đồng" in text
        assert "Thời hạn trực tiếp: 7 ngày làm việc → đổi thành 5 ngày làm việc" in text
        assert "Giảm phí theo nghị quyết" in text
        assert "Công bố lần đầu" in text
        for hidden in ("Biên Tập", "bien-tap-vien"):
            assert hidden not in text

    def test_changed_words_of_a_text_are_marked(self, client: Client) -> None:
        long = "Người yêu cầu có mặt tại trụ sở Uỷ ban nhân dân cấp xã nơi cư trú khi đăng ký."
        page = published(requirements=long)
        publish(page, requirements=long.replace("cấp xã", "cấp tỉnh"))
        html = client.get(f"/thu-tuc/{CODE}/lich-su/").content.decode()
        assert "xã" in html.split("<del>")[1].split("</del>")[0]
        assert "tỉnh" in html.split("<ins>")[1].split("</ins>")[0]
        assert "bỏ:" in html

    def test_the_last_change_stands_on_the_page(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        page = publish(published(), channels=channels(10000))
        text = text_of(client.get(f"/thu-tuc/{CODE}/"))
        today = timezone.localdate().strftime("%d/%m/%Y")
        assert f"Đã sửa ngày {today} Lệ phí trực tiếp: 20.000 → 10.000 đồng" in text
        with django_assert_max_num_queries(1):
            assert gist(latest_version(page), 3).changes  # type: ignore[arg-type]

    def test_an_old_version_as_it_was(self, client: Client) -> None:
        page = published(title="Tên thứ nhất", steps=[("step", "Bước xưa")])
        publish(page, title="Tên thứ hai", steps=[("step", "Bước nay")])
        response = client.get(f"/thu-tuc/{CODE}/lich-su/1/")
        text = text_of(response)
        assert "Đây là bản 1, công bố" in text
        assert "không còn hiệu lực" in text
        assert "Tên thứ nhất" in text
        assert "Bước xưa" in text
        assert "Bước nay" not in text
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert "đang có hiệu lực" in text_of(client.get(f"/thu-tuc/{CODE}/lich-su/2/"))

    def test_rules_of_the_city_hold_on_the_day_asked_for(self, client: Client) -> None:
        today = timezone.localdate()
        rule = {
            "valid_from": today - timedelta(days=3),
            "origin": "city",
            "fees": [{"amount": 5000, "currency": "VND"}],
        }
        page = published(local_rules=[("fees", rule)])
        page.public_versions.update(published_at=timezone.now() - timedelta(days=30))
        address = f"/thu-tuc/{CODE}/lich-su/1/"
        assert "5.000 đồng" in text_of(client.get(address)).split("Quy định của thành phố")[0]
        before = text_of(client.get(f"{address}?ngay={today - timedelta(days=4)}"))
        assert "5.000 đồng" not in before.split("Quy định của thành phố")[0]
        assert "20.000 đồng" in before

    def test_a_date_leads_to_the_version_of_that_day(self, client: Client) -> None:
        published()
        today = timezone.localdate()
        response = client.get(f"/thu-tuc/{CODE}/lich-su/?ngay={today:%d/%m/%Y}")
        assert response.status_code == 302
        assert response["Location"] == f"/thu-tuc/{CODE}/lich-su/1/?ngay={today}"
        assert "như vào ngày" in text_of(client.get(response["Location"]))

    @pytest.mark.parametrize(
        ("asked", "status", "words"),
        [
            ("2001-01-01", 404, "chưa công bố"),
            ("abc", 400, "không phải là ngày"),
            ("2999-01-01", 400, "chưa đến"),
            ("2026-02-30", 400, "không phải là ngày"),
        ],
    )
    def test_other_dates_are_told(
        self, client: Client, asked: str, status: int, words: str
    ) -> None:
        published()
        response = client.get(f"/thu-tuc/{CODE}/lich-su/?ngay={asked}")
        assert response.status_code == status
        assert words in text_of(response)

    def test_two_versions_compared_either_way(self, client: Client) -> None:
        page = publish(published(), title="Hai")
        publish(page, channels=channels(10000))
        forth = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/so-sanh/?tu=1&den=3"))
        assert "20.000 → đổi thành 10.000 đồng" in forth
        assert "Tên thủ tục" in forth
        back = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/so-sanh/?tu=3&den=2"))
        assert "10.000 → đổi thành 20.000 đồng" in back
        assert "giống nhau" in text_of(client.get(f"/thu-tuc/{CODE}/lich-su/so-sanh/?tu=2&den=2"))

    @pytest.mark.parametrize(
        "path",
        [
            "lich-su/9/",
            "lich-su/so-sanh/?tu=1&den=9",
            "lich-su/so-sanh/",
            "lich-su/so-sanh/?tu=²&den=1",
        ],
    )
    def test_versions_that_do_not_exist(self, client: Client, path: str) -> None:
        published()
        assert client.get(f"/thu-tuc/{CODE}/{path}").status_code == 404

    def test_unknown_and_never_public_procedures(self, client: Client) -> None:
        make_procedure(CODE, live=False).save_revision()
        for code in (CODE, "9.999999"):
            for path in ("", "1/", "so-sanh/?tu=1&den=1"):
                assert client.get(f"/thu-tuc/{code}/lich-su/{path}").status_code == 404

    def test_long_histories_are_paged_and_read_only_what_they_show(
        self, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        page = published()
        for number in range(2, 13):
            page.title = f"Tên {number}"
            record_version(page)
        with django_assert_max_num_queries(14):
            first = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/"))
        assert "Bản 12" in first
        assert "Bản 2 ·" not in first
        second = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/?page=2"))
        assert "Bản 2 ·" in second
        assert "Tên thủ tục: Thủ tục đăng ký khai sinh → đổi thành Tên 2" in second
        told = in_full(page, page.public_versions.order_by("-number")[:3])
        assert [one.version.number for one in told] == [12, 11, 10]
        assert all(len(one.changes) == 1 for one in told)

    def test_what_was_missing_at_publication_is_told(self, client: Client) -> None:
        from cms.models import IncompletePublication

        page = published()
        IncompletePublication.objects.filter(revision=page.live_revision).delete()
        IncompletePublication.objects.create(
            page=page, revision=page.live_revision, reason="Gấp", missing=["decision", "people"]
        )
        text = text_of(client.get(f"/thu-tuc/{CODE}/lich-su/"))
        assert "Đăng khi còn 2 mục chưa đủ" in text
        assert "Có số quyết định công bố" in text


class TestRecentChanges:
    def test_newest_first_and_by_field(self, client: Client) -> None:
        make_office()
        publish(published(), channels=channels(10000))
        make_procedure("1.000001", title="Cấp sổ đỏ", field=make_field("Đất đai"))
        text = text_of(client.get("/thay-doi/"))
        assert text.index("Cấp sổ đỏ") < text.index("20.000 → 10.000 đồng")
        land = text_of(client.get("/thay-doi/?linh-vuc=dat-dai"))
        assert "Cấp sổ đỏ" in land
        assert "10.000 đồng" not in land
        assert client.get("/thay-doi/?linh-vuc=khong-co").status_code == 404

    def test_empty_and_withdrawn(self, client: Client) -> None:
        assert "Chưa có thay đổi nào" in text_of(client.get("/thay-doi/"))
        published().unpublish()
        assert "Chưa có thay đổi nào" in text_of(client.get("/thay-doi/"))

    def test_constant_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        for _ in range(15):
            make_procedure()
        client.get("/thay-doi/?page=1")
        with django_assert_max_num_queries(10):
            client.get("/thay-doi/?page=1&x=1")
