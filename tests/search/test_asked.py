"""What editors read of what is asked, and what is suggested from it."""

import csv
import datetime
import io

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from cms.groups import EDITORS, HEADS, OFFICE_EDITORS, REVIEWERS, ensure_groups
from search import popular as popular_module
from search.admin_asked import cell
from search.asked import REPORTS, most_asked, no_click, no_result, rare_words, rising
from search.models import EvaluationQuestion, LanguageEntry
from search.popular import popular, refresh
from search.query_log import Tally, keeper, write

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)


def ask(text, count=1, *, back=0, today=TODAY, channel="page", language="vi", **more):
    key = (today - datetime.timedelta(days=back), text, language, channel)
    more.setdefault("last_total", 0 if more.get("empty") else 4)
    write({key: Tally(count=count, **more)})


def texts(lines):
    return [line.text for line in lines]


class TestNoResult:
    def test_most_first_and_rare_ones_too(self):
        ask("giá vàng", 2, empty=2)
        ask("sổ gì đó", 9, empty=9, near_only=4)
        ask("khai sinh", 50)
        lines = no_result(28, TODAY)
        assert texts(lines) == ["sổ gì đó", "giá vàng"]
        assert (lines[0].empty, lines[0].near_only) == (9, 4)

    def test_what_is_found_by_now_is_done(self):
        ask("sổ đỏ", 9, empty=9, back=3)
        ask("sổ đỏ", 1, back=0, last_total=7)
        assert no_result(28, TODAY) == []

    def test_the_period_counts(self):
        ask("lâu rồi", 9, empty=9, back=28)
        assert no_result(28, TODAY) == []
        assert texts(no_result(90, TODAY)) == ["lâu rồi"]


class TestNoClick:
    def test_results_but_nobody_opens_one(self):
        ask("khai tử", 5)
        ask("khai tử", 4, back=2)
        ask("kết hôn", 9, clicks=1, rank_sum=1)
        ask("ly hôn", 4)
        ask("bằng json", 50, channel="json")
        ask("giá vàng", 9, empty=9)
        lines = no_click(28, TODAY)
        assert texts(lines) == ["khai tử"]
        assert lines[0].pages == 9

    def test_json_is_no_page(self):
        ask("khai tử", 3)
        ask("khai tử", 9, channel="json")
        assert no_click(28, TODAY) == []


class TestRising:
    def test_last_week_against_four_before(self):
        ask("tết", 12, back=1)
        ask("tết", 8, back=20)
        ask("khai sinh", 20, back=0)
        ask("khai sinh", 60, back=10)
        ask("một lần", 4)
        ask("mới tinh", 6)
        lines = rising(7, TODAY)
        assert texts(lines) == ["tết", "mới tinh"]
        assert (lines[0].count, lines[0].before) == (12, 2.0)

    def test_the_edge_between_the_weeks(self):
        ask("tết", 6, back=6)
        ask("tết", 40, back=7)
        assert rising(7, TODAY) == []


class TestRareQuestions:
    def test_they_are_words_only(self):
        for number, said in enumerate(["con tôi bị ốm", "con tôi học", "con tôi 12 [số]"]):
            ask(said, 2 if number else 1)
        ask("con tôi", 3)
        assert texts(most_asked(28, TODAY)) == ["con tôi"]
        assert rare_words(28, TODAY) == [("con", 3), ("tôi", 3)]

    def test_days_and_channels_together_make_it_often(self):
        ask("khai sinh", 1)
        ask("khai sinh", 1, channel="json")
        ask("khai sinh", 1, back=80)
        assert texts(most_asked(28, TODAY)) == ["khai sinh"]
        assert rare_words(28, TODAY) == []


def test_figures_of_a_line():
    ask("khai sinh", 4, clicks=2, rank_sum=3)
    ask("khai sinh", 9, channel="json")
    ask("ai gọi lại", 3, clicks=7, rank_sum=7)
    first, second = most_asked(28, TODAY)
    assert [cell(first, name) for name in ("count", "opened", "mean_rank")] == ["13", "50 %", "1,5"]
    assert cell(second, "opened") == "100 %"
    ask("chỉ json", 3, channel="json")
    assert cell(most_asked(28, TODAY)[-1], "opened") == ""


@pytest.fixture
def reader(client):
    ensure_groups()
    user = User.objects.create_user("doc")
    client.force_login(user)

    def become(group):
        user.groups.set([Group.objects.get(name=group)])
        return client

    return become


class TestScreens:
    @pytest.mark.parametrize("slug", [one.slug for one in REPORTS])
    def test_who_keeps_the_words_reads_them(self, reader, slug):
        address = f"/admin/nguoi-dan-hoi-gi/{slug}/"
        for group, status in (
            (REVIEWERS, 200),
            (HEADS, 200),
            (EDITORS, 302),
            (OFFICE_EDITORS, 302),
        ):
            for query in ("", "?export=csv"):
                assert reader(group).get(address + query).status_code == status
        assert reader(REVIEWERS).get("/admin/nguoi-dan-hoi-gi/khac/").status_code == 404

    def test_a_visitor_signs_in_first(self, client):
        response = client.get("/admin/nguoi-dan-hoi-gi/dang-tang/?export=csv")
        assert "/admin/login/" in response["Location"]

    def test_menu_and_links_to_filled_forms(self, reader):
        client = reader(REVIEWERS)
        ask("sổ gì [số] đó", 9, empty=9, today=timezone.localdate())
        page = client.get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/").content.decode()
        assert "sổ gì [số] đó" in page
        assert "/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/" in client.get("/admin/").content.decode()
        found = dict(client.get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/").context["rows"][0][2])
        assert list(found) == [
            "Tìm thử",
            "Thêm từ đồng nghĩa",
            "Thêm cách gọi cho thủ tục",
            "Đặt thủ tục lên đầu",
            "Ghi là ngoài phạm vi",
            "Thêm vào câu hỏi mẫu",
        ]
        for label, box in (
            ("Thêm từ đồng nghĩa", "said"),
            ("Thêm cách gọi cho thủ tục", "means"),
            ("Đặt thủ tục lên đầu", "said"),
            ("Ghi là ngoài phạm vi", "said"),
            ("Thêm vào câu hỏi mẫu", "query"),
        ):
            form = client.get(found[label]).context["form"]
            assert form[box].value() == "sổ gì đó"
            if "tries" in form.fields:
                assert form["tries"].value() == "sổ gì đó"

    def test_who_may_only_look_gets_no_links_to_forms(self, client):
        from django.contrib.auth.models import Permission

        user = User.objects.create_user("xem")
        names = ["access_admin", "view_languageentry"]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        ask("sổ gì đó", 9, empty=9, today=timezone.localdate())
        page = client.get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/")
        assert [label for label, _ in page.context["rows"][0][2]] == ["Tìm thử"]

    def test_a_question_becomes_an_entry(self, reader, index):
        client = reader(REVIEWERS)
        ask("giấy lạ", 9, empty=9, today=timezone.localdate())
        rows = client.get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/").context["rows"]
        links = dict(rows[0][2])
        form = client.get(links["Thêm từ đồng nghĩa"]).context["form"]
        data = {name: form[name].value() or "" for name in form.fields} | {"means": "khai sinh"}
        client.post("/admin/tu-ngu-tim-kiem/new/", data)
        assert LanguageEntry.objects.get(said="giấy lạ").means == "khai sinh"
        form = client.get(links["Thêm vào câu hỏi mẫu"]).context["form"]
        data = {name: form[name].value() or "" for name in form.fields} | {"codes": "1.001193"}
        client.post("/admin/cau-hoi-mau/new/", data)
        assert EvaluationQuestion.objects.get(query="giấy lạ").codes == "1.001193"

    def test_csv_runs_nothing_in_a_spreadsheet(self, reader):
        ask("=1+1", 9, empty=9, today=timezone.localdate())
        response = reader(HEADS).get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/?export=csv")
        text = response.content.decode("utf-8-sig")
        head, row = csv.reader(io.StringIO(text))
        assert head[0] == "Câu hỏi"
        assert row[:2] == ["'=1+1", "9"]

    def test_pages_of_a_long_report(self, reader):
        for number in range(60):
            ask(f"câu {number:02d}", 3, empty=3, today=timezone.localdate())
        client = reader(HEADS)
        second = client.get("/admin/nguoi-dan-hoi-gi/khong-co-ket-qua/?page=2&days=7")
        assert len(second.context["rows"]) == 10


@pytest.fixture
def fresh():
    keeper.forget()
    popular_module.forget()
    yield
    keeper.forget()
    popular_module.forget()


def often(text, count=6, **more):
    today = timezone.localdate()
    more.setdefault("clicks", 1)
    ask(text, count - 1, today=today, **more)
    ask(text, 1, back=1, today=today)


class TestPopular:
    def test_by_what_was_typed_most_first(self, fresh):
        often("khai sinh cho con", 6)
        often("khai sinh quá hạn", 9)
        often("đăng ký kết hôn", 30)
        refresh()
        assert [(one.text, one.count) for one in popular("KHAI s")] == [
            ("khai sinh quá hạn", 9),
            ("khai sinh cho con", 6),
        ]
        assert popular("khai sinh", most=1)[0].text == "khai sinh quá hạn"
        assert popular("dang ky k")[0].text == "đăng ký kết hôn"
        assert popular("xyz") == popular("") == []

    def test_with_and_without_marks_is_one(self, fresh):
        often("khai sinh quá hạn", 6)
        often("khai sinh qua han", 20)
        refresh()
        assert [(one.text, one.count) for one in popular("khai")] == [("khai sinh quá hạn", 26)]

    @pytest.mark.parametrize(
        ("text", "more"),
        [
            ("khai sinh [số]", {}),
            ("khai sinh 2026", {}),
            ("khai", {}),
            ("khai sinh cho con", {"count": 4}),
            ("khai sinh cho con", {"empty": 5, "last_total": 0}),
            ("khai sinh cho con", {"clicks": 0}),
            ("khai sinh cho con", {"language": "en"}),
        ],
    )
    def test_not_for_everybody(self, fresh, text, more):
        often(text, **more)
        refresh()
        assert popular("khai") == []

    def test_one_burst_is_not_enough(self, fresh):
        ask("khai sinh cho con", 500, clicks=9, today=timezone.localdate())
        refresh()
        assert popular("khai") == []

    def test_off_topic_goes_at_once(self, fresh):
        from search.curated import make, speaking
        from search.language import OFF_TOPIC, Entry

        often("khai sinh cho con")
        refresh()
        assert popular("khai")
        with speaking(make([Entry(OFF_TOPIC, "khai sinh cho con")])):
            refresh()
        assert not popular("khai")

    def test_typing_asks_the_database_nothing(self, fresh, django_assert_num_queries):
        often("khai sinh cho con")
        with django_assert_num_queries(0):
            assert popular("khai") == []
        refresh()
        with django_assert_num_queries(0):
            assert popular("khai")
