"""Making codes: the same receipt the same code, every one counted once."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from feedback import keys, minting, receipt_codes
from feedback.minting import SentOtherwise, Wanted, mint, mint_all, mint_roll, slip_number
from feedback.models import Minted, MonthSecret, ReceiptMark, SlipRoll
from tests.factories import make_counter

TODAY = timezone.localdate()


@pytest.fixture
def counter(db):
    return make_counter()


def counted() -> dict[str, int]:
    return dict(Minted.objects.values_list("kind", "count"))


def test_a_receipt_has_one_code_and_is_counted_once(counter):
    codes = {mint(counter=counter, kind="receipt", day=TODAY, outside_id="H1") for _ in range(3)}
    assert len(codes) == 1
    other = mint(counter=counter, kind="supplement", day=TODAY, outside_id="H1")
    assert other not in codes
    assert counted() == {"receipt": 1, "supplement": 1}
    assert ReceiptMark.objects.count() == 2


def test_the_same_receipt_with_another_counter_or_day_is_refused(counter):
    mint(counter=counter, kind="receipt", day=TODAY.replace(day=1), outside_id="H1")
    for values in ({"counter": make_counter()}, {"day": TODAY.replace(day=2)}):
        given = {"counter": counter, "day": TODAY.replace(day=1), **values}
        with pytest.raises(SentOtherwise):
            mint(kind="receipt", outside_id="H1", **given)
    assert counted() == {"receipt": 1}


def test_many_at_once_some_twice_some_known(counter):
    mint(counter=counter, kind="receipt", day=TODAY, outside_id="H3")
    wanted = [Wanted(counter, "receipt", TODAY, f"H{number % 50}") for number in range(100)]
    made = mint_all(wanted)
    assert [one.outcome.value for one in made].count("created") == 49
    assert len({one.code for one in made}) == 50
    assert [one.code for one in made[:50]] == [one.code for one in made[50:]]
    assert counted() == {"receipt": 50}


def test_two_receipts_with_one_nonce_get_two_codes(counter):
    same = {b"0|receipt|H1", b"0|receipt|H2", b"1|receipt|H2"}
    real = minting.hmac.digest

    def digest(key, message, method):
        return bytes(32) if message in same else real(key, message, method)

    with mock.patch.object(minting.hmac, "digest", digest):
        made = mint_all([Wanted(counter, "receipt", TODAY, name) for name in ("H1", "H2")])
        assert len({one.code for one in made}) == 2
        again = mint_all([Wanted(counter, "receipt", TODAY, name) for name in ("H2", "H1")])
    assert [one.outcome.value for one in again] == ["repeated"] * 2
    assert [one.code for one in again] == [one.code for one in reversed(made)]
    assert counted() == {"receipt": 2}


@pytest.mark.postgresql  # SQLite in memory has no queue of writers
@pytest.mark.django_db(transaction=True)
def test_two_importers_at_once_count_every_receipt_once():
    counter = make_counter()
    wanted = [Wanted(counter, "receipt", TODAY, f"H{number}") for number in range(60)]
    orders = [wanted, wanted[::-1], wanted[30:] + wanted[:30], wanted]

    def one(rows):
        try:
            return {
                row.outside_id: made.code for row, made in zip(rows, mint_all(rows), strict=True)
            }
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, orders))
    assert all(answer == answers[0] for answer in answers)
    assert counted() == {"receipt": 60}
    assert MonthSecret.objects.count() == 1


def test_slips_of_all_rolls_of_a_day_differ_and_their_numbers_are_found_again(counter):
    rolls = [
        SlipRoll.objects.create(counter=counter, day=TODAY, number=number, slips=400)
        for number in (1, 2)
    ]
    codes = [mint_roll(roll) for roll in rolls]
    assert len({*codes[0], *codes[1]}) == 800
    assert codes == [mint_roll(roll) for roll in rolls]
    month = keys.keys_of(TODAY)
    found = [
        slip_number(receipt_codes.body_of(receipt_codes.read(code)), month) for code in codes[1]
    ]
    assert found == [(2, slip) for slip in range(1, 401)]


def test_no_codes_for_a_month_that_is_over_or_far_ahead(counter):
    for day, error in (
        (TODAY - datetime.timedelta(days=100), keys.MonthDestroyed),
        (TODAY + datetime.timedelta(days=100), keys.MonthTooFar),
    ):
        with pytest.raises(error):
            mint(counter=counter, kind="receipt", day=day, outside_id="H1")
    assert not MonthSecret.objects.exists()


def test_reading_makes_no_keys(db):
    assert keys.keys_of(TODAY) is None
    assert not MonthSecret.objects.exists()


def test_keys_of_counters_and_months_differ():
    months = [keys.MonthKeys(datetime.date(2026, month, 1), bytes(32)) for month in (1, 2)]
    made = {
        *(month.sealing(counter) for month in months for counter in (1, 2)),
        *(month.nonces(counter) for month in months for counter in (1, 2)),
    }
    assert len(made) == 8
    assert months[0].nullifier(b"c" * 16) != months[0].mark(b"c" * 16)
    assert "secret" not in repr(months[0])
