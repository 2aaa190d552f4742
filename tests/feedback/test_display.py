"""Screens at a counter: pairing, the display's page and its codes, revoking, the admin."""

from __future__ import annotations

import base64
import datetime
import json
import re
from datetime import timedelta

import pytest
import zxingcpp
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cms.models import EditorScope
from feedback import pairing
from feedback.display_codes import read, step_of
from feedback.models import Device, PaperBatch
from tests.factories import make_counter, make_office
from tests.feedback.test_display_codes import make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def device():
    return make_device()


def paired(device) -> Client:
    """A browser that was bound to the device."""
    code = pairing.begin_pairing(device, now=timezone.now())
    browser = Client()
    assert browser.post(reverse("pair_device", args=[code])).status_code == 302
    return browser


# Pairing


def test_a_pairing_code_works_once_and_leaves_a_cookie(device):
    code = pairing.begin_pairing(device, now=timezone.now())
    address = reverse("pair_device", args=[code])
    browser = Client()
    looked = browser.get(address)  # a preview uses nothing up
    assert device.counter.name in looked.content.decode()
    done = browser.post(address)
    assert done["Location"] == reverse("display")
    cookie = done.cookies[pairing.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert browser.get(reverse("display")).status_code == 200
    again = Client().post(address)
    assert again.status_code == 404
    assert pairing.COOKIE not in again.cookies
    device.refresh_from_db()
    assert device.pairing_digest is None
    assert cookie.value.encode() not in bytes(device.key_digest)
    assert device.last_seen_on == timezone.localdate()


def test_a_code_is_read_as_people_type_it(device):
    code = pairing.begin_pairing(device, now=timezone.now())
    typed = f" {code[:5].lower()}-{code[5:].lower()}"
    page = Client().get(reverse("pair_device_form"), {"code": typed})
    assert reverse("pair_device", args=[code]) in page.content.decode()


def test_a_code_is_over_after_a_quarter_of_an_hour_and_when_a_new_one_is_made(device):
    now = timezone.now()
    first = pairing.begin_pairing(device, now=now)
    assert pairing.waiting_device(first, now=now + timedelta(minutes=14)) == device
    assert pairing.waiting_device(first, now=now + timedelta(minutes=15)) is None
    second = pairing.begin_pairing(device, now=now)
    assert pairing.pair(first, now=now) is None
    assert pairing.pair(second, now=now) is not None


def test_pairing_again_cuts_the_earlier_browser_off(device):
    old, new = paired(device), paired(device)
    assert old.get(reverse("display")).status_code == 403
    assert new.get(reverse("display")).status_code == 200


def test_guessing_pairing_codes_is_limited(device, settings):
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 2
    answers = [Client().get(reverse("pair_device", args=[f"000000000{n}"])) for n in range(4)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    code = pairing.begin_pairing(device, now=timezone.now())
    assert Client().get(reverse("pair_device", args=[code])).status_code == 200


# The display


def known_of(page) -> dict:
    text = re.search(r'<script id="known"[^>]*>(.*?)</script>', page.content.decode(), re.S)
    return json.loads(text[1])


def decoded(modules: str, size: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in base64.b64decode(modules))
    image = Image.new("L", (size + 8, size + 8), 255)
    for place in range(size * size):
        if bits[place] == "1":
            image.putpixel((place % size + 4, place // size + 4), 0)
    (found,) = zxingcpp.read_barcodes(image.resize(((size + 8) * 6,) * 2))
    return found.text


def test_the_codes_of_twelve_hours_are_accepted_each_in_its_turn(device, settings):
    settings.PUBLIC_URL = "https://danhgia.example.vn"
    browser = paired(device)
    present = step_of(timezone.now()) // 120
    for ahead in (0, 12):
        block = browser.get(reverse("display_codes"), {"khoi": present + ahead}).json()
        assert len(block["codes"]) == len(set(block["codes"])) == 120
        for place in (0, 59, 119):
            step = (present + ahead) * 120 + place
            moment = datetime.datetime.fromtimestamp(step * 30 + 20, datetime.UTC)
            code = block["codes"][place]
            assert read(code, moment) == (device, step)
            shown = decoded(block["modules"][place], block["size"])
            assert shown == f"HTTPS://DANHGIA.EXAMPLE.VN/R/{code}"
    assert block["size"] <= 29


@pytest.mark.parametrize("hours", [-1, 13])
def test_no_codes_for_the_past_or_the_day_after(device, hours):
    present = step_of(timezone.now()) // 120
    answer = paired(device).get(reverse("display_codes"), {"khoi": present + hours})
    assert answer.status_code == 404
    assert "codes" not in answer.json()


def test_the_page_holds_no_secret_and_shows_the_printed_code_without_script(device):
    page = paired(device).get(reverse("display"))
    text = page.content.decode()
    assert f"testserver/r/{device.counter.code}" in text
    assert bytes(device.code_secret).hex() not in text
    assert known_of(page)["codes"] == reverse("display_codes")
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]


def test_strangers_get_neither_page_nor_codes(device):
    present = step_of(timezone.now()) // 120
    for browser in (Client(), Client(headers={"cookie": f"{pairing.COOKIE}={'x' * 43}"})):
        assert browser.get(reverse("display")).status_code == 403
        answer = browser.get(reverse("display_codes"), {"khoi": present})
        assert answer.status_code == 403
        assert answer.json() == {"refused": "unpaired"}
    # A kiosk is not a display.
    kiosk = paired(make_device(kind="kiosk"))
    assert kiosk.get(reverse("display_codes")).status_code == 403


def test_revoking_ends_it_at_once(device):
    browser = paired(device)
    present = step_of(timezone.now()) // 120
    codes = browser.get(reverse("display_codes"), {"khoi": present}).json()["codes"]
    assert pairing.revoke(device, today=timezone.localdate())
    assert not pairing.revoke(device, today=timezone.localdate())
    code = codes[step_of(timezone.now()) % 120]
    assert read(code, timezone.now()) is None
    assert browser.get(reverse("display_codes")).json() == {"refused": "revoked"}
    page = browser.get(reverse("display"))
    assert page.status_code == 403
    assert "Thiết bị đã bị thu hồi" in page.content.decode()
    device.refresh_from_db()
    with pytest.raises(ValueError, match="revoked"):
        pairing.begin_pairing(device, now=timezone.now())


def test_a_closed_counter_says_so(device):
    browser = paired(device)
    device.counter.active = False
    device.counter.save()
    assert browser.get(reverse("display_codes")).json() == {"refused": "closed"}
    assert "ngừng hoạt động" in browser.get(reverse("display")).content.decode()


def test_queries(device, django_assert_num_queries):
    browser = paired(device)
    present = step_of(timezone.now()) // 120
    with django_assert_num_queries(1):
        browser.get(reverse("display_codes"), {"khoi": present})
    with django_assert_num_queries(2):  # the device, the printed code
        browser.get(reverse("display"))


def test_the_worker_names_the_page_and_its_files(device):
    answer = Client().get(reverse("display_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    text = answer.content.decode()
    assert '"page": "/man-hinh/"' in text
    assert "rate/display" in text
    assert "importScripts(" in text


# The admin


def admin_of(django_user_model, name: str, *offices) -> Client:
    user = django_user_model.objects.create_user(name, password="x")
    names = ["access_admin", "view_device", "add_device", "change_device"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    if offices:
        EditorScope.objects.create(user=user).offices.set(offices)
    browser = Client()
    browser.force_login(user)
    return browser


def listed(browser: Client) -> str:
    return browser.get(reverse(Device.snippet_viewset.get_url_name("list"))).content.decode()


def test_made_paired_and_revoked_in_the_admin(django_user_model):
    counter = make_counter(name="Quầy 7")
    desk = admin_of(django_user_model, "an")
    add = reverse(Device.snippet_viewset.get_url_name("add"))
    sent = {"kind": "display", "counter": counter.pk, "name": "Màn hình trái"}
    assert desk.post(add, sent).status_code == 302
    device = Device.objects.get()
    assert len(bytes(device.code_secret)) == 32
    assert device.created_by.username == "an"
    page = listed(desk)
    assert "Chưa ghép" in page
    assert reverse("device_pair", args=[device.pk]) in page
    assert "Lấy mã ghép" in desk.get(reverse("device_pair", args=[device.pk])).content.decode()
    shown = desk.post(reverse("device_pair", args=[device.pk])).content.decode()
    code = re.search(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", shown)[1]
    assert "Đang chờ ghép" in listed(desk)
    tv = Client()
    assert tv.post(reverse("pair_device", args=[pairing.tidy_code(code)])).status_code == 302
    assert "Đang dùng" in listed(desk)
    assert "hết hiệu lực" not in listed(desk)
    desk.post(reverse("device_revoke", args=[device.pk]))
    page = listed(desk)
    assert "Đã thu hồi" in page
    assert reverse("device_pair", args=[device.pk]) not in page
    assert tv.get(reverse("display")).status_code == 403


def test_a_device_does_not_move_to_another_counter(django_user_model, device):
    desk = admin_of(django_user_model, "an")
    edit = reverse(Device.snippet_viewset.get_url_name("edit"), args=[device.pk])
    other = make_counter()
    desk.post(edit, {"kind": "kiosk", "counter": other.pk, "name": "Tên mới"})
    changed = Device.objects.get()
    assert (changed.name, changed.kind, changed.counter) == ("Tên mới", "display", device.counter)


def test_an_office_sees_and_changes_its_own_screens_only(django_user_model, device):
    mine = make_office("Chi nhánh của tôi")
    own = make_device(counter=make_counter(mine, name="Quầy nhà"))
    desk = admin_of(django_user_model, "binh", mine)
    page = listed(desk)
    assert "Quầy nhà" in page
    assert device.counter.name not in page
    for name in ("device_pair", "device_revoke"):
        assert desk.get(reverse(name, args=[own.pk])).status_code == 200
        assert desk.post(reverse(name, args=[device.pk])).status_code != 200
    device.refresh_from_db()
    assert device.pairing_digest is None
    assert device.revoked_on is None
    add = reverse(Device.snippet_viewset.get_url_name("add"))
    desk.post(add, {"kind": "display", "counter": device.counter.pk, "name": "Lấn sân"})
    assert Device.objects.count() == 2


def test_nobody_deletes_a_device(admin_client, device):
    address = reverse(Device.snippet_viewset.get_url_name("delete"), args=[device.pk])
    admin_client.post(address)
    assert Device.objects.filter(pk=device.pk).exists()


@pytest.mark.parametrize("model", [Device, PaperBatch])
def test_nobody_deletes_many_at_once(admin_client, device, model):
    if model is PaperBatch:
        PaperBatch.objects.create(counter=device.counter, day=timezone.localdate(), slips=2)
    ids = list(model.objects.values_list("pk", flat=True))
    label = [model._meta.app_label, model._meta.model_name, "delete"]
    ticked = "".join(f"&id={pk}" for pk in ids)
    address = f"{reverse('wagtail_bulk_action', args=label)}?next=/admin/{ticked}"
    answer = admin_client.post(address)
    assert list(model.objects.values_list("pk", flat=True)) == ids
    told = [str(one) for one in get_messages(answer.wsgi_request)]
    assert len(told) == 1
    assert "không xoá được" in told[0]
