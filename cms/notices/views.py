"""The public notice of one procedure: ``/thu-tuc/<mã>/niem-yet.pdf?office=&size=A4|A3``."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms import withdrawn
from cms.caching import midnight
from cms.models import Office
from cms.notices.content import Notice
from cms.notices.sheet import write_notice
from cms.notices.styles import FORMATS
from cms.notices.writing import notice_of
from cms.views import _find_procedure, _not_found

#: Seconds a browser or a proxy may keep a notice without asking; after that the ETag spares both
#: sides everything but the question. Short, because an officer who left must not stay on it.
MAX_AGE = 60
#: Part of the ETag: changes when the layout does.
LAYOUT = "1"


def keep_seconds(now: datetime) -> int:
    """How long a copy made ``now`` may be shown without asking: never past midnight in Hanoi,
    when fees, duties and the date of printing change."""
    return min(MAX_AGE, int((midnight(now) - now).total_seconds()))


def notice_etag(notice: Notice, size: str) -> str:
    """Names exactly what would be printed today on that paper."""
    words = f"{LAYOUT} {size} {notice.digest} {notice.printed_on}"
    return f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'


@require_safe
def procedure_notice(request: HttpRequest, code: str) -> HttpResponseBase:
    """The PDF, for the office of the address or for none; a wrong size or office is a 404 page."""
    page = _find_procedure(code)
    if page is None:
        return withdrawn.answer(request, code)
    size = request.GET.get("size", "A4").upper()
    if size not in FORMATS:
        return _not_found(request, _("Tờ niêm yết chỉ có khổ A4 và A3."))
    slug = request.GET.get("office", "").strip()
    office = None
    if slug:
        office = Office.objects.live().filter(slug=slug).prefetch_related("hours").first()
        if office is None:
            return _not_found(request, _("Không có cơ quan này."))
    now = timezone.now()
    notice = notice_of(page, office=office, today=timezone.localdate(now))
    etag = notice_etag(notice, size)
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", "").replace("W/", ""):
        response = HttpResponseNotModified()
    else:
        file = io.BytesIO()
        write_notice(notice, file, size=size)
        file.seek(0)
        name = "-".join(["niem-yet", page.code, *([office.slug] if office else []), size])
        response = FileResponse(file, filename=f"{name}.pdf", content_type="application/pdf")
    response["ETag"] = etag
    # Thousands of files made on demand are nothing for a search engine: the page itself is.
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, max_age=keep_seconds(now))
    return response
