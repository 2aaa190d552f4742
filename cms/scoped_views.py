"""Snippet views that hold a person's scope: lists, forms and choosers show her offices only."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.snippets.views import chooser, snippets

from cms.scopes import ScopedPolicy, limit_choices, scope_of


class _OwnObject:
    """A thing outside the scope is not opened, whatever the view does with it."""

    def get_object(self, queryset: QuerySet | None = None) -> Any:
        found = super().get_object(queryset)  # type: ignore[misc]
        policy = self.permission_policy  # type: ignore[attr-defined]
        actions = ["view", "add", "change", "delete"]
        if not policy.user_has_any_permission_for_instance(self.request.user, actions, found):  # type: ignore[attr-defined]
            raise PermissionDenied
        return found


class _OwnChoices:
    """A form that offers, and accepts, only what is hers."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        limit_choices(form, self.request.user)  # type: ignore[attr-defined]
        return form


class ScopedIndexView(snippets.IndexView):
    """The list, narrowed to the scope."""

    def get_base_queryset(self) -> QuerySet:
        """Rows of the person's offices."""
        return scope_of(self.request.user).limit(super().get_base_queryset())


class ScopedCreateView(_OwnChoices, snippets.CreateView):
    """Adding."""


class ScopedCopyView(_OwnChoices, snippets.CopyView):
    """Copying."""


class ScopedEditView(_OwnObject, _OwnChoices, snippets.EditView):
    """Changing."""


class ScopedDeleteView(_OwnObject, snippets.DeleteView):
    """Deleting; what others rest on (a counter with ratings or a printed code) stays."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete, or tell why not and go back to the form."""
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                f"Không xoá được “{self.object}”: đã có đánh giá, mã in hoặc dữ liệu khác gắn với "
                "mục này. Nếu không dùng nữa, hãy cho mục này ngừng hoạt động.",
            )
            return redirect(self.index_url_name)


class _OwnList:
    def get_object_list(self) -> QuerySet:
        return scope_of(self.request.user).limit(super().get_object_list())  # type: ignore[misc, attr-defined]


class ScopedChooseView(_OwnList, chooser.ChooseView):
    """The dialog that chooses one."""


class ScopedChooseResultsView(_OwnList, chooser.ChooseResultsView):
    """Its pages of results."""


class NoCreateView(chooser.SnippetChooserViewSet.create_view_class):
    """Things are made in their own form, not in the dialog; Wagtail's view fails without one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """There is no such page."""
        raise Http404


class ScopedChooserViewSet(chooser.SnippetChooserViewSet):
    """A chooser that offers what is hers."""

    choose_view_class = ScopedChooseView
    choose_results_view_class = ScopedChooseResultsView
    create_view_class = NoCreateView


class ScopedSnippets:
    """Mixin for a SnippetViewSet of things that belong to an office (before SnippetViewSet)."""

    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    copy_view_class = ScopedCopyView
    edit_view_class = ScopedEditView
    delete_view_class = ScopedDeleteView
    chooser_viewset_class = ScopedChooserViewSet
    model: Any

    @property
    def permission_policy(self) -> ScopedPolicy:
        """The groups' permissions within the scope."""
        return ScopedPolicy(self.model)
