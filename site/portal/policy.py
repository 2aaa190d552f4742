"""The content policy, where there is content."""

from __future__ import annotations

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's, but for redirects: what nobody renders needs no policy.

    Putting the header together costs a tenth of taking a rating in, which ends in a redirect.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The response with its policy, a redirect as it is."""
        if 300 <= response.status_code < 400:
            return response
        return super().process_response(request, response)
