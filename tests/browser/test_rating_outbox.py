"""The network is cut while somebody rates: kept on the device, sent once, told plainly."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from feedback.minting import mint
from feedback.models import Contact, Rating
from tests.browser.audit import violations_in_both_schemes
from tests.factories import make_counter, make_field, make_office

pytestmark = pytest.mark.browser

SENT = "[data-state=sent]:not([hidden])"
UNSENT = "[data-state=unsent]:not([hidden])"
REFUSED = "[data-state=refused]:not([hidden])"
WAITING = """() => new Promise(resolve => {
  const opening = indexedDB.open("ratings", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", {keyPath: "token"});
  opening.onsuccess = () => {
    const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
  };
})"""


@pytest.fixture
def counter(live_server, transactional_db):
    return make_counter(
        make_office("Chi nhánh số 1 – Hoàn Kiếm"),
        name="Quầy 3",
        main_field=make_field("Cư trú"),
        code="ABC0123",
    )


def fill(page, *, attitude: int = 2) -> None:
    page.goto("/r/ABC0123")
    page.locator(f"#attitude-{attitude}").check()
    page.locator("#driver-order").check()
    page.fill("#comment", "Đợi lâu quá")


def press(page) -> None:
    page.get_by_role("button", name="Gửi đánh giá").click()


@pytest.fixture
def unsent(browse, counter):
    """A page whose rating waits on the device; the network is still cut."""
    return cut_off(pages_alone(browse))


def pages_alone(browse):
    """A browser without background sync, as most are."""
    return browse(service_workers="block")


def cut_off(page):
    fill(page)
    page.context.set_offline(True)
    press(page)
    page.locator(UNSENT).wait_for()
    return page


def another(page):
    """A new tab of the same browser, on line again."""
    page.context.set_offline(False)
    tab = page.context.new_page()
    tab.goto("/r/ABC0123")
    return tab


def test_kept_when_the_network_is_gone_and_sent_when_it_is_back(unsent):
    page = unsent
    assert page.get_by_role("heading", name="Chưa gửi, sẽ tự gửi khi có mạng").is_visible()
    assert page.get_by_text("Quầy 3 · Cư trú: chưa có mạng").is_visible()
    assert page.evaluate("document.activeElement.id") == "outbox"
    assert not page.locator("#rating").is_visible()
    assert not Rating.objects.exists()
    page.context.set_offline(False)
    page.locator(SENT).wait_for()
    assert not page.locator(UNSENT).is_visible()
    page.get_by_role("link", name="Xem trang cảm ơn").click()
    page.wait_for_url("**/cam-on?t=*")
    rating = Rating.objects.get()
    assert (rating.attitude, rating.drivers, rating.comment.text) == (2, 8, "Đợi lâu quá")
    assert page.get_by_text(rating.comment.follow_up).is_visible()
    page.goto("/r/ABC0123")
    assert not page.locator("#outbox").is_visible()
    assert page.evaluate(WAITING) == []
    assert page.locator("input:checked").count() == 0


def test_sent_from_another_page_after_the_tab_was_closed(unsent):
    page = unsent.context.new_page()
    unsent.close()
    page.context.set_offline(False)
    page.goto("/danh-gia/luu-gi/")
    # The browser's own background sync may try a moment too early; the next try is 30 s later.
    page.locator(SENT).wait_for(timeout=45_000)
    assert Rating.objects.count() == 1


def test_two_tabs_and_a_script_send_it_once(unsent, live_server):
    (item,) = unsent.evaluate(WAITING)
    posts = []
    context = unsent.context
    context.on("request", lambda one: posts.append(one) if one.method == "POST" else None)
    tab = context.new_page()
    context.set_offline(False)
    tab.goto("/r/ABC0123")
    for page in (tab, unsent):
        page.evaluate("dispatchEvent(new Event('online'))")
    tab.locator(SENT).wait_for()
    unsent.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    unsent.locator(SENT).wait_for()
    assert len(posts) == 1
    for _ in range(2):
        answer = context.request.post(
            "/r/ABC0123",
            data=item["body"],
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.url == tab.get_by_role("link", name="Xem trang cảm ơn").evaluate(
            "e => e.href"
        )
    assert Rating.objects.count() == 1


def test_a_receipt_opened_in_two_tabs_and_sent_twice_without_a_network_counts_once(browse, counter):
    day = timezone.localdate()
    code = mint(counter=counter, kind="receipt", day=day, outside_id="H26.1-260301-0001")
    first = browse()
    tabs = [first, first.context.new_page()]
    for level, tab in enumerate(tabs, start=3):
        tab.goto(f"/R/{code}")
        tab.locator(f"#attitude-{level}").check()
    first.context.set_offline(True)
    for tab in tabs:
        press(tab)
        tab.locator(UNSENT).wait_for()
    first.context.set_offline(False)
    for tab in tabs:
        tab.locator(SENT).wait_for()
        tab.locator(REFUSED).wait_for()
    assert tabs[1].get_by_text("mã này đã được dùng").is_visible()
    rating = Rating.objects.get()
    assert (rating.channel, rating.standing) == ("receipt", "counted")
    assert code not in str([item["action"] for item in first.evaluate(WAITING)])


def test_on_line_nothing_stays_on_the_device(browse, counter):
    page = browse()
    fill(page)
    press(page)
    page.wait_for_url("**/cam-on?t=*")
    assert page.evaluate(WAITING) == []
    assert page.evaluate("Object.keys(localStorage)") == []
    page.go_back()
    assert page.locator("input:checked").count() == 0
    assert Rating.objects.count() == 1


def test_a_press_that_died_on_the_way_was_stored_and_counts_once(browse, counter):
    page = pages_alone(browse)
    fill(page)

    def swallow(route):
        route.fetch()
        route.abort()  # the server has it; the answer is lost

    page.route("**/r/ABC0123", swallow)
    press(page)
    page.locator(UNSENT).wait_for()
    assert Rating.objects.count() == 1
    page.unroute("**/r/ABC0123")
    page.get_by_role("button", name="Gửi ngay").click()
    page.locator(SENT).wait_for()
    assert Rating.objects.count() == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(browse, counter, status):
    page = pages_alone(browse)
    fill(page)
    page.route("**/r/ABC0123", lambda r: r.fulfill(status=status, headers={"Retry-After": "60"}))
    press(page)
    page.locator(UNSENT).wait_for()
    assert page.get_by_text("máy chủ đang bận").is_visible()
    page.unroute("**/r/ABC0123")
    page.evaluate("dispatchEvent(new Event('online'))")  # not before the server's minute is over
    page.get_by_role("button", name="Gửi ngay").click()
    page.locator(SENT).wait_for()
    assert Rating.objects.count() == 1


def test_a_network_that_asks_for_a_login_is_no_thank_you(browse, counter):
    page = pages_alone(browse)
    fill(page)
    page.route("**/r/ABC0123", lambda r: r.fulfill(status=200, body="<h1>Wi-Fi</h1>"))
    press(page)
    page.locator(UNSENT).wait_for()
    page.unroute("**/r/ABC0123")
    page.get_by_role("button", name="Gửi ngay").click()
    page.locator(SENT).wait_for()


def test_a_counter_that_closed_meanwhile_is_told(unsent, counter):
    counter.active = False
    counter.save()
    unsent.context.set_offline(False)
    unsent.locator(REFUSED).wait_for()
    assert unsent.get_by_text("quầy không còn nhận đánh giá").is_visible()
    unsent.locator(REFUSED).get_by_role("button", name="Xoá dòng này").click()
    unsent.locator("#outbox").wait_for(state="hidden")
    assert unsent.evaluate(WAITING) == []
    assert not Rating.objects.exists()


def test_a_refused_rating_comes_back_as_a_draft(unsent, settings):
    settings.SECRET_KEY = "another-key-with-which-nothing-was-signed-0123456789"
    page = another(unsent)
    page.locator(REFUSED).wait_for()
    assert page.get_by_text("câu trả lời được giữ lại").is_visible()
    page.reload()
    assert page.locator("#attitude-2").is_checked()
    assert page.input_value("#comment") == "Đợi lâu quá"
    press(page)
    page.wait_for_url("**/cam-on?t=*")
    assert Rating.objects.count() == 1


def test_after_seven_days_it_is_given_up_and_said(browse, counter):
    unsent = cut_off(pages_alone(browse))
    posts = []
    unsent.context.on("request", lambda one: posts.append(one) if one.method == "POST" else None)
    page = unsent.context.new_page()
    unsent.close()
    page.clock.set_fixed_time(timezone.now() + datetime.timedelta(days=7, minutes=5))
    page.context.set_offline(False)
    page.goto("/r/ABC0123")
    page.locator(REFUSED).wait_for()
    assert page.get_by_text("đã quá 7 ngày").is_visible()
    assert posts == []


def test_what_cannot_wait_says_what_is_missing(browse, counter):
    page = browse()
    page.goto("/r/ABC0123")
    page.fill("#comment", "Chưa chọn gì")
    page.context.set_offline(True)
    press(page)
    page.locator("#offline").wait_for()
    assert page.evaluate("document.activeElement.id") == "offline"
    assert page.input_value("#comment") == "Chưa chọn gì"
    page.locator("#attitude-3").check()
    press(page)
    page.locator(UNSENT).wait_for()


def test_on_a_shared_device_it_can_be_thrown_away(unsent):
    asked = []

    def agree(dialog):
        asked.append(dialog.message)
        dialog.accept()

    unsent.on("dialog", agree)
    unsent.get_by_role("button", name="Xoá khỏi máy này").click()
    unsent.locator("#outbox").wait_for(state="hidden")
    assert len(asked) == 1
    assert "không lấy lại được" in asked[0]
    assert unsent.evaluate(WAITING) == []
    another(unsent)
    assert not Rating.objects.exists()


def test_a_contact_waits_with_its_rating_and_is_in_no_draft(browse, counter):
    page = browse()
    fill(page)
    page.get_by_text("Muốn được liên hệ lại").click()
    page.fill("#contact", "ten@vi-du.vn")
    page.locator("#contact-consent").check()
    assert "vi-du" not in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(True)
    press(page)
    page.locator(UNSENT).wait_for()
    page.context.set_offline(False)
    page.locator(SENT).wait_for()
    assert Contact.objects.get().value == "ten@vi-du.vn"
    assert "vi-du" not in str(page.evaluate(WAITING))


def test_the_browser_sends_by_itself_when_every_tab_is_closed(browse, counter, live_server):
    page = browse()
    fill(page)
    page.evaluate("""() => new Promise(async resolve => {
      const script = document.querySelector("script[src*=rate]").src;
      const look = async () => {
        const found = await navigator.serviceWorker.getRegistration(script);
        if (found && found.active) { resolve(); } else { setTimeout(look, 50); }
      };
      look();
    })""")
    control = page.context.new_cdp_session(page)
    numbers: list[str] = []
    control.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: numbers.extend(one["registrationId"] for one in event["registrations"]),
    )
    control.send("ServiceWorker.enable")
    page.route("**/r/ABC0123", lambda route: route.abort())
    press(page)
    page.locator(UNSENT).wait_for()
    control.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": live_server.url,
            "registrationId": numbers[-1],
            "tag": "ratings",
            "lastChance": False,
        },
    )
    for _ in range(100):
        if Rating.objects.exists():
            break
        page.wait_for_timeout(50)
    assert Rating.objects.count() == 1


def test_without_indexeddb_it_is_sent_as_without_script(browse, counter):
    page = browse()
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    fill(page)
    press(page)
    page.wait_for_url("**/cam-on?t=*")
    assert Rating.objects.count() == 1


def test_a_blocked_store_is_no_obstacle(browse, counter):
    page = browse()
    page.add_init_script(
        "indexedDB.open = () => { throw new Error('no'); };"
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }});"
    )
    fill(page)
    press(page)
    page.wait_for_url("**/cam-on?t=*")
    assert Rating.objects.count() == 1


def test_axe_finds_nothing_in_what_is_said(unsent):
    assert violations_in_both_schemes(unsent) == []
    unsent.context.set_offline(False)
    unsent.locator(SENT).wait_for()
    assert violations_in_both_schemes(unsent) == []
