"""Paused, abolished, applied here or not: by day, on pages, in lists, JSON and the editor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cms.standing import ABOLISHED, ACTIVE, PAUSED, StandingNow, next_change, standing_on
from tests.factories import make_procedure

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 15)


def state(standing: str, day: date, since: Any = FIRST, until: Any = LAST) -> tuple[str, str]:
    now = standing_on(standing, "Bão", since, until, day)
    return now.state, now.coming


class TestPure:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (FIRST - timedelta(days=1), (ACTIVE, PAUSED)),
            (FIRST, (PAUSED, "")),
            (LAST, (PAUSED, "")),
            (LAST + timedelta(days=1), (ACTIVE, "")),
        ],
    )
    def test_a_pause_begins_and_ends_by_itself(self, day: date, expected: Any) -> None:
        assert state(PAUSED, day) == expected

    def test_an_abolition_never_ends(self) -> None:
        assert state(ABOLISHED, LAST + timedelta(days=900)) == (ABOLISHED, "")
        assert state(ABOLISHED, FIRST - timedelta(days=1)) == (ACTIVE, ABOLISHED)

    def test_without_days(self) -> None:
        assert state(PAUSED, FIRST, None, None) == (PAUSED, "")
        assert standing_on(ACTIVE, "cũ", FIRST, LAST, FIRST) == StandingNow()

    dates = st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 1))

    @given(
        st.sampled_from([ACTIVE, PAUSED, ABOLISHED]),
        dates,
        dates,
        st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    )
    def test_nothing_changes_before_the_next_change(
        self, standing: str, since: Any, until: Any, day: date
    ) -> None:
        switch = next_change(standing, since, until, day) or day + timedelta(days=60)
        now = standing_on(standing, "", since, until, day)
        assert standing_on(standing, "", since, until, switch - timedelta(days=1)) == now


def today(day: date) -> Any:
    return mock.patch.object(timezone, "localdate", return_value=day)


@pytest.mark.django_db
class TestPages:
    def abolished(self) -> Any:
        other = make_procedure("1.000002", title="Thủ tục mới")
        return make_procedure(
            "1.000001",
            title="Thủ tục cũ",
            standing="abolished",
            standing_reason="Theo Quyết định 5/QĐ-UBND",
            standing_from=FIRST,
            replaced_by=other,
        )

    def test_an_abolished_page_stays_and_leads_on(self, client: Any) -> None:
        self.abolished()
        with today(LAST):
            answer = client.get("/thu-tuc/1.000001/")
            body = client.get("/api/v1/procedures/1.000001/").json()
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Đã bãi bỏ từ 01/12/2026" in html
        assert "Theo Quyết định 5/QĐ-UBND" in html
        assert 'href="/thu-tuc/1.000002/"' in html
        assert "Xem trên Cổng quốc gia" not in html
        assert "Xem thủ tục thay thế" in html
        assert body["standing"] == {
            "status": "abolished",
            "coming": "",
            "reason": "Theo Quyết định 5/QĐ-UBND",
            "from": "2026-12-01",
            "until": None,
            "replaced_by": "/thu-tuc/1.000002/",
        }

    def test_before_its_day_it_is_announced(self, client: Any) -> None:
        self.abolished()
        with today(FIRST - timedelta(days=1)):
            html = client.get("/thu-tuc/1.000001/").content.decode()
        assert "Bãi bỏ từ 01/12/2026" in html
        assert "Xem trên Cổng quốc gia" in html

    def test_lists_say_so(self, client: Any) -> None:
        page = self.abolished()
        from search.finder import Result
        from search.search_indexes import card_of
        from search.today import as_of_today

        with today(LAST):
            html = client.get(f"/linh-vuc/{page.field.slug}/").content.decode()
            (result,) = as_of_today([Result.of(card_of(page))])
        assert "Đã bãi bỏ từ 01/12/2026" in html
        assert result.standing is not None
        assert result.standing.text == "Đã bãi bỏ từ 01/12/2026"

    def test_a_pause_is_over_by_itself(self, client: Any) -> None:
        make_procedure(
            "1.000001",
            standing="paused",
            standing_reason="Bão số 9",
            standing_from=FIRST,
            standing_until=LAST,
        )
        with today(LAST):
            html = client.get("/thu-tuc/1.000001/").content.decode()
        assert "Đang tạm dừng từ 01/12/2026, đến hết 15/12/2026" in html
        assert "Bão số 9" in html
        assert "Hiện không nhận hồ sơ" in html
        with today(LAST + timedelta(days=1)):
            html = client.get("/thu-tuc/1.000001/").content.decode()
        assert "Bão số 9" not in html
        assert "tạm dừng" not in html

    def test_applied_and_not_applied(self, client: Any) -> None:
        page = make_procedure("1.000001")
        assert "Áp dụng tại thành phố" not in client.get("/thu-tuc/1.000001/").content.decode()
        page.applied, page.applied_decision = "yes", "Quyết định 9/QĐ-UBND"
        page.applied_from = FIRST
        page.save()
        with today(LAST):
            html = client.get("/thu-tuc/1.000001/").content.decode()
        assert 'Áp dụng tại thành phố theo <span lang="vi">Quyết định 9/QĐ-UBND</span>' in html
        assert "từ 01/12/2026" in html
        page.applied = "no"
        page.save()
        with today(LAST):
            html = client.get("/thu-tuc/1.000001/").content.decode()
            body = client.get("/api/v1/procedures/1.000001/").json()
        assert "Không áp dụng tại thành phố từ 01/12/2026" in html
        assert "Xem trên Cổng quốc gia" not in html
        assert body["applied"] == {
            "status": "no",
            "decision": "Quyết định 9/QĐ-UBND",
            "valid_from": "2026-12-01",
        }


@pytest.mark.django_db
class TestClean:
    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"standing": "abolished"}, {"standing_reason", "standing_from"}),
            ({"standing": "paused", "standing_reason": " "}, {"standing_reason"}),
            (
                {
                    "standing": "paused",
                    "standing_reason": "Bão",
                    "standing_from": LAST,
                    "standing_until": FIRST,
                },
                {"standing_until"},
            ),
            (
                {
                    "standing": "abolished",
                    "standing_reason": "x",
                    "standing_from": FIRST,
                    "standing_until": LAST,
                },
                {"standing_until"},
            ),
        ],
    )
    def test_refused(self, values: dict[str, Any], fields: set[str]) -> None:
        page = make_procedure("1.000001")
        for name, value in values.items():
            setattr(page, name, value)
        with pytest.raises(ValidationError) as caught:
            page.clean()
        assert set(caught.value.message_dict) == fields

    def test_not_replaced_by_itself(self) -> None:
        page = make_procedure("1.000001")
        page.replaced_by = page
        with pytest.raises(ValidationError) as caught:
            page.clean()
        assert set(caught.value.message_dict) == {"replaced_by"}


@pytest.mark.django_db
class TestBulkDecision:
    ADDRESS = "/admin/bulk/wagtailcore/page/apply/"
    FORM = {"applied": "yes", "decision": "Quyết định 9/QĐ-UBND", "since": "2027-01-01"}

    def pages(self) -> tuple[Any, Any]:
        live, draft = make_procedure("1.000001"), make_procedure("1.000002", live=False)
        return live, draft

    def test_live_pages_go_public_and_drafts_stay(self, admin_client: Any, client: Any) -> None:
        live, draft = self.pages()
        live.title = "Tên mới chưa ai được đọc"
        live.save_revision(clean=False)
        address = f"{self.ADDRESS}?id={live.pk}&id={draft.pk}&next=/admin/thu-tuc/"
        shown = admin_client.get(address).content.decode()
        assert "vào 2 thủ tục" in shown
        answer = admin_client.post(address, self.FORM, follow=True)
        assert "1 đã đăng, 1 lưu thành bản nháp" in answer.content.decode()
        live.refresh_from_db()
        draft.refresh_from_db()
        assert (live.applied, live.applied_decision) == ("yes", "Quyết định 9/QĐ-UBND")
        assert live.applied_from == date(2027, 1, 1)
        assert live.title != "Tên mới chưa ai được đọc"
        newest = live.get_latest_revision_as_object()
        assert (newest.title, newest.applied) == ("Tên mới chưa ai được đọc", "yes")
        assert (draft.applied, draft.get_latest_revision_as_object().applied) == ("", "yes")

    def test_written_twice_is_written_once(self, admin_client: Any) -> None:
        live, _draft = self.pages()
        address = f"{self.ADDRESS}?id={live.pk}&next=/admin/thu-tuc/"
        for _ in range(2):
            answer = admin_client.post(address, self.FORM, follow=True)
        assert "1 đã có sẵn" in answer.content.decode()
        assert live.revisions.count() == 1

    def test_all_in_the_list_means_the_filtered_list(self, admin_client: Any) -> None:
        live, draft = self.pages()
        address = f"{self.ADDRESS}?id=all&next=/admin/thu-tuc/%3Flive%3DTrue"
        admin_client.post(address, self.FORM)
        live.refresh_from_db()
        assert live.applied == "yes"
        assert not draft.revisions.exists()

    def test_a_decision_needs_its_number(self, admin_client: Any) -> None:
        live, _draft = self.pages()
        address = f"{self.ADDRESS}?id={live.pk}&next=/admin/thu-tuc/"
        answer = admin_client.post(address, self.FORM | {"decision": ""})
        assert answer.status_code == 200
        assert not live.revisions.exists()
