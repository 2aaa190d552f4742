"""Somebody with the whole database, the logs and the files tries to find out who rated.

What may be known is the counter and the day: that is in the code and in the answer. Everything
else that a receipt and an answer could share is looked for here, in every table that there is.
"""

from __future__ import annotations

import datetime
import logging
import random
import re
import uuid

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback import keys, minting, receipt_codes, spending
from feedback.models import Rating, SpentCode
from tests.factories import make_counter, make_office

NUMBER = 120
USED = 60


def rate(code: str, level: int, comment: str) -> None:
    client = Client()
    page = client.get(f"/r/{code}").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    answer = client.post(f"/r/{code}", {"token": token, "attitude": str(level), "comment": comment})
    assert answer.status_code == 303
    client.get(answer["Location"])


def tables() -> dict[str, list[tuple]]:
    """Every row of every table in the order it lies in, with all columns and hidden ones."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(name)
            hidden, order = "", ""
            if connection.vendor == "postgresql":
                hidden, order = ", xmin::text, cmin::text", " ORDER BY ctid"
            cursor.execute(f"SELECT *{hidden} FROM {quoted}{order}")
            found[name] = cursor.fetchall()
    return found


def forms_of(value: object) -> set[bytes]:
    """The ways in which a value may lie in a table: as bytes, hexadecimal, text."""
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        return {raw, raw.hex().encode()}
    if isinstance(value, uuid.UUID):
        return {value.bytes, value.hex.encode(), str(value).encode()}
    return {str(value).encode()}


def correlation(first: list[int], second: list[int]) -> float:
    """Of two rankings of the same length (Spearman's rho)."""
    number = len(first)
    apart = sum((a - b) ** 2 for a, b in zip(first, second, strict=True))
    return 1 - 6 * apart / (number * (number**2 - 1))


@pytest.fixture
def city(db, settings, tmp_path, caplog):
    """Receipts of one counter and day, half of them used in a random order, and the night after."""
    cache.clear()
    caplog.set_level(logging.DEBUG)
    settings.RATINGS_PER_COUNTER_MINUTE = 10_000
    counter, today = make_counter(make_office("Chi nhánh số 1")), timezone.localdate()
    ids = [f"000.00.01.H26-{today:%y%m%d}-{number:04d}" for number in range(NUMBER)]
    wanted = [minting.Wanted(counter, "receipt", today, one) for one in ids]
    codes = [made.code for made in minting.mint_all(wanted)]
    used = random.Random(8).sample(range(NUMBER), USED)
    # What nobody may find out: the receipt of each answer. Each comment is told by its number.
    for turn, place in enumerate(used):
        rate(codes[place], 1 + turn % 5, f"chữ {turn}" if turn % 2 else "")
    spending.shuffle()
    return {
        "ids": ids,
        "codes": codes,
        "used": used,
        "log": caplog.text,
        "counter": counter,
        "tables": tables(),
    }


def test_no_number_and_no_code_is_anywhere(city):
    """Neither a receipt's number nor its code, in any spelling, in any column or line."""
    secret: set[bytes] = set()
    for text in (*city["ids"], *city["codes"]):
        secret |= {text.encode(), text.lower().encode(), text.encode().hex().encode()}
    for code in city["codes"]:
        raw = receipt_codes.read(code)
        nonce_and_seal = raw[5:]
        secret |= {nonce_and_seal, nonce_and_seal.hex().encode()}
    parts = [form for one in secret for form in (one,)]
    for name, rows in city["tables"].items():
        whole = b"\n".join(form for row in rows for value in row for form in forms_of(value))
        assert not [part for part in parts if part in whole], name
    log = city["log"].encode()
    assert not [part for part in parts if part in log]


def test_no_value_of_an_answer_is_in_any_other_table_but_its_own(city):
    """No column of receipts, marks or spent codes repeats anything that names an answer."""
    answers = list(city["tables"]["feedback_rating"])
    names = set()
    for rating in Rating.objects.all():
        names |= forms_of(rating.pk) | forms_of(rating.answers_digest)
    assert len(answers) == USED
    may = {"feedback_rating", "feedback_comment"}
    for name, rows in city["tables"].items():
        if name in may:
            continue
        held = {form for row in rows for value in row for form in forms_of(value)}
        assert not names & held, name


def test_receipts_and_spent_codes_hold_no_day_and_no_counter(city):
    columns = {
        name: {field.column for field in model._meta.local_concrete_fields}
        for name, model in (("spent", SpentCode), ("mark", minting.ReceiptMark))
    }
    assert columns == {
        "spent": {"nullifier", "month"},
        "mark": {"mark", "code_mark", "month"},
    }


def test_no_order_of_rows_joins_spent_codes_to_answers(city):
    """By rank: the place of a spent row against the place of its answer, in the tables' order."""
    month = keys.keys_of(timezone.localdate())
    codes = {month.nullifier(receipt_codes.read(city["codes"][place])): turn
             for turn, place in enumerate(city["used"])}  # fmt: skip
    spent = [codes[bytes(row[0])] for row in city["tables"]["feedback_spentcode"]]
    assert sorted(spent) == list(range(USED))
    # By chance rho is beyond ±0.5 once in some ten thousand runs.
    assert abs(correlation(spent, list(range(USED)))) < 0.5
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in ("feedback_spentcode", "feedback_receiptmark", "feedback_rating"):
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
                assert cursor.fetchone()[0].endswith("WITHOUT ROWID")


@pytest.mark.postgresql
def test_no_transaction_number_joins_spent_codes_to_answers(city):
    """Without the nightly writing, both rows of a rating carry the number of its transaction."""
    spent = {row[-2] for row in city["tables"]["feedback_spentcode"]}
    answers = {row[-2] for row in city["tables"]["feedback_rating"]}
    # In a test all lies in one transaction: what counts is that the rows were written anew.
    commands = {row[-1] for row in city["tables"]["feedback_spentcode"]}
    assert len(spent) == 1
    assert len(commands) == 1
    assert answers


def test_after_destruction_even_the_keys_are_gone(city):
    for model in (keys.MonthSecret, keys.ReceiptMark, keys.SpentCode):
        assert model.objects.exists()
    last = keys.last_day_of_keys(timezone.localdate())
    assert keys.destroy_old_keys(today=last) == 0
    assert keys.destroy_old_keys(today=last + datetime.timedelta(days=1)) > NUMBER
    for model in (keys.MonthSecret, keys.ReceiptMark, keys.SpentCode):
        assert not model.objects.exists()
    assert Rating.objects.count() == USED


def test_what_a_holder_of_keys_and_of_the_one_stop_system_learns(city):
    """Exactly this, and the method page says so: whether a receipt was used."""
    month, counter = keys.keys_of(timezone.localdate()), city["counter"]
    learnt = []
    for one in city["ids"]:
        draft = minting._Draft.of(
            minting.Wanted(counter, "receipt", timezone.localdate(), one), month
        )
        learnt.append(spending.is_spent(draft.raw, month))
    assert {place for place, used in enumerate(learnt) if used} == set(city["used"])


def test_the_recount_and_the_worker_write_no_codes(city, capsys):
    call_command("recount_ratings")
    out = capsys.readouterr()
    assert not [code for code in city["codes"] if code in out.out + out.err]
