"""Limits and the network they are counted against."""

from __future__ import annotations

import hashlib
import hmac
import logging
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from feedback import limits
from feedback.network import client_address, network_mark, network_of


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()
    yield
    cache.clear()


def request_from(peer: str, forwarded: str | None = None):
    extra = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        extra["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **extra)


def at(second: float):
    return mock.patch("feedback.limits.time.time", return_value=second)


def test_a_minute_takes_its_limit_and_tells_how_long_to_wait(settings):
    settings.RATINGS_PER_COUNTER_MINUTE = 3
    with at(6000):
        assert [limits.submission_wait("ABC1234") for _ in range(3)] == [0, 0, 0]
        assert limits.submission_wait("ABC1234") == 60
        assert limits.submission_wait("XYZ1234") == 0  # another counter
    with at(6045):
        assert limits.submission_wait("ABC1234") == 15
    with at(6060):
        assert limits.submission_wait("ABC1234") == 0  # the next minute


def test_unknown_codes_are_counted_by_network(settings):
    settings.UNKNOWN_CODES_PER_NETWORK_MINUTE = 2
    with at(6010):
        assert [limits.unknown_code_wait("a") for _ in range(3)] == [0, 0, 50]
        assert limits.unknown_code_wait("b") == 0


def test_without_a_cache_ratings_still_pass(caplog):
    with (
        mock.patch.object(limits.cache, "add", side_effect=ConnectionError("no redis at 10.1.2.3")),
        caplog.at_level(logging.WARNING),
    ):
        assert limits.submission_wait("ABC1234") == 0
    assert "rate limits are off" in caplog.text
    assert "10.1.2.3" not in caplog.text


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not a proxy of ours: header ignored
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # left part made up
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies
        ("10.0.0.1", "198.51.100.1:5123", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8:1:2::3]:443", "2001:db8:1:2::3"),
        ("10.0.0.1", "2001:db8:1:2::3", "2001:db8:1:2::3"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "'; DROP TABLE", "10.0.0.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fd00::1", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_the_client_is_the_right_most_address_no_proxy_of_ours_has(
    settings, peer, forwarded, expected
):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "fd00::/8"]
    assert str(client_address(request_from(peer, forwarded))) == expected


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_an_unknown_peer_is_none(settings, peer):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(request_from(peer, "198.51.100.1")) is None


def test_networks_are_24_and_48_bits():
    v4 = client_address(request_from("203.0.113.77"))
    v6 = client_address(request_from("2001:db8:1:2::3"))
    assert str(network_of(v4)) == "203.0.113.0/24"
    assert str(network_of(v6)) == "2001:db8:1::/48"


def test_a_mark_hides_the_network_and_changes_with_the_salt():
    one = network_mark(request_from("203.0.113.77"), salt=b"monday")
    assert one == network_mark(request_from("203.0.113.1"), salt=b"monday")
    assert one != network_mark(request_from("203.0.114.1"), salt=b"monday")
    assert one != network_mark(request_from("203.0.113.77"), salt=b"tuesday")
    assert network_mark(request_from(""), salt=b"monday")  # behind a socket: one network


@pytest.mark.parametrize("sender", ["203.0.113.77", "10.0.0.255", "2001:db8:1:2::3", "::1"])
def test_a_mark_is_the_hmac_of_the_written_network(sender):
    request = request_from(sender)
    written = str(network_of(client_address(request)))
    whole = hmac.new(b"monday", b"network:" + written.encode(), hashlib.sha256).hexdigest()
    assert network_mark(request, salt=b"monday") == whole[:32]


def test_proxies_are_read_anew_when_they_change(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = request_from("10.0.0.1", "203.0.113.77")
    assert str(client_address(request)) == "203.0.113.77"
    settings.TRUSTED_PROXIES = ["192.168.0.0/16"]
    assert str(client_address(request)) == "10.0.0.1"
