"""Lists and forms of the editor's screens: procedures, offices, and what belongs to a counter."""

from __future__ import annotations

from typing import ClassVar

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.counter_form import CounterForm
from cms.lookup import matching_procedures
from cms.models import Counter, Field, Handling, Office, Officer, ProcedurePage
from cms.record import LEVELS
from cms.scoped_views import ScopedSnippets
from cms.scopes import scope_of


class ProcedureFilters(WagtailFilterSet):
    """Narrow the list of procedures by field, level and state."""

    field = django_filters.ModelChoiceFilter(
        queryset=Field.objects.all(), label="Lĩnh vực", empty_label="Mọi lĩnh vực"
    )
    level = django_filters.ChoiceFilter(
        method="filter_level",
        choices=list(LEVELS.items()),
        label="Cấp thực hiện",
        empty_label="Mọi cấp",
    )
    live = django_filters.ChoiceFilter(
        choices=[("True", "Đã đăng"), ("False", "Chưa đăng")],
        label="Trạng thái",
        empty_label="Mọi trạng thái",
    )
    has_unpublished_changes = django_filters.ChoiceFilter(
        choices=[("True", "Có thay đổi chưa đăng")], label="Bản nháp", empty_label="Tất cả"
    )
    applied = django_filters.ChoiceFilter(
        method="filter_applied",
        choices=[("unknown", "Chưa ghi quyết định"), ("yes", "Áp dụng"), ("no", "Không áp dụng")],
        label="Áp dụng tại thành phố",
        empty_label="Tất cả",
    )
    standing = django_filters.ChoiceFilter(
        choices=ProcedurePage.Standing.choices, label="Tình trạng", empty_label="Mọi tình trạng"
    )

    class Meta:
        model = ProcedurePage
        fields: ClassVar = ["field", "live", "has_unpublished_changes", "standing"]

    def filter_applied(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Whether the city's decision is recorded, and what it says."""
        return queryset.filter(applied="" if value == "unknown" else value)

    def filter_level(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Levels are a JSON list of short codes: the quoted code is found in its text, which
        works on SQLite and PostgreSQL alike (SQLite has no ``contains`` for JSON)."""
        return queryset.filter(levels__icontains=f'"{value}"')


class ProcedureListingMixin:
    """Columns, filters and a search that needs no marks, for the list and for the explorer."""

    default_ordering = "-latest_revision_created_at"
    base_columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Tên thủ tục", sort_key="title", classname="title"),
        Column("code", label="Mã", sort_key="code", width="11%"),
        Column(
            "field", label="Lĩnh vực", sort_key="field__name", width="18%", classname="bck-wide"
        ),
        DateColumn(
            "latest_revision_created_at",
            label="Sửa lần cuối",
            sort_key="latest_revision_created_at",
            width="12%",
            classname="bck-wide",
        ),
        PageStatusColumn("status", label="Trạng thái", sort_key="live", width="10%"),
    ]
    base_filterset_class = ProcedureFilters

    def annotate_queryset(self, pages: QuerySet) -> QuerySet:
        """The pages are procedures already: Wagtail's ``specific()`` would read each row again."""
        pages = scope_of(self.request.user).limit_pages(pages)  # type: ignore[attr-defined]
        return (
            pages.prefetch_related("content_type", "sites_rooted_here")
            .select_related("field")
            .defer_streamfields()  # type: ignore[attr-defined]
            .prefetch_workflow_states()
            .annotate_site_root_state()
            .annotate_approved_schedule()
        )

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Every word, with or without marks, in the name, the everyday name or the code."""
        if not self.is_searching:  # type: ignore[attr-defined]
            return queryset
        queryset = queryset.filter(pk__in=matching_procedures(self.search_query))  # type: ignore[attr-defined]
        return queryset if queryset.ordered else queryset.order_by("title")

    def get_ordering(self) -> str:
        """The editor's own order, else newest first, also while searching."""
        wanted = self.request.GET.get("ordering")  # type: ignore[attr-defined]
        valid = self.get_valid_orderings()  # type: ignore[attr-defined]
        return wanted if wanted in valid else self.default_ordering

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Plain database ordering: no search backend is in play here."""
        return queryset.order_by(self.ordering, "pk")  # type: ignore[attr-defined]


class ProcedureListView(ProcedureListingMixin, IndexView):
    """All procedures, flat."""


class ProcedureExplorerView(ProcedureListingMixin, ExplorableIndexView):
    """The children of the folder of procedures, in the page explorer."""


class ProcedureListingViewSet(PageListingViewSet):
    """*Thủ tục* in the menu."""

    model = ProcedurePage
    name = "thu-tuc"
    icon = "doc-full"
    menu_label = "Thủ tục"
    menu_order = 100
    add_to_admin_menu = True
    index_view_class = ProcedureListView
    columns = ProcedureListingMixin.base_columns
    filterset_class = ProcedureFilters


class ProcedureExplorerViewSet(PageViewSet):
    """The same columns and search where the explorer shows the folder of procedures."""

    model = ProcedurePage
    icon = "doc-full"
    index_view_class = ProcedureExplorerView
    columns = ProcedureListingMixin.base_columns
    filterset_class = ProcedureFilters


class OfficeFilters(WagtailFilterSet):
    """Narrow the list of offices by kind."""

    kind = django_filters.ChoiceFilter(
        choices=Office.Kind.choices, label="Loại", empty_label="Mọi loại"
    )

    class Meta:
        model = Office
        fields: ClassVar = ["kind"]


class OfficeListView(IndexView):
    """All offices, flat; Wagtail's own search is enough for some hundred titles."""

    base_columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label="Tên cơ quan", sort_key="title", classname="title"),
        Column(
            "get_kind_display", label="Loại", sort_key="kind", width="20%", classname="bck-wide"
        ),
        Column("address", label="Địa chỉ", width="25%", classname="bck-wide"),
        Column("phone", label="Điện thoại", width="12%", classname="bck-wide"),
        PageStatusColumn("status", label="Trạng thái", sort_key="live", width="10%"),
    ]
    default_ordering = "title"


class OfficeListingViewSet(PageListingViewSet):
    """*Cơ quan* in the menu group of the one-stop shop."""

    model = Office
    name = "co-quan"
    icon = "home"
    menu_label = "Cơ quan"
    menu_order = 10
    index_view_class = OfficeListView
    columns = OfficeListView.base_columns
    filterset_class = OfficeFilters


def _office_filter(field_name: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Office.objects.order_by("title"),
        label="Cơ quan",
        empty_label="Mọi cơ quan",
    )


class CounterFilters(WagtailFilterSet):
    """Narrow counters by office, main field and whether they are in use."""

    office = _office_filter("office")

    class Meta:
        model = Counter
        fields: ClassVar = ["office", "main_field", "active"]


class CounterViewSet(ScopedSnippets, SnippetViewSet):
    """Counters: what citizens rate."""

    model = Counter
    icon = "desktop"
    menu_label = "Quầy"
    menu_order = 20
    list_display: ClassVar = [
        "name",  # a plain name becomes the title column, with edit link and buttons
        Column("office", label="Cơ quan", sort_key="office__title"),
        Column("main_field", label="Lĩnh vực chính", sort_key="main_field__name"),
        Column("code", label="Mã trong QR", sort_key="code"),
        BooleanColumn("active", label="Đang hoạt động", sort_key="active"),
    ]
    filterset_class = CounterFilters
    search_fields: ClassVar = ["name", "code", "office__title"]
    edit_handler = ObjectList(
        [
            FieldPanel("office", widget=forms.Select),
            FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
            FieldPanel("main_field", widget=forms.Select),
            FieldPanel("fields", widget=forms.CheckboxSelectMultiple, classname="bck-many"),
            FieldPanel("active"),
        ],
        base_form_class=CounterForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """One query with what the columns show."""
        return Counter.objects.select_related("office", "main_field")


class OfficerFilters(WagtailFilterSet):
    """Narrow officers by office, role, field and whether they are shown."""

    office = _office_filter("office")

    class Meta:
        model = Officer
        fields: ClassVar = ["office", "role", "field", "active"]


class OfficerForm(WagtailAdminModelForm):
    """Holds substitutes to the office chosen in the same form: a new officer is not saved yet
    when the rows of her absences are checked."""

    def is_valid(self) -> bool:
        """The form, its rows, and the two together."""
        valid = super().is_valid()
        office = self.cleaned_data.get("office") if hasattr(self, "cleaned_data") else None
        for row in self.formsets["absences"].forms if office is not None else []:
            other = row.cleaned_data.get("substitute") if hasattr(row, "cleaned_data") else None
            if other and office and other.office_id != office.pk and "substitute" not in row.errors:
                row.add_error("substitute", "Người thay phải cùng cơ quan.")
                valid = False
        return valid


class OfficerViewSet(ScopedSnippets, SnippetViewSet):
    """Officers: *người làm*, the fourth public fact."""

    model = Officer
    icon = "user"
    menu_label = "Người làm"
    menu_order = 30
    list_display: ClassVar = [
        "name",
        Column("title", label="Chức danh", classname="bck-wide"),
        Column("get_role_display", label="Vị trí", sort_key="role", classname="bck-wide"),
        Column("office", label="Cơ quan", sort_key="office__title"),
        Column("phone", label="Điện thoại"),
        BooleanColumn("active", label="Đang làm việc", sort_key="active"),
    ]
    filterset_class = OfficerFilters
    search_fields: ClassVar = ["name", "title", "phone"]
    edit_handler = ObjectList(
        [
            FieldPanel("office", widget=forms.Select),
            FieldRowPanel([FieldPanel("name"), FieldPanel("phone")]),
            FieldRowPanel([FieldPanel("title"), FieldPanel("role")]),
            FieldPanel("field", widget=forms.Select),
            FieldPanel("photo"),
            FieldRowPanel([FieldPanel("last_day"), FieldPanel("active")]),
            InlinePanel(
                "absences",
                heading="Vắng mặt",
                label="Khoảng vắng",
                help_text="Trong những ngày này trang công khai nêu người thay. Không ghi lý do.",
                panels=[
                    FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
                    FieldPanel("substitute", widget=forms.Select),
                ],
            ),
        ],
        base_form_class=OfficerForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """One query with what the columns show."""
        return Officer.objects.select_related("office")


class HandlingForm(WagtailAdminModelForm):
    """Says at once when a procedure code is mistyped: a wrong one would never match a page."""

    def clean_procedure_code(self) -> str:
        """Empty, or the code of a procedure that exists (published or draft)."""
        code = (self.cleaned_data.get("procedure_code") or "").strip()
        if code and not ProcedurePage.objects.filter(code=code).exists():
            raise forms.ValidationError(
                "Không có thủ tục nào mang mã %(code)s. Hãy kiểm tra lại mã.",
                code="unknown",
                params={"code": code},
            )
        return code


class HandlingFilters(WagtailFilterSet):
    """Narrow assignments by office and field."""

    office = _office_filter("counter__office")

    class Meta:
        model = Handling
        fields: ClassVar = ["office", "field"]


class HandlingViewSet(ScopedSnippets, SnippetViewSet):
    """Who handles what at which counter."""

    model = Handling
    icon = "list-ul"
    menu_label = "Phân công"
    menu_order = 40
    list_display: ClassVar = [
        "counter",
        Column("officer", label="Người làm", sort_key="officer__name"),
        Column("field", label="Lĩnh vực", sort_key="field__name"),
        Column("procedure_code", label="Mã thủ tục", sort_key="procedure_code"),
    ]
    filterset_class = HandlingFilters
    search_fields: ClassVar = ["procedure_code", "officer__name", "counter__name", "field__name"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("counter"), FieldPanel("officer")], heading="Ai, ở đâu"),
            MultiFieldPanel(
                [FieldPanel("field", widget=forms.Select), FieldPanel("procedure_code")],
                heading="Làm việc gì",
                help_text="Chọn lĩnh vực để nhận mọi thủ tục của lĩnh vực, "
                "hoặc ghi mã của riêng một thủ tục.",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                    FieldPanel("substitute"),
                ],
                heading="Khi nào, ai thay",
                help_text="Để trống ngày: không giới hạn.",
            ),
            FieldPanel("rank"),
        ],
        base_form_class=HandlingForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """One query with what the columns show."""
        return Handling.objects.select_related("counter__office", "officer", "field")


class FieldViewSet(ScopedSnippets, SnippetViewSet):
    """Fields procedures and counters are sorted by."""

    model = Field
    icon = "folder-open-inverse"
    menu_label = "Lĩnh vực"
    menu_order = 50
    list_display: ClassVar = [
        "name",
        Column("slug", label="Đường dẫn"),
    ]
    search_fields: ClassVar = ["name", "slug"]
    edit_handler = ObjectList([FieldPanel("name")], base_form_class=WagtailAdminModelForm)
