"""JSON of the search (addresses and names are the contract in docs/search.md)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from search import vietnamese as vn
from search.finder import Result, find, suggest
from search.question import QUERY_LIMIT
from search.store import IndexUnavailable
from search.views import filter_names, page_number


class ResultSerializer(serializers.Serializer[Result]):
    """A procedure that was found. ``highlight`` is the name as HTML with ``<mark>``."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    field = serializers.CharField()
    levels = serializers.ListField(child=serializers.CharField())
    processing_time = serializers.CharField(source="time")
    fee = serializers.CharField()
    highlight = serializers.CharField()
    standing = serializers.SerializerMethodField()

    def get_standing(self, result: Result) -> str:
        """ "Đã bãi bỏ từ 01/02/2026"; "" for a procedure that is simply in use."""
        return result.standing.text if result.standing else ""


class FacetSerializer(serializers.Serializer[dict[str, Any]]):
    """How many of all results have a value; ``value`` is what the filter's parameter takes."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[dict[str, Any]]):
    """Counts for each filter."""

    field = FacetSerializer(many=True)
    level = FacetSerializer(many=True)
    audience = FacetSerializer(many=True)
    channel = FacetSerializer(many=True)


class AnswerSerializer(serializers.Serializer[dict[str, Any]]):
    """An answer: ten results a page. ``near`` holds guesses when nothing matches."""

    query = serializers.CharField()
    understood = serializers.CharField()
    corrected = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    results = ResultSerializer(many=True)
    near = ResultSerializer(many=True)
    facets = FacetsSerializer()


class SuggestionSerializer(serializers.Serializer[Any]):
    """A name that fits what has been typed."""

    text = serializers.CharField()
    code = serializers.CharField()
    url = serializers.CharField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    """At most 8 suggestions."""

    suggestions = SuggestionSerializer(many=True)


class SearchProblemSerializer(serializers.Serializer[Any]):
    """What went wrong, in a sentence."""

    detail = serializers.CharField()


def _no_index() -> Response:
    detail = "Đang lập chỉ mục tìm kiếm, mời thử lại sau ít phút."
    return Response({"detail": detail}, status=503, headers={"Retry-After": "60"})


_Q = OpenApiParameter("q", str, description="Câu hỏi, có dấu hay không; tối đa 200 ký tự.")
_NO_INDEX = OpenApiResponse(SearchProblemSerializer, description="Đang lập chỉ mục.")


class SearchView(APIView):
    """Find procedures by what people call them."""

    @extend_schema(
        parameters=[
            _Q,
            OpenApiParameter("page", int),
            OpenApiParameter("field", str, description="Đường dẫn của lĩnh vực."),
            OpenApiParameter("level", str),
            OpenApiParameter("audience", str),
            OpenApiParameter("channel", str),
        ],
        responses={200: AnswerSerializer, 503: _NO_INDEX},
    )
    def get(self, request: Request) -> Response:
        """One page of the answer."""
        text = vn.clean(request.query_params.get("q", ""), QUERY_LIMIT)
        number = page_number(request.query_params.get("page"))
        try:
            answer = find(text, filters=request.query_params, page=number)
            names = filter_names() if answer.facets else {}
        except IndexUnavailable:
            return _no_index()
        facets = {
            name: [
                {"value": key, "label": names[name].get(key, key), "count": count}
                for key, count in answer.facets.get(name, ())
            ]
            for name in ("field", "level", "audience", "channel")
        }
        data = AnswerSerializer(
            {
                "query": text,
                "understood": answer.understood,
                "corrected": answer.corrected,
                "total": answer.total,
                "results": answer.results,
                "near": answer.near,
                "facets": facets,
            }
        ).data
        return Response(data)


class SuggestView(APIView):
    """Complete what is being typed into the search box."""

    @extend_schema(parameters=[_Q], responses={200: SuggestionsSerializer, 503: _NO_INDEX})
    def get(self, request: Request) -> Response:
        """Names that fit, from the second character on."""
        text = vn.clean(request.query_params.get("q", ""), QUERY_LIMIT)
        try:
            found = suggest(text)
        except IndexUnavailable:
            return _no_index()
        response = Response(SuggestionsSerializer({"suggestions": found}).data)
        response["Cache-Control"] = "public, max-age=60"
        return response
