"""Tokens of one-stop systems: shown once, replaced, revoked."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from feedback.models import OneStopSystem
from tests.factories import make_counter


@pytest.fixture
def admin(client, db):
    client.force_login(get_user_model().objects.create_superuser("chi", password="x"))
    return client


def token_in(response) -> str:
    return re.search(r"bck_[A-Za-z0-9_-]{43}", response.content.decode())[0]


def status(client, token: str) -> int:
    body = {"counter": "ABC0123", "id": "H1", "received": timezone.localdate().isoformat()}
    headers = {"Authorization": f"Bearer {token}"}
    return client.post(
        reverse("api_receipts"), json.dumps(body), content_type="application/json", headers=headers
    ).status_code


def test_a_token_is_shown_once_replaced_and_revoked(admin):
    make_counter(code="ABC0123")
    page = admin.post(reverse("onestop_systems"), {"name": "Một cửa Hoàn Kiếm"})
    first = token_in(page)
    assert "no-store" in page["Cache-Control"]
    assert first not in str(page.cookies)
    assert first not in admin.get(reverse("onestop_systems")).content.decode()
    system = OneStopSystem.objects.get()
    assert first not in str(system.__dict__)
    assert status(admin, first) == 200
    second = token_in(admin.post(reverse("onestop_new_token", args=[system.pk])))
    assert (status(admin, first), status(admin, second)) == (401, 200)
    admin.post(reverse("onestop_revoke", args=[system.pk]))
    assert status(admin, second) == 403
    assert "thu hồi ngày" in admin.get(reverse("onestop_systems")).content.decode()


def test_replacing_and_revoking_are_asked_about_first(admin):
    make_counter(code="ABC0123")
    token = token_in(admin.post(reverse("onestop_systems"), {"name": "Một cửa Hoàn Kiếm"}))
    system = OneStopSystem.objects.get()
    listed = admin.get(reverse("onestop_systems")).content.decode()
    for name, says in (
        ("onestop_new_token", "hết hiệu lực"),
        ("onestop_revoke", "không gửi được giấy nữa"),
    ):
        address = reverse(name, args=[system.pk])
        assert f'href="{address}"' in listed
        assert f'action="{address}"' not in listed
        page = admin.get(address).content.decode()
        assert system.name in page
        assert says in page
        assert "bck_" not in page
    assert status(admin, token) == 200


def test_a_name_is_used_once(admin):
    for _ in range(2):
        page = admin.post(reverse("onestop_systems"), {"name": "Một cửa"})
    assert page.status_code == 422
    assert OneStopSystem.objects.count() == 1


def test_editors_without_the_right_do_not_get_there(client, db):
    user = get_user_model().objects.create_user("binh", password="x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    made = OneStopSystem.objects.create(name="Có sẵn", token_digest="x", token_hint="abcd")
    for name in ("onestop_new_token", "onestop_revoke"):
        assert client.get(reverse(name, args=[made.pk])).status_code in {302, 403}
    made.delete()
    response = client.post(reverse("onestop_systems"), {"name": "Một cửa"})
    assert response.status_code in {302, 403}
    assert not OneStopSystem.objects.exists()
