"""Between the request and Wagtail's views: refusals in words, and doors that check only models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.auth import permission_denied
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from cms.publishing import SENTENCES, PublishingRefused, own_reasons
from cms.scopes import scope_of

ADMIN = "/admin/"
#: What writes to every field at once is for those whose rights reach everywhere.
WHOLE_SITE = {"import_procedures", "office_import", "office_import_confirm", "swap_days"}
#: Addresses that name a page: Wagtail's page views, and the reading side of the admin's own API.
PAGES = {"wagtailadmin_pages", "pages"}


class PublishingMiddleware:
    """Keeps reasons apart by request, words refusals, and holds scopes at every address.

    Wagtail's snippet views ask whether a person may change *any* counter, and its page views for
    reading (history, comparison, usage) ask nothing of the page; both are asked here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ADMIN):
            return self.get_response(request)
        with own_reasons():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse an address that names a page or a thing outside the person's scope."""
        user = getattr(request, "user", None)
        if not request.path.startswith(ADMIN) or user is None or not user.is_authenticated:
            return None
        if scope_of(user).everything:
            return None
        if self._named(request, args, kwargs):
            return None
        return permission_denied(request)

    @staticmethod
    def _named(request: HttpRequest, args: Any, kwargs: dict[str, Any]) -> bool:
        """Whether everything the address names is within the scope."""
        match = request.resolver_match
        namespaces = match.namespaces if match else []
        scope = scope_of(request.user)
        if WHOLE_SITE.intersection([*namespaces, match.url_name or ""] if match else ()):
            return False
        if PAGES.intersection(namespaces) and (pk := _page_pk(args, kwargs)):
            page = Page.objects.filter(pk=pk).first()
            return page is None or _is_folder(page) or scope.allows(page)
        if "wagtaildocs" in namespaces and (pk := kwargs.get("document_id", kwargs.get("doc_id"))):
            document = get_document_model().objects.filter(pk=pk).first()
            return document is None or scope.allows_file(document)
        if "pk" in kwargs:
            for model in get_snippet_models():
                views = model.snippet_viewset
                if views.get_admin_url_namespace() in namespaces:
                    one = _one(model, kwargs["pk"])
                    policy = views.permission_policy
                    return one is None or policy.user_has_any_permission_for_instance(
                        request.user, ["view", "change"], one
                    )
        return True

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refused publication: the draft is saved; say what is missing and lead there."""
        if not isinstance(error, PublishingRefused):
            return None
        said = {key: lack or SENTENCES.get(key, key) for key, lack in error.missing.items()}
        if request.path.startswith(f"{ADMIN}api/"):
            return JsonResponse({"detail": "incomplete", "missing": said}, status=422)
        url = reverse("wagtailadmin_pages:edit", args=[error.page_id])
        messages.error(
            request,
            format_html(
                "Chưa đăng “{}”; bản nháp đã lưu. {} {}",
                error.title,
                format_html_join(" ", "{}", ((text,) for text in said.values())),
                error.way_out,
            ),
        )
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            # Wagtail's dialog of a review step goes where its answer says.
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)


def _is_folder(page: Page) -> bool:
    """Folders decide for themselves what may be added below them."""
    return page.specific_class._meta.model_name not in {"procedurepage", "office"}


def _page_pk(args: Any, kwargs: dict[str, Any]) -> Any:
    """The page an address names, however its pattern calls it."""
    for name in ("page_id", "page_to_move_id", "pk"):
        if name in kwargs:
            return kwargs[name]
    return args[0] if args else None


def _one(model: Any, pk: Any) -> Any:
    """The row, None when there is none or the key is none of its kind."""
    try:
        return model._default_manager.filter(pk=model._meta.pk.to_python(unquote(str(pk)))).first()
    except ValidationError:
        return None
