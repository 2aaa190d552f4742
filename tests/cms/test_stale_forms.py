"""A form opened before an import and saved after it undoes nothing of the import."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.test.utils.form_data import nested_form_data

from cms.models import ImportConflict
from tests.cms.test_conflicts import draft, edit, fee_of, load, page, record, time_of

pytestmark = pytest.mark.django_db
STREAMS = (
    "steps",
    "channels",
    "cases",
    "legal_basis",
    "local_rules",
    "internal_process",
    "form_files",
)


def _value(value: Any) -> Any:
    if isinstance(value, StructValue):
        return {key: _value(one) for key, one in value.items()}
    if isinstance(value, ListValue):
        return _rows(value.bound_blocks)
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def _rows(blocks: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"count": str(len(blocks))}
    for number, one in enumerate(blocks):
        kind = getattr(one, "block_type", "item")
        found[str(number)] = {
            "deleted": "",
            "order": str(number),
            "type": kind,
            "id": one.id or "",
            "value": _value(one.value),
        }
    return found


def opened(client, **changes: Any) -> dict[str, Any]:
    """What the browser would send back of the edit form as it is now, with changes."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page().pk]))
    form = response.context["form"]
    data: dict[str, Any] = {
        "comments": dict.fromkeys(
            ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"), "0"
        )
    }
    for name in form.fields:
        value = form[name].value()
        if name in STREAMS:
            data[name] = _rows(list(getattr(form.instance, name)))
        elif isinstance(value, list | tuple):
            data[name] = list(value)
        elif value not in (None, False):
            data[name] = "on" if value is True else value
    sent = nested_form_data(data)
    sent["loaded_revision_id"] = form.instance.latest_revision_id
    sent["loaded_revision_created_at"] = response.context["loaded_revision_created_at"]
    return sent | changes


def send(client, sent: dict[str, Any]):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page().pk]), sent, follow=True)


def test_what_she_did_not_touch_follows_the_record(admin_client):
    load(record())
    sent = opened(admin_client, description="Mô tả của biên tập viên")
    load(record(time=5, fee=15000))
    answer = send(admin_client, sent)
    one = draft()
    assert (fee_of(one), time_of(one)) == ("15000", "5")
    assert one.description == "Mô tả của biên tập viên"
    assert "đã được nhập lại" in answer.content.decode()
    assert not ImportConflict.objects.exists()


@pytest.mark.parametrize("action", [{}, {"action-publish": "1", "publish_anyway_reason": "gấp"}])
def test_what_both_changed_is_a_conflict(admin_client, action):
    load(record())
    fee = "channels-0-value-fees-0-value-amount"
    sent = opened(admin_client, **{fee: "10000"}, **action)
    load(record(time=5, fee=15000))
    answer = send(admin_client, sent)
    one = page() if action else draft()
    assert (fee_of(one), time_of(one)) == ("10000", "5")
    conflict = ImportConflict.objects.get(solved_at=None)
    assert conflict.part == "channels/direct/fees"
    assert conflict.theirs["fees"][0]["value"]["amount"] == "15000"
    assert "1 chỗ cả hai cùng sửa" in answer.content.decode()


def test_no_import_between_changes_nothing(admin_client):
    load(record())
    sent = opened(admin_client, description="Mô tả")
    edit(result="Bản của người khác")
    answer = send(admin_client, sent)
    assert draft().result != "Bản của người khác"  # Wagtail asks her whether to overwrite
    assert "đã được nhập lại" not in answer.content.decode()


def test_preview_of_a_stale_form_makes_no_conflict(admin_client):
    load(record())
    sent = opened(admin_client, **{"channels-0-value-fees-0-value-amount": "10000"})
    load(record(fee=15000))
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page().pk])
    assert admin_client.post(url, sent).json()["is_valid"]
    assert not ImportConflict.objects.exists()
