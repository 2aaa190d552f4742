"""Makes every picture of docs/: ``make pictures``. Run again whenever the screens change.

A site of its own with the demo city is started in a temporary folder and driven with Chromium. A
picture that still looks the same is left as it is; only the bar of the running import stands
elsewhere each time.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PICTURES = HERE / "pictures"
PASSWORD = "mat-khau-cua-anh-minh-hoa"
#: The address shown in the pictures; the browser is told where it really is.
HOST = "motcua.example"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 640}
#: Sand between the phones of one picture.
BETWEEN, GAP = (229, 221, 208), 24
COLOURS = 64
#: A picture is replaced when more than this share of its pixels changed clearly.
SHARE, CLEARLY = 0.0004, 48
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The demo city, dressed for the pictures and served; gives host and port."""
    port = _free_port()
    os.environ.update(
        DATA_DIR=str(folder),
        PORT=str(port),
        WORKERS="1",
        DEMO="1",
        ADMIN_PASSWORD=PASSWORD,
        PUBLIC_URL=f"http://{HOST}",
        ALLOWED_HOSTS=f"{HOST},127.0.0.1",
        DJANGO_SETTINGS_MODULE="portal.settings",
    )
    for name in ("DATABASE_URL", "REDIS_URL", "SEARCH_URL", "EMAIL_URL", "TRUSTED_PROXIES"):
        os.environ.pop(name, None)
    start = [sys.executable, str(ROOT / "manage.py"), "start"]
    subprocess.run([*start, "--prepare-only"], check=True, cwd=ROOT)
    _dress()
    server = subprocess.Popen(start, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", server)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def _dress() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()
    import picture_scene
    from django.db import connections

    picture_scene.make(PASSWORD)
    connections.close_all()


def _wait(url: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            if server.poll() is not None:
                sys.exit("The site did not start; its own lines above say why.")
            time.sleep(0.5)
    sys.exit("The site did not become ready within two minutes.")


def keep(name: str, picture: Image.Image) -> None:
    """Store a picture small, unless the one that is there looks the same."""
    path = PICTURES / f"{name}.png"
    flat = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=0)
    if path.exists() and _alike(Image.open(path).convert("RGB"), flat.convert("RGB")):
        print(f"  {name}: as before")
        return
    flat.save(path, optimize=True)
    print(f"  {name}: {path.stat().st_size // 1024} kB")


def _alike(old: Image.Image, new: Image.Image) -> bool:
    if old.size != new.size:
        return False
    grey = ImageChops.difference(old, new).convert("L")
    changed = sum(grey.histogram()[CLEARLY:])
    return changed <= SHARE * grey.width * grey.height


def shot(page: Page, upto: Locator | None = None, *, top: int = 0, most: int = 1000) -> Image.Image:
    """What is in the window, from ``top``; cut below ``upto`` when that ends earlier."""
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    end = picture.height
    box = upto.bounding_box() if upto else None
    if box:
        end = min(end, round(box["y"] + box["height"]) + 24)
    return picture.crop((0, top, picture.width, min(end, top + most)))


class Desk:
    """Somebody signed in at a desk."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.context = browser.new_context(
            viewport=DESK, locale="vi-VN", base_url=f"http://{HOST}", reduced_motion="reduce"
        )
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.page.goto("/admin/login/")
        self.page.get_by_label("Tên đăng nhập").fill(name)
        self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.get_by_role("heading", name="Bốn Công Khai", level=1).wait_for()

    def open(self, address: str, height: int = DESK["height"]) -> Page:
        """A page of the editor's side in a window of that height."""
        self.page.set_viewport_size({"width": DESK["width"], "height": height})
        self.page.goto(address, wait_until="networkidle")
        return self.page

    def without_footer(self) -> None:
        """Nothing lies over the form in a tall picture."""
        self.page.add_style_tag(content="footer, .w-bottom-0 { display: none !important }")

    def edit(self, code: str, height: int = DESK["height"]) -> Page:
        """The editor of a procedure."""
        page = self.open(f"/admin/thu-tuc/?q={code}")
        link = page.locator("td.title a").first.get_attribute("href")
        assert link
        return self.open(link.split("?")[0], height)


def editor_pictures(browser: Browser, folder: Path) -> None:
    """The editor's side, by three people."""
    import picture_scene as scene

    reviewer = Desk(browser, scene.REVIEWER)
    page = reviewer.open("/admin/", 680)
    keep("today", shot(page))
    page = reviewer.open("/admin/thu-tuc/?q=dang+ky+tam+tru", 560)
    keep("list", shot(page))
    page = reviewer.edit(scene.RESIDENCE)
    page.get_by_role("button", name="Thao tác").first.click()
    keep("compare-button", shot(page, most=330))
    page.get_by_role("link", name="So với bản đang đăng").first.click()
    page.wait_for_load_state("networkidle")
    keep("compare", shot(page, page.locator("main table").last))

    admin = Desk(browser, "admin")
    page = admin.edit(scene.TEMPORARY)
    keep("editor", shot(page))
    page = admin.edit(scene.TEMPORARY, 1000)
    admin.without_footer()
    page.locator("#panel-child-4_cong_khai-checklist-section").scroll_into_view_if_needed()
    keep("checklist", shot(page))
    page = admin.edit(scene.RESIDENCE, 1400)
    page.get_by_role("tab", name="Tại thành phố").click()
    admin.without_footer()
    keep("local-rules", shot(page, page.locator("[data-contentpath=origin]").last, most=1400))
    page = admin.open("/admin/xung-dot/")
    page.locator(".bck-conflict-list a").first.click()
    page.wait_for_load_state("networkidle")
    keep("conflict", shot(page, page.locator(".bck-conflict").last))
    page = admin.open("/admin/bao-cao/sap-thay-doi/", 560)
    keep("report", shot(page))
    page = admin.open(f"/admin/snippets/cms/officer/edit/{scene.absent_officer()}/", 1500)
    admin.without_footer()
    absences = page.locator("section", has_text="Vắng mặt").last
    absences.scroll_into_view_if_needed()
    keep("absence", shot(page, absences))
    _imports(admin, folder)
    _notices(admin)


def _upload(page: Page, file: Path) -> None:
    page.goto("/admin/nhap-thu-tuc/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.locator(".bck-state-done").wait_for(timeout=180_000)
    page.wait_for_load_state("networkidle")


def _imports(admin: Desk, folder: Path) -> None:
    import picture_scene as scene

    page = admin.open("/admin/", 1250)
    _upload(page, scene.small_file(folder))
    page.locator("summary", has_text="chỗ khác nhau").first.click()
    # The seconds of this very run would make another picture each time.
    page.add_style_tag(content=".bck-facts { display: none }")
    keep("import-preview", shot(page, page.locator(".bck-rows"), most=1250))
    _upload(page, scene.large_file(folder, 600))
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Nhập 600 thủ tục mới").click()
    page.wait_for_function(
        "(document.querySelector('[data-job-bar]')?.value ?? 0) >= 30", timeout=180_000
    )
    page.add_style_tag(content=".bck-facts { display: none }")
    keep("import-progress", shot(page, page.locator(".bck-job")))
    stop = page.get_by_role("button", name="Dừng")
    if stop.is_visible():
        stop.click()


def _notices(admin: Desk) -> None:
    page = admin.open("/admin/co-quan/?q=trung+tam", 620)
    link = page.locator("td.title a").first.get_attribute("href")
    assert link
    page = admin.open(f"/admin/niem-yet/co-quan/{link.split('/')[3]}/", 760)
    keep("notices", shot(page, page.locator("main table").last))


def public_pictures(browser: Browser) -> None:
    """What citizens see, at a desk and on the phone."""
    import picture_scene as scene

    desk = browser.new_context(viewport=DESK, locale="vi-VN", base_url=f"http://{HOST}")
    page = desk.new_page()
    page.goto(f"/thu-tuc/{scene.RESIDENCE}/")
    picker = page.locator(".picker")
    picker.scroll_into_view_if_needed()
    keep("office-picker", shot(page, picker))
    page.goto("/co-quan/")
    office = page.locator("main a[href^='/co-quan/']").first.get_attribute("href")
    assert office
    chosen = office.strip("/").split("/")[-1]
    page.goto(f"/thu-tuc/{scene.RESIDENCE}/?office={chosen}")
    keep("procedure", shot(page))
    page.set_viewport_size({"width": DESK["width"], "height": 620})
    page.locator(".four").evaluate("one => one.scrollIntoView()")
    keep("due-date", shot(page, page.locator(".four")))
    page.set_viewport_size(DESK)
    page.goto(f"/thu-tuc/{scene.RESIDENCE}/lich-su/")
    keep("history", shot(page))
    page.goto("/cong-khai/")
    keep("board", shot(page))
    desk.close()

    phone = browser.new_context(viewport=PHONE, locale="vi-VN", base_url=f"http://{HOST}")
    page = phone.new_page()
    page.goto(f"/thu-tuc/{scene.RESIDENCE}/?office={chosen}")
    screens: list[Callable[[], object]] = [
        lambda: page.goto("/"),
        lambda: page.goto("/tim-kiem/?q=nhap+ho+khau"),
        lambda: page.goto(f"/thu-tuc/{scene.RESIDENCE}/"),
        lambda: page.goto(f"/R/{_counter(page)}"),
    ]
    keep("phone", _side_by_side([_taken(page, screen) for screen in screens]))
    phone.close()


def _taken(page: Page, screen: Callable[[], object]) -> Image.Image:
    screen()
    return shot(page)


def _counter(page: Page) -> str:
    page.goto("/cong-khai/")
    link = page.locator("main a[href^='/quay/']").first.get_attribute("href")
    assert link
    return link.strip("/").split("/")[-1]


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width = sum(one.width for one in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width, pictures[0].height), BETWEEN)
    left = 0
    for one in pictures:
        whole.paste(one.convert("RGB"), (left, 0))
        left += one.width + GAP
    return whole


def main() -> None:
    """Everything, or one line that says what is missing."""
    chromium = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("Chromium is needed for the pictures (on Debian: apt-get install chromium).")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        with site(folder / "data") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--lang=vi", f"--host-resolver-rules=MAP {HOST} {address}"],
            )
            # Playwright's own loop in this thread is no reason not to ask the database.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            editor_pictures(browser, folder)
            public_pictures(browser)
            browser.close()
    total = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    print(f"{len(list(PICTURES.glob('*.png')))} pictures, {total // 1024} kB")


if __name__ == "__main__":
    main()
