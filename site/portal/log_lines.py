"""Log lines without what opens a form or a page: codes, tokens and keys (rating.md §1).

Django names the address of a page that failed, and an error's text may quote what was sent. A line
with a one-time code and a moment would join a receipt to an answer, so every line is cleaned when
it is written, tracebacks included.
"""

from __future__ import annotations

import logging
import re

GONE = "[…]"
#: Addresses whose next part is a code: forms, comments, pairing, the QR and slips of receipts.
_IN_PATHS = re.compile(
    r"(/(?:r|gop-y|ghep-thiet-bi|receipts)/)(?!cam-on\b)[^/\s?#'\"<>]+", re.IGNORECASE
)
#: Values of the thank-you page's address, and of a form's fields.
_IN_QUERIES = re.compile(r"([?&\s'\"{](?:t|token|code|contact)=)[^&\s'\"#]+", re.IGNORECASE)
_BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)
#: Signed values of Django: base64 (or hexadecimal), a moment, a signature of 43 characters.
_SIGNED = re.compile(r"[A-Za-z0-9_.-]*:?[A-Za-z0-9]{1,8}:[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
#: A one-time code and a screen's code, wherever they stand, also typed in groups of 13.
_CODES = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-7][0-9A-HJKMNP-TV-Z]{25}|D[0-9A-HJKMNP-TV-Z]{12})(?![0-9A-Za-z])",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text with codes, tokens and signed values taken out; line ends stay."""
    for pattern in (_IN_PATHS, _IN_QUERIES, _BEARER):
        text = pattern.sub(rf"\1{GONE}", text)
    for pattern in (_SIGNED, _CODES):
        text = pattern.sub(GONE, text)
    return text


class Redacting(logging.Formatter):
    """A formatter whose every line is cleaned, with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return redact(super().format(record))
