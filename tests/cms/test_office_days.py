"""An office's editor enters the closures of her own office, and every page follows at once."""

from __future__ import annotations

from datetime import date, datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.groups import OFFICE_EDITORS, REVIEWERS
from cms.models import EditorScope, Office, WorkingDayChange
from tests.cms.test_publishing import COMPLETE
from tests.factories import make_office, make_procedure

pytestmark = pytest.mark.django_db

ADD = "wagtailsnippets_cms_workingdaychange:add"
LIST = "wagtailsnippets_cms_workingdaychange:list"
EDIT = "wagtailsnippets_cms_workingdaychange:edit"
DELETE = "wagtailsnippets_cms_workingdaychange:delete"
COPY = "wagtailsnippets_cms_workingdaychange:copy"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def ours() -> Office:
    return make_office("Chi nhánh A")


@pytest.fixture
def theirs() -> Office:
    return make_office("Chi nhánh B")


@pytest.fixture
def editor(ours: Office) -> Client:
    """Of one office, and not its procedures."""
    user = User.objects.create_user("co-quan")
    user.groups.add(Group.objects.get(name=OFFICE_EDITORS))
    EditorScope.objects.create(user=user).offices.set([ours])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def everywhere() -> Client:
    """A reviewer without a scope."""
    user = User.objects.create_user("moi-noi")
    user.groups.add(Group.objects.get(name=REVIEWERS))
    client = Client()
    client.force_login(user)
    return client


def day(office: Office | None, when: date = date(2027, 3, 1), **values) -> WorkingDayChange:
    row = {"kind": "off", "name": "sửa chữa trụ sở", **values}
    return WorkingDayChange.objects.create(date=when, office=office, **row)


def sent(office: Office | None, **values: str) -> dict[str, str]:
    form = {
        "date": "02/12/2026",
        "until": "",
        "kind": "off",
        "like_weekday": "",
        "name": "kiểm kê",
        "decision": "",
        "office": str(office.pk) if office else "",
    }
    return {**form, **values}


def dates(office: Office | None) -> list[date]:
    rows = WorkingDayChange.objects.filter(office=office).order_by("date")
    return list(rows.values_list("date", flat=True))


def test_it_is_in_her_menu_and_the_list_is_of_her_office(editor, ours, theirs):
    day(ours, name="nghỉ của A")
    day(theirs, name="nghỉ của B")
    day(None, name="nghỉ cả thành phố")
    assert reverse(LIST) in editor.get(reverse("wagtailadmin_home")).content.decode()
    text = editor.get(reverse(LIST)).content.decode()
    assert "nghỉ của A" in text
    assert "nghỉ của B" not in text
    assert "nghỉ cả thành phố" not in text
    assert "Chi nhánh B" not in text  # not in the filter either
    assert reverse("swap_days") not in text


def test_the_form_has_her_office_chosen(editor, everywhere, ours, theirs):
    text = editor.get(reverse(ADD)).content.decode()
    assert f'<option value="{ours.pk}" selected>Chi nhánh A</option>' in text
    assert "Chi nhánh B" not in text
    assert "cả thành phố" not in text
    text = everywhere.get(reverse(ADD)).content.decode()
    assert "Chi nhánh B" in text
    assert "Để trống: cả thành phố." in text


def test_she_adds_changes_and_deletes(editor, ours):
    response = editor.post(reverse(ADD), sent(ours), follow=True)
    assert "Đã ghi 02/12/2026 (Chi nhánh A)." in response.content.decode()
    row = WorkingDayChange.objects.get()
    assert (row.date, row.office_id, row.kind) == (date(2026, 12, 2), ours.pk, "off")
    changed = sent(ours, date="2026-12-03", name="mất điện")
    assert editor.post(reverse(EDIT, args=[row.pk]), changed).status_code == 302
    row.refresh_from_db()
    assert (row.date, row.name) == (date(2026, 12, 3), "mất điện")
    assert editor.post(reverse(DELETE, args=[row.pk])).status_code == 302
    assert not WorkingDayChange.objects.exists()


def test_a_run_of_days_is_a_row_a_day(editor, ours):
    response = editor.post(reverse(ADD), sent(ours, until="04/12/2026"), follow=True)
    assert "Đã ghi 3 ngày, 02/12/2026 – 04/12/2026" in response.content.decode()
    assert dates(ours) == [date(2026, 12, one) for one in (2, 3, 4)]
    assert set(WorkingDayChange.objects.values_list("name", "kind")) == {("kiểm kê", "off")}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"until": "01/12/2026"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"until": "02/03/2027"}, "Mỗi lần ghi nhiều nhất 60 ngày liền."),
        ({"until": "03/12/2026", "kind": "works", "like_weekday": "2"}, "ghi từng ngày một"),
        ({"until": "mai"}, "Nhập một ngày hợp lệ."),
        ({"until": "05/12/2026"}, "Đã có dòng cho ngày 04/12/2026."),
        ({"date": "04/12/2026"}, "Ngày này đã có một dòng. Hãy sửa dòng đó."),
    ],
)
def test_a_wrong_run_writes_nothing(editor, ours, values, problem):
    there = day(ours, date(2026, 12, 4))
    response = editor.post(reverse(ADD), sent(ours, **values))
    assert response.status_code == 200
    assert problem in response.content.decode()
    assert WorkingDayChange.objects.get() == there


def test_other_offices_days_do_not_stand_in_the_way(editor, ours, theirs):
    day(theirs, date(2026, 12, 3))
    day(None, date(2026, 12, 4))
    assert editor.post(reverse(ADD), sent(ours, until="04/12/2026")).status_code == 302
    assert len(dates(ours)) == 3


def test_forged_posts_change_nothing(editor, ours, theirs):
    """Another office, or none: in what is sent, and in the address."""
    own, other, city = day(ours), day(theirs), day(None)
    for office in (theirs, None):
        assert editor.post(reverse(ADD), sent(office, until="05/12/2026")).status_code == 200
        assert editor.post(reverse(EDIT, args=[own.pk]), sent(office)).status_code == 200
    for row in (other, city):
        for name in (EDIT, DELETE, COPY):
            url = reverse(name, args=[row.pk])
            assert editor.get(url).status_code == 302, name  # to her home, with the refusal
            editor.post(url, sent(ours))
    bulk = reverse("wagtail_bulk_action", args=["cms", "workingdaychange", "delete"])
    editor.post(f"{bulk}?id={other.pk}&id={city.pk}&next=/admin/")
    assert editor.get(reverse("swap_days")).status_code == 302
    pairs = {"lines": "31/08/2026, 22/08/2026", "confirm": "1"}
    editor.post(reverse("swap_days"), pairs)
    rows = WorkingDayChange.objects.order_by("pk").values_list("pk", "date", "office_id", "name")
    assert list(rows) == [
        (row.pk, date(2027, 3, 1), row.office_id, "sửa chữa trụ sở") for row in (own, other, city)
    ]


def test_pages_kept_before_follow_at_once(editor, ours, theirs):
    """Hours, open or closed, coming days and due days; the other office stays as it was."""
    page = make_procedure("1.000001", **COMPLETE)
    citizen = Client()
    moment = datetime(2026, 12, 1, 9, 0, tzinfo=HANOI)
    office, home = f"/co-quan/{ours.slug}/", f"/co-quan/{theirs.slug}/"
    due, due_there = (f"/thu-tuc/{page.code}/?office={one.slug}" for one in (ours, theirs))

    def read(address: str) -> str:
        return Client().get(address).content.decode()

    with mock.patch.object(timezone, "now", return_value=moment):
        before = read(office)
        assert "Đang mở" in before
        assert "dự kiến nhận thứ Sáu 04/12/2026" in read(due)
        citizen.cookies["office"] = ours.slug
        kept = f"/thu-tuc/{page.code}/"
        citizen.get(kept)
        assert editor.post(reverse(ADD), sent(ours, date="01/12/2026", until="03/12/2026"))
        after = read(office)
        assert "Hôm nay nghỉ (kiểm kê)" in after
        assert "Thứ Năm 03/12: nghỉ (kiểm kê)" in after
        assert "Đang mở" in read(home)
        assert "hôm nay nghỉ (kiểm kê)" in citizen.get(kept).content.decode().lower()
        assert "thứ Tư 09/12/2026" in read(due)
        assert "dự kiến nhận thứ Sáu 04/12/2026" in read(due_there)
        for row in WorkingDayChange.objects.all():
            editor.post(reverse(DELETE, args=[row.pk]))
        assert read(office) == before
