"""The counter's screens in a real browser: hours without a network, and what comes of them."""

from __future__ import annotations

import datetime
import io

import pytest
import zxingcpp
from django.core.cache import cache
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from feedback import pairing
from feedback.display_codes import read
from feedback.models import Rating
from tests.browser.audit import violations
from tests.browser.conftest import DESK
from tests.factories import make_counter, make_field, make_office
from tests.feedback.test_display_codes import make_device

pytestmark = pytest.mark.browser

TALL = {"width": 1080, "height": 1920}
TABLET = {"width": 800, "height": 1280}


@pytest.fixture
def counter(site):
    cache.clear()
    office = make_office("Chi nhánh số 1 – Hoàn Kiếm")
    return make_counter(office, name="Quầy 3", main_field=make_field("Cư trú"), code="ABC0123")


def pair(page: Page, device, now: datetime.datetime | None = None) -> None:
    """On the device itself: type the code, press the button."""
    code = pairing.begin_pairing(device, now=now or timezone.now())
    page.goto("/ghep-thiet-bi/")
    page.get_by_label("Mã ghép").fill(f"{code[:5]}-{code[5:].lower()}")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Ghép thiết bị này").click()


def cut(page: Page, offline: bool = True) -> None:
    """Take the network away, from the service worker too; or give it back."""
    page.context.set_offline(offline)


def ready(page: Page) -> None:
    """The page is kept for opening again without a network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def scanned(page: Page) -> str:
    """The code in the QR that the screen shows, as a camera reads it."""
    image = Image.open(io.BytesIO(page.locator("#qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(image)
    return found.text.rsplit("/", 1)[1]


# The display


@pytest.fixture
def display(browse, counter):
    """A paired screen that holds the codes of all twelve hours; its clock stands at our will."""
    page = browse(viewport=DESK)
    page.clock.install()
    pair(page, make_device(counter=counter))
    expect(page.locator("#changing")).to_be_visible()
    for _ in range(150):
        page.clock.run_for(500)
        page.wait_for_timeout(40)
        if held(page) >= 13:
            break
    assert held(page) >= 13
    ready(page)
    return page


def held(page: Page) -> int:
    """Hours of codes in the screen's store."""
    return page.evaluate(
        """() => new Promise(resolve => {
          const asked = indexedDB.open("bck-display", 1);
          asked.onsuccess = () => {
            const all = asked.result.transaction("hours").objectStore("hours").count();
            all.onsuccess = () => { asked.result.close(); resolve(all.result); };
          };
        })"""
    )


def moment(page: Page) -> datetime.datetime:
    """What time it is for the screen."""
    return datetime.datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, datetime.UTC)


def test_hours_without_a_network_show_new_codes_that_are_accepted(display, counter):
    cut(display)
    seen = set()
    for hours in (0, 1, 3, 4, 3):  # in all 11 hours
        display.clock.fast_forward(hours * 3600 * 1000)
        display.clock.run_for(31_000)
        code = scanned(display)
        assert code == display.locator("#code").text_content()
        device, _step = read(code, moment(display))
        assert device.counter == counter
        seen.add(code)
    assert len(seen) == 5
    expect(display.locator("#state")).to_contain_text("Mất mạng từ")
    expect(display.locator("#state")).to_contain_text("Mã vẫn dùng được đến")


def test_opened_again_without_a_network_it_goes_on(display):
    cut(display)
    display.clock.fast_forward(2 * 3600 * 1000)
    display.reload()
    expect(display.locator("#changing")).to_be_visible()
    display.clock.run_for(1000)
    assert read(scanned(display), moment(display))


def test_when_the_codes_run_out_it_says_so_and_shows_the_printed_one(display):
    cut(display)
    display.clock.fast_forward(14 * 3600 * 1000)
    display.clock.run_for(1000)
    expect(display.locator("#changing")).to_be_hidden()
    expect(display.locator("#why")).to_contain_text("hết mã")
    image = Image.open(io.BytesIO(display.locator("#printed .qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text.endswith("/R/ABC0123")


def test_a_clock_that_is_wrong_is_measured(browse, counter):
    page = browse(viewport=DESK)
    wrong = timezone.now() - datetime.timedelta(minutes=47)
    page.clock.install(time=wrong)
    pair(page, make_device(counter=counter))
    expect(page.locator("#changing")).to_be_visible()
    for _ in range(50):
        page.clock.run_for(500)
        page.wait_for_timeout(50)
        if held(page) >= 13:
            break
    device, _step = read(scanned(page), timezone.now())
    assert device.counter == counter


def test_a_revoked_screen_says_so(display):
    from feedback.models import Device

    pairing.revoke(Device.objects.get(), today=timezone.localdate())
    display.clock.run_for(61_000)
    expect(display.locator("#refused")).to_be_visible()
    expect(display.get_by_text("Màn hình này đã bị thu hồi")).to_be_visible()
    display.reload()
    expect(display.get_by_role("heading", name="Thiết bị đã bị thu hồi")).to_be_visible()


def test_without_script_the_printed_code_stands_there(browse, counter):
    page = browse(viewport=DESK, java_script_enabled=False)
    pair(page, make_device(counter=counter))
    expect(page.locator("#printed .qr")).to_be_visible()
    expect(page.get_by_text("/r/ABC0123")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESK, TALL], ids=["wide", "tall"])
def test_the_display_fits_its_screen(browse, counter, viewport):
    page = browse(viewport=viewport)
    pair(page, make_device(counter=counter))
    expect(page.locator("#changing")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert page.evaluate("document.documentElement.scrollHeight") <= viewport["height"]
    assert violations(page) == []


# The kiosk


@pytest.fixture
def kiosk(browse, counter):
    """A paired tablet with its forms; its clock stands at our will."""
    page = browse(viewport=TABLET, has_touch=True)
    page.clock.install()
    pair(page, make_device(counter=counter, kind="kiosk"))
    expect(page.locator(".question")).to_be_visible()
    for _ in range(80):
        page.clock.run_for(200)
        if rows(page, "forms") >= 400:
            break
        page.wait_for_timeout(100)
    assert rows(page, "forms") == 400
    ready(page)
    return page


def rows(page: Page, table: str) -> int:
    """Rows of one of the tablet's two tables."""
    return page.evaluate(
        """table => indexedDB.databases().then(all => new Promise(resolve => {
          const name = all.map(one => one.name).find(one => one.startsWith("bck-kiosk"));
          const asked = indexedDB.open(name, 1);
          asked.onsuccess = () => {
            const count = asked.result.transaction(table).objectStore(table).count();
            count.onsuccess = () => { asked.result.close(); resolve(count.result); };
          };
        }))""",
        table,
    )


def tap(page: Page, selector: str) -> None:
    """A tap, a moment after the last one."""
    page.clock.run_for(400)
    page.locator(selector).tap()


def rate(page: Page, attitude: int) -> None:
    """Five taps: four faces and the button."""
    tap(page, f".face:nth-child({attitude})")
    for _ in range(3):
        tap(page, ".face:nth-child(4)")
    tap(page, ".stage-drivers .primary")
    expect(page.get_by_role("heading", name="Cảm ơn bạn!")).to_be_visible()


def test_an_hour_without_a_network_arrives_exactly_once(kiosk, counter):
    cut(kiosk)
    for place in range(24):
        rate(kiosk, 1 + place % 5)
        kiosk.clock.run_for(8100)  # it resets by itself
        expect(kiosk.locator(".stage-attitude")).to_be_visible()
        kiosk.clock.fast_forward(140_000)
        if place == 11:
            kiosk.reload()  # somebody pulls the plug
            expect(kiosk.locator(".question")).to_be_visible()
    assert rows(kiosk, "outbox") == 24
    expect(kiosk.locator("#state")).to_contain_text("24 đánh giá chờ gửi")
    assert not Rating.objects.exists()
    cut(kiosk, offline=False)
    for _ in range(40):
        kiosk.clock.run_for(31_000)
        if not rows(kiosk, "outbox"):
            break
        kiosk.wait_for_timeout(100)
    assert rows(kiosk, "outbox") == 0
    kiosk.reload()
    kiosk.clock.run_for(31_000)
    expect(kiosk.locator("#state")).to_have_text("")
    assert Rating.objects.filter(counter=counter, standing="counted").count() == 24
    assert Rating.objects.count() == 24


def test_it_resets_itself_when_nobody_touches_it(kiosk):
    tap(kiosk, ".face:nth-child(1)")
    expect(kiosk.locator(".stage-time")).to_be_visible()
    kiosk.clock.run_for(44_000)
    expect(kiosk.locator(".stage-time")).to_be_visible()
    kiosk.clock.run_for(2_000)
    expect(kiosk.locator(".stage-attitude")).to_be_visible()
    assert kiosk.locator(".chosen").count() == 0
    assert rows(kiosk, "outbox") == 0
    assert not Rating.objects.exists()


def test_a_scanned_slip_and_a_double_tap(kiosk, counter):
    from feedback.minting import address, mint

    code = mint(counter=counter, kind="receipt", day=timezone.localdate(), outside_id="H01-1")
    for character in address(code):  # a scanner types fast, and ends with Enter
        kiosk.keyboard.press(character)
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#code-chip")).to_contain_text(code[-4:])
    kiosk.clock.run_for(400)
    kiosk.locator(".face:nth-child(2)").tap()
    kiosk.locator(".face:nth-child(2)").tap()  # the same place: now the next question
    expect(kiosk.locator(".stage-time")).to_be_visible()
    tap(kiosk, ".stage-time .below .secondary:last-child")  # chưa biết
    for _ in range(2):
        tap(kiosk, ".face:nth-child(5)")
    tap(kiosk, ".chip:nth-child(2)")
    tap(kiosk, ".stage-drivers .primary")
    expect(kiosk.get_by_role("heading", name="Cảm ơn bạn!")).to_be_visible()
    for _ in range(20):
        if Rating.objects.exists():
            break
        kiosk.wait_for_timeout(100)
    rating = Rating.objects.get()
    assert (rating.channel, rating.attitude, rating.time, rating.drivers) == ("receipt", 2, 0, 2)


def test_a_typed_code_is_checked_for_its_form_only(kiosk):
    tap(kiosk, ".below .secondary")
    kiosk.locator("#code-field").fill("ABC")
    kiosk.get_by_role("button", name="Dùng mã này").tap()
    expect(kiosk.get_by_role("alert")).to_contain_text("chưa đúng dạng")
    kiosk.locator("#code-field").fill("0oil-" * 6 + "00")
    kiosk.get_by_role("button", name="Dùng mã này").tap()
    expect(kiosk.locator("#code-chip")).to_be_visible()


def test_english_until_the_next_person(kiosk):
    kiosk.get_by_role("button", name="English").tap()
    expect(kiosk.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    assert kiosk.evaluate("document.documentElement.lang") == "en"
    kiosk.clock.run_for(46_000)
    expect(kiosk.get_by_role("button", name="English")).to_be_visible()


def test_a_revoked_tablet_drops_its_outbox(kiosk):
    from feedback.models import Device

    cut(kiosk)
    rate(kiosk, 5)
    pairing.revoke(Device.objects.get(), today=timezone.localdate())
    cut(kiosk, offline=False)
    kiosk.clock.run_for(31_000)
    expect(kiosk.get_by_role("heading", name="Máy này đã bị thu hồi")).to_be_visible()
    assert rows(kiosk, "outbox") == 0
    assert not Rating.objects.exists()


@pytest.mark.parametrize("viewport", [DESK, TABLET], ids=["wide", "tall"])
def test_every_question_fits_the_tablet(browse, counter, viewport):
    page = browse(viewport=viewport, has_touch=True)
    pair(page, make_device(counter=counter, kind="kiosk"))
    for item in ("attitude", "time", "clarity", "fees"):
        expect(page.locator(f".stage-{item}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollHeight") <= viewport["height"]
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        assert violations(page) == []
        page.wait_for_timeout(400)
        page.locator(".face:nth-child(4)").tap()
    expect(page.locator(".stage-drivers")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= viewport["height"]
    assert violations(page) == []
