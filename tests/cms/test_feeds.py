"""Atom feeds of what changed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from cms.models import PublicVersion
from tests.cms.test_history import CODE, channels, publish, published
from tests.factories import make_field, make_procedure

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, address: str = "/thay-doi/feed.atom") -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def texts(node: Any, name: str) -> list[str]:
    return [one.text or "" for one in node.iter(f"{ATOM}{name}")]


def test_entries_say_what_changed(client: Client) -> None:
    publish(published(), channels=channels(10000), decision_number="2/QĐ", change_note="Giảm phí")
    root = feed(client)
    newest, first = root.findall(f"{ATOM}entry")
    assert texts(newest, "title") == [f"Thủ tục đăng ký khai sinh ({CODE})"]
    (summary,) = texts(newest, "summary")
    assert "Lệ phí trực tiếp: 20.000 → 10.000 đồng" in summary
    assert "2/QĐ" in summary
    assert "Giảm phí" in summary
    assert "Công bố lần đầu" in texts(first, "summary")[0]
    link = newest.find(f"{ATOM}link")
    assert link.get("href") == f"http://testserver/thu-tuc/{CODE}/lich-su/2/"


def test_valid_atom(client: Client) -> None:
    """RFC 4287 §4.1: what a feed and each entry must have, once each."""
    publish(published(title="A & <b>B</b>"), title="C ]]> D")
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1
        identity = node.find(f"{ATOM}id").text
        assert ":" in identity
        assert parse_datetime(node.find(f"{ATOM}updated").text).tzinfo is not None
    assert root.find(f"{ATOM}author/{ATOM}name").text
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://testserver/thay-doi/feed.atom"
    assert links["alternate"] == "http://testserver/thay-doi/"
    identities = texts(root, "id")
    assert len(set(identities)) == len(identities)
    newest = max(texts(entry, "updated")[0] for entry in root.findall(f"{ATOM}entry"))
    assert root.find(f"{ATOM}updated").text == newest


def test_characters_xml_cannot_hold_break_nothing(client: Client) -> None:
    page = published()
    page.field.name = "Hộ tịch\x0b"
    page.field.save()
    note = "Dán từ Word\x0bdòng hai\x1f\ufffe <script>alert(1)</script>"
    publish(page, channels=channels(10000), change_note=note)
    root = feed(client)
    (summary,) = texts(root.findall(f"{ATOM}entry")[0], "summary")
    assert "Dán từ Word dòng hai" in summary
    assert "<script>" not in summary
    feed(client, f"/linh-vuc/{page.field.slug}/feed.atom")


def test_ids_stay_when_the_site_moves(client: Client, settings: Any) -> None:
    published()
    before = texts(feed(client).find(f"{ATOM}entry"), "id")
    settings.PUBLIC_URL = "https://moi.example.vn"
    entry = feed(client).find(f"{ATOM}entry")
    assert texts(entry, "id") == before == [PublicVersion.objects.get().uuid.urn]
    assert entry.find(f"{ATOM}link").get("href").startswith("https://moi.example.vn/thu-tuc/")


def test_one_field(client: Client) -> None:
    published()
    make_procedure("1.000001", title="Cấp sổ đỏ", field=make_field("Đất đai"))
    assert len(feed(client).findall(f"{ATOM}entry")) == 2
    land = feed(client, "/linh-vuc/dat-dai/feed.atom")
    assert [title.split(" (")[0] for title in texts(land, "title")[1:]] == ["Cấp sổ đỏ"]
    assert client.get("/linh-vuc/khong-co/feed.atom").status_code == 404
    page = client.get("/linh-vuc/dat-dai/").content.decode()
    assert 'href="/linh-vuc/dat-dai/feed.atom"' in page


def test_who_has_it_gets_304(client: Client) -> None:
    page = published()
    tag = client.get("/thay-doi/feed.atom")["ETag"]
    assert client.get("/thay-doi/feed.atom", headers={"If-None-Match": tag}).status_code == 304
    publish(page, title="Tên mới")
    again = client.get("/thay-doi/feed.atom", headers={"If-None-Match": tag})
    assert again.status_code == 200
    page.refresh_from_db()
    page.unpublish()
    gone = client.get("/thay-doi/feed.atom", headers={"If-None-Match": again["ETag"]})
    assert gone.status_code == 200
    assert b"<entry>" not in gone.content


def test_constant_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        make_procedure()
    with django_assert_max_num_queries(8):
        assert len(feed(client).findall(f"{ATOM}entry")) == 12


def test_english(client: Client) -> None:
    published()
    root = feed(client, "/en/thay-doi/feed.atom")
    assert root.find(f"{ATOM}link[@rel='self']").get("href").endswith("/en/thay-doi/feed.atom")


def test_sitemap_and_robots(client: Client) -> None:
    published()
    make_procedure("1.000001", live=False)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    addresses = [one.text for one in index.iter(f"{space}loc")]
    assert "http://testserver/sitemap-procedures.xml" in addresses
    for address in addresses:
        section = client.get(address.removeprefix("http://testserver"))
        assert section.status_code == 200
        found = ElementTree.fromstring(section.content)
        assert found.tag == f"{space}urlset"
    procedures = client.get("/sitemap-procedures.xml").content.decode()
    assert f"<loc>http://testserver/thu-tuc/{CODE}/</loc>" in procedures
    assert f"<loc>http://testserver/en/thu-tuc/{CODE}/</loc>" in procedures
    assert "<lastmod>" in procedures
    assert "1.000001" not in procedures
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert "Disallow: /admin/" in robots
