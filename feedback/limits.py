"""Rates above which the form says "too many": per counter, and for unknown codes per network.

Nothing here ever blocks a known counter because of who asks: offices share addresses (rating.md
§1). The counts live in the cache only; where processes share no cache, each counts for itself.
"""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

#: Submissions to one counter a minute; a busy counter serves about one citizen in two minutes.
PER_COUNTER_MINUTE = 600
#: Unknown codes from one network a minute.
UNKNOWN_PER_NETWORK_MINUTE = 30
#: Reports about pages from one network a minute; an office full of people shares one.
REPORTS_PER_NETWORK_MINUTE = 20
#: Sendings of one kiosk a minute, each of at most 20 ratings: an hour offline is sent in a few.
PER_KIOSK_MINUTE = 30

_WINDOW = 60


def _hit(name: str, limit: int) -> int:
    """Count one event; 0 while at most ``limit`` fell in this minute, else seconds to wait."""
    now = time.time()
    window, passed = divmod(int(now), _WINDOW)
    key = f"limit:{name}:{window}"
    try:
        try:
            count = cache.incr(key)
        except ValueError:  # the first of this minute
            cache.add(key, 0, timeout=2 * _WINDOW)
            count = cache.incr(key)
    except ValueError:  # thrown out between the two calls
        return 0
    except Exception as error:
        # A rating is worth more than a limit: with the cache down the form still answers.
        logger.warning("rate limits are off, the cache does not answer: %s", type(error).__name__)
        return 0
    return _WINDOW - passed if count > limit else 0


def submission_wait(code: str) -> int:
    """Seconds the sender must wait before a submission to this counter; 0 when it may pass."""
    limit = getattr(settings, "RATINGS_PER_COUNTER_MINUTE", PER_COUNTER_MINUTE)
    return _hit(f"rate:{code}", limit)


def unknown_code_wait(network_mark: str) -> int:
    """Seconds a network must wait before it may try another unknown code; 0 when it may."""
    limit = getattr(settings, "UNKNOWN_CODES_PER_NETWORK_MINUTE", UNKNOWN_PER_NETWORK_MINUTE)
    return _hit(f"unknown:{network_mark}", limit)


def report_wait(network_mark: str) -> int:
    """Seconds a network must wait before it may report on another page; 0 when it may."""
    return _hit(f"report:{network_mark}", REPORTS_PER_NETWORK_MINUTE)


def kiosk_wait(device: int) -> int:
    """Seconds a paired kiosk must wait before its next sending; 0 when it may send."""
    return _hit(f"kiosk:{device}", PER_KIOSK_MINUTE)
