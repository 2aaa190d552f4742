"""The first sign-in of a new site."""

from __future__ import annotations

import secrets

from django.contrib.auth import get_user_model
from django.db import transaction

ADMIN_NAME = "admin"


@transaction.atomic
def ensure_admin(password: str | None) -> str | None:
    """Make the superuser ``admin`` when the site has no superuser that can sign in.

    ``password`` is the operator's own (ADMIN_PASSWORD); without one a random password of 16
    characters is made. Returns the password only when it was made here, so that the start
    prints it once; otherwise None. Nothing is changed when a superuser exists, and an ordinary
    account that happens to be called ``admin`` is left alone (``admin2`` and so on is made).
    """
    users = get_user_model().objects
    if users.filter(is_superuser=True, is_active=True).exists():
        return None
    name, number = ADMIN_NAME, 1
    while users.filter(username=name).exists():
        number += 1
        name = f"{ADMIN_NAME}{number}"
    made = None if password else secrets.token_urlsafe(12)
    users.create_superuser(username=name, email="", password=password or made)
    return made
