"""The procedure page (thủ tục hành chính) and the pages above it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.forms import Select
from django.urls import reverse
from django.utils.text import slugify
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms import record
from cms.checklist import ChecklistPanel, ProcedureForm
from cms.models.blocks import (
    ChannelBlock,
    DocumentCaseBlock,
    FormFileBlock,
    InternalStepBlock,
    LegalBasisBlock,
)
from cms.models.fields import Field
from cms.models.lists import TextListField
from cms.models.local_layer import LocalLayer
from cms.models.local_rules import LOCAL_RULES, LocalRulesBlock
from cms.models.national_panel import NationalPanel
from cms.models.offices import _url_parts
from cms.models.process_panel import ProcessPanel
from cms.scopes import FolderPermissions, ProcedurePermissions


class HomePage(Page):
    """The root of the site's content; the home screen itself is composed by the portal."""

    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["cms.ProcedureIndexPage", "cms.OfficeIndexPage"]
    preview_modes: ClassVar[list] = []
    max_count = 1

    class Meta:
        verbose_name = "trang chủ"


class ProcedureIndexPage(Page):
    """The folder of all procedures."""

    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = ["cms.ProcedurePage"]
    preview_modes: ClassVar[list] = []
    max_count = 1

    class Meta:
        verbose_name = "danh mục thủ tục"

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """The list of fields stands for the list of procedures."""
        return _url_parts(self, request, reverse("field_list"))

    def permissions_for_user(self, user: Any) -> FolderPermissions:
        """Within the user's fields."""
        return FolderPermissions(user, self)


class ProcedurePage(LocalLayer, Page):
    """One administrative procedure: the national record, typed, as the city publishes it.

    Times and fees live on the channel (NĐ 63/2010 Đ8.2; the national portal's table *cách thức
    thực hiện*). Rows are typed StreamFields so that a page is one query and a revision one
    document; see docs/decisions/.
    """

    slug: str

    class Applied(models.TextChoices):
        """Whether the city applies the procedure, by its own decision."""

        UNKNOWN = "", "Chưa ghi quyết định áp dụng"
        YES = "yes", "Áp dụng"
        NO = "no", "Không áp dụng"

    class Standing(models.TextChoices):
        """Whether citizens can use the procedure now."""

        ACTIVE = "active", "Đang thực hiện"
        PAUSED = "paused", "Tạm dừng"
        ABOLISHED = "abolished", "Đã bãi bỏ"

    code = models.CharField(
        "mã thủ tục",
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.\-]*$", "Mã có dạng 1.001193.")],
    )
    full_name = models.TextField(
        "tên đầy đủ",
        blank=True,
        help_text="Chỉ điền khi tên dài hơn 255 ký tự, phần tiêu đề không chứa hết.",
    )
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="procedures", verbose_name="lĩnh vực"
    )
    plain_name = models.CharField(
        "tên dân quen gọi", max_length=255, blank=True, help_text="Ví dụ: nhập hộ khẩu"
    )
    procedure_type = models.CharField("loại thủ tục", max_length=255, blank=True)
    decision_number = models.CharField("số quyết định công bố", max_length=255, blank=True)
    levels = TextListField("cấp thực hiện", options=record.LEVELS)
    levels_incomplete = models.BooleanField(
        "có thể còn cấp cao hơn",
        default=False,
        help_text="Nguồn chỉ ghi cấp thấp nhất; bỏ chọn sau khi đã đối chiếu.",
    )
    audience = TextListField("đối tượng thực hiện")
    agency = models.TextField("cơ quan thực hiện", blank=True)
    authority = models.TextField("cơ quan có thẩm quyền", blank=True)
    delegated_agency = models.TextField("cơ quan được uỷ quyền", blank=True)
    coordinating_agency = models.TextField("cơ quan phối hợp", blank=True)
    issuing_body = models.CharField("cơ quan ban hành", max_length=255, blank=True)
    reception_address = models.TextField("địa chỉ tiếp nhận hồ sơ", blank=True)
    result = models.TextField("kết quả thực hiện", blank=True)
    requirements = models.TextField("yêu cầu, điều kiện", blank=True)
    description = models.TextField("mô tả", blank=True)
    keywords = models.TextField("từ khoá", blank=True, help_text="Cách nhau bằng dấu phẩy.")
    source_url = models.URLField("địa chỉ nguồn", max_length=500, blank=True)

    steps = StreamField(
        [("step", blocks.TextBlock(label="Bước", rows=3, max_length=200000))],
        blank=True,
        verbose_name="trình tự thực hiện",
    )
    channels = StreamField(
        [("channel", ChannelBlock())], blank=True, verbose_name="cách thức thực hiện"
    )
    cases = StreamField(
        [("case", DocumentCaseBlock())], blank=True, verbose_name="thành phần hồ sơ"
    )
    legal_basis = StreamField(
        [("basis", LegalBasisBlock())], blank=True, verbose_name="căn cứ pháp lý"
    )

    # The city's own layer and the page's standing; the national record never touches these.
    applied = models.CharField(
        "áp dụng tại thành phố", max_length=3, choices=Applied, default=Applied.UNKNOWN, blank=True
    )
    applied_decision = models.CharField("quyết định áp dụng", max_length=255, blank=True)
    applied_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    standing = models.CharField(
        "tình trạng", max_length=10, choices=Standing, default=Standing.ACTIVE
    )
    standing_reason = models.TextField(
        "lý do (công khai)", blank=True, help_text="Vì sao tạm dừng hoặc bãi bỏ, theo văn bản nào."
    )
    standing_from = models.DateField("từ ngày", null=True, blank=True)
    standing_until = models.DateField("đến hết ngày", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="thủ tục thay thế",
    )
    local_rules = StreamField(
        LocalRulesBlock(LOCAL_RULES),
        blank=True,
        verbose_name="quy định của thành phố và thay đổi theo ngày",
    )
    internal_process = StreamField(
        [("step", InternalStepBlock())], blank=True, verbose_name="quy trình nội bộ"
    )
    form_files = StreamField(
        [("file", FormFileBlock())], blank=True, verbose_name="tệp mẫu đơn, tờ khai"
    )
    decision_date = models.DateField("ngày ký quyết định", null=True, blank=True)
    change_note = models.TextField(
        "lý do thay đổi (công khai)",
        blank=True,
        help_text="Hiện trong lịch sử của trang cùng với bản này.",
    )
    review_due = models.DateField("ngày rà soát tiếp theo", null=True, blank=True)
    review_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người rà soát",
    )
    review_deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thay thế rà soát",
    )

    import_digest = models.CharField(max_length=64, blank=True, editable=False)
    import_notes = models.JSONField("ghi chú khi nhập", default=list, blank=True, editable=False)
    is_demo = models.BooleanField("dữ liệu minh hoạ", default=False, editable=False)

    # Only title and code: Wagtail's own search serves the editor's list, never a citizen.
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("code"),
        index.AutocompleteField("code"),
        index.FilterField("field"),
    ]

    parent_page_types: ClassVar = ["cms.ProcedureIndexPage"]
    subpage_types: ClassVar[list] = []
    template = "cms/procedure.html"

    class Meta:
        verbose_name = "thủ tục"
        verbose_name_plural = "thủ tục"

    fact_panels: ClassVar = [
        FieldPanel("title", heading="Tên thủ tục"),
        FieldPanel("full_name"),
        FieldPanel("plain_name"),
        FieldRowPanel(
            [
                # A draft may lack anything but its code: the address is made from it.
                FieldPanel("code", required_on_save=True),
                FieldPanel("decision_number"),
            ]
        ),
        FieldPanel("field", widget=Select),
        FieldPanel("steps", heading="Thủ tục: các bước"),
        FieldPanel("cases", heading="Thủ tục: giấy tờ"),
        FieldPanel("channels", heading="Thời gian và lệ phí, theo hình thức nộp"),
    ]
    city_panels: ClassVar = [
        FieldPanel("local_rules"),
        MultiFieldPanel(
            [
                FieldPanel("applied"),
                FieldRowPanel([FieldPanel("applied_decision"), FieldPanel("applied_from")]),
            ],
            heading="Áp dụng tại thành phố",
        ),
        MultiFieldPanel(
            [
                FieldPanel("standing"),
                FieldPanel("standing_reason"),
                FieldRowPanel([FieldPanel("standing_from"), FieldPanel("standing_until")]),
                FieldPanel("replaced_by"),
            ],
            heading="Tạm dừng, bãi bỏ",
        ),
        FieldPanel("internal_process"),
        ProcessPanel(),
        FieldPanel("form_files"),
    ]
    publication_panels: ClassVar = [
        FieldPanel("change_note"),
        FieldPanel("decision_date"),
        MultiFieldPanel(
            [
                FieldPanel("review_due"),
                FieldRowPanel([FieldPanel("review_owner"), FieldPanel("review_deputy")]),
            ],
            heading="Rà soát",
        ),
    ]
    more_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("levels"),
                FieldPanel("levels_incomplete"),
                FieldPanel("audience"),
                FieldPanel("procedure_type"),
            ],
            heading="Phạm vi",
        ),
        MultiFieldPanel(
            [
                FieldPanel("agency"),
                FieldPanel("authority"),
                FieldPanel("delegated_agency"),
                FieldPanel("coordinating_agency"),
                FieldPanel("issuing_body"),
                FieldPanel("reception_address"),
            ],
            heading="Cơ quan",
        ),
        FieldPanel("result"),
        FieldPanel("requirements"),
        FieldPanel("description"),
        FieldPanel("legal_basis"),
        FieldPanel("keywords"),
        FieldPanel("source_url"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [NationalPanel(heading="Bản quốc gia"), ChecklistPanel(), *fact_panels],
                heading="4 công khai",
            ),
            ObjectList(city_panels, heading="Tại thành phố"),
            ObjectList(more_panels, heading="Thông tin khác"),
            ObjectList([*publication_panels, *Page.settings_panels], heading="Công bố, rà soát"),
        ],
        base_form_class=ProcedureForm,
    )

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The slug follows the code, so nobody types one (the public address is the code)."""
        if self.code:
            self.slug = slugify(self.code.replace(".", "-")) or self.slug
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Two codes that differ only in punctuation would share a slug in the page tree."""
        same = ProcedurePage.objects.filter(slug=self.slug).exclude(pk=self.pk)
        if self.code and (other := same.values_list("code", flat=True).first()):
            raise ValidationError({"code": f"Đã có thủ tục mang mã {other}."})
        self.clean_layer()
        super().clean()

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """Name the code that is taken, in words an editor acts on."""
        if tuple(unique_check) == ("code",):
            return ValidationError(
                f"Đã có thủ tục mang mã {self.code}. Hãy mở thủ tục đó để sửa.", code="unique"
            )
        return super().unique_error_message(model_class, unique_check)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str]:
        """``/thu-tuc/<mã>/``."""
        return _url_parts(self, request, reverse("procedure", args=[self.code]))

    def with_content_json(self, content: dict[str, Any]) -> ProcedurePage:
        """A revision as a page. What the import knows belongs to the page, not to a revision:
        going back to an older one must not make the next import believe the source changed."""
        page = super().with_content_json(content)
        page.import_digest = self.import_digest
        page.import_notes = self.import_notes
        page.is_demo = self.is_demo
        return page

    @property
    def name(self) -> str:
        """The whole official name; ``title`` is cut where Wagtail's 255 characters end."""
        return self.full_name or self.title

    def permissions_for_user(self, user: Any) -> ProcedurePermissions:
        """Within the user's fields."""
        return ProcedurePermissions(user, self)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What the page shows, for the office the citizen picked."""
        from cms.presentation import procedure_context

        context = super().get_context(request, *args, **kwargs)
        context.update(procedure_context(self, request))
        return context

    @cached_property
    def channel_rows(self) -> tuple[record.Channel, ...]:
        """Channels as plain values."""
        return record.channels(self.channels.raw_data)

    @cached_property
    def case_rows(self) -> tuple[record.DocumentCase, ...]:
        """Document cases as plain values."""
        return record.cases(self.cases.raw_data)

    @cached_property
    def step_rows(self) -> tuple[str, ...]:
        """Steps as texts."""
        return record.steps(self.steps.raw_data)

    @cached_property
    def legal_rows(self) -> tuple[record.LegalBasis, ...]:
        """Legal documents as plain values."""
        return record.legal_bases(self.legal_basis.raw_data)
