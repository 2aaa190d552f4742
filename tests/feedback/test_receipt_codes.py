"""One-time codes as bytes and text: written one way, read in any case, altered ones refused."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import receipt_codes
from feedback.keys import hkdf
from feedback.receipt_codes import ALPHABET, KINDS, Body, UnfitForCode

KEY = bytes(range(32))
BODIES = st.builds(
    Body,
    kind=st.sampled_from(KINDS),
    counter=st.integers(1, 65535),
    day=st.dates(datetime.date(2020, 1, 1), datetime.date(2199, 6, 5)),
    nonce=st.binary(min_size=5, max_size=5),
)


@given(BODIES)
def test_what_is_written_is_read(body):
    code = receipt_codes.seal(body, KEY)
    text = receipt_codes.write(code)
    assert (len(code), len(text)) == (16, 26)
    assert set(text) <= set(ALPHABET)
    assert receipt_codes.read(text) == code
    assert receipt_codes.body_of(code) == body
    assert receipt_codes.is_sealed(code, KEY)
    assert not receipt_codes.is_sealed(code, KEY[::-1])


@given(BODIES, st.integers(0, 25), st.sampled_from(ALPHABET))
def test_one_altered_character_breaks_the_seal(body, place, character):
    text = receipt_codes.write(receipt_codes.seal(body, KEY))
    altered = text[:place] + character + text[place + 1 :]
    code = receipt_codes.read(altered)
    assert altered == text or code is None or not receipt_codes.is_sealed(code, KEY)


@given(BODIES)
def test_read_as_people_write_it(body):
    code = receipt_codes.seal(body, KEY)
    text = receipt_codes.write(code)
    groups = " - ".join(text[start : start + 5] for start in range(0, 26, 5))
    for written in (
        text.lower(),
        text.replace("0", "O").replace("1", "I"),
        text.replace("0", "o").replace("1", "l"),
        groups,
        f" {text}\n",
    ):
        assert receipt_codes.read(written) == code


@pytest.mark.parametrize(
    "text",
    ["", "A" * 25, "A" * 27, "U" * 26, "8" + "0" * 25, "Z" * 26, "Ắ" * 26, "0" * 25 + "!"],
)
def test_what_is_no_code_is_read_as_none(text):
    assert receipt_codes.read(text) is None


@given(st.binary(max_size=20))
def test_any_bytes_say_something_or_nothing(code):
    body = receipt_codes.body_of(code)
    if body is not None:
        assert body.pack() == code[:10]


def test_a_counter_beyond_two_bytes_is_told_clearly():
    with pytest.raises(UnfitForCode, match="counter 65536 does not fit"):
        Body("receipt", 65536, datetime.date(2026, 1, 1), b"12345").pack()
    with pytest.raises(UnfitForCode, match="2019-12-31"):
        Body("receipt", 1, datetime.date(2019, 12, 31), b"12345").pack()


def test_hkdf_gives_the_vectors_of_rfc_5869():
    """Test cases 1 and 3 of the RFC's appendix A."""
    secret = bytes.fromhex("0b" * 22)
    made = hkdf(
        secret,
        bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"),
        42,
        salt=bytes.fromhex("000102030405060708090a0b0c"),
    )
    assert made.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    assert hkdf(secret, b"", 42).hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )
