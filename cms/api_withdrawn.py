"""JSON of procedures that are public no more: 410 with what happened, and where to read on."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException

from cms import withdrawn
from cms.withdrawn import Withdrawn


class GoneSerializer(serializers.Serializer[Any]):
    """The answer for a procedure that was taken off; ``versions`` lists what it said."""

    detail = serializers.CharField()
    code = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    versions = serializers.CharField()


class Gone(APIException):
    """410: the procedure was public and was taken off, or its page deleted."""

    status_code = status.HTTP_410_GONE

    def __init__(self, what: Withdrawn) -> None:
        self.what = what
        super().__init__(what.sentence, "gone")

    def described(self) -> dict[str, Any]:
        """The body, in the language now active."""
        what = self.what
        answer = {
            "detail": what.sentence,
            "code": what.code,
            "withdrawn_at": what.withdrawn_at,
            "reason": what.reason,
            "versions": reverse("api_procedure_versions", args=[what.code]),
        }
        return dict(GoneSerializer(answer).data)


def refuse(code: str) -> None:
    """Raise Gone when the code, which no live page has, was public once; else do nothing."""
    found = withdrawn.find(code)
    if isinstance(found, Withdrawn):
        raise Gone(found)


def left_of(code: str) -> Withdrawn:
    """What is left of the procedure; Http404 when nothing was ever public under the code."""
    found = withdrawn.find(code)
    if isinstance(found, Withdrawn):
        return found
    raise Http404
