"""Where a request comes from, as coarsely as limits need it: never stored or logged raw."""

from __future__ import annotations

import hmac
import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Prefix lengths that stand for "one network": an office, a household, a carrier's gateway.
PREFIX_BITS = {4: 24, 6: 48}


def _parse(text: str) -> Address | None:
    """An address as proxies write it, with or without port and brackets."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _is_trusted(address: Address) -> bool:
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    return any(address.version == net.version and address in net for net in networks)


@lru_cache(maxsize=8)
def _networks(listed: tuple[str, ...]) -> tuple[Network, ...]:
    """The proxies' networks, read once."""
    return tuple(ipaddress.ip_network(item, strict=False) for item in listed)


def client_address(request: HttpRequest) -> Address | None:
    """The right-most address that no trusted proxy vouches for as its own; None when unknown.

    ``X-Forwarded-For`` counts only when the peer is in TRUSTED_PROXIES, and is read from the
    right, because everything left of the first untrusted hop can be made up by the sender.
    """
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    if address is None or not _is_trusted(address):
        return address
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    for hop in reversed(hops):
        forwarded = _parse(hop)
        if forwarded is None:  # damaged: the last hop that is certain stays the answer
            return address
        address = forwarded
        if not _is_trusted(address):
            return address
    return address


def network_of(address: Address) -> Network:
    """The /24 (IPv4) or /48 (IPv6) an address lies in."""
    return ipaddress.ip_network(f"{address}/{PREFIX_BITS[address.version]}", strict=False)


def network_mark(request: HttpRequest, *, salt: bytes) -> str:
    """32 hex digits that stand for the sender's network under a salt that is soon destroyed."""
    address = client_address(request)
    text = _written(address) if address else "unknown"
    return hmac.digest(salt, b"network:" + text.encode(), "sha256").hex()[:32]


def _written(address: Address) -> str:
    """``str(network_of(address))``; of the short kind without making the network first."""
    if address.version == 6:
        return str(network_of(address))
    one, two, three, _ = address.packed
    return f"{one}.{two}.{three}.0/{PREFIX_BITS[4]}"
