"""Who may sign in: passwords that can be guessed are refused, in Vietnamese."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

pytestmark = pytest.mark.django_db


def create(client, password, **more):
    data = {
        "username": "lan.btv",
        "first_name": "Lan",
        "last_name": "Trần",
        "email": "lan@example.org",
        "password1": password,
        "password2": password,
        "is_active": "on",
        **more,
    }
    return client.post(reverse("wagtailusers_users:add"), data, follow=True)


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("quan-tri"))
    return client


@pytest.mark.parametrize(
    ("password", "said"),
    [("123", "quá ngắn"), ("9081726354", "hoàn toàn là số"), ("password123", "quá phổ biến")],
)
def test_a_password_that_can_be_guessed_is_refused(desk, password, said):
    assert said in create(desk, password).content.decode()
    assert not get_user_model().objects.filter(username="lan.btv").exists()


def test_a_user_without_a_role_is_told_of(desk):
    html = create(desk, "cau-hoi-mua-he").content.decode()
    assert "chưa có vai trò nào" in html


def test_a_user_with_a_role_is_not(desk):
    role = Group.objects.order_by("pk").first()
    html = create(desk, "cau-hoi-mua-he", groups=[role.pk]).content.decode()
    assert get_user_model().objects.get(username="lan.btv").groups.get() == role
    assert "chưa có vai trò nào" not in html
