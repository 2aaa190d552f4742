"""The changing code of a screen: made ahead of time, accepted for a minute and a half."""

from __future__ import annotations

import datetime
import secrets

import pytest
from django.utils import timezone

from feedback.display_codes import LENGTH, Sight, code_at, look, looks_like, read, step_of
from feedback.models import Device
from tests.factories import make_counter

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 24, 9, 0, 10, tzinfo=datetime.UTC)


@pytest.fixture
def device():
    return make_device()


def make_device(**values):
    values.setdefault("kind", "display")
    return Device.objects.create(
        counter=values.pop("counter", None) or make_counter(),
        name="Màn hình trái",
        code_secret=secrets.token_bytes(32),
        **values,
    )


def later(steps: int) -> datetime.datetime:
    return NOW + datetime.timedelta(seconds=30 * steps)


def test_a_code_is_accepted_for_its_step_two_more_and_one_before(device):
    code = code_at(device, step_of(NOW))
    accepted = [steps for steps in range(-5, 6) if read(code, later(steps))]
    assert accepted == [-1, 0, 1, 2]
    assert read(code, NOW) == (device, step_of(NOW))
    assert read(code, later(2)) == (device, step_of(NOW))


def test_it_has_a_length_of_its_own_and_is_read_in_any_case(device):
    code = code_at(device, step_of(NOW))
    assert len(code) == LENGTH == 13
    assert looks_like(code.lower())
    assert read(code.lower().replace("0", "o").replace("1", "l"), NOW) == (device, step_of(NOW))
    assert not looks_like("ABC0123")
    assert not looks_like("D" * 26)
    assert not looks_like(code[:-1] + "U")


def test_every_step_and_every_device_has_its_own(device):
    other = make_device()
    codes = {code_at(each, step_of(later(n))) for each in (device, other) for n in range(50)}
    assert len(codes) == 100


def test_an_altered_code_is_unknown(device):
    code = code_at(device, step_of(NOW))
    last = "0" if code[-1] != "0" else "2"
    assert look(code[:-1] + last, NOW) == Sight("unknown")
    assert look("D9999" + code[5:], NOW) == Sight("unknown")
    assert look("", NOW) == Sight("unknown")


def test_an_old_code_is_told_from_one_that_never_was(device):
    code = code_at(device, step_of(NOW))
    assert look(code, later(3)).verdict == "stale"
    assert look(code, later(119)).verdict == "stale"
    assert look(code, later(120)).verdict == "unknown"
    assert look(code, later(-2)).verdict == "unknown"


def test_a_revoked_screen_is_refused(device):
    code = code_at(device, step_of(NOW))
    Device.objects.update(revoked_on=timezone.localdate())
    assert read(code, NOW) is None
    assert look(code, NOW).verdict == "revoked"


def test_a_kiosk_shows_no_codes():
    kiosk = make_device(kind="kiosk")
    assert look(code_at(kiosk, step_of(NOW)), NOW) == Sight("unknown")


def test_one_query(device, django_assert_num_queries):
    code = code_at(device, step_of(NOW))
    with django_assert_num_queries(1):
        sight = look(code, NOW)
        assert sight.device.counter.office.title
