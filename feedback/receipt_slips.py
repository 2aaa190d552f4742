"""Slips that go with receipts, as PDF: drawn from the code that the asker holds, never stored.

A code says its kind, counter and day itself, so nothing that could join a dossier to a rating is
kept for printing (rating.md §1): who has lost the code cannot get it back from here, but by sending
the receipt again.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.models import Counter
from feedback import receipt_codes
from feedback.answers_pages import unknown_wait
from feedback.models.ratings import Channel
from feedback.printing.slips import Slip, receipt_slip, write_slips
from feedback.slips import RECEIPT_PAPERS, receipt_pdf
from feedback.ways import Refusal, resolve

#: Slips in the PDF of one answer; a page takes some milliseconds.
MOST = 200


def addresses(code: str, request: HttpRequest) -> dict[str, str]:
    """Paper (``80mm``, ``A5``) → where the slip of a one-time code is drawn."""
    return {
        paper: request.build_absolute_uri(reverse("api_receipt_slip", args=[code, paper]))
        for paper in RECEIPT_PAPERS
    }


def batch_pdf(codes: Sequence[str], paper: str) -> str:
    """One PDF of the slips of these codes in their order, as Base64; "" without codes.

    ``paper`` is a key of feedback.slips.RECEIPT_PAPERS; the codes were sealed by us. Raises
    ValueError for names that cannot be printed.
    """
    if not codes:
        return ""
    file = io.BytesIO()
    write_slips(_slips(codes), file, paper=RECEIPT_PAPERS[paper])
    return base64.b64encode(file.getvalue()).decode("ascii")


def _slips(codes: Sequence[str]) -> Iterator[Slip]:
    pairs = [(code, _body(code)) for code in codes]
    wanted = {body.counter for _, body in pairs}
    counters = Counter.objects.select_related("office").in_bulk(list(wanted))
    for code, body in pairs:
        yield receipt_slip(code, counter=counters[body.counter], day=body.day, kind=body.kind)


def _body(code: str) -> receipt_codes.Body:
    raw = receipt_codes.read(code)
    body = receipt_codes.body_of(raw) if raw is not None else None
    if body is None:
        raise ValueError("not a one-time code")
    return body


@never_cache
@require_safe
def receipt_slip_pdf(request: HttpRequest, code: str, paper: str) -> HttpResponse:
    """``/api/v1/receipts/<code>/<paper>.pdf``: whoever has the code may print its slip.

    404 for a code that was never ours or a paper we do not print (429 after many), 410 for one
    whose keys are destroyed. Whether it was used is not told.
    """
    way = resolve(code, even_spent=True) if paper in RECEIPT_PAPERS else Refusal("unknown")
    if isinstance(way, Refusal) and way.kind == "expired":
        return _plain("Mã này đã hết hạn dùng.", 410)
    if isinstance(way, Refusal) or way.channel != Channel.RECEIPT:
        if wait := unknown_wait(request):
            response = _plain("Quá nhiều mã không đúng; hãy đợi.", 429)
            response["Retry-After"] = str(wait)
            return response
        return _plain("Không có mã này, hoặc không in được khổ giấy này.", 404)
    body = _body(way.code)
    try:
        data = receipt_pdf(way.code, counter=way.counter, day=body.day, kind=body.kind, paper=paper)
    except ValueError as problem:
        return _plain(str(problem), 422)
    response = HttpResponse(data, content_type="application/pdf")
    # No code in the name: it would stay in the folder of downloads.
    response["Content-Disposition"] = f'inline; filename="phieu-{paper}.pdf"'
    return response


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
