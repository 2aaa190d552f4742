"""JSON for others: all procedures as files, one as linked data, the schema of a record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms import open_data
from cms.linked_data import cpsv_ap
from cms.models import ProcedurePage
from cms.record_schema import record_schema as build_schema

JSON_LD = "application/ld+json"


def _service(code: str) -> dict[str, Any]:
    page = ProcedurePage.objects.live().select_related("field").filter(code=code).first()
    if page is None:
        raise Http404
    return cpsv_ap(page, page.channels_today)


@require_safe
def cpsv_ap_file(request: HttpRequest, code: str) -> HttpResponse:
    """The procedure as CPSV-AP 3 in JSON-LD."""
    text = json.dumps(_service(code), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=JSON_LD)


class CpsvAp(APIView):
    """The procedure as CPSV-AP 3 in JSON-LD."""

    missing = "Không có thủ tục nào đang công bố mang mã này."

    @extend_schema(responses={(200, JSON_LD): OpenApiTypes.OBJECT})
    def get(self, request: Request, code: str) -> Response:
        """A PublicService with its channels, costs, evidence, output, rule and laws."""
        return Response(_service(code), content_type=JSON_LD)


@require_safe
def record_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of ``/api/v1/procedures/<mã>/`` and of each line of procedures.jsonl."""
    return JsonResponse(
        build_schema(),
        json_dumps_params={"ensure_ascii": False},
        content_type="application/schema+json",
    )


class _File(APIView):
    """A streamed file with an entity tag: who has it already gets 304."""

    lines: ClassVar[Callable[[], Iterator[bytes]]]
    media_type: ClassVar[str]
    filename: ClassVar[str]

    def answer(self, request: Request) -> HttpResponse | StreamingHttpResponse:
        """The file, or 304."""
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
    filename = "procedures.jsonl"

    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.STR})
    def get(self, request: Request) -> Any:
        """Each line is what ``/api/v1/procedures/<mã>/`` answers."""
        return self.answer(request)


class ProceduresCsv(_File):
    """Every published procedure, one row a procedure, channel and fee."""

    lines = staticmethod(open_data.csv_lines)
    media_type = "text/csv; charset=utf-8"
    filename = "procedures.csv"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> Any:
        """UTF-8 without BOM, commas, one header line."""
        return self.answer(request)
