"""English: the catalogue is complete, and pages below /en/ say nothing of ours in Vietnamese.

What comes from the database stays Vietnamese and must carry ``lang="vi"``; so every Vietnamese
letter outside such an element is a string that somebody forgot.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from io import StringIO

import polib  # type: ignore[import-untyped]
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from cms import formatting, record
from cms.models import CitySettings, Counter, Handling, Office, Officer, ProcedurePage
from cms.wording import SAID, is_vietnamese, page_wording
from feedback.arrivals import Levels
from feedback.intake import submit_rating
from feedback.models import Comment
from feedback.snapshots import publish_month
from feedback.tokens import sign_thanks
from portal.catalogues import Message, source_messages
from portal.management.commands.compile_catalogues import compiled
from portal.management.commands.update_english import CATALOGUE, merged, message_of
from tests.factories import make_counter, make_field, make_office, make_procedure
from tests.feedback.city import MONTH, rate
from tests.search.conftest import index, where  # noqa: F401 - fixtures

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|<[^>]+>")
#: Vietnamese words that English pages keep on purpose, in brackets or as names.
BRACKETED = re.compile(r"\(([^()]*)\)")
CITY = "Thành phố Sông Đáy"
OFFICE = "Điểm phục vụ Vạn Phúc"
COUNTER = "Ô tiếp nhận số 7"
TITLE = "Đăng ký thường trú"
FIELD = "Cư trú, nhân khẩu"


@cache
def messages() -> dict[Message, set[str]]:
    """The strings of the source, read once: that takes most of a second."""
    return source_messages()


@pytest.fixture(scope="module")
def catalogue() -> dict[Message, polib.POEntry]:
    return {message_of(entry): entry for entry in polib.pofile(CATALOGUE) if not entry.obsolete}


class TestCatalogue:
    def test_every_source_string_has_english(self, catalogue) -> None:
        missing = [
            message
            for message in messages()
            if message not in catalogue or not catalogue[message].translated()
        ]
        assert missing == [], "manage.py update_english, then translate"

    def test_nothing_in_it_left_the_source(self, catalogue) -> None:
        assert set(catalogue) <= set(messages()), "manage.py update_english"

    def test_placeholders_and_tags_are_the_same(self, catalogue) -> None:
        def marks(text: str) -> list[str]:
            return sorted(PLACEHOLDER.findall(text))

        wrong = [
            (message.singular, text)
            for message, entry in catalogue.items()
            for text in (entry.msgstr_plural.values() if message.plural else [entry.msgstr])
            if marks(text) != marks(message.singular)
        ]
        assert wrong == []

    def test_english_has_no_vietnamese_but_in_brackets(self, catalogue) -> None:
        wrong = [
            text
            for message, entry in catalogue.items()
            for text in (entry.msgstr_plural.values() if message.plural else [entry.msgstr])
            if is_vietnamese(BRACKETED.sub("", text).replace("Tết", ""))
        ]
        assert wrong == []

    def test_compiled_file_is_fresh(self) -> None:
        assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled(CATALOGUE)

    def test_merging_keeps_translations_and_marks_what_vanished(self) -> None:
        old = polib.POFile()
        old.append(polib.POEntry(msgid="Giữ", msgstr="Keep"))
        old.append(polib.POEntry(msgid="Mất", msgstr="Gone"))
        old.append(polib.POEntry(msgid="Mất, chưa dịch"))
        old.append(polib.POEntry(msgid="Về", msgstr="Back", obsolete=True))
        sources = {
            Message("", "Giữ", ""): {"a.py"},
            Message("", "Về", ""): {"a.py"},
            Message("chỗ khác", "Giữ", ""): {"a.py"},
            Message("", "%(n)s tờ", "%(n)s tờ"): {"b.html"},
        }
        found = merged(old, sources)
        live = {message_of(entry): entry for entry in found if not entry.obsolete}
        assert set(live) == set(sources)
        assert live[Message("", "Giữ", "")].msgstr == "Keep"
        assert live[Message("", "Về", "")].msgstr == "Back"
        assert live[Message("chỗ khác", "Giữ", "")].msgstr == ""
        plural = live[Message("", "%(n)s tờ", "%(n)s tờ")]
        assert plural.msgstr_plural == {0: "", 1: ""}
        assert plural.flags == ["python-format"]
        assert [entry.msgid for entry in found.obsolete_entries()] == ["Mất"]

    def test_command_writes_the_same_file_again(self, tmp_path) -> None:
        copy = tmp_path / "django.po"
        copy.write_bytes(CATALOGUE.read_bytes())
        call_command("update_english", path=copy, stdout=StringIO())
        assert copy.read_text(encoding="utf-8") == CATALOGUE.read_text(encoding="utf-8")


class TestWording:
    def test_catalogue_knows_all_constants_of_the_pure_module(self) -> None:
        constants = {
            value
            for name, value in vars(formatting).items()
            if name.isupper() and not name.startswith("_") and isinstance(value, str)
        }
        assert constants | set(formatting._CURRENCY_NAMES.values()) == set(SAID)

    @pytest.mark.parametrize("unit", record.TIME_UNITS)
    def test_units_have_english_plurals(self, unit: str) -> None:
        one = record.ProcessingTime(Decimal(1), unit, "")
        half = record.ProcessingTime(Decimal("1.5"), unit, "")
        with translation.override("en"):
            singular = formatting.time_text(one, page_wording())
            plural = formatting.time_text(half, page_wording())
        assert singular == f"1 {unit.replace('_', ' ')}"
        assert plural == f"1.5 {unit.replace('_', ' ')}s"

    def test_english_numbers_and_vietnamese_ones(self) -> None:
        fee = record.Fee(Decimal("1250000.5"), "VND", "", "")
        with translation.override("en"):
            assert formatting.fee_amount_text(fee, page_wording()) == "1,250,000.5 VND"
        with translation.override("vi"):
            assert formatting.fee_amount_text(fee, page_wording()) == "1.250.000,5 đồng"

    def test_words_of_the_source_stay(self) -> None:
        fee = record.Fee(None, "", "", "Theo quy định của tỉnh")
        with translation.override("en"):
            assert formatting.fee_amount_text(fee, page_wording()) == "Theo quy định của tỉnh"


class Unmarked(HTMLParser):
    """Texts and attributes outside ``lang="vi"``, and which texts stand inside it."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
    READ = frozenset({"alt", "title", "placeholder", "aria-label", "content", "label"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str, bool]] = []
        self.texts: list[str] = []
        self.attributes: list[str] = []
        self.titles: list[str] = []
        self.official: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        before = self.stack[-1][1] if self.stack else ""
        lang = values.get("lang", before)
        if lang != "vi":
            self.attributes += [
                value
                for name, value in values.items()
                if name in self.READ or (name.startswith("data-") and " " in value)
            ]
        if tag not in self.VOID:
            self.stack.append((tag, lang, tag in {"script", "style"}))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """SVG writes ``<path />``."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not data.strip() or not self.stack or self.stack[-1][2]:
            return
        tag, lang, _skip = self.stack[-1]
        if tag == "title":
            self.titles.append(data)
        else:
            (self.official if lang == "vi" else self.texts).append(" ".join(data.split()))


@cache
def own_words() -> list[str]:
    """Pieces of the Vietnamese source strings that no English page may show."""
    pieces = set()
    for message in messages():
        for text in re.split(PLACEHOLDER, message.singular):
            text = text.strip(" .,:;()“”–·")
            if len(text) > 7 and is_vietnamese(text):
                pieces.add(text)
    return sorted(pieces)


class City:
    """One of everything, with Vietnamese words that no string of ours contains."""

    def __init__(self) -> None:
        settings = CitySettings.load()
        settings.city = CITY
        settings.save()
        field = make_field(FIELD)
        self.office: Office = make_office(OFFICE, address="3 ngõ Gỗ", ward="phường Đáy")
        self.counter: Counter = make_counter(self.office, name=COUNTER, main_field=field)
        officer = Officer.objects.create(
            office=self.office, name="Trần Thị Mẫu", title="Công chức tư pháp", field=field
        )
        head = Officer.Role.HEAD
        Officer.objects.create(office=self.office, name="Lê Văn Mẫu", title="Giám đốc", role=head)
        Handling.objects.create(counter=self.counter, officer=officer, field=field)
        fee = {"amount": "10000", "currency": "VND", "condition": "Đối với bản giấy"}
        unsaid = {"text": "Theo nghị quyết của hội đồng"}

        def channel(kind: str, *fees: dict[str, str], **values: str) -> dict:
            rows = [{"type": "item", "value": one} for one in fees]
            return {"type": "channel", "value": {"kind": kind, **values, "fees": rows}}

        def papers(name: str) -> dict:
            item = {"name": "Tờ khai mẫu 01", "originals": 1, "copies": 2, "forms": ["mẫu.docx"]}
            rows = [{"type": "item", "value": item}]
            return {"type": "case", "value": {"name": name, "items": rows}}

        self.procedure: ProcedurePage = make_procedure(
            "1.234567",
            title=TITLE,
            full_name="Đăng ký thường trú tại nơi đã tạm trú",
            plain_name="nhập khẩu về nhà",
            field=field,
            levels=["commune", "province"],
            audience=["Công dân trong nước"],
            steps=[{"type": "step", "value": "Bước 1: Nộp tờ khai. " + "Đọc kỹ mẫu. " * 60}],
            cases=[papers("Trẻ nhỏ"), papers("Người lớn")],
            channels=[
                channel("direct", fee, time_value="7", time_unit="working_day"),
                channel("online", unsaid, time_value="1", time_unit="day"),
                channel("postal", time_text="Ngay khi đủ bản gốc"),
            ],
            result="Sổ đã ghi",
            requirements="Đã ở đủ lâu",
            agency="Công an phường",
        )
        for number in range(12):  # Enough for letters, pages and filters of the lists.
            make_procedure(title=f"Việc thứ {number}", field=make_field(f"Mảng {number} ở đây"))
        self.submission = uuid.uuid4()
        submit_rating(
            submission=self.submission,
            counter=self.counter,
            channel="poster",
            service_day=datetime.date(2026, 7, 3),
            levels=Levels(4),
            comment="Nhanh, gọn",
            device_mark=None,
        )
        self.follow_up = Comment.objects.get().follow_up
        rate(self.counter, 60)
        rate(make_counter(self.office, name="Ô khác", main_field=field), 12, channel="receipt")
        make_counter(self.office, name="Ô vắng", main_field=field)
        publish_month(month=MONTH)

    @property
    def pages(self) -> list[tuple[str, int]]:
        """Addresses below /en/ with the status they answer."""
        code, rate_form = self.procedure.code, f"r/{self.counter.code}"
        return [
            ("", 200),
            ("linh-vuc/", 200),
            ("linh-vuc/?q=zzz", 200),
            (f"linh-vuc/{self.procedure.field.slug}/", 200),
            ("linh-vuc/khong-co/", 404),
            ("co-quan/", 200),
            ("co-quan/?q=zzz", 200),
            (f"co-quan/{self.office.slug}/", 200),
            (f"co-quan/{self.office.slug}/?office={self.office.slug}", 200),
            ("co-quan/khong-co/", 404),
            (f"quay/{self.counter.code}/", 200),
            ("quay/ZZZZZZ/", 404),
            (f"thu-tuc/{code}/?office=", 200),
            (f"thu-tuc/{code}/?office={self.office.slug}", 200),
            (f"thu-tuc/{code}/?office=khong-co", 200),
            (f"thu-tuc/{code}/lich-su/", 200),
            ("thu-tuc/9.999999/", 404),
            ("khong-co-trang-nay/", 404),
            ("tim-kiem/", 200),
            ("tim-kiem/?q=dang+ky+thuong+tru&office=", 200),
            ("tim-kiem/?q=dang+ky+thuong+tru+bao+nhieu+tien&level=commune", 200),
            ("tim-kiem/?q=1.234567", 200),
            ("tim-kiem/?q=xyzzyq", 200),
            (rate_form, 200),
            (f"{rate_form}/cam-on?t={sign_thanks(self.submission)}", 200),
            (f"{rate_form}/cam-on?t=x", 404),
            ("r/ZZZZZZ", 404),
            (f"gop-y/{self.follow_up}/", 200),
            ("gop-y/ZZZZZZZZZZZZ/", 404),
            ("cong-khai/", 200),
            ("cong-khai/?co-quan=khong-co", 200),
            ("phuong-phap/?m1=x", 200),
            ("du-lieu-mo/", 200),
        ]


def check(html: str) -> list[str]:
    """What is wrong with an English page: forgotten strings, unmarked content."""
    page = Unmarked(html)
    wrong = [] if '<html lang="en">' in html else ["lang"]
    names = (OFFICE, COUNTER, TITLE, CITY, FIELD, "Ô khác", "Ô vắng")
    for text in page.texts + page.attributes + page.titles:
        rest = text
        # A proper name inside a sentence of ours needs no mark (WCAG 3.1.2); alone it does.
        if text not in names or text not in page.texts:
            for name in names:
                rest = rest.replace(name, "")
        rest = BRACKETED.sub("", rest).replace("Bốn Công Khai", "").replace("Tết", "")
        if is_vietnamese(rest):
            wrong.append(text)
    everything = "\n".join(page.texts + page.attributes + page.titles + page.official)
    wrong += [words for words in own_words() if words in everything]
    return wrong


def test_the_check_sees_what_it_must() -> None:
    good = f'<html lang="en"><title>{TITLE}</title><h1 lang="vi">{TITLE}</h1><p>At {OFFICE}</p>'
    assert check(good) == []
    for bad in (
        '<html lang="vi">',
        f'<html lang="en"><h1>{TITLE}</h1>',
        '<html lang="en"><p lang="vi">Chưa công bố giờ làm việc.</p>',
        '<html lang="en"><a aria-label="Đóng">x</a>',
        '<html lang="en"><div lang="vi"><p lang="en">Xem tiếp</p></div>',
        '<html lang="en"><br><div lang="vi"><br></div>Số tiền',
    ):
        assert check(bad) != [], bad


@pytest.mark.django_db
@pytest.mark.walks
class TestPages:
    def test_no_string_of_ours_is_vietnamese(
        self,
        client: Client,
        index: Callable[[], object],  # noqa: F811
    ) -> None:
        city = City()
        index()
        wrong = {}
        for path, status in city.pages:
            response = client.get(f"/en/{path}")
            assert response.status_code == status, path
            if problems := check(response.content.decode()):
                wrong[path] = problems
        assert wrong == {}

    def test_form_with_errors_and_a_counter_that_closed(self, client: Client) -> None:
        counter = make_counter(make_office(OFFICE), name=COUNTER, main_field=make_field(FIELD))
        sent = client.post(f"/en/r/{counter.code}", {"time": "9", "comment": "x" * 10_001})
        assert sent.status_code == 422
        assert check(sent.content.decode()) == []
        assert "Choose an answer to question 1" in sent.content.decode()
        Counter.objects.update(active=False)
        closed = client.get(f"/en/r/{counter.code}")
        assert closed.status_code == 410
        assert check(closed.content.decode()) == []

    def test_withdrawn_procedure_and_its_versions(self, client: Client) -> None:
        page = make_procedure("1.765432", title=TITLE, field=make_field(FIELD))
        page.save_revision().publish()
        page.unpublish()
        for path, status in (("", 410), ("lich-su/", 200), ("lich-su/1/", 200)):
            response = client.get(f"/en/thu-tuc/1.765432/{path}")
            assert response.status_code == status, path
            assert check(response.content.decode()) == [], path

    def test_empty_site(self, client: Client) -> None:
        city = CitySettings.load()
        city.city = CITY
        city.save()
        for path in ("", "linh-vuc/", "co-quan/", "cong-khai/", "du-lieu-mo/"):
            assert check(client.get(f"/en/{path}").content.decode()) == [], path

    def test_facts_are_english_and_official_words_are_marked(self, client: Client) -> None:
        city = City()
        html = client.get(f"/en/thu-tuc/{city.procedure.code}/").content.decode()
        page = Unmarked(html)
        for words in ("7 working days", "1 day", "10,000 VND", "Not published yet"):
            assert any(words in text for text in page.texts), words
        for words in (
            "Ngay khi đủ bản gốc",
            "Theo nghị quyết của hội đồng",
            "Sổ đã ghi",
            "Tờ khai mẫu 01",
        ):
            assert any(words in text for text in page.official), words
        assert 'href="/en/linh-vuc/' in html
        page = Unmarked(client.get(f"/en/co-quan/{city.office.slug}/").content.decode())
        assert "Monday" in page.texts
        assert {"Trần Thị Mẫu", "Giám đốc"} <= set(page.official)

    def test_search_cards_are_english_too(
        self,
        client: Client,
        index: Callable[[], object],  # noqa: F811
    ) -> None:
        channels = [
            {"type": "channel", "value": {"kind": "direct", "time_value": "3", "time_unit": "day"}}
        ]
        make_procedure("1.222222", title="Việc hiếm gặp", channels=channels)
        index()
        english = client.get("/en/tim-kiem/?q=viec+hiem+gap").content.decode()
        assert ">3 days<" in english
        assert 'href="/en/thu-tuc/1.222222/"' in english
        vietnamese = client.get("/tim-kiem/?q=viec+hiem+gap").content.decode()
        assert ">3 ngày<" in vietnamese

    def test_json_stays_vietnamese(self, client: Client) -> None:
        city = City()
        answer = client.get(
            f"/api/v1/procedures/{city.procedure.code}/", headers={"accept-language": "en"}
        )
        assert "7 ngày làm việc" in answer.content.decode()
