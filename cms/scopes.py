"""Rights by field and by office: what a person's scope lets her touch.

The models' groups say what may be done; :class:`EditorScope` says where. Every admin page of the
site goes through one of three doors, and all three ask here: pages through
:class:`ScopedPermissions` (Wagtail asks ``permissions_for_user`` before anything it does),
snippets through :class:`ScopedPolicy`, forms through :func:`limit_choices`. The middleware in
cms/publishing_guard.py closes what these leave open: views that only check the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from wagtail.models import PagePermissionTester
from wagtail.permission_policies import ModelPermissionPolicy

#: How each kind of thing reaches its office, as a lookup path.
OFFICE_PATHS = ("office", "counter__office", "officer__office")


@dataclass(frozen=True)
class Scope:
    """Ids of fields and offices; ``everything`` when nothing narrows the groups' rights."""

    fields: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()

    @property
    def everything(self) -> bool:
        """A scope that names nothing narrows nothing."""
        return not (self.fields or self.offices)

    def allows(self, obj: Any) -> bool:
        """Whether a page (base or specific) or a thing of an office is within the scope.

        Folders are: what may be added below them is decided there. What belongs to no field and
        to no office is not.
        """
        if self.everything:
            return True
        obj = getattr(obj, "specific", obj)
        if (field_id := _field_id(obj)) is not None:
            return field_id in self.fields
        if of_a_procedure(type(obj)):
            return _field_id(obj.page) in self.fields
        offices = office_ids(obj)
        # An assignment names a counter and an officer: both have to be hers.
        return bool(offices) and offices <= self.offices

    def allows_file(self, document: Any) -> bool:
        """Whether everything that offers the file is within the scope; a file nothing offers is
        anybody's."""
        from wagtail.models import ReferenceIndex

        if self.everything:
            return True
        users = ReferenceIndex.get_references_to(document).values_list(
            "base_content_type", "object_id"
        )
        pages = [pk for kind, pk in users if kind == _page_type()]
        return all(self.allows(one) for one in _model("ProcedurePage").objects.filter(pk__in=pages))

    def limit_pages(self, pages: QuerySet) -> QuerySet:
        """Only procedures and offices within the scope; other pages (folders) stay."""
        if self.everything:
            return pages
        procedures = _model("ProcedurePage").objects.exclude(field_id__in=self.fields)
        offices = _model("Office").objects.exclude(pk__in=self.offices)
        return pages.exclude(pk__in=procedures.values("pk")).exclude(pk__in=offices.values("pk"))

    def limit(self, rows: QuerySet) -> QuerySet:
        """Only rows of the scope's offices and fields; rows that belong to neither stay."""
        if self.everything:
            return rows
        if rows.model is _model("Office"):
            return rows.filter(pk__in=self.offices)
        if rows.model is _model("Field"):
            return rows.filter(pk__in=self.fields) if self.fields else rows
        if of_a_procedure(rows.model):
            return rows.filter(page__field__in=self.fields)
        path = office_path(rows.model)
        if path is None:
            return rows
        return rows.filter(Q(**{f"{path}__in": self.offices}))


def _page_type() -> int:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page

    return int(ContentType.objects.get_for_model(Page).pk)


def _model(name: str) -> Any:
    return apps.get_model("cms", name)


def _field_id(obj: Any) -> int | None:
    """The field of a procedure; None for anything else."""
    return obj.field_id if isinstance(obj, _model("ProcedurePage")) else None


def of_a_procedure(model: Any) -> bool:
    """Whether the model hangs on a procedure by its field ``page`` (a citizen's report, say)."""
    links = (one for one in model._meta.get_fields() if one.concrete and one.name == "page")
    return any(one.related_model is _model("ProcedurePage") for one in links)


def office_path(model: Any) -> str | None:
    """The lookup path from a model to its office, None when it has none."""
    for path in OFFICE_PATHS:
        first = path.split("__")[0]
        if any(one.name == first for one in model._meta.get_fields() if one.concrete):
            return path
    return None


def office_ids(obj: Any) -> set[int]:
    """The offices an office page or a thing of an office belongs to; empty when to none."""
    if isinstance(obj, _model("Office")):
        return {obj.pk} if obj.pk else set()
    found = set()
    for path in OFFICE_PATHS:
        one = obj
        for name in path.split("__")[:-1]:
            one = getattr(one, name, None)
        office_id = getattr(one, "office_id", None)
        if office_id:
            found.add(office_id)
    return found


def scope_of(user: Any) -> Scope:
    """The person's scope; kept on the user object, which lives for one request."""
    if not user.is_active or user.is_superuser or not user.pk:
        return Scope()
    kept = getattr(user, "_editor_scope_values", None)
    if kept is None:
        row = _model("EditorScope").objects.filter(user=user).first()
        kept = Scope()
        if row:
            kept = Scope(
                frozenset(row.fields.values_list("pk", flat=True)),
                frozenset(row.offices.values_list("pk", flat=True)),
            )
        user._editor_scope_values = kept
    return kept


class ScopedPermissions(PagePermissionTester):
    """Wagtail's tester of page rights, within the scope. Outside of it nothing is allowed."""

    #: A copy would carry the code of another procedure, which is taken.
    copies = True

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        scope = scope_of(user)
        self.outside = not scope.allows(page)
        if self.outside:
            self.permissions: set[str] = set()

    def can_edit(self) -> bool:
        """Neither a right of a group nor a task of a workflow reaches outside the scope."""
        return not self.outside and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Not outside the scope."""
        return not self.outside and super().can_delete(ignore_bulk)

    def can_submit_for_moderation(self) -> bool:
        """Not outside the scope."""
        return not self.outside and super().can_submit_for_moderation()

    def can_lock(self) -> bool:
        """Not outside the scope."""
        return not self.outside and super().can_lock()

    def can_unlock(self) -> bool:
        """Not outside the scope, even one's own old lock."""
        return not self.outside and super().can_unlock()

    def can_copy(self) -> bool:
        """Procedures are not copied: the code is theirs alone."""
        return self.copies and not self.outside and super().can_copy()

    def can_view_revisions(self) -> bool:
        """Drafts of other fields and offices are not hers to read."""
        return not self.outside and super().can_view_revisions()


class ProcedurePermissions(ScopedPermissions):
    """Rights on a procedure."""

    copies = False


class FolderPermissions(PagePermissionTester):
    """Rights on the folder of procedures or of offices.

    A scoped person adds procedures (the form offers her fields only), never offices, and leaves
    the folder itself alone.
    """

    def __init__(self, user: Any, page: Any) -> None:
        super().__init__(user, page)
        scope = scope_of(user)
        self.scoped = not scope.everything
        if self.scoped and not (scope.fields and isinstance(page, _model("ProcedureIndexPage"))):
            self.permissions: set[str] = set()

    def can_edit(self) -> bool:
        """Only by those whose rights reach everywhere."""
        return not self.scoped and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Only by those whose rights reach everywhere."""
        return not self.scoped and super().can_delete(ignore_bulk)

    def can_publish(self) -> bool:
        """The folder itself; what is published below it has rights of its own."""
        return not self.scoped and super().can_publish()

    def can_unpublish(self) -> bool:
        """Only by those whose rights reach everywhere."""
        return not self.scoped and super().can_unpublish()

    def can_lock(self) -> bool:
        """Only by those whose rights reach everywhere."""
        return not self.scoped and super().can_lock()

    def can_unlock(self) -> bool:
        """Only by those whose rights reach everywhere."""
        return not self.scoped and super().can_unlock()

    def can_copy(self) -> bool:
        """There is one of each."""
        return False

    def can_reorder_children(self) -> bool:
        """The lists have an order of their own."""
        return False


class ScopedPolicy(ModelPermissionPolicy):
    """Model permissions within the scope, for what belongs to an office (and for fields)."""

    def _anywhere(self, user: Any, action: str) -> bool:
        scope = scope_of(user)
        if scope.everything:
            return True
        if office_path(self.model) is not None:
            return bool(scope.offices)
        if of_a_procedure(self.model):
            return bool(scope.fields)
        return action == "view"  # lists everybody shares, such as fields

    def user_has_permission(self, user: Any, action: str) -> bool:
        """By the groups, where the scope leaves anything."""
        return super().user_has_permission(user, action) and self._anywhere(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """By the groups, where the scope leaves anything."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """By the groups, on what is hers."""
        if not self.user_has_permission(user, action):
            return False
        owned = office_path(self.model) is not None or of_a_procedure(self.model)
        return not owned or scope_of(user).allows(instance)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """By the groups, on what is hers."""
        return any(self.user_has_permission_for_instance(user, one, instance) for one in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet:
        """By the groups, what is hers."""
        return scope_of(user).limit(super().instances_user_has_any_permission_for(user, actions))


def limit_choices(form: Any, user: Any) -> None:
    """Keep a model form's choices of office, counter and officer within the user's scope.

    Offered and accepted alike: the field's queryset is what Django validates against.
    """
    scope = scope_of(user)
    if scope.everything:
        return
    for field in form.fields.values():
        rows = getattr(field, "queryset", None)
        if rows is None:
            continue
        if rows.model is _model("Office") or office_path(rows.model) is not None:
            field.queryset = scope.limit(rows)
        if rows.model is _model("Office"):
            field.required = True  # "no office" would mean every office
    for formset in getattr(form, "formsets", {}).values():
        for child in formset.forms:
            limit_choices(child, user)
        _limit_added(formset, user)


def _limit_added(formset: Any, user: Any) -> None:
    """The blank row that the browser copies for a new one offers no more than the others."""
    add_fields = formset.add_fields

    def add_and_limit(form: Any, index: int | None) -> None:
        add_fields(form, index)
        limit_choices(form, user)

    formset.add_fields = add_and_limit
