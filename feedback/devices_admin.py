"""*Thiết bị tại quầy* in the admin: making, pairing and revoking screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import Button, ListingButton
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.qr import QUIET, make_code
from cms.scoped_views import ScopedCreateView, ScopedSnippets
from cms.scopes import ScopedPolicy
from feedback.models import Device
from feedback.models.devices import DeviceKind
from feedback.pairing import PAIRING_TIME, begin_pairing, new_code_secret, pairing_address, revoke

_PAIR, _REVOKE = "Ghép thiết bị", "Thu hồi"


def state_of(device: Device) -> str:
    """Where a device stands, in words."""
    if device.revoked_on is not None:
        return f"Đã thu hồi {device.revoked_on:%d/%m/%Y}"
    if device.key_digest is not None:
        return "Đang dùng"
    waiting = device.pairing_until is not None and device.pairing_until > timezone.now()
    return "Đang chờ ghép" if waiting else "Chưa ghép"


def seen(device: Device) -> str:
    """The day it last asked for anything, and a warning when that is days ago."""
    day = device.last_seen_on
    if day is None:
        return "–"
    silent = (timezone.localdate() - day).days
    note = f" ({silent} ngày không thấy)" if silent > 3 and device.revoked_on is None else ""
    return f"{day:%d/%m/%Y}{note}"


class DeviceForm(WagtailAdminModelForm):
    """A device stays of one kind at one counter: another place is another device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("kind", "counter"):
                self.fields[name].disabled = True


class DeviceCreateView(ScopedCreateView):
    """A new device gets its secret, and its maker is remembered."""

    def save_instance(self) -> Any:
        """With the secret of its codes."""
        self.form.instance.code_secret = new_code_secret()
        self.form.instance.created_by = self.request.user
        return super().save_instance()

    def get_success_buttons(self) -> list[Any]:
        """The message leads back to the list, where the device is paired."""
        return []

    def get_success_message(self, instance: Any) -> str:
        """What comes next."""
        return f"Đã tạo “{instance.name}”. Bấm “{_PAIR}” trong danh sách để lấy mã ghép."


class DeviceFilters(WagtailFilterSet):
    """By kind."""

    class Meta:
        model = Device
        fields: ClassVar = ["kind"]


class DevicePolicy(ScopedPolicy):
    """Devices are revoked, not deleted: old codes have to name what they came from."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """By the groups and the scope, but for deleting."""
        return action != "delete" and super().user_has_permission(user, action)


class DeviceViewSet(ScopedSnippets, SnippetViewSet):
    """The screens of the counters."""

    model = Device
    icon = "desktop"
    menu_label = "Thiết bị tại quầy"
    menu_order = 130
    add_to_admin_menu = True
    add_view_class = DeviceCreateView
    filterset_class = DeviceFilters
    list_display: ClassVar = [
        "name",
        Column("counter", label="Quầy", classname="bck-wide"),
        Column("get_kind_display", label="Loại"),
        Column("state", label="Tình trạng", accessor=state_of),
        Column("last_seen_on", label="Thấy lần cuối", accessor=seen, classname="bck-wide"),
    ]
    search_fields: ClassVar = ["name", "counter__name", "counter__office__title"]
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("kind"), FieldPanel("counter"), FieldPanel("name")],
        base_form_class=DeviceForm,
    )

    @property
    def permission_policy(self) -> DevicePolicy:
        """The groups' permissions within the scope; no deleting."""
        return DevicePolicy(self.model)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the counter and its office: one query for the list."""
        return Device.objects.select_related("counter__office")


def _device(request: HttpRequest, device_id: int) -> Device:
    """The device, if the person may change it."""
    device = get_object_or_404(Device.objects.select_related("counter__office"), pk=device_id)
    if not DevicePolicy(Device).user_has_permission_for_instance(request.user, "change", device):
        raise PermissionDenied
    return device


@never_cache
def pair_screen(request: HttpRequest, device_id: int) -> HttpResponse:
    """Asks first; then shows the one-time code, this once, as text and as QR."""
    device = _device(request, device_id)
    if device.revoked_on is not None:
        messages.error(request, "Thiết bị này đã bị thu hồi; hãy tạo thiết bị mới.")
        return redirect(_list())
    context: dict[str, Any] = {
        "device": device,
        "state": state_of(device),
        "back": _list(),
        "minutes": int(PAIRING_TIME.total_seconds() // 60),
        "form_address": request.build_absolute_uri(reverse("pair_device_form")),
    }
    if request.method == "POST":
        code = begin_pairing(device, now=timezone.now())
        drawn = make_code(pairing_address(code), level="M")
        context |= {
            "code": f"{code[:5]}-{code[5:]}",
            "address": pairing_address(code),
            "side": drawn.size + 2 * QUIET,
            "path": "".join(f"M{x + QUIET} {y + QUIET}h{n}v1h-{n}z" for y, x, n in drawn.runs()),
        }
    return render(request, "feedback/device_admin_pair.html", context)


@never_cache
def revoke_screen(request: HttpRequest, device_id: int) -> HttpResponse:
    """Asks first what that does, then takes the device out of use."""
    device = _device(request, device_id)
    if request.method != "POST":
        context = {"device": device, "back": _list(), "is_kiosk": device.kind == DeviceKind.KIOSK}
        return render(request, "feedback/device_admin_revoke.html", context)
    if revoke(device, today=timezone.localdate()):
        messages.success(request, f"Đã thu hồi “{device.name}”. Mã và phiếu của máy hết hiệu lực.")
    else:
        messages.info(request, f"“{device.name}” đã được thu hồi trước đó.")
    return redirect(_list())


def _list() -> str:
    return reverse(Device.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def device_urls() -> list[URLPattern]:
    """``/admin/thiet-bi/…``."""
    return [
        path("thiet-bi/<int:device_id>/ghep/", pair_screen, name="device_pair"),
        path("thiet-bi/<int:device_id>/thu-hoi/", revoke_screen, name="device_revoke"),
    ]


@hooks.register("register_snippet_listing_buttons")
def device_buttons(snippet: Any, user: Any, next_url: Any = None) -> Iterator[Button]:
    """Pairing and revoking beside each device that is not revoked."""
    if not isinstance(snippet, Device) or snippet.revoked_on is not None:
        return
    if not DevicePolicy(Device).user_has_permission_for_instance(user, "change", snippet):
        return
    pair, take_back = (
        reverse(name, args=[snippet.pk]) for name in ("device_pair", "device_revoke")
    )
    yield ListingButton(_PAIR, pair, icon_name="link", priority=15)
    yield ListingButton(_REVOKE, take_back, icon_name="cross", priority=20)
