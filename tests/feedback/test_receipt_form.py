"""Rating by a one-time code or a screen's code, as citizens and vandals do it."""

from __future__ import annotations

import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback import display_codes, keys, minting, receipt_codes, spending
from feedback.models import (
    DailySalt,
    Device,
    DeviceDay,
    MonthSecret,
    Rating,
    ReceiptMark,
    Rollup,
    SlipRoll,
    SpentCode,
    Trace,
)
from tests.factories import make_counter, make_office

GOOD = {"attitude": "4", "time": "5"}


@pytest.fixture
def counter(db):
    cache.clear()
    return make_counter(make_office("Chi nhánh số 1"), code="ABC0123", name="Quầy 3")


@pytest.fixture
def code(counter) -> str:
    return receipt(counter)


def receipt(counter, number: str = "H26-1", **values) -> str:
    values = {"kind": "receipt", "day": timezone.localdate(), **values}
    return minting.mint(counter=counter, outside_id=number, **values)


def token(response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def opened(client: Client, code: str) -> str:
    response = client.get(f"/r/{code}")
    assert response.status_code == 200
    return token(response)


def send(client: Client, code: str, signed: str, **values):
    return client.post(f"/r/{code}", {"token": signed, **GOOD, **values})


def at(moment: datetime.datetime):
    return mock.patch("django.utils.timezone.now", return_value=moment)


@pytest.mark.parametrize("kind", ["receipt", "supplement", "refusal", "result"])
def test_a_code_rates_its_counter_once(client, counter, kind):
    code = receipt(counter, kind=kind)
    page = client.get(f"/r/{code.lower()}")
    assert "Quầy 3" in page.content.decode()
    assert "bck_r" not in page.cookies  # nothing that could tell this browser again
    signed = token(page)
    answer = send(client, code, signed)
    assert answer.status_code == 303
    rating = Rating.objects.get()
    assert (rating.channel, rating.counter, rating.standing) == ("receipt", counter, "counted")
    assert rating.service_day == timezone.localdate()
    assert Rollup.objects.get(item="attitude").channel == "receipt"
    # The address of the thanks names the counter, never the one-time code.
    assert answer["Location"].startswith("/r/ABC0123/cam-on?t=")
    assert code not in answer["Location"]
    assert client.get(answer["Location"]).status_code == 200
    # Opened again, or sent from another tab: the page says so.
    again = client.get(f"/R/{code}")
    assert again.status_code == 410
    assert "Mã này đã được dùng" in again.content.decode()
    assert Rating.objects.count() == SpentCode.objects.count() == 1


def test_a_receipt_leaves_no_mark_and_no_trail(client, counter, code):
    client.cookies["bck_r"] = "A" * 22
    assert send(client, code, opened(client, code)).status_code == 303
    assert not Trace.objects.exists()
    assert not DeviceDay.objects.exists()
    assert not DailySalt.objects.exists()


def test_addresses_are_not_passed_on_to_the_next_page(client, counter, code):
    page = client.get(f"/r/{code}")
    answer = send(client, code, token(page))
    thanks = client.get(answer["Location"])
    assert {one["Referrer-Policy"] for one in (page, answer, thanks)} == {"no-referrer"}


def test_opening_spends_nothing(client, counter, code):
    for _ in range(5):
        opened(client, code)
    assert not SpentCode.objects.exists()


def test_two_tabs_are_one_rating_and_the_second_is_told(client, counter, code):
    first, second = opened(client, code), opened(client, code)
    assert send(client, code, first).status_code == 303
    refused = send(client, code, second)
    assert refused.status_code == 410
    assert "Mã này đã được dùng" in refused.content.decode()
    assert Rating.objects.count() == 1


def test_the_same_form_again_is_thanked_again_although_the_code_is_spent(client, counter, code):
    signed = opened(client, code)
    answers = [send(client, code, signed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer["Location"] for answer in answers}) == 1
    assert Rating.objects.count() == 1


def test_the_same_form_with_other_answers_is_refused(client, counter, code):
    signed = opened(client, code)
    send(client, code, signed)
    answer = send(client, code, signed, attitude="1")
    assert answer.status_code == 422
    assert "bấm gửi lần nữa" not in answer.content.decode()  # there is no second time
    assert Rating.objects.get().attitude == 4


def test_a_wrong_form_does_not_spend_the_code(client, counter, code):
    signed = opened(client, code)
    answer = client.post(f"/r/{code}", {"token": signed, "time": "5"})
    assert answer.status_code == 422
    assert f'action="/r/{code}"' in answer.content.decode()
    assert send(client, code, token(answer)).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_are_one_rating(client):
    cache.clear()
    code = receipt(make_counter())
    signed = [opened(client, code) for _ in range(6)]

    def one(text: str) -> int:
        try:
            return send(Client(), code, text).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(one, signed))
    assert answers == [303] + [410] * 5
    assert Rating.objects.count() == SpentCode.objects.count() == 1
    assert Rollup.objects.get(item="attitude").count == 1


def test_a_forged_an_altered_and_a_foreign_code_open_no_form(client, counter, code):
    raw = receipt_codes.read(code)
    body = receipt_codes.body_of(raw)
    forged = receipt_codes.write(receipt_codes.seal(body, b"k" * 32))
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    elsewhere = make_counter(make_office("Chi nhánh số 2"))
    foreign = receipt_codes.write(raw[:1] + elsewhere.pk.to_bytes(2) + raw[3:])
    no_counter = receipt_codes.write(raw[:1] + (60000).to_bytes(2) + raw[3:])
    for wrong in (forged, altered, foreign, no_counter):
        answer = client.get(f"/r/{wrong}")
        assert answer.status_code == 404
        assert "Mã trên giấy này không đúng" in answer.content.decode()
        assert "<form" not in answer.content.decode()


def test_guessing_is_limited_and_a_real_code_still_opens(client, counter, code, settings):
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 3
    settings.RATINGS_PER_COUNTER_MINUTE = 0
    wrong = [code[:-4] + f"{number:04d}" for number in range(5)]
    answers = [client.get(f"/r/{one}").status_code for one in wrong]
    assert answers == [404] * 3 + [429] * 2
    assert send(client, code, opened(client, code)).status_code == 303


def test_a_code_can_be_used_60_days_after_its_month_and_then_is_expired(client, counter):
    day = datetime.date(2026, 3, 31)
    with at(datetime.datetime(2026, 3, 31, 3, tzinfo=datetime.UTC)):
        code = receipt(counter, day=day)
    with at(datetime.datetime(2026, 5, 30, 16, tzinfo=datetime.UTC)):  # 23:00 in Vietnam
        assert keys.destroy_old_keys() == 0
        signed = opened(client, code)
    with at(datetime.datetime(2026, 5, 30, 17, 30, tzinfo=datetime.UTC)):  # the next day
        for answer in (client.get(f"/r/{code}"), send(client, code, signed)):
            assert answer.status_code == 410
            assert "Mã này đã hết hạn" in answer.content.decode()
        with pytest.raises(keys.MonthDestroyed):
            receipt(counter, day=day)
        assert keys.destroy_old_keys() == 2
    assert not MonthSecret.objects.exists()
    assert not ReceiptMark.objects.exists()
    assert not Rating.objects.exists()


def test_a_form_sent_again_after_its_month_was_destroyed_is_thanked(client, counter):
    day = datetime.date(2026, 3, 31)
    moment = datetime.datetime(2026, 5, 30, 16, tzinfo=datetime.UTC)
    with at(moment):
        code = receipt(counter, day=day)
        signed = opened(client, code)
        first = send(client, code, signed)
    with at(moment + datetime.timedelta(days=2)):
        keys.destroy_old_keys()
        assert send(client, code, signed)["Location"] == first["Location"]
    assert not SpentCode.objects.exists()
    assert Rating.objects.count() == 1


def test_the_service_day_is_the_day_of_opening_not_of_the_receipt(client, counter):
    today = timezone.localdate()
    code = receipt(counter, day=today.replace(day=1))
    send(client, code, opened(client, code))
    assert Rating.objects.get().service_day == today


def test_a_slip_that_was_handed_back_says_so(client, counter):
    roll = SlipRoll.objects.create(counter=counter, day=timezone.localdate(), slips=5)
    codes = minting.mint_roll(roll)
    assert codes == minting.mint_roll(roll)
    signed = opened(client, codes[4])
    used = send(client, codes[0], opened(client, codes[0]))
    assert used.status_code == 303
    roll.void_from = 3
    roll.save()
    assert spending.void(receipt_codes.read(code) for code in codes[2:]) == 3
    answer = client.get(f"/r/{codes[4]}")
    assert answer.status_code == 410
    assert "Phiếu này đã được trả lại" in answer.content.decode()
    assert send(client, codes[4], signed).status_code == 410
    assert "đã được dùng" in client.get(f"/r/{codes[0]}").content.decode()
    assert opened(client, codes[1])
    assert Rating.objects.count() == 1


# A screen's code


@pytest.fixture
def screen(counter):
    return Device.objects.create(
        counter=counter, kind="display", name="Màn hình", code_secret=b"s" * 32
    )


def shown(screen, moment=None) -> str:
    return display_codes.code_at(screen, display_codes.step_of(moment or timezone.now()))


def test_three_ratings_of_a_step_count_and_more_are_kept(client, screen):
    code = shown(screen)
    words = []
    for _ in range(4):
        answer = send(Client(), code, opened(Client(), code))
        assert answer.status_code == 303
        words.append(client.get(answer["Location"]).content.decode())
    assert ["được dùng đủ ba lần" in text for text in words] == [False, False, False, True]
    assert "Hôm nay máy này" not in words[3]
    standings = sorted(Rating.objects.values_list("channel", "standing", "reason"))
    assert standings == [("display", "counted", "")] * 3 + [("display", "duplicate", "step")]
    assert Rollup.objects.get(item="attitude", channel="display").count == 3
    assert Trace.objects.count() == 4


def test_sent_after_ten_minutes_it_weighs_as_a_poster(client, screen):
    moment = timezone.now()
    signed = opened(client, shown(screen))
    cases = {9: "display", 11: "poster"}
    for minutes, channel in cases.items():
        code = shown(screen, moment)
        with at(moment):
            signed = opened(Client(), code)
        with at(moment + datetime.timedelta(minutes=minutes)):
            assert send(Client(), code, signed).status_code == 303
            assert send(Client(), code, signed).status_code == 303  # and again
        assert Rating.objects.filter(channel=channel).count() == 1
    assert Rating.objects.count() == 2


def test_a_display_form_sent_twice_is_one_even_across_the_ten_minutes(client, screen):
    moment, code = timezone.now(), shown(screen)
    signed = opened(client, code)
    first = send(client, code, signed)
    with at(moment + datetime.timedelta(minutes=30)):
        assert send(client, code, signed)["Location"] == first["Location"]
    assert Rating.objects.get().channel == "display"


def test_a_code_that_is_over_opens_no_form_but_leads_to_one(client, screen):
    code = shown(screen, timezone.now() - datetime.timedelta(minutes=5))
    answer = client.get(f"/r/{code}")
    assert answer.status_code == 410
    assert "Mã trên màn hình đã đổi" in answer.content.decode()
    assert 'href="/r/ABC0123"' in answer.content.decode()
    kept = client.post(f"/r/{code}", {"token": "forged", **GOOD})
    assert kept.status_code == 422
    assert 'action="/r/ABC0123"' in kept.content.decode()
    assert send(client, "ABC0123", token(kept)).status_code == 303
    assert Rating.objects.get().channel == "poster"


def test_a_revoked_screen_opens_no_form(client, screen):
    code = shown(screen)
    screen.revoked_on = timezone.localdate()
    screen.save()
    assert client.get(f"/r/{code}").status_code == 410


def test_a_posters_second_rating_of_a_browser_says_why(client, counter):
    for _ in range(2):
        assert send(client, "ABC0123", opened(client, "ABC0123")).status_code == 303
    assert sorted(Rating.objects.values_list("standing", "reason")) == [
        ("counted", ""),
        ("duplicate", "browser"),
    ]
    assert Trace.objects.count() == 2
