"""JSON of the search (addresses and names are the contract in docs/search.md)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cms.models import Office
from cms.presentation import asked_office_slug
from search import vietnamese as vn
from search.answers import FactAnswer, answers
from search.cards import cards, picked_office
from search.finder import FILTERS, SORTS, SWITCHES, Answer, Result, find, suggest
from search.models.query_log import JSON
from search.query_log import note
from search.question import QUERY_LIMIT
from search.siblings import Sibling
from search.store import IndexUnavailable
from search.views import filter_names, page_number, switches_of


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
    """Counts for each filter, the other filters being as they are."""

    field = FacetSerializer(many=True)
    level = FacetSerializer(many=True)
    audience = FacetSerializer(many=True)
    channel = FacetSerializer(many=True)
    online = FacetSerializer(many=True)
    free = FacetSerializer(many=True)


class FactSerializer(serializers.Serializer[FactAnswer]):
    """The fact that was asked (fee, time, place, who, papers), of the first result, as of today."""

    fact = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()


class SiblingSerializer(serializers.Serializer[Sibling]):
    """One of the cases that may be meant. ``differs`` is what tells it apart: a short text where
    there is one, else the name; levels and audience only where they do."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    differs = serializers.SerializerMethodField()
    levels = serializers.ListField(child=serializers.CharField())
    audience = serializers.ListField(child=serializers.CharField())

    def get_url(self, sibling: Sibling) -> str:
        """Its page."""
        return reverse("procedure", args=[sibling.code])

    def get_differs(self, sibling: Sibling) -> str:
        """Short, or the whole name."""
        return sibling.short or sibling.name


class AnswerSerializer(serializers.Serializer[dict[str, Any]]):
    """An answer: ten results a page. ``near`` holds guesses when nothing matches; ``siblings``
    the cases to choose from when the question does not decide."""

    query = serializers.CharField()
    understood = serializers.CharField()
    corrected = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()
    results = ResultSerializer(many=True)
    near = ResultSerializer(many=True)
    answer = FactSerializer(allow_null=True)
    siblings = SiblingSerializer(many=True)
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
            OpenApiParameter("online", str, enum=["1"], description="Chỉ việc nộp trực tuyến."),
            OpenApiParameter("free", str, enum=["1"], description="Chỉ việc miễn phí."),
            OpenApiParameter("sort", str, enum=list(SORTS), description="Mặc định: hợp nhất."),
            OpenApiParameter("office", str, description="Nơi nộp (slug): cấp của nơi ấy trước."),
            OpenApiParameter("exact", str, enum=["1"], description="Không sửa lỗi gõ."),
        ],
        responses={200: AnswerSerializer, 503: _NO_INDEX},
    )
    def get(self, request: Request) -> Response:
        """One page of the answer."""
        params = request.query_params
        text = vn.clean(params.get("q", ""), QUERY_LIMIT)
        office = picked_office(asked_office_slug(request))
        try:
            answer = find(
                text,
                filters=params,
                page=page_number(params.get("page")),
                exact="exact" in params,
                sort=params.get("sort", ""),
                office=office,
            )
            names = filter_names() if answer.facets else {}
        except IndexUnavailable:
            return _no_index()
        data = AnswerSerializer(
            {
                "query": text,
                "understood": answer.understood,
                "corrected": answer.corrected,
                "total": answer.total,
                "results": answer.results,
                "near": answer.near,
                "answer": _fact(answer, office),
                "siblings": answer.siblings,
                "facets": _facets(answer, names),
            }
        ).data
        note(request, answer, JSON)
        response = Response(data)
        patch_vary_headers(response, ["Cookie"])
        return response


def _fact(answer: Answer, office: Office | None) -> FactAnswer | None:
    """The first fact that was asked, in Vietnamese like all of the JSON."""
    asked = answer.asked[:1]
    if not (asked and answer.results and answer.page == 1 and not answer.sort):
        return None
    with translation.override("vi"):
        return next(iter(answers(asked, cards(answer.results[:1], office)[0], office)), None)


def _facets(answer: Answer, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    found = {
        name: [
            {"value": key, "label": names[name].get(key, key), "count": count}
            for key, count in answer.facets.get(name, ())
        ]
        for name in FILTERS
    }
    switches = {option.key: option for option in switches_of(answer)}
    for name in SWITCHES:
        option = switches.get(name)
        count = option.count if option else None
        found[name] = (
            [{"value": "1", "label": option.name, "count": count}] if option and count else []
        )
    return found


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
        response["Cache-Control"] = "public, max-age=1"  # a new word shows within two seconds
        return response
