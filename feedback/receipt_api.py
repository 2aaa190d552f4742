"""``POST /api/v1/receipts/``: a one-stop system sends receipts and gets one-time codes."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.qr import QUIET, make_code
from feedback import receipt_codes, receipt_slips
from feedback.importing_receipts import KINDS, Answer, code_in, counters_by_code, mint_rows
from feedback.minting import address
from feedback.models import OneStopSystem
from feedback.slips import RECEIPT_PAPERS

#: Receipts of one request.
MOST = 1000
TOO_MANY = f"Mỗi lần gửi nhiều nhất {MOST} giấy; hãy chia ra nhiều lần."


class TooLarge(APIException):
    """413."""

    status_code = 413
    default_detail = TOO_MANY
    default_code = "too_large"


class Unusable(APIException):
    """422: neither a receipt nor a list of them."""

    status_code = 422
    default_detail = "Nội dung phải là một giấy (đối tượng JSON) hoặc một danh sách giấy."
    default_code = "unusable"


class SlipsSerializer(serializers.Serializer[dict[str, Any]]):
    """Where the slip of a code is drawn, for each paper."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """A paper's name is no name in Python."""
        return {paper: serializers.URLField() for paper in RECEIPT_PAPERS}


class ReceiptSerializer(serializers.Serializer[dict[str, Any]]):
    """A receipt, a supplement request, a refusal or a result slip of a one-stop system."""

    counter = serializers.CharField(help_text="Mã quầy tiếp nhận.")
    id = serializers.CharField(
        max_length=100,
        help_text="Số giấy trong hệ thống một cửa. Chỉ giữ dấu HMAC, huỷ cùng khoá của tháng.",
    )
    received = serializers.DateField(help_text="Ngày tiếp nhận, hoặc ngày của giấy.")
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="receipt")
    procedure = serializers.CharField(required=False, help_text="Mã thủ tục; không lưu.")
    due = serializers.DateField(required=False, allow_null=True, help_text="Không lưu.")
    returned = serializers.DateField(
        required=False, allow_null=True, help_text="Ngày trả; bắt buộc với kind=result."
    )


class ReceiptCodeSerializer(serializers.Serializer[dict[str, Any]]):
    """The one-time code of a receipt, or why it got none."""

    id = serializers.CharField()
    state = serializers.ChoiceField(choices=["created", "repeated", "rejected"])
    code = serializers.CharField(required=False)
    url = serializers.URLField(required=False, help_text="Địa chỉ in trong mã QR.")
    svg = serializers.URLField(required=False, help_text="Mã QR dạng SVG.")
    slips = SlipsSerializer(
        required=False, help_text="Phiếu PDF của mã: khổ 80 mm và A5, vẽ từ chính mã, không lưu."
    )
    pdf = serializers.CharField(
        required=False, help_text="Với ?slips= và chỉ một giấy: phiếu PDF, dạng Base64."
    )
    detail = serializers.CharField(required=False, help_text="Vì sao không cấp mã.")


class ReceiptCodesSerializer(serializers.Serializer[dict[str, Any]]):
    """Answers in the order of the receipts."""

    count = serializers.IntegerField()
    created = serializers.IntegerField()
    repeated = serializers.IntegerField()
    rejected = serializers.IntegerField()
    results = ReceiptCodeSerializer(many=True)
    detail = serializers.CharField(required=False, help_text="Vì sao không in được phiếu.")
    pdf = serializers.CharField(
        required=False,
        help_text="Với ?slips=: một PDF gồm phiếu của mọi giấy có mã, theo thứ tự, dạng Base64.",
    )


class TroubleSerializer(serializers.Serializer[dict[str, Any]]):
    """What went wrong."""

    detail = serializers.CharField()


def digest_of(token: str) -> str:
    """What is stored of a one-stop system's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def system_of(request: HttpRequest) -> OneStopSystem:
    """The system whose token the request bears. Raises NotAuthenticated, PermissionDenied."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("Thiếu mã truy cập: Authorization: Bearer <mã>.")
    digest = digest_of(token.strip())
    system = OneStopSystem.objects.filter(token_digest=digest).first()
    if system is None or not hmac.compare_digest(system.token_digest, digest):
        raise NotAuthenticated("Mã truy cập không đúng.")
    if system.revoked_on is not None:
        raise PermissionDenied("Mã truy cập này đã bị thu hồi.")
    today = timezone.localdate()
    if system.last_used_on != today:
        OneStopSystem.objects.filter(pk=system.pk).update(last_used_on=today)
    return system


class Receipts(APIView):
    """Receipts in, one-time codes out."""

    parser_classes = [JSONParser]

    def get_authenticate_header(self, request: Request) -> str:
        """With it a missing token is 401, not 403."""
        return 'Bearer realm="receipts"'

    @extend_schema(
        operation_id="receipts_create",
        description=(
            "Một giấy hoặc danh sách tối đa 1.000 giấy. Gửi lại thì nhận lại đúng mã cũ. Giấy sai "
            "không làm hỏng giấy đúng trong cùng danh sách. Cần Authorization: Bearer. Mỗi mã kèm "
            "địa chỉ phiếu PDF để in (80 mm, A5); với ?slips=80mm hoặc ?slips=A5, câu trả lời có "
            f"thêm một PDF (Base64) gồm phiếu của cả lần gửi, nhiều nhất {receipt_slips.MOST} giấy."
        ),
        parameters=[
            OpenApiParameter(
                "slips",
                enum=list(RECEIPT_PAPERS),
                description="Khổ phiếu muốn nhận ngay trong câu trả lời.",
            )
        ],
        request=PolymorphicProxySerializer(
            component_name="OneReceiptOrMany",
            serializers=[ReceiptSerializer, ReceiptSerializer(many=True)],
            resource_type_field_name=None,
        ),
        responses={
            200: PolymorphicProxySerializer(
                component_name="OneReceiptCodeOrMany",
                serializers=[ReceiptCodeSerializer, ReceiptCodesSerializer],
                resource_type_field_name=None,
            ),
            400: TroubleSerializer,
            401: TroubleSerializer,
            403: TroubleSerializer,
            413: TroubleSerializer,
            422: TroubleSerializer,
        },
        examples=[
            OpenApiExample(
                "receipt",
                value={
                    "counter": "ABC0123",
                    "id": "000.00.01.H26-261123-0001",
                    "received": "2026-11-23",
                    "due": "2026-11-30",
                    "procedure": "1.001193",
                    "kind": "receipt",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Who asks is looked at before what is sent."""
        system_of(request)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        paper = _paper(request)
        sent = request.data
        if isinstance(sent, dict):
            answer = _mint([sent])[0]
            body = _body(answer, request)
            if answer.state == "rejected":
                return Response({"detail": body["detail"], "id": answer.id}, status=422)
            return Response({**body, **_pdf([answer], paper)})
        if not isinstance(sent, list):
            raise Unusable
        if len(sent) > MOST:
            raise TooLarge
        if paper and len(sent) > receipt_slips.MOST:
            raise TooLarge(f"Mỗi lần xin phiếu PDF nhiều nhất {receipt_slips.MOST} giấy.")
        answers = _mint(sent)
        states = [answer.state for answer in answers]
        return Response(
            {
                "count": len(answers),
                **{state: states.count(state) for state in ("created", "repeated", "rejected")},
                "results": [_body(answer, request) for answer in answers],
                **_pdf(answers, paper),
            }
        )


def _mint(rows: list[Any]) -> list[Answer]:
    counters = counters_by_code(code_in(row) for row in rows)
    return mint_rows(list(enumerate(rows, start=1)), counters)


def _paper(request: Request) -> str:
    """The paper asked for with ``?slips=``; "" for none. Raises Unusable."""
    paper = str(request.query_params.get("slips", ""))
    if paper and paper not in RECEIPT_PAPERS:
        raise Unusable(f"slips phải là một trong: {', '.join(RECEIPT_PAPERS)}.")
    return paper


def _pdf(answers: list[Answer], paper: str) -> dict[str, str]:
    """The slips of all that have a code, if they were asked for.

    A name that cannot be printed loses no code: the answer says why there is no PDF.
    """
    if not paper:
        return {}
    try:
        pdf = receipt_slips.batch_pdf([one.code for one in answers if one.code], paper)
    except ValueError as problem:
        return {"pdf": "", "detail": str(problem)}
    return {"pdf": pdf}


def _body(answer: Answer, request: Request) -> dict[str, Any]:
    if answer.state == "rejected":
        return {"id": answer.id, "state": answer.state, "detail": answer.reason}
    return {
        "id": answer.id,
        "state": answer.state,
        "code": answer.code,
        "url": address(answer.code),
        "svg": request.build_absolute_uri(reverse("api_receipt_svg", args=[answer.code])),
        "slips": receipt_slips.addresses(answer.code, request),
    }


@require_safe
def receipt_svg(request: HttpRequest, code: str) -> HttpResponse:
    """The QR of a one-time code, with the code below in groups; whoever has the code may draw it.

    Nothing is looked up: 404 only for what has not the form of a code.
    """
    raw = receipt_codes.read(code)
    if raw is None or receipt_codes.body_of(raw) is None:
        raise Http404
    response = HttpResponse(svg_of(receipt_codes.tidy(code)), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


def svg_of(code: str) -> str:
    """A QR of level Q with its quiet zone, in modules; 32 mm wide when nobody says otherwise."""
    modules = make_code(address(code), level="Q")
    width = modules.size + 2 * QUIET
    path = "".join(
        f"M{QUIET + x} {QUIET + y}h{length}v1h-{length}z" for y, x, length in modules.runs()
    )
    groups = [code[start : start + 13] for start in range(0, len(code), 13)]
    lines = "".join(
        f'<text x="{width / 2:g}" y="{width + 1.5 + 3 * number:g}">{group}</text>'
        for number, group in enumerate(groups)
    )
    height = width + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="32mm" '
        f'height="{32 * height / width:.1f}mm" role="img"><title>{address(code)}</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/><path d="{path}"/>'
        '<g font-family="monospace" font-size="2.6" text-anchor="middle">'
        f"{lines}</g></svg>"
    )
