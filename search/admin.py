"""*Từ ngữ tìm kiếm* and *Câu hỏi mẫu* in the editor: lists, forms, histories."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters  # type: ignore[import-untyped]
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from cms.text import fold
from search.admin_exchange import Exchange, export_view, import_view
from search.admin_forms import EntryForm, QuestionForm
from search.curation import remove_by_hand, save_by_hand
from search.evaluating import effect_of
from search.files import read_language, read_questions, write_language, write_questions
from search.kind_words import kind_choices, question_kind, words_of
from search.language import HIDDEN, KINDS
from search.models import EvaluationQuestion, LanguageEntry
from search.models.curated import CuratedRow
from search.models.language import entry_key
from search.store import IndexUnavailable


class CuratedFilters(WagtailFilterSet):
    """By where a row comes from and whether it is in use."""

    origin = django_filters.ChoiceFilter(
        method="filter_origin",
        choices=[("own", "Của thành phố"), ("shipped", "Có sẵn"), ("edited", "Có sẵn, đã sửa")],
        label="Nguồn",
        empty_label="Mọi nguồn",
    )
    active = django_filters.ChoiceFilter(
        choices=[("True", "Đang dùng"), ("False", "Đang tắt")],
        label="Tình trạng",
        empty_label="Tất cả",
    )

    def filter_origin(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A row of the product that nobody touched has no date of change."""
        if value == "edited":
            return queryset.filter(origin=CuratedRow.SHIPPED, changed_at__isnull=False)
        return queryset.filter(origin=value)


class EntryFilters(CuratedFilters):
    """And by kind."""

    kind = django_filters.ChoiceFilter(choices=kind_choices(), label="Loại", empty_label="Mọi loại")

    class Meta:
        model = LanguageEntry
        fields: ClassVar = ["kind"]


class QuestionFilters(CuratedFilters):
    """And by kind, as the table has them."""

    kind = django_filters.ChoiceFilter(
        choices=lambda: [
            (kind, question_kind(kind) or "không ghi")
            for kind in EvaluationQuestion.objects.order_by("kind")
            .values_list("kind", flat=True)
            .distinct()
            if kind
        ],
        label="Loại",
        empty_label="Mọi loại",
    )

    class Meta:
        model = EvaluationQuestion
        fields: ClassVar = ["kind"]


class CuratedIndexView(generic.IndexView):
    """A list that is searched without marks, with import and export beside it."""

    default_ordering = "rank"
    any_permission_required: ClassVar = ["add", "change", "delete", "view"]
    is_searchable = True
    #: Columns whose words are searched.
    texts: tuple[str, ...] = ()

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Every word of the search, with or without marks, somewhere in the row."""
        if not self.is_searching:
            return queryset
        words = fold(self.search_query).split()
        found = [
            pk
            for pk, *texts in queryset.values_list("pk", *self.texts)
            if all(word in fold(" ".join(texts)) for word in words)
        ]
        return queryset.filter(pk__in=found)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """By the chosen column, else what editors changed last, then as the files have it."""
        if self.ordering and self.ordering != self.default_ordering:
            return queryset.order_by(self.ordering, "pk")
        return queryset.order_by(F("changed_at").desc(nulls_last=True), "rank", "pk")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Import and export."""
        buttons = list(super().header_more_buttons)
        space = self.index_url_name.partition(":")[0]
        if self.permission_policy.user_has_permission(self.request.user, "add"):
            buttons.append(
                Button("Nhập từ tệp", reverse(f"{space}:import"), icon_name="upload", priority=60)
            )
        kind = self.request.GET.get("kind", "")
        buttons.append(
            Button(
                "Tải về loại đang lọc" if kind else "Tải về tất cả",
                reverse(f"{space}:export") + (f"?kind={kind}" if kind.isidentifier() else ""),
                icon_name="download",
                priority=70,
            )
        )
        return buttons


class EntryIndexView(CuratedIndexView):
    """Entries."""

    texts = ("said", "means", "note")


class QuestionIndexView(CuratedIndexView):
    """Questions."""

    texts = ("query", "codes", "note")


class _Curated:
    """Saving through the curation: with a history, for every process at once."""

    request: HttpRequest
    form: Any
    object: Any
    effect: Any = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Save, or only show what would change."""
        if "action-effect" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        if not hasattr(self, "object"):
            self.object = self.get_object() if self.kwargs else None  # type: ignore[attr-defined]
        form = self.form = self.get_form()  # type: ignore[attr-defined]
        if not self.is_valid(form):  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]
        try:
            self.effect = effect_of(form.instance, form.cleaned_data["tries"])
        except IndexUnavailable:
            messages.error(request, "Đang lập chỉ mục tìm kiếm, mời thử lại sau ít phút.")
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]

    def save_instance(self) -> Any:
        """One row, by hand."""
        row = self.form.save(commit=False)
        save_by_hand(row, user=self.request.user)
        for warning in self.form.warnings():
            messages.warning(self.request, warning)
        return row

    def get_form_kwargs(self) -> dict[str, Any]:
        """Forms know who saves."""
        return {**super().get_form_kwargs(), "for_user": self.request.user}  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the effect, after a preview."""
        return {**super().get_context_data(**kwargs), "effect": self.effect}  # type: ignore[misc]


class CuratedDeleteView(generic.DeleteView):
    """What the product brings is switched off: deleted, it would come back with the next start."""

    @property
    def confirmation_message(self) -> str:
        """Says which of the two it will be."""
        if self.object.origin == CuratedRow.SHIPPED:
            return "Mục có sẵn của phần mềm không xoá được; nó sẽ được tắt. Bạn chắc chứ?"
        return "Xoá hẳn mục này? Lịch sử của nó vẫn còn trong báo cáo lịch sử trang."

    def delete_action(self) -> None:
        """Gone or off."""
        self.gone = remove_by_hand(self.object, user=self.request.user)

    def get_success_message(self) -> str:
        """What was done."""
        return f"Đã {'xoá' if self.gone else 'tắt'} “{self.object}”."


class QuestionCreateView(_Curated, generic.CreateView):
    """A new question."""

    success_message = "Đã thêm câu hỏi “%(object)s”."

    def get_initial(self) -> dict[str, Any]:
        """What a report's link filled in."""
        found = {name: self.request.GET.get(name, "")[:500] for name in ("query", "codes", "kind")}
        return {**super().get_initial(), **found}


class QuestionEditView(_Curated, generic.EditView):
    """A question."""

    success_message = "Đã lưu câu hỏi “%(object)s”."


class EntryCreateView(_Curated, generic.CreateView):
    """A new entry: first its kind, then its form; links may fill it in."""

    success_message = "Đã thêm “%(object)s”. Ô tìm kiếm dùng ngay trong vài giây."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The kinds to choose from; the entry itself when it is there already."""
        kind = request.GET.get("kind", "")
        if kind not in KINDS:
            kinds = [(key, words_of(key)) for key, _ in kind_choices()]
            context = {"kinds": kinds, "add": reverse(self.add_url_name)}
            return TemplateResponse(request, "search/admin/kinds.html", context)
        said = request.GET.get("said", "")
        row = LanguageEntry.objects.filter(key=entry_key(kind, said)).first() if said else None
        if row is not None:
            query = request.GET.copy()
            address = reverse(self.edit_url_name, args=[row.pk])
            return redirect(f"{address}?{query.urlencode()}")
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """What a report's link filled in."""
        names = ("kind", "said", "means", "tries")
        return {
            **super().get_initial(),
            **{name: self.request.GET.get(name, "")[:500] for name in names},
        }

    def get_page_subtitle(self) -> str:
        """The kind."""
        return words_of(self.request.POST.get("kind") or self.request.GET.get("kind", "")).name


class EntryEditView(_Curated, generic.EditView):
    """An entry; a link may bring one more line."""

    object: LanguageEntry
    success_message = "Đã lưu “%(object)s”. Ô tìm kiếm dùng ngay trong vài giây."

    def get_initial(self) -> dict[str, Any]:
        """One more meaning, when a report's link brings one."""
        found = super().get_initial()
        more = " ".join(self.request.GET.get("means", "").split())[:120]
        if more:
            lines = self.object.means.splitlines()
            found["means"] = "\n".join(dict.fromkeys([*lines, more]))
            found["active"] = True
        found["tries"] = self.request.GET.get("tries", "")[:500]
        return found


class _CuratedViewSet(ModelViewSet):
    """What both lists have in common."""

    index_view_class = CuratedIndexView
    delete_view_class = CuratedDeleteView
    list_per_page = 50
    copy_view_enabled = False
    add_to_reference_index = False
    sort_order_field = None
    exchange: Exchange

    def get_urlpatterns(self) -> list[URLPattern]:
        """Wagtail's, and import and export."""
        return [
            *super().get_urlpatterns(),
            path("nhap/", import_view(self.exchange), name="import"),
            path("tai-ve/", export_view(self.exchange), name="export"),
        ]


class LanguageViewSet(_CuratedViewSet):
    """*Từ ngữ*."""

    model = LanguageEntry
    name = "tu-ngu-tim-kiem"
    icon = "openquote"
    menu_label = "Từ ngữ"
    menu_order = 10
    index_view_class = EntryIndexView
    add_view_class = EntryCreateView
    edit_view_class = EntryEditView
    filterset_class = EntryFilters
    create_template_name = "search/admin/entry_form.html"
    edit_template_name = "search/admin/entry_form.html"
    list_display: ClassVar = [
        "said",
        Column("kind", label="Loại", accessor=lambda row: words_of(row.kind).name, sort_key="kind"),
        Column(
            "means",
            label="Nghĩa là",
            accessor=lambda row: _meaning(row),
            classname="bck-wide",
        ),
        Column("origin", label="Nguồn", accessor="origin_words", classname="bck-wide"),
        DateColumn("changed_at", label="Sửa lúc", sort_key="changed_at", classname="bck-wide"),
        BooleanColumn("active", label="Đang dùng", sort_key="active"),
    ]
    exchange = Exchange(
        model=LanguageEntry,
        name=name,
        title="từ ngữ tìm kiếm",
        file="tu-ngu-tim-kiem.txt",
        content_type="text/plain; charset=utf-8",
        read=read_language,
        write=write_language,
        kind_name=lambda kind: words_of(kind).name,
    )

    def get_form_class(self, for_update: bool = False) -> type:
        """Ours."""
        return EntryForm


class QuestionViewSet(_CuratedViewSet):
    """*Câu hỏi mẫu*."""

    model = EvaluationQuestion
    name = "cau-hoi-mau"
    icon = "help"
    menu_label = "Câu hỏi mẫu"
    menu_order = 20
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    filterset_class = QuestionFilters
    list_display: ClassVar = [
        "query",
        Column("codes", label="Mã đúng", accessor=lambda row: _short(row.codes) or "không có"),
        Column("kind", label="Loại", accessor=lambda row: question_kind(row.kind), sort_key="kind"),
        Column("origin", label="Nguồn", accessor="origin_words", classname="bck-wide"),
        BooleanColumn("active", label="Đang dùng", sort_key="active"),
    ]
    exchange = Exchange(
        model=EvaluationQuestion,
        name=name,
        title="câu hỏi mẫu",
        file="cau-hoi-mau.jsonl",
        content_type="application/x-ndjson; charset=utf-8",
        read=read_questions,
        write=write_questions,
        kind_name=question_kind,
    )

    def get_form_class(self, for_update: bool = False) -> type:
        """Ours."""
        return QuestionForm


def _meaning(row: LanguageEntry) -> str:
    """What it means; of a code also the procedure's name."""
    name = f"{row.note} – " if row.kind == HIDDEN and row.note else ""
    return name + _short(row.means)


def _short(lines: str) -> str:
    """The first lines, for a cell."""
    parts = lines.splitlines()
    more = f" (và {len(parts) - 3} nữa)" if len(parts) > 3 else ""
    return "; ".join(parts[:3]) + more
