"""Names and labels that Wagtail and Django write in English are Vietnamese, and stay as renamed."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import Collection, Page, Site

from cms.editor_words import ALL_FILES, ALL_PAGES, name_permissions, name_rows

pytestmark = pytest.mark.django_db


def test_roots_have_names_people_know():
    assert Page.objects.get(depth=1).title == ALL_PAGES
    assert Collection.objects.get(depth=1).name == ALL_FILES


def test_what_an_administrator_renamed_stays():
    Page.objects.filter(depth=1).update(title="Root của chúng tôi")
    Collection.objects.filter(depth=1).update(name="Kho tệp")
    name_rows()
    name_rows()
    assert Page.objects.get(depth=1).title == "Root của chúng tôi"
    assert Collection.objects.get(depth=1).name == "Kho tệp"


def test_permissions_are_read_out_in_vietnamese():
    name_permissions()
    known = dict(Permission.objects.values_list("codename", "name"))
    assert known["add_group"] == "Thêm nhóm"
    assert known["delete_counter"] == "Xoá quầy"
    assert known["publish_incomplete"] == "Đăng thủ tục khi còn thiếu, có nêu lý do"
    Permission.objects.filter(codename="add_group").update(name="Lập nhóm mới")
    name_permissions()
    assert Permission.objects.get(codename="add_group").name == "Lập nhóm mới"


@pytest.mark.parametrize(
    ("address", "english"),
    [
        ("wagtailadmin_home", r'value="Search"'),
        ("co-quan:index", r'aria-label="Actions"'),
        ("wagtailsites:index", r"Site name|Root page|>\s*Port\s*<"),
        ("wagtailusers_groups:add", r"\bCan (add|change|delete|view)\b"),
        ("wagtailadmin_explore_root", r">\s*Root\s*<"),
        ("wagtailusers_groups:add", r">\s*Page\s*<"),
        ("wagtailadmin_pages:search", r"\d None"),
        ("wagtailimages:add_multiple", r">\s*Root\s*<"),
    ],
)
def test_screens_have_no_such_english(admin_client, address, english):
    Site.objects.get(is_default_site=True)
    name_permissions()
    page = admin_client.get(reverse(address), {"q": "thu"}).content.decode()
    assert "Bốn Công Khai" in page
    assert not re.search(english, page)
