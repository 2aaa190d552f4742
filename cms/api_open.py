"""JSON for others: all procedures as files, one as linked data, the schema of a record."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, ClassVar, cast

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms import api_withdrawn, open_data, open_files
from cms.linked_data import cpsv_ap
from cms.models import ProcedurePage
from cms.record_schema import record_schema as build_schema

_GZIP = re.compile(r"\bgzip\b")
JSON_LD = "application/ld+json"
JSON_SCHEMA = "application/schema+json"


class OneForm(BaseContentNegotiation):
    """For an address that has one form of data: who asks for that form by its own name
    (``Accept: text/csv``) gets it, and so does everybody else."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Nothing is read here."""
        return next(iter(parsers), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Whatever is asked for; the view names the media type itself."""
        return renderers[0], renderers[0].media_type


def _service(code: str) -> dict[str, Any]:
    page = ProcedurePage.objects.live().select_related("field").filter(code=code).first()
    if page is None:
        api_withdrawn.refuse(code)
        raise Http404
    return cpsv_ap(page, page.channels_today)


@require_safe
def cpsv_ap_file(request: HttpRequest, code: str) -> HttpResponse:
    """The procedure as CPSV-AP 3 in JSON-LD."""
    try:
        service = _service(code)
    except api_withdrawn.Gone as gone:
        return JsonResponse(gone.described(), status=gone.status_code)
    text = json.dumps(service, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=JSON_LD)


class CpsvAp(APIView):
    """The procedure as CPSV-AP 3 in JSON-LD."""

    content_negotiation_class = OneForm
    missing = gettext_lazy("Không có thủ tục nào đang công bố mang mã này.")

    @extend_schema(responses={(200, JSON_LD): OpenApiTypes.OBJECT})
    def get(self, request: Request, code: str) -> Response:
        """A PublicService with its channels, costs, evidence, output, rule and laws."""
        return Response(_service(code), content_type=JSON_LD)


class RecordSchema(APIView):
    """The JSON Schema of ``/api/v1/procedures/<mã>/`` and of each line of procedures.jsonl."""

    content_negotiation_class = OneForm

    @extend_schema(responses={(200, JSON_SCHEMA): OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Draft 2020-12."""
        return Response(build_schema(), content_type=JSON_SCHEMA)


class _File(APIView):
    """A file with an entity tag: who has it already gets 304."""

    content_negotiation_class = OneForm
    lines: ClassVar[Callable[[], Iterator[bytes]]]
    media_type: ClassVar[str]
    filename: ClassVar[str]

    def answer(self, request: Request) -> HttpResponseBase:
        """The file the worker keeps, or what would be in it, or 304."""
        # As the site's other answers decide (GZipMiddleware).
        packed = _GZIP.search(request.headers.get("Accept-Encoding", "")) is not None
        file = open_files.opened(f"{self.filename}.gz") if packed else None
        found = file or open_files.opened(self.filename)
        if found is None:
            return self._streamed(request)
        return self._from_disk(request, found, packed=file is not None)

    def _from_disk(self, request: Request, file: IO[bytes], *, packed: bool) -> HttpResponseBase:
        told = os.fstat(file.fileno())
        headers = {
            "ETag": f'"{told.st_mtime_ns:x}-{told.st_size:x}{"-gz" if packed else ""}"',
            "Last-Modified": http_date(told.st_mtime),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
            "Content-Length": str(told.st_size),
            "Content-Disposition": f'inline; filename="{self.filename}"',
        }
        if packed:
            headers["Content-Encoding"] = "gzip"
        response: HttpResponseBase
        if request.method == "HEAD":
            file.close()
            response = HttpResponse(content_type=self.media_type, headers=headers)
        else:
            response = FileResponse(
                file, filename=self.filename, content_type=self.media_type, headers=headers
            )
        answer = get_conditional_response(
            request,
            etag=headers["ETag"],
            last_modified=int(told.st_mtime),
            response=cast(HttpResponse, response),
        )
        if answer is not response:
            response.close()
        return cast(HttpResponseBase, answer)

    def _streamed(self, request: Request) -> HttpResponseBase:
        """Until the worker has made the file for the first time."""
        tag, changed = open_data.state()
        # Weak: gzip on the way changes the bytes, not what they say.
        tag = f'W/"{tag}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if changed:
            headers["Last-Modified"] = http_date(changed.timestamp())
        known = [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]
        if tag in known or "*" in known:
            return HttpResponse(status=304, headers=headers)
        headers["Content-Disposition"] = f'inline; filename="{self.filename}"'
        return StreamingHttpResponse(
            type(self).lines(), content_type=self.media_type, headers=headers
        )


class ProceduresJsonLines(_File):
    """Every published procedure, one record a line."""

    lines = staticmethod(open_data.json_lines)
    media_type = "application/x-ndjson; charset=utf-8"
    filename = open_files.JSON_LINES

    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.STR})
    def get(self, request: Request) -> Any:
        """Each line is what ``/api/v1/procedures/<mã>/`` answers."""
        return self.answer(request)


class ProceduresCsv(_File):
    """Every published procedure, one row a procedure, channel and fee."""

    lines = staticmethod(open_data.csv_lines)
    media_type = "text/csv; charset=utf-8"
    filename = open_files.CSV

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> Any:
        """UTF-8 without BOM, commas, one header line."""
        return self.answer(request)
