"""The editor's screens of words and evaluation questions."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.caching import stamps
from cms.groups import EDITORS, HEADS, OFFICE_EDITORS, REVIEWERS
from search.admin_quality import chart
from search.evaluating import WANTED
from search.language import Entry
from search.models import EvaluationQuestion, EvaluationRun, IndexComparison, LanguageEntry
from tests.cms.walk import form_data
from tests.factories import make_procedure

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("tu-ngu-tim-kiem:index"), reverse("tu-ngu-tim-kiem:add")
IMPORT, EXPORT = reverse("tu-ngu-tim-kiem:import"), reverse("tu-ngu-tim-kiem:export")
QUALITY = reverse("search_quality")


def make_entry(kind: str, said: str, *means: str, **values: object) -> LanguageEntry:
    row = LanguageEntry.of(Entry(kind, said, means))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def edit(row: LanguageEntry) -> str:
    return reverse("tu-ngu-tim-kiem:edit", args=[row.pk])


def page(client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response
    return response.content.decode()


class TestList:
    def test_search_without_marks_and_filters(self, admin_client):
        make_entry("one_way", "sổ đỏ", "giấy chứng nhận quyền sử dụng đất")
        make_entry("short", "cccd", "căn cước công dân", active=False)
        assert "sổ đỏ" in page(admin_client, LIST, q="chung nhan dat")
        assert "sổ đỏ" not in page(admin_client, LIST, q="can cuoc")
        text = page(admin_client, LIST, kind="short")
        assert "cccd" in text
        assert "sổ đỏ" not in text
        assert "cccd" not in page(admin_client, LIST, active="True")

    def test_the_menu(self, admin_client):
        text = page(admin_client, reverse("wagtailadmin_home"))
        for address in (LIST, reverse("cau-hoi-mau:index"), QUALITY):
            assert f'"{address}"' in text


class TestForms:
    def test_kinds_first(self, admin_client):
        text = page(admin_client, ADD)
        assert f"{ADD}?kind=one_way" in text
        assert "Đặt lên đầu" in text

    def test_add_then_edit_then_history(self, admin_client):
        data = form_data(page(admin_client, ADD, kind="one_way"))
        data |= {"said": ["lắp bê"], "means": ["đăng ký kết hôn"], "active": ["on"]}
        assert admin_client.post(ADD, data).status_code == 302
        row = LanguageEntry.objects.get()
        assert (row.kind, row.origin, row.changed_by.username) == ("one_way", "own", "admin")
        data = form_data(page(admin_client, edit(row)))
        data["means"] = ["đăng ký kết hôn\nđăng ký lại kết hôn"]
        assert admin_client.post(edit(row), data).status_code == 302
        text = page(admin_client, reverse("tu-ngu-tim-kiem:history", args=[row.pk]))
        assert "trước: lắp bê &gt; đăng ký kết hôn; sau:" not in text  # a dash stands between
        assert "trước: lắp bê &gt; đăng ký kết hôn" in text
        assert "sau: lắp bê &gt; đăng ký kết hôn | đăng ký lại kết hôn" in text

    def test_errors_keep_what_was_typed(self, admin_client):
        data = {"kind": "best_bet", "said": "đổi thẻ", "means": "không phải mã", "active": "on"}
        text = admin_client.post(ADD, data).content.decode()
        assert "phải là mã thủ tục" in text
        assert "không phải mã" in text
        assert not LanguageEntry.objects.exists()

    @pytest.mark.parametrize("kind", ["", "khac", "x" * 300])
    def test_unknown_kinds_are_no_server_error(self, admin_client, kind):
        assert page(admin_client, ADD, kind=kind)
        response = admin_client.post(ADD, {"kind": kind, "said": "a", "means": "b"})
        assert response.status_code == 200
        assert not LanguageEntry.objects.exists()

    def test_a_form_that_was_overtaken_overwrites_nothing(self, admin_client):
        row = make_entry("short", "cccd", "căn cước")
        data = form_data(page(admin_client, edit(row)))
        row.means = "thẻ căn cước"
        row.save()
        data["means"] = ["của tôi"]
        text = admin_client.post(edit(row), data).content.decode()
        assert "vừa sửa mục này" in text
        assert "của tôi" in text
        row.refresh_from_db()
        assert row.means == "thẻ căn cước"

    def test_links_fill_in_and_lead_to_what_is_there(self, admin_client):
        query = {"kind": "hidden", "said": "9.100001", "means": "làm giấy cưới"}
        assert "làm giấy cưới" in page(admin_client, ADD, **query)
        row = make_entry("hidden", "9.100001", "cưới vợ")
        response = admin_client.get(ADD, query, follow=True)
        assert response.redirect_chain[0][0].startswith(edit(row))
        assert form_data(response.content.decode())["means"][0].split("\n")[-2:] == [
            "cưới vợ",
            "làm giấy cưới",
        ]

    def test_the_products_own_are_switched_off_not_deleted(self, admin_client):
        ours, theirs = make_entry("weak", "nhà"), make_entry("weak", "cửa", origin="shipped")
        for row in (ours, theirs):
            address = reverse("tu-ngu-tim-kiem:delete", args=[row.pk])
            word = "sẽ được tắt" if row is theirs else "Xoá hẳn"
            assert word in page(admin_client, address)
            assert admin_client.post(address).status_code == 302
        assert [(row.said, row.active) for row in LanguageEntry.objects.all()] == [("cửa", False)]

    def test_an_unknown_code_is_said_not_refused(self, admin_client):
        data = {"kind": "best_bet", "said": "đổi thẻ", "means": "9.999999", "active": "on"}
        response = admin_client.post(ADD, data, follow=True)
        assert "Chưa có thủ tục nào đang đăng mang mã 9.999999" in response.content.decode()
        assert LanguageEntry.objects.exists()

    def test_the_effect_before_saving(self, admin_client, index, words):
        make_procedure("9.100001", title="Đăng ký kết hôn")
        index()
        make_entry("ignored", "ơi")
        EvaluationQuestion(query="lắp bê", codes="9.100001").save()
        words.forget()
        data = {"kind": "one_way", "said": "lắp bê", "means": "đăng ký kết hôn", "active": "on"}
        data |= {"action-effect": "1", "tries": "xin lắp bê"}
        text = admin_client.post(ADD, data).content.decode()
        assert "tốt lên" in text
        assert "100,0 %" in text
        assert "“xin lắp bê”" in text
        assert not LanguageEntry.objects.filter(said="lắp bê").exists()

    def test_the_effect_of_changing_an_entry(self, admin_client, index, words):
        make_procedure("9.100001", title="Đăng ký kết hôn")
        index()
        row = make_entry("one_way", "lắp bê", means="khai sinh")
        EvaluationQuestion(query="lắp bê", codes="9.100001").save()
        words.forget()
        address = reverse("tu-ngu-tim-kiem:edit", args=[row.pk])
        form = admin_client.get(address).context["form"]
        data = {name: form[name].value() or "" for name in form.fields}
        data |= {"means": "đăng ký kết hôn", "active": "on", "action-effect": "1"}
        assert "tốt lên" in admin_client.post(address, data).content.decode()
        row.refresh_from_db()
        assert row.means == "khai sinh"

    def test_without_an_index_the_form_stays(self, admin_client, index, words):
        EvaluationQuestion(query="lắp bê", codes="").save()
        data = {"kind": "weak", "said": "lắp bê", "active": "on", "action-effect": "1"}
        text = admin_client.post(ADD, data).content.decode()
        assert "Đang lập chỉ mục" in text
        assert 'value="lắp bê"' in text

    def test_questions(self, admin_client):
        add = reverse("cau-hoi-mau:add")
        data = {"query": "lam khai sinh", "codes": "1.001193, 2.000986", "kind": "no_marks"}
        assert admin_client.post(add, {**data, "active": "on"}).status_code == 302
        row = EvaluationQuestion.objects.get()
        assert row.right == {"1.001193", "2.000986"}
        text = admin_client.post(add, {**data, "codes": "abc"}).content.decode()
        assert "Không phải mã thủ tục: abc" in text
        assert "Đã có câu hỏi này" in admin_client.post(add, data).content.decode()
        assert "không dấu" in page(admin_client, reverse("cau-hoi-mau:index"))


class TestExchange:
    TEXT = "cccd := căn cước công dân\n- ơi\n"

    def _upload(self, client, text: str, **data: str):
        file = ContentFile(text.encode(), "tu-ngu.txt")
        return client.post(IMPORT, {"file": file, **data}).content.decode()

    def test_preview_confirm_and_round_trip(self, admin_client):
        make_entry("ignored", "ơi")
        make_entry("short", "cccd", "căn cước")
        text = self._upload(admin_client, self.TEXT)
        assert "Sửa: 1" in text
        assert "1 mục không đổi" in text
        assert LanguageEntry.objects.get(said="cccd").means == "căn cước"
        data = form_data(text)
        assert admin_client.post(IMPORT, {**data, "confirm": "1"}).status_code == 302
        assert LanguageEntry.objects.get(said="cccd").means == "căn cước công dân"
        exported = admin_client.get(EXPORT)
        assert "attachment" in exported["Content-Disposition"]
        assert "giống hệt" in self._upload(admin_client, exported.content.decode(), whole="on")
        assert admin_client.get(EXPORT, {"kind": "short"}).content.decode() == (
            "cccd := căn cước công dân\n"
        )

    def test_wrong_lines_by_number_and_nothing_done(self, admin_client):
        text = self._upload(admin_client, "- ơi\n???\n- à\n  lạc\n")
        assert "dòng 2:" in text
        assert "dòng 4:" in text
        assert not LanguageEntry.objects.exists()
        assert (
            "UTF-8"
            in admin_client.post(
                IMPORT, {"file": ContentFile("ơi".encode("utf-16"), "a.txt")}
            ).content.decode()
        )
        assert "Hãy chọn một tệp" in admin_client.post(IMPORT, {}).content.decode()

    def test_what_changed_since_the_preview_is_shown_again(self, admin_client):
        row = make_entry("short", "cccd", "căn cước")
        data = form_data(self._upload(admin_client, self.TEXT))
        row.means = "thẻ"
        row.save()
        text = admin_client.post(IMPORT, {**data, "confirm": "1"}).content.decode()
        assert "vừa được người khác sửa" in text
        row.refresh_from_db()
        assert row.means == "thẻ"

    def test_questions_too(self, admin_client):
        address = reverse("cau-hoi-mau:import")
        text = '{"query": "khai sinh", "codes": ["1.001193"], "kind": "keywords"}\n'
        shown = admin_client.post(address, {"file": ContentFile(text.encode(), "a.jsonl")})
        data = form_data(shown.content.decode())
        assert admin_client.post(address, {**data, "confirm": "1"}).status_code == 302
        assert admin_client.get(reverse("cau-hoi-mau:export")).content.decode() == text


class TestQuality:
    @staticmethod
    def _run(days: int, hit3: float, failed: list | None = None) -> EvaluationRun:
        return EvaluationRun.objects.create(
            at=timezone.now() - datetime.timedelta(days=days),
            n=10,
            hit1=hit3 - 0.2,
            hit3=hit3,
            mrr=hit3 - 0.1,
            by_kind={"no_marks": {"n": 10, "hit1": 0.5, "hit3": hit3, "mrr": 0.6}},
            failed=failed or [],
        )

    def test_over_time_with_what_fails(self, admin_client):
        make_procedure("9.100001", title="Đăng ký kết hôn")
        self._run(2, 0.7)
        wrong = {"query": "lắp bê", "codes": ["9.100001"], "kind": "dialect", "first": []}
        self._run(0, 0.9, [wrong])
        text = page(admin_client, QUALITY)
        assert "<title" in text
        assert "<desc" in text
        assert text.count("<polyline") == 3
        assert "90,0 %" in text
        assert "không dấu" in text
        assert "tiếng địa phương" in text
        link = f"{ADD}?kind=best_bet&amp;said=l%E1%BA%AFp+b%C3%AA&amp;means=9.100001"
        assert link in text
        assert admin_client.get(ADD, {"kind": "best_bet", "said": "lắp bê"}).status_code == 200

    def test_the_last_comparison_of_the_index(self, admin_client):
        def said() -> str:
            return " ".join(page(admin_client, QUALITY).split())

        assert "chưa được đối chiếu" in said()
        night = datetime.datetime(2026, 3, 2, 2, 30, tzinfo=timezone.get_default_timezone())
        IndexComparison.objects.create(at=night, documents=5720)
        text = said()
        assert "với 5720 thủ tục đang công khai: 02:30 02/03/2026. Tất cả đều khớp." in text
        IndexComparison.objects.create(
            at=night + datetime.timedelta(days=1),
            documents=5720,
            missing=4,
            outdated=1,
            examples={
                "missing": ["1.1", "1.2", "1.3", "1.4"],
                "superfluous": [],
                "outdated": ["2"],
            },
            healed=True,
        )
        text = said()
        assert "Có sai lệch: thiếu 4 (1.1, 1.2, 1.3, …), cũ 1 (2)." in text
        assert "hàng đợi để sửa" in text
        assert "khớp" not in text
        IndexComparison.objects.update(healed=False)
        assert "Chưa sửa." in said()
        IndexComparison.objects.update(damaged=True)
        assert "hỏng hoặc chưa có" in said()

    def test_the_chart(self):
        runs = [self._run(day, 0.9) for day in (3, 2, 0)]
        drawn = chart(runs)
        assert drawn is not None
        xs = [float(x) for x, _ in drawn["series"][0].dots]
        assert xs == sorted(xs)
        assert (xs[0], xs[-1]) == (drawn["left"], drawn["right"])
        ys = [float(one.label_y) for one in drawn["series"]]
        assert min(abs(a - b) for a in ys for b in ys if a != b) >= 15
        assert chart(runs[:1]) is None

    def test_empty(self, admin_client):
        assert "Chưa đo lần nào" in page(admin_client, QUALITY)

    def test_measuring_now(self, admin_client):
        assert "Chưa có câu hỏi" in admin_client.post(QUALITY, follow=True).content.decode()
        assert not stamps([WANTED])
        EvaluationQuestion(query="kết hôn", codes="9.100001").save()
        assert "đang đo" in admin_client.post(QUALITY, follow=True).content.decode()
        assert stamps([WANTED])


class TestRights:
    @pytest.mark.parametrize(
        ("group", "may"),
        [(REVIEWERS, True), (HEADS, True), (EDITORS, False), (OFFICE_EDITORS, False)],
    )
    def test_who_keeps_the_words(self, group, may):
        user = User.objects.create_user("ai-do")
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        row = make_entry("ignored", "ơi")
        for address in (LIST, ADD, IMPORT, EXPORT, QUALITY, edit(row)):
            assert (client.get(address).status_code == 200) is may, address
        client.post(reverse("tu-ngu-tim-kiem:delete", args=[row.pk]))
        assert LanguageEntry.objects.exists() is not may
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (f'"{QUALITY}"' in home) is may
