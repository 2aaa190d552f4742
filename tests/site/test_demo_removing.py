"""Taking the demo city away: nothing of it stays, nothing else goes, the ledger stays whole."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import PROTECT
from django.utils import timezone

from cms.models import Counter, Office
from feedback import ledger, poster_codes, receipt_codes
from feedback.arrivals import Levels, Trail
from feedback.intake import submit_rating
from feedback.minting import mint
from feedback.models import (
    Case,
    CodeScans,
    Device,
    LedgerEntry,
    Minted,
    MonthSecret,
    PaperBatch,
    PaperEntry,
    Rating,
    ReceiptMark,
    SlipRoll,
)
from feedback.models.devices import DeviceKind
from feedback.models.trust import CaseState
from feedback.pairing import new_code_secret
from feedback.slips import make_roll
from feedback.trust.cases import decide
from feedback.trust.doubts import doubt
from portal.demo import receipts, removing
from tests.factories import make_counter, make_office

#: Marks and salts without a name, which are gone after two days anyhow.
SHORT_LIVED = {"DeviceDay", "DailySalt"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("ha", "ha@example.vn", "x" * 12)


def used(counter: Counter, editor) -> Case:
    """A counter that everything was tried at: all kinds of rows that name it."""
    today = timezone.localdate()
    edition = poster_codes.current(counter)
    CodeScans.objects.create(code=edition, day=today, in_hours=True, count=3)
    poster_codes.replace(counter=counter, edition=1, reason="Thử.", user=editor, today=today)
    make_roll(counter=counter, day=today, slips=3, user=editor, today=today)
    secret = new_code_secret()
    Device.objects.create(counter=counter, kind=DeviceKind.KIOSK, name="Máy", code_secret=secret)
    code = mint(counter=counter, kind="receipt", day=today, outside_id=f"H-{counter.pk}")
    receipts.hand_out([counter], today - 7 * DAY, today, [])
    batch = PaperBatch.objects.create(counter=counter, day=today, slips=1, first_by=editor)
    PaperEntry.objects.create(batch=batch, typing=1, place=1, levels={"attitude": 4})
    given = {"counter": counter, "service_day": today, "levels": Levels(5)}
    raw = receipt_codes.read(code)
    submit_rating(submission=uuid.uuid4(), channel="receipt", token=raw, **given)
    trail = Trail(day=today, window=50, seconds=20, network=b"n" * 16, browser=None)
    submit_rating(submission=uuid.uuid4(), channel="poster", comment="Tốt.", trail=trail, **given)
    other = get_user_model().objects.create_superuser(f"nam{counter.pk}", "n@example.vn", "x" * 12)
    found = doubt(counter=counter, first_day=today, last_day=today, note="Xem lại.", user=other)
    assert found is not None
    decide(case=found, user=editor, state=CaseState.UPHELD, note="Rõ.", public_note="Giữ lại.")
    Rating.objects.filter(channel="receipt", counter=counter).update(paper_batch=batch)
    return found


def left() -> dict[str, int]:
    """Rows of each kind that citizens or devices made, but for what names nobody."""
    models = apps.get_app_config("feedback").get_models()
    counts = {model.__name__: model._default_manager.count() for model in models}
    return {name: count for name, count in counts.items() if count and name not in SHORT_LIVED}


def test_everything_that_protects_a_counter_is_taken_away_first():
    named: set[type] = set()
    for model in (Counter, Rating, Case, PaperBatch, SlipRoll, Device):
        named |= {
            field.model
            for kind in apps.get_models()
            for field in kind._meta.get_fields()
            if field.is_relation
            and not field.auto_created
            and field.related_model is model
            and getattr(field.remote_field, "on_delete", None) is PROTECT
        }
    assert named <= set(removing.OF_COUNTERS)


def test_nothing_of_a_demo_counter_stays(editor):
    counter = make_counter(make_office(is_demo=True), is_demo=True, code="DEMH0T1")
    used(counter, editor)
    tried = ("Case", "Comment", "Decision", "Device", "LedgerEntry", "PaperEntry", "SlipRoll")
    assert {*tried, "SpentCode", "Trace"} <= left().keys()
    removing.remove_demo()
    assert left() == {}
    assert not Counter.objects.exists()
    assert not Office.objects.exists()
    assert ledger.check().whole


def test_the_citys_own_stays_and_the_ledger_is_whole(editor):
    demo = make_counter(make_office(is_demo=True), is_demo=True, code="DEMH0T1")
    own = make_counter(make_office())
    used(own, editor)
    before = left()
    used(demo, editor)
    with_demo = LedgerEntry.objects.count()
    head = ledger.head()
    removing.remove_demo()
    after = left()
    # Rows of a chain cannot be taken out, and nobody can tell whose a spent code is.
    assert after.pop("LedgerEntry") == with_demo > before.pop("LedgerEntry")
    assert after.pop("SpentCode") == 2 > before.pop("SpentCode")
    # The receipt that was sent to the demo counter from outside: its mark names nobody.
    assert after.pop("ReceiptMark") == before.pop("ReceiptMark") + 1
    assert after == before
    check = ledger.check()
    assert (check.whole, check.head) == (True, head)
    assert Minted.objects.filter(counter=own).exists()
    assert MonthSecret.objects.exists()
    assert ReceiptMark.objects.exists()
