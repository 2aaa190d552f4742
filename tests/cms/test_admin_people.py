"""People on the editor's side: full names, and each sees the counts of her own work."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from cms.groups import EDITORS, OFFICE_EDITORS
from cms.models import EditorScope, Office, Officer, PublicVersion
from tests.cms.test_history import published
from tests.factories import make_counter, make_field, make_office

pytestmark = pytest.mark.django_db


def person(name: str, group: str = "", **values: Any) -> tuple[User, Client]:
    user = User.objects.create_user(name, f"{name}@example.org", "x", **values)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return user, client


def test_the_menu_says_the_whole_name() -> None:
    _, client = person("hoa", EDITORS, first_name="Lê Thị", last_name="Hoa")
    text = client.get(reverse("wagtailadmin_home")).content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert props
    assert '"name": "Lê Thị Hoa"' in json.dumps(json.loads(props[1]), ensure_ascii=False)


def test_a_scope_is_given_to_full_names_and_fields_in_order(admin_client: Client) -> None:
    person("hoa", first_name="Lê Thị", last_name="Hoa")
    for name in ("Hộ tịch", "Đất đai", "Chứng thực"):
        make_field(name)
    text = admin_client.get("/admin/pham-vi/new/").content.decode()
    assert "Lê Thị Hoa (hoa)" in text
    assert text.index("Chứng thực") < text.index("Đất đai") < text.index("Hộ tịch")


def counts(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_an_office_editor_sees_the_counts_of_her_office_alone() -> None:
    mine, other = make_office("Nhà A"), make_office("Nhà B")
    make_counter(mine)
    make_counter(other)
    user, client = person("ha", OFFICE_EDITORS)
    EditorScope.objects.create(user=user).offices.set([mine])
    text = counts(client)
    assert "1 quầy" in text
    assert "thủ tục đã đăng" not in text


def test_an_author_of_a_field_sees_no_counts_of_offices() -> None:
    page = published()
    make_counter(make_office())
    user, client = person("hoa", EDITORS)
    EditorScope.objects.create(user=user).fields.set([page.field])
    text = counts(client)
    assert "1 thủ tục đã đăng" in text
    assert "1 quầy" not in text


def officer(office: Office, name: str) -> Officer:
    return Officer.objects.create(
        office=office, name=name, title="Công chức", phone="024 0000 0002"
    )


def test_a_new_absence_offers_only_officers_of_her_office() -> None:
    mine, other = make_office("Nhà A"), make_office("Nhà B")
    away, stranger = officer(mine, "Người Đi Vắng"), officer(other, "Người Nơi Khác")
    user, client = person("ha", OFFICE_EDITORS)
    EditorScope.objects.create(user=user).offices.set([mine])
    text = client.get(reverse("wagtailsnippets_cms_officer:edit", args=[away.pk])).content.decode()
    assert stranger.name not in text


def test_several_pages_are_taken_off_with_one_public_reason(admin_client: Client) -> None:
    page = published()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    address += f"?next=/admin/&id={page.pk}"
    assert "Lý do gỡ (hiện công khai)" in admin_client.get(address).content.decode()
    admin_client.post(address, {"withdrawal_reason": "Trùng với thủ tục khác"})
    version = PublicVersion.objects.get()
    assert version.withdrawn_reason == "Trùng với thủ tục khác"
